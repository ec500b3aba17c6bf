//! Reading requests: everything that is wrong is found before anything is asked, and reported at once.

mod flows;
mod knowledge;

use std::collections::HashSet;

use groeikern::v1::{self, ErrorReason};

use super::{Failure, failure::page_token_description};
use crate::{
    domain::{Addressee, Basis, IndicatorKind, RegionCode, first_day, is_period, last_day},
    method::{Class, GradeMethod},
    snapshot::CatalogueKind,
};

/// From the first day of one period to the last day of another; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span<'a> {
    from: Option<&'a str>,
    to: Option<&'a str>,
}

impl Span<'_> {
    /// Whether it leaves nothing out.
    pub(super) fn is_everything(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether all days of a period lie in it.
    pub(super) fn contains(self, period: &str) -> bool {
        self.from.is_none_or(|from| first_day(from) <= first_day(period))
            && self.to.is_none_or(|to| last_day(period) <= last_day(to))
    }
}

/// Collects what is wrong with a request.
#[derive(Debug, Default)]
pub(super) struct Violations {
    found: Vec<(ErrorReason, String, String)>,
}

impl Violations {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.found
            .push((ErrorReason::InvalidRequest, field.into(), description.into()));
    }

    /// A list that holds more than fits.
    pub(super) fn too_large(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.found
            .push((ErrorReason::BatchTooLarge, field.into(), description.into()));
    }

    /// What a field names and the edition does not hold.
    pub(super) fn failure(&mut self, field: &str, failure: &Failure) {
        self.found
            .push((failure.reason(), field.to_owned(), failure.message().to_owned()));
    }

    /// Nothing, or everything found. The reason is that of all violations, or INVALID_REQUEST where they differ.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let Some((first, ..)) = self.found.first() else {
            return Ok(());
        };
        let first = *first;
        let reason = if self.found.iter().all(|(reason, ..)| *reason == first) {
            first
        } else {
            ErrorReason::InvalidRequest
        };
        let violations = self
            .found
            .into_iter()
            .map(|(_, field, description)| (field, description))
            .collect();
        Err(Failure::violations(reason, violations))
    }

    /// A text that must be there, of at most this many characters.
    pub(super) fn required<'a>(&mut self, field: &str, text: &'a str, most: usize, example: &str) -> &'a str {
        if text.trim().is_empty() {
            self.add(field, format!("is required, such as `{example}`"));
        } else if text.chars().count() > most {
            self.add(field, format!("is longer than {most} characters"));
        }
        text
    }

    /// A region code as CBS writes it.
    pub(super) fn region_code(&mut self, field: &str, code: &str) {
        if code.is_empty() {
            self.add(
                field,
                "is required, such as `GM0034`; ResolveRegion turns names into codes",
            );
        } else if let Err(error) = RegionCode::parse(code) {
            self.add(field, error.to_string());
        }
    }

    /// The id of a universe, empty for a ranking's own units.
    pub(super) fn universe<'a>(&mut self, id: &'a str) -> &'a str {
        self.optional_id("universe_id", id)
    }

    /// A municipality or a group: one of the two.
    pub(super) fn region_or_group(&mut self, region_code: &str, group_id: &str) {
        match (region_code, group_id) {
            ("", "") => self.add(
                "region_code",
                "is required, such as `GM0034`, or else group_id; ResolveRegion turns names into codes",
            ),
            (code, "") => self.region_code("region_code", code),
            ("", id) => {
                self.required("group_id", id, 100, "nta_new_towns");
            }
            _ => self.add(
                "group_id",
                "leave either this or region_code empty: one of them is answered",
            ),
        }
    }

    /// A list of ids: at least `least`, at most `most`, each once and none empty.
    pub(super) fn ids(&mut self, field: &str, ids: &[String], least: usize, most: usize, example: &str) {
        if ids.len() < least {
            self.add(field, format!("needs at least {least}, such as `{example}`"));
        }
        if self.too_many(field, ids.len(), most) {
            return;
        }
        let mut seen = HashSet::new();
        for (index, id) in ids.iter().enumerate() {
            let place = format!("{field}[{index}]");
            if id.is_empty() {
                self.add(place, format!("is empty; write an id such as `{example}`"));
            } else if id.chars().count() > 100 {
                self.add(place, "is longer than 100 characters");
            } else if !seen.insert(id) {
                self.add(place, format!("`{id}` stands twice"));
            }
        }
    }

    /// Whether a list is longer than fits in one request, which is then said.
    pub(super) fn too_many(&mut self, field: &str, items: usize, most: usize) -> bool {
        if items > most {
            let description = format!("holds {items} items, at most {most} fit in one request: split it");
            self.too_large(field, description);
        }
        items > most
    }

    /// Codes of municipalities: a list of ids, each as CBS writes it.
    pub(super) fn region_codes(&mut self, field: &str, codes: &[String], least: usize, most: usize) {
        self.ids(field, codes, least, most, "GM0034");
        let written = codes.iter().enumerate().filter(|(_, code)| !code.is_empty());
        for (index, code) in written.take(most) {
            self.region_code(&format!("{field}[{index}]"), code);
        }
    }

    /// A product of lists that would make the answer too large.
    pub(super) fn combinations(&mut self, fields: &str, combinations: usize, most: usize) {
        if combinations > most {
            let description =
                format!("ask for {combinations} combinations, at most {most} fit in one request: split it");
            self.too_large(fields, description);
        }
    }

    pub(super) fn basis(&mut self, basis: i32) -> Option<Basis> {
        match v1::Basis::try_from(basis) {
            Ok(v1::Basis::Unspecified) => None,
            Ok(v1::Basis::Computed) => Some(Basis::Computed),
            Ok(v1::Basis::Proxy) => Some(Basis::Proxy),
            Ok(v1::Basis::Published) => Some(Basis::Published),
            Err(_) => {
                self.add("basis", format!("{basis} is not a basis this contract knows"));
                None
            }
        }
    }

    /// A basis that has values; unspecified for the first of them that has data.
    pub(super) fn basis_of_values(&mut self, basis: i32) -> Option<Basis> {
        let basis = self.basis(basis);
        if basis == Some(Basis::Published) {
            self.add(
                "basis",
                "PUBLISHED has positions and no values: ask for COMPUTED or PROXY, or leave it unspecified",
            );
        }
        basis
    }

    pub(super) fn grade_method(&mut self, method: i32) -> Option<GradeMethod> {
        match v1::GradeMethod::try_from(method) {
            Ok(v1::GradeMethod::Unspecified) => None,
            Ok(v1::GradeMethod::RobustLinear) => Some(GradeMethod::RobustLinear),
            Ok(v1::GradeMethod::Percentile) => Some(GradeMethod::Percentile),
            Ok(v1::GradeMethod::NormalScore) => Some(GradeMethod::NormalScore),
            Ok(v1::GradeMethod::Linear) => Some(GradeMethod::Linear),
            Err(_) => {
                self.add(
                    "grade_method",
                    format!("{method} is not a grade method this contract knows"),
                );
                None
            }
        }
    }

    pub(super) fn indicator_kind(&mut self, kind: i32) -> Option<IndicatorKind> {
        match v1::IndicatorKind::try_from(kind) {
            Ok(v1::IndicatorKind::Unspecified) => None,
            Ok(v1::IndicatorKind::Judgement) => Some(IndicatorKind::Judgement),
            Ok(v1::IndicatorKind::Composite) => Some(IndicatorKind::Composite),
            Ok(v1::IndicatorKind::Neutral) => Some(IndicatorKind::Neutral),
            Err(_) => {
                self.add(
                    "kind",
                    format!("{kind} is not an indicator kind this contract knows"),
                );
                None
            }
        }
    }

    /// A period, empty for the latest.
    pub(super) fn period<'a>(&mut self, period: &'a str) -> Option<&'a str> {
        self.period_in("period", period)
    }

    /// The same in another field.
    pub(super) fn period_in<'a>(&mut self, field: &str, period: &'a str) -> Option<&'a str> {
        if period.is_empty() {
            return None;
        }
        if !is_period(period) {
            self.add(
                field,
                "is not a period: write a year, YYYY-MM or YYYY-MM-DD, or leave it empty for the latest",
            );
        }
        Some(period)
    }

    /// The year of borders, empty for figures as published; with what cannot stand beside it.
    pub(super) fn borders<'a>(
        &mut self,
        borders: &'a str,
        universe_id: &str,
        basis: Option<Basis>,
    ) -> Option<&'a str> {
        if borders.is_empty() {
            return None;
        }
        if !(borders.len() == 4 && is_period(borders)) {
            self.add(
                "borders",
                "is not a year such as `2022`: correct it, or leave it empty for figures as published",
            );
        }
        if !universe_id.is_empty() {
            self.add(
                "borders",
                "stands beside universe_id: figures on other borders are ranked among the municipalities of those; leave one out",
            );
        }
        if basis == Some(Basis::Published) {
            self.add(
                "borders",
                "PUBLISHED has positions and no values, which cannot be put on other borders: ask for COMPUTED or PROXY",
            );
        }
        Some(borders)
    }

    /// A year, for its first day, or a day; empty for now.
    pub(super) fn day(&mut self, field: &str, day: &str) {
        if !(day.is_empty() || matches!(day.len(), 4 | 10) && is_period(day)) {
            let description = "is neither a year nor a day: write `2015` or `2015-03-31`, or leave it empty";
            self.add(field, description);
        }
    }

    /// A year, empty for the latest.
    pub(super) fn year(&mut self, year: &str) {
        if !(year.is_empty() || year.len() == 4 && is_period(year)) {
            self.add(
                "year",
                "is not a year such as `2020`: correct it, or leave it empty for the latest",
            );
        }
    }

    /// A span of periods, open where empty.
    pub(super) fn span<'a>(&mut self, from: &'a str, to: &'a str) -> Span<'a> {
        let mut bound = |field: &str, period: &'a str| {
            if period.is_empty() {
                return None;
            }
            let known = is_period(period);
            if !known {
                let description = "is not a period: write a year, YYYY-MM or YYYY-MM-DD, or leave it empty";
                self.add(field, description);
            }
            known.then_some(period)
        };
        let span = Span {
            from: bound("from_period", from),
            to: bound("to_period", to),
        };
        if let (Some(from), Some(to)) = (span.from, span.to)
            && first_day(from) > last_day(to)
        {
            self.add(
                "to_period",
                format!("{to} is before from_period {from}: exchange the two"),
            );
        }
        span
    }

    /// A number of rows, 0 to `most`.
    pub(super) fn rows(&mut self, field: &str, rows: i32, most: usize) -> usize {
        usize::try_from(rows)
            .ok()
            .filter(|rows| *rows <= most)
            .unwrap_or_else(|| {
                self.add(field, format!("{rows} is not between 0 and {most}"));
                0
            })
    }

    /// A number that must be there and finite.
    pub(super) fn finite(&mut self, field: impl Into<String>, number: Option<f64>) -> f64 {
        match number {
            Some(number) if number.is_finite() => return number,
            Some(number) => self.add(field, format!("{number} is not a finite number")),
            None => self.add(field, "is required; write 0 for zero"),
        }
        0.0
    }

    /// Whom recommendations address; unspecified for all.
    /// The least class of recommendations to return; those without enough data are returned whatever it is.
    pub(super) fn minimum_class(&mut self, class: i32) -> Option<Class> {
        match v1::RecommendationClass::try_from(class) {
            Ok(v1::RecommendationClass::Unspecified) => None,
            Ok(v1::RecommendationClass::Strong) => Some(Class::Strong),
            Ok(v1::RecommendationClass::Moderate) => Some(Class::Moderate),
            Ok(v1::RecommendationClass::Weak) => Some(Class::Weak),
            Ok(v1::RecommendationClass::NotIndicated) => Some(Class::NotIndicated),
            Ok(v1::RecommendationClass::InsufficientData) => {
                self.add(
                    "minimum_class",
                    "INSUFFICIENT_DATA is below no class: such recommendations are always returned",
                );
                None
            }
            Err(_) => {
                self.add(
                    "minimum_class",
                    format!("{class} is not a class this contract knows"),
                );
                None
            }
        }
    }

    pub(super) fn addressee(&mut self, addressee: i32) -> Option<Addressee> {
        match v1::Addressee::try_from(addressee) {
            Ok(v1::Addressee::Unspecified) => None,
            Ok(v1::Addressee::Municipality) => Some(Addressee::Municipality),
            Ok(v1::Addressee::NationalGovernment) => Some(Addressee::NationalGovernment),
            Err(_) => {
                self.add(
                    "addressee",
                    format!("{addressee} is not an addressee this contract knows"),
                );
                None
            }
        }
    }

    /// Kinds of things in the catalogue; none for all.
    pub(super) fn catalogue_kinds(&mut self, kinds: &[i32]) -> Vec<CatalogueKind> {
        let mut found = Vec::new();
        for (index, kind) in kinds.iter().enumerate() {
            match v1::CatalogueKind::try_from(*kind) {
                Ok(v1::CatalogueKind::Indicator) => found.push(CatalogueKind::Indicator),
                Ok(v1::CatalogueKind::Region) => found.push(CatalogueKind::Region),
                Ok(v1::CatalogueKind::Group) => found.push(CatalogueKind::Group),
                Ok(v1::CatalogueKind::Theme) => found.push(CatalogueKind::Theme),
                Ok(v1::CatalogueKind::Recommendation) => found.push(CatalogueKind::Recommendation),
                Ok(v1::CatalogueKind::Unspecified) | Err(_) => {
                    self.add(
                        format!("kinds[{index}]"),
                        format!("{kind} is not a kind this contract knows; leave the list empty for all"),
                    );
                }
            }
        }
        found
    }

    /// A page token that cannot be followed.
    pub(super) fn page_token(&mut self, reason: ErrorReason) {
        let description = page_token_description(reason).to_owned();
        self.found.push((reason, "page_token".to_owned(), description));
    }

    /// A page size with its default; more than the cap gives the cap.
    pub(super) fn page_size(&mut self, page_size: i32, default: usize) -> usize {
        match usize::try_from(page_size) {
            Ok(0) => default,
            Ok(size) => size.min(1000),
            Err(_) => {
                self.add(
                    "page_size",
                    format!("{page_size} is negative; leave it 0 for the default of {default}"),
                );
                default
            }
        }
    }
}
