//! JSON-stat 2.0: a cube of figure, indicator, region and period, of which only the cells that say something are written.
//!
//! Values are in the cells of figure `value`; positions that a report printed, behind which no value is known, in those of
//! `published_position`. The state of every value, and why there is none, is in `status`, in the words of the contract.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use groeikern_client::v1::{Basis, ExportSeries};
use serde_json::{Map, Value, json};

use super::{columns::Figure, extension, received::Lists};
use crate::cli::{
    exit::Failure,
    footer,
    language::{Language, exports, words::Word},
};

/// Cells at most. Many readers hold a cube with its empty cells.
const MOST_CELLS: u64 = 10_000_000;

/// The figures of an export, until the last has come: then it is known which regions have any.
#[derive(Debug, Default)]
pub(crate) struct Cube {
    /// The periods, in the order in which they came.
    periods: Vec<String>,
    cells: Vec<Cell>,
}

/// A cell that says something: what it is of, and its value or state.
#[derive(Debug)]
struct Cell {
    key: (Kind, u32, u32, u32),
    number: Option<f64>,
    status: String,
}

/// The categories of the dimension `figure`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Value,
    PublishedPosition,
}

impl Kind {
    pub(crate) fn of(series: &ExportSeries) -> Self {
        match series.basis() {
            Basis::Published => Self::PublishedPosition,
            _ => Self::Value,
        }
    }

    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::PublishedPosition => "published_position",
        }
    }
}

impl Cube {
    pub(crate) fn add(&mut self, figure: &Figure<'_>) -> Result<(), Failure> {
        let period = &figure.series.period;
        let place = match self.periods.iter().rposition(|known| known == period) {
            Some(place) => place,
            None => {
                self.periods.push(period.clone());
                self.periods.len() - 1
            }
        };
        let kind = Kind::of(figure.series);
        let number = match kind {
            Kind::Value => figure.value,
            Kind::PublishedPosition => figure.position.map(f64::from),
        };
        let (indicator, region) = figure.places;
        self.cells.push(Cell {
            key: (kind, indicator, region, u32::try_from(place).unwrap_or(u32::MAX)),
            number,
            status: figure.status.stable(),
        });
        if self.cells.len() as u64 > MOST_CELLS {
            return Err(Failure::CubeTooLarge {
                size: None,
                most: MOST_CELLS,
            });
        }
        Ok(())
    }

    /// Writes the cube as one line of JSON.
    pub(crate) fn write(
        mut self,
        sink: &mut impl Write,
        lists: &Lists,
        language: Language,
    ) -> Result<(), Failure> {
        self.cells.sort_unstable_by_key(|cell| cell.key);
        if let Some(twice) = self.cells.windows(2).find(|pair| pair[0].key == pair[1].key) {
            let (_, indicator, region, period) = twice[0].key;
            return Err(Failure::TwoInOneCell {
                indicator: lists.id_of(indicator).to_owned(),
                region: lists.regions[region as usize].code.clone(),
                period: self.periods[period as usize].clone(),
            });
        }
        let axes = Axes::of(&self);
        let sizes = axes.sizes();
        let cells: u64 = sizes.iter().map(|size| *size as u64).product();
        if cells > MOST_CELLS {
            return Err(Failure::CubeTooLarge {
                size: Some(sizes),
                most: MOST_CELLS,
            });
        }
        self.write_out(sink, lists, &axes, language)
            .map_err(Failure::Output)
    }

    fn write_out(
        &self,
        sink: &mut impl Write,
        lists: &Lists,
        axes: &Axes,
        language: Language,
    ) -> io::Result<()> {
        let head = self.head(lists, axes, language).to_string();
        // The cells come last, so that the rest need not be read again for them.
        sink.write_all(head.strip_suffix('}').unwrap_or(&head).as_bytes())?;
        let mut between = ",\"value\":{";
        for cell in &self.cells {
            if let Some(number) = cell.number {
                write!(sink, "{between}\"{}\":{number}", axes.index(cell))?;
                between = ",";
            }
        }
        sink.write_all(if between == "," { b"}" } else { b",\"value\":{}" })?;
        let mut between = ",\"status\":{";
        for cell in self.cells.iter().filter(|cell| !cell.status.is_empty()) {
            write!(sink, "{between}\"{}\":\"{}\"", axes.index(cell), cell.status)?;
            between = ",";
        }
        sink.write_all(if between == "," { b"}}\n" } else { b"}\n" })
    }

