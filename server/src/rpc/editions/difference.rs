//! DiffEditions: what changed from one edition to another, in pages.

use std::{collections::HashSet, sync::Arc};

use groeikern::v1;

use super::summary;
use crate::{
    domain::{ImportedUnit, RegionCode},
    method::RobustScale,
    rpc::{
        Answers, Edition, Failure, lookup,
        metadata::Metadata,
        pages::{Page, paged},
        render,
        request::Violations,
    },
    snapshot::{
        Change, ChangeType, DefinitionChange, Difference, FiguresChange, MoveCause, PositionMove,
        ScaleChange, StatedFigure, ValueChange,
    },
};

/// Ids or codes that one request may name.
pub(super) const MOST_NAMED: usize = 500;

paged!(v1::DiffEditionsRequest, "DiffEditions");

/// The answer to a request.
pub(super) async fn answer(
    answers: &Answers,
    request: v1::DiffEditionsRequest,
) -> Result<v1::DiffEditionsResponse, Failure> {
    let mut violations = Violations::new();
    violations.required("base_edition", &request.base_edition, 100, "new-towns-2024");
    let kinds = kinds(&request.kinds, &mut violations);
    violations.ids(
        "indicator_ids",
        &request.indicator_ids,
        0,
        MOST_NAMED,
        "low_theft",
    );
    violations.region_codes("region_codes", &request.region_codes, 0, MOST_NAMED);
    let page = Page::parse(&request, &mut violations);
    violations.finish()?;

    // All pages are of the editions of the first, also when their names have moved on since.
    let now = answers
        .edition_once_loaded(page.bound_to().unwrap_or(&request.edition))
        .await?;
    let bound = page.key().and_then(|key| key.split_once(' '));
    let base = answers
        .edition_once_loaded(bound.map_or(&request.base_edition, |(base, _)| base))
        .await?;
    for id in &request.indicator_ids {
        if base.indicator(id).is_none() {
            lookup::indicator(&now, id)?;
        }
    }
    for code in &request.region_codes {
        let town = RegionCode::parse(code)
            .map(|code| code.municipality())
            .unwrap_or_default();
        if base.region(&town).is_none() {
            lookup::region(&now, &town)?;
        }
    }
    let difference = answers
        .comparisons
        .difference((&base, &now), &answers.runs)
        .await?;
    let both = Both {
        base: &base,
        now: &now,
        difference: &difference,
    };
    let narrowed = Narrowed {
        kinds,
        indicators: request.indicator_ids.iter().map(String::as_str).collect(),
        regions: request.region_codes.iter().map(String::as_str).collect(),
    };
    let changes = difference.changes.iter().enumerate();
    let wanted: Vec<usize> = changes
        .filter(|(_, change)| narrowed.wants(&both, change))
        .map(|(number, _)| number)
        .collect();
    let number = |key: &str| key.split_once(' ')?.1.parse().ok();
    let (places, next_page_token) = page.numbered(now.id(), &wanted, number, |number| {
        format!("{} {number}", base.id())
    })?;
    let current = answers.editions.current();
    Ok(v1::DiffEditionsResponse {
        metadata: Metadata::comparison(&now),
        base: Some(summary(&base.manifest, &current)),
        edition: Some(summary(&now.manifest, &current)),
        difference: page.is_first().then(|| both.counts()),
        changes: wanted[places]
            .iter()
            .map(|&number| both.change(&difference.changes[number]))
            .collect(),
        total_changes: wanted.len() as u64,
        next_page_token,
    })
}

/// The kinds asked for; all of them when none is.
fn kinds(asked: &[i32], violations: &mut Violations) -> HashSet<v1::EditionChangeKind> {
    let mut kinds = HashSet::new();
    for (place, &kind) in asked.iter().enumerate() {
        match v1::EditionChangeKind::try_from(kind) {
            Ok(kind) if kind != v1::EditionChangeKind::Unspecified => {
                kinds.insert(kind);
            }
            _ => violations.add(
                format!("kinds[{place}]"),
                format!("{kind} is not a kind of change this contract knows"),
            ),
        }
    }
    kinds
}

/// What a request is narrowed to; nothing where a set is empty.
struct Narrowed<'r> {
    kinds: HashSet<v1::EditionChangeKind>,
    indicators: HashSet<&'r str>,
    regions: HashSet<&'r str>,
}

