//! Figures and grade scales that differ.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    Change, ChangeType, Difference, FiguresChange, ScaleChange, StatedFigure, ValueChange, indicators_in_both,
};
use crate::{
    domain::{Basis, ImportedUnit},
    method::count,
    snapshot::{RankingTable, Snapshot},
};

/// The figures of an indicator, by period, of municipalities or of areas below them.
type Columns<'a> = BTreeMap<&'a str, Column<'a>>;

/// The figures of an indicator and period.
#[derive(Clone, Copy)]
enum Column<'a> {
    Municipalities(&'a Snapshot, &'a RankingTable),
    Areas(&'a Snapshot, usize, &'a str),
}

impl<'a> Column<'a> {
    /// By code, in order.
    fn figures(self) -> Vec<(&'a str, StatedFigure)> {
        match self {
            Self::Municipalities(snapshot, table) => {
                let code = |region: usize| snapshot.regions[region].code.as_str();
                let with_value = table.rows.iter().filter_map(|row| {
                    let figure = StatedFigure {
                        value: row.value,
                        status: row.status?,
                    };
                    Some((code(row.region), figure))
                });
                let absent = table.absent.iter().map(|(&region, &status)| {
                    let figure = StatedFigure { value: None, status };
                    (code(region), figure)
                });
                let mut figures: Vec<_> = with_value.chain(absent).collect();
                figures.sort_by_key(|(code, _)| *code);
                figures
            }
            Self::Areas(snapshot, indicator, period) => {
                let tables = snapshot.area_tables(indicator, period);
                let figures = tables.into_iter().flat_map(|tables| tables.figures());
                let stated = figures.map(|(code, figure, _)| {
                    let figure = StatedFigure {
                        value: figure.value(),
                        status: figure.status(),
                    };
                    (code, figure)
                });
                stated.collect()
            }
        }
    }

    /// Of areas: what was imported that the figures are of. There may be millions of them, and most stay.
    fn imports(self) -> Option<Vec<&'a ImportedUnit>> {
        let Self::Areas(snapshot, indicator, period) = self else {
            return None;
        };
        let tables = snapshot.area_tables(indicator, period)?;
        let unit = |source: &str| {
            let mut units = snapshot.import_units.iter();
            units.find(|unit| unit.recipe == source && unit.period == period)
        };
        tables.sources.iter().map(|(source, _)| unit(source)).collect()
    }

    /// Whether both are of the same tables, read by the same recipes.
    fn is_as_imported(self, other: Self) -> bool {
        let imports = self.imports();
        imports.is_some() && imports == other.imports()
    }
}

/// The loaded and calculated values of municipalities: scores of composites follow from others.
fn of_municipalities(snapshot: &Snapshot, indicator: usize) -> Columns<'_> {
    let tables = snapshot.rankings(indicator).iter();
    let own = tables.filter(|table| table.basis == Basis::Computed && table.leaves.is_empty());
    own.map(|table| {
        let column = Column::Municipalities(snapshot, table);
        (table.period.as_str(), column)
    })
    .collect()
}

fn of_areas(snapshot: &Snapshot, indicator: usize) -> Columns<'_> {
    let periods = snapshot.area_periods(indicator).into_iter();
    periods
        .map(|period| (period, Column::Areas(snapshot, indicator, period)))
        .collect()
}

/// The columns of an indicator by its place.
type ColumnsOf = for<'a> fn(&'a Snapshot, usize) -> Columns<'a>;

/// One kind of columns after the other, and whether they are of areas.
const KINDS: [(bool, ColumnsOf); 2] = [(false, of_municipalities), (true, of_areas)];