    /// Everything but the cells.
    fn head(&self, lists: &Lists, axes: &Axes, language: Language) -> Value {
        let edition = &lists.edition;
        let (of_the_whole, of_indicators) = notes(lists, axes, language);
        let mut head = json!({
            "version": "2.0",
            "class": "dataset",
            "label": language.of(edition.title.as_ref()),
            "source": language.of(lists.citation.as_ref()),
            "role": { "time": ["period"], "geo": ["region"], "metric": ["indicator"] },
            "id": ["figure", "indicator", "region", "period"],
            "size": axes.sizes(),
            "dimension": {
                "figure": dimension(language.say(exports::FIGURE), axes.kinds.keys().map(|kind| {
                    (kind.id(), language.say(match kind {
                        Kind::Value => exports::VALUE,
                        Kind::PublishedPosition => exports::PUBLISHED_POSITION,
                    }))
                })),
                "indicator": self.indicators(lists, axes, of_indicators, language),
                "region": dimension(language.say(exports::REGION), axes.regions.keys().map(|place| {
                    let region = &lists.regions[*place as usize];
                    let name = if region.name.is_empty() { &region.code } else { &region.name };
                    (region.code.as_str(), name.as_str())
                })),
                "period": dimension(language.say(exports::PERIOD), axes.periods.iter().map(|(_, place)| {
                    let period = self.periods[*place as usize].as_str();
                    (period, period)
                })),
            },
            "extension": extension::of(lists, language),
        });
        if let Value::Object(head) = &mut head {
            let updated = lists.modified();
            if !updated.is_empty() {
                head.insert("updated".to_owned(), updated.into());
            }
            if !of_the_whole.is_empty() {
                head.insert("note".to_owned(), of_the_whole.into());
            }
        }
        head
    }

    /// The dimension of indicators, with the units of their values and what to know of each.
    fn indicators(
        &self,
        lists: &Lists,
        axes: &Axes,
        notes: BTreeMap<String, Vec<String>>,
        language: Language,
    ) -> Value {
        let mut units = Map::new();
        let entries: Vec<(&str, &str)> = axes
            .indicators
            .keys()
            .map(|place| {
                let indicator = &lists.indicators[*place as usize];
                let id = lists.id_of(*place);
                let unit = language.of(indicator.unit.as_ref());
                if !unit.is_empty() {
                    units.insert(
                        id.to_owned(),
                        json!({ "decimals": indicator.decimals, "label": unit }),
                    );
                }
                let of = indicator.indicator.as_ref();
                (id, language.of(of.and_then(|indicator| indicator.name.as_ref())))
            })
            .collect();
        let mut dimension = dimension(language.say(exports::INDICATOR), entries.into_iter());
        if !units.is_empty() {
            dimension["category"]["unit"] = units.into();
        }
        if !notes.is_empty() {
            dimension["category"]["note"] = json!(notes);
        }
        dimension
    }
}

/// The caveats about the whole, and those about indicators by their ids.
fn notes(lists: &Lists, axes: &Axes, language: Language) -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let listed: BTreeSet<&str> = axes.indicators.keys().map(|place| lists.id_of(*place)).collect();
    let (mut of_the_whole, mut of_indicators) = (Vec::new(), BTreeMap::<String, Vec<String>>::new());
    for caveat in &lists.caveats {
        let text = language.of(caveat.text.as_ref());
        let about = caveat.indicator_ids.iter();
        let mut here = about.filter(|id| listed.contains(id.as_str())).peekable();
        if text.is_empty() {
            continue;
        }
        if here.peek().is_none() {
            of_the_whole.push(footer::in_words(caveat, &caveat.indicator_ids, language));
        }
        for id in here {
            of_indicators.entry(id.clone()).or_default().push(text.to_owned());
        }
    }
    (of_the_whole, of_indicators)
}