impl Narrowed<'_> {
    fn wants(&self, both: &Both<'_>, change: &Change) -> bool {
        if !self.kinds.is_empty() && !self.kinds.contains(&kind(change)) {
            return false;
        }
        if self.indicators.is_empty() && self.regions.is_empty() {
            return true;
        }
        let (indicator, region) = both.about(change);
        let fits = |wanted: &HashSet<&str>, name: Option<&str>| {
            wanted.is_empty() || name.is_some_and(|name| wanted.contains(name))
        };
        fits(&self.indicators, indicator) && fits(&self.regions, region)
    }
}

fn kind(change: &Change) -> v1::EditionChangeKind {
    match change {
        Change::Indicator(_) => v1::EditionChangeKind::Indicator,
        Change::Region(_) => v1::EditionChangeKind::Region,
        Change::ImportUnit(_) => v1::EditionChangeKind::ImportUnit,
        Change::Figures(_) => v1::EditionChangeKind::Figures,
        Change::GradeScale(_) => v1::EditionChangeKind::GradeScale,
        Change::Position(_) => v1::EditionChangeKind::Position,
        Change::Value(_) => v1::EditionChangeKind::Value,
    }
}

/// Two editions and what differs between them.
struct Both<'e> {
    base: &'e Arc<Edition>,
    now: &'e Arc<Edition>,
    difference: &'e Difference,
}

impl<'e> Both<'e> {
    /// The indicator and the region that a change is about.
    fn about(&self, change: &'e Change) -> (Option<&'e str>, Option<&'e str>) {
        match change {
            Change::Indicator(change) => (Some(&change.id), None),
            Change::Region(change) => (None, Some(&change.id)),
            Change::ImportUnit(_) => (None, None),
            Change::Figures(change) => (Some(&change.indicator), None),
            Change::GradeScale(change) => (Some(&change.indicator), None),
            Change::Position(moved) => (
                Some(&self.now.indicators[moved.indicator.1].id),
                Some(&self.now.regions[moved.region.1].code),
            ),
            Change::Value(change) => {
                let (indicator, code, _) = self.difference.names_of(change);
                (Some(indicator), Some(code))
            }
        }
    }

    fn counts(&self) -> v1::EditionDifference {
        let counts = &self.difference.counts;
        v1::EditionDifference {
            same_content: self.base.manifest.content_hash == self.now.manifest.content_hash,
            indicators_added: counts.indicators.added,
            indicators_removed: counts.indicators.removed,
            indicators_changed: counts.indicators.changed,
            regions_added: counts.regions.added,
            regions_removed: counts.regions.removed,
            regions_changed: counts.regions.changed,
            import_units_added: counts.import_units.added,
            import_units_removed: counts.import_units.removed,
            import_units_replaced: counts.import_units.changed,
            figures_added: counts.figures.added,
            figures_removed: counts.figures.removed,
            values_changed: counts.values,
            grade_scales_moved: counts.grade_scales,
            positions_compared: counts.positions_compared,
            positions_moved: counts.positions_moved,
            verdicts_changed: counts.verdicts_changed,
            positions_lost: counts.positions_lost,
            positions_gained: counts.positions_gained,
            groups_changed: self.difference.groups_changed,
            knowledge_changed: self.difference.knowledge_changed,
        }
    }

    fn change(&self, change: &Change) -> v1::EditionChange {
        use v1::edition_change::Change as Message;
        let message = match change {
            Change::Indicator(change) => Message::Indicator(self.indicator(change)),
            Change::Region(change) => Message::Region(self.region(change)),
            Change::ImportUnit(units) => {
                let (before, after) = units.as_ref();
                Message::ImportUnit(import_unit(before.as_ref(), after.as_ref()))
            }
            Change::Figures(change) => Message::Figures(figures(change)),
            Change::GradeScale(change) => Message::GradeScale(grade_scale(change)),
            Change::Position(moved) => Message::Position(self.position(moved)),
            Change::Value(change) => Message::Value(self.value(change)),
        };
        v1::EditionChange {
            change: Some(message),
        }
    }

    fn indicator(&self, change: &DefinitionChange) -> v1::IndicatorChange {
        let known = self
            .now
            .indicator(&change.id)
            .or_else(|| self.base.indicator(&change.id));
        v1::IndicatorChange {
            indicator: known.and_then(|(_, indicator)| render::indicator_ref(indicator)),
            r#type: change_type(change.change).into(),
            fields: names(&change.fields),
        }
    }

    fn region(&self, change: &DefinitionChange) -> v1::RegionChange {
        let known = self
            .now
            .region(&change.id)
            .or_else(|| self.base.region(&change.id));
        v1::RegionChange {
            region: known.and_then(|(_, region)| render::region_ref(region)),
            r#type: change_type(change.change).into(),
            fields: names(&change.fields),
        }
    }