impl Difference {
    /// Indicators and periods of which only one of the editions has figures.
    pub(super) fn figures(&mut self, base: &Snapshot, now: &Snapshot) {
        let gone = base.indicators.iter();
        let gone = gone.filter(|indicator| now.indicator(&indicator.id).is_none());
        for indicator in now.indicators.iter().chain(gone) {
            let id = indicator.id.as_str();
            for (areas, columns) in KINDS {
                let of = |snapshot| columns_of(snapshot, id, columns);
                let (old, new) = (of(base), of(now));
                let periods: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
                for period in periods {
                    let (change, column) = match (old.get(period), new.get(period)) {
                        (None, Some(column)) => (ChangeType::Added, column),
                        (Some(column), None) => (ChangeType::Removed, column),
                        _ => continue,
                    };
                    let figures = column.figures();
                    let with_value = figures
                        .iter()
                        .filter(|(_, figure)| figure.value.is_some())
                        .count();
                    self.counts.figures.add(change);
                    self.changes.push(Change::Figures(FiguresChange {
                        indicator: id.to_owned(),
                        period: period.to_owned(),
                        change,
                        areas,
                        values: count(with_value),
                        without_value: count(figures.len() - with_value),
                    }));
                }
            }
        }
    }

    /// Single figures, where both editions have some of the indicator and period.
    pub(super) fn values(&mut self, base: &Snapshot, now: &Snapshot) {
        for (old_place, new_place) in indicators_in_both(base, now) {
            let id = self.texts.keep(&now.indicators[new_place].id);
            for (_, columns) in KINDS {
                let old = columns(base, old_place);
                for (period, column) in columns(now, new_place) {
                    if let Some(before) = old.get(period)
                        && !before.is_as_imported(column)
                    {
                        let period = self.texts.keep(period);
                        self.values_of((id, period), before.figures(), column.figures());
                    }
                }
            }
        }
    }

    fn values_of(
        &mut self,
        (indicator, period): (u32, u32),
        before: Vec<(&str, StatedFigure)>,
        after: Vec<(&str, StatedFigure)>,
    ) {
        let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
        loop {
            let order = match (before.peek(), after.peek()) {
                (Some((old, _)), Some((new, _))) => old.cmp(new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return,
            };
            let base = (order != Ordering::Greater).then(|| before.next()).flatten();
            let now = (order != Ordering::Less).then(|| after.next()).flatten();
            let Some((code, _)) = base.or(now) else { return };
            let (base, now) = (base.map(|(_, figure)| figure), now.map(|(_, figure)| figure));
            if base == now {
                continue;
            }
            let code = self.texts.keep(code);
            self.counts.values += 1;
            self.changes.push(Change::Value(ValueChange {
                indicator,
                period,
                code,
                base,
                now,
            }));
        }
    }

    /// Scales that moved, of every indicator and period that both editions grade by one.
    pub(super) fn grade_scales(&mut self, base: &Snapshot, now: &Snapshot) {
        for (old_place, new_place) in indicators_in_both(base, now) {
            let old = of_own_figures(base, old_place);
            for (period, table) in of_own_figures(now, new_place) {
                let Some(before) = old.get(period) else { continue };
                if let (Some(then), Some(since)) = (before.grade_scale(), table.grade_scale())
                    && (before.n, then) != (table.n, since)
                {
                    self.counts.grade_scales += 1;
                    self.changes.push(Change::GradeScale(Box::new(ScaleChange {
                        indicator: now.indicators[new_place].id.clone(),
                        period: period.to_owned(),
                        base: (before.n, then),
                        now: (table.n, since),
                    })));
                }
            }
        }
    }
}

/// The columns of an indicator by id; none where the edition does not know it.
fn columns_of<'a>(snapshot: &'a Snapshot, id: &str, columns: ColumnsOf) -> Columns<'a> {
    let known = snapshot.indicator(id);
    known.map_or_else(Columns::new, |(place, _)| columns(snapshot, place))
}

/// The rankings of an indicator by its own values or scores, by period.
fn of_own_figures(snapshot: &Snapshot, indicator: usize) -> BTreeMap<&str, &RankingTable> {
    let tables = snapshot.rankings(indicator).iter();
    let own = tables.filter(|table| table.basis == Basis::Computed);
    own.map(|table| (table.period.as_str(), table)).collect()
}