fn dimension<'a>(label: &str, categories: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let (ids, labels): (Vec<Value>, Map<String, Value>) = categories
        .map(|(id, label)| (Value::from(id), (id.to_owned(), Value::from(label))))
        .unzip();
    json!({ "label": label, "category": { "index": ids, "label": labels } })
}

/// Which categories have a cell, and their places along each dimension.
struct Axes {
    kinds: BTreeMap<Kind, usize>,
    indicators: BTreeMap<u32, usize>,
    regions: BTreeMap<u32, usize>,
    /// In order of time, with the places in which they came.
    periods: Vec<(String, u32)>,
    place_of_period: BTreeMap<u32, usize>,
}

impl Axes {
    fn of(cube: &Cube) -> Self {
        let mut periods: Vec<(String, u32)> = cube.periods.iter().cloned().zip(0..).collect();
        periods.sort();
        let places = periods.iter().map(|(_, came)| *came).zip(0..);
        Self {
            kinds: numbered(cube.cells.iter().map(|cell| cell.key.0)),
            indicators: numbered(cube.cells.iter().map(|cell| cell.key.1)),
            regions: numbered(cube.cells.iter().map(|cell| cell.key.2)),
            place_of_period: places.collect(),
            periods,
        }
    }

    fn sizes(&self) -> [usize; 4] {
        [
            self.kinds.len(),
            self.indicators.len(),
            self.regions.len(),
            self.periods.len(),
        ]
    }

    /// The place of a cell when all are counted row by row.
    fn index(&self, cell: &Cell) -> usize {
        let (kind, indicator, region, period) = cell.key;
        let [_, indicators, regions, periods] = self.sizes();
        let place = self.kinds[&kind] * indicators + self.indicators[&indicator];
        (place * regions + self.regions[&region]) * periods + self.place_of_period[&period]
    }
}

/// Each once, in order, with its place.
fn numbered<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let each: BTreeSet<T> = items.collect();
    each.into_iter().zip(0..).collect()
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{ExportIndicator, ExportRegion, ExportSeries, Source};

    use super::*;

    /// Adds a value of the region at a place.
    fn add(cube: &mut Cube, region: u32) -> Result<(), Failure> {
        cube.add(&Figure {
            places: (0, region),
            series: &ExportSeries {
                period: "2020".to_owned(),
                ..Default::default()
            },
            indicator: &ExportIndicator::default(),
            region: &ExportRegion::default(),
            source: &Source::default(),
            value: Some(1.0),
            status: Default::default(),
            origin: Default::default(),
            position: None,
        })
    }

    #[test]
    fn two_figures_do_not_share_a_cell() {
        let mut lists = Lists::default();
        lists.indicators.push(ExportIndicator::default());
        lists.regions.push(ExportRegion {
            code: "GM0034".to_owned(),
            ..Default::default()
        });
        let mut cube = Cube::default();
        add(&mut cube, 0).unwrap();
        add(&mut cube, 0).unwrap();
        let refused = cube.write(&mut Vec::new(), &lists, Language::En).unwrap_err();
        assert!(matches!(refused, Failure::TwoInOneCell { region, .. } if region == "GM0034"));
    }

    #[test]
    fn a_cube_that_is_too_large_is_refused_with_its_sizes() {
        let mut cube = Cube::default();
        for region in 0..5000 {
            add(&mut cube, region).unwrap();
        }
        for period in 0..5000 {
            cube.periods.push(format!("{period}"));
        }
        let refused = cube
            .write(&mut Vec::new(), &Lists::default(), Language::En)
            .unwrap_err();
        assert!(matches!(
            refused,
            Failure::CubeTooLarge {
                size: Some([1, 1, 5000, 5001]),
                ..
            }
        ));
        for language in [Language::Nl, Language::En] {
            let said = refused.explained(language);
            for way in [
                "--basis computed",
                "--from",
                "--to",
                "--indicator",
                "--format csv",
            ] {
                assert!(said.contains(way), "{said}");
            }
        }
    }
}