    fn position(&self, moved: &PositionMove) -> v1::PositionMove {
        let tables = (
            self.base.ranking(moved.indicator.0, None, None),
            self.now.ranking(moved.indicator.1, None, None),
        );
        let mut message = v1::PositionMove {
            indicator: render::indicator_ref(&self.now.indicators[moved.indicator.1]),
            region: render::region_ref(&self.now.regions[moved.region.1]),
            base_value: moved.value.0,
            value: moved.value.1,
            r#move: moved.moved,
            parts: Some(parts(moved)),
            ..Default::default()
        };
        if let (Some(before), Some(after)) = tables {
            message.base_basis = render::basis(before.basis).into();
            message.basis = render::basis(after.basis).into();
            message.base_period = before.period.clone();
            message.period = after.period.clone();
            message.base_n = before.n;
            message.n = after.n;
            message.base_standing = render::standing(&moved.standing.0, before.scale());
            message.standing = render::standing(&moved.standing.1, after.scale());
        }
        message
    }

    fn value(&self, change: &ValueChange) -> v1::FigureChange {
        let (indicator, code, period) = self.difference.names_of(change);
        let status = |figure: Option<StatedFigure>| {
            render::observation_status(figure.map(|figure| figure.status)).into()
        };
        let kind = match (change.base, change.now) {
            (None, _) => ChangeType::Added,
            (_, None) => ChangeType::Removed,
            _ => ChangeType::Changed,
        };
        v1::FigureChange {
            indicator_id: indicator.to_owned(),
            region_code: code.to_owned(),
            period: period.to_owned(),
            r#type: change_type(kind).into(),
            base_value: change.base.and_then(|figure| figure.value),
            value: change.now.and_then(|figure| figure.value),
            base_status: status(change.base),
            status: status(change.now),
        }
    }
}

/// Why a municipality moved.
pub(super) fn parts(moved: &PositionMove) -> v1::MoveParts {
    let whole = moved.moved;
    match moved.cause {
        MoveCause::Figures {
            own_value,
            other_values,
            units,
        } => v1::MoveParts {
            own_value,
            other_values,
            units,
            ..Default::default()
        },
        MoveCause::Definition => v1::MoveParts {
            definition: whole,
            ..Default::default()
        },
        MoveCause::Basis => v1::MoveParts {
            basis: whole,
            ..Default::default()
        },
        MoveCause::Published => v1::MoveParts {
            published: whole,
            ..Default::default()
        },
    }
}

fn change_type(change: ChangeType) -> v1::ChangeType {
    match change {
        ChangeType::Added => v1::ChangeType::Added,
        ChangeType::Removed => v1::ChangeType::Removed,
        ChangeType::Changed => v1::ChangeType::Changed,
    }
}

fn names(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| (*field).to_owned()).collect()
}

fn import_unit(before: Option<&ImportedUnit>, after: Option<&ImportedUnit>) -> v1::ImportUnitChange {
    let change = match (before, after) {
        (None, _) => ChangeType::Added,
        (_, None) => ChangeType::Removed,
        _ => ChangeType::Changed,
    };
    let known = after.or(before);
    let version =
        |unit: Option<&ImportedUnit>| unit.map(|unit| unit.source_version.clone()).unwrap_or_default();
    v1::ImportUnitChange {
        recipe_id: known.map(|unit| unit.recipe.clone()).unwrap_or_default(),
        period: known.map(|unit| unit.period.clone()).unwrap_or_default(),
        r#type: change_type(change).into(),
        base_source_version: version(before),
        source_version: version(after),
        recipe_changed: before
            .zip(after)
            .is_some_and(|(before, after)| before.recipe_sha256 != after.recipe_sha256),
    }
}

fn figures(change: &FiguresChange) -> v1::FiguresChange {
    v1::FiguresChange {
        indicator_id: change.indicator.clone(),
        period: change.period.clone(),
        r#type: change_type(change.change).into(),
        areas: change.areas,
        values: change.values,
        without_value: change.without_value,
    }
}

fn grade_scale(change: &ScaleChange) -> v1::GradeScaleChange {
    let scale = |(n, scale): (u32, RobustScale)| v1::GradeScale {
        n,
        mean: scale.mean,
        deviation: scale.deviation,
        shift: scale.shift,
    };
    v1::GradeScaleChange {
        indicator_id: change.indicator.clone(),
        period: change.period.clone(),
        base: Some(scale(change.base)),
        scale: Some(scale(change.now)),
    }
}
