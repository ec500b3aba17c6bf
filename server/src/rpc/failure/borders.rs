//! Figures that cannot be put on the borders asked for: why, and what would help.

use groeikern::v1::ErrorReason;

use super::Failure;
use crate::domain::Region;

impl Failure {
    /// An edition that knows of no changes of borders.
    pub(in crate::rpc) fn no_borders(edition: &str) -> Self {
        let message = format!(
            "edition {edition} knows of no changes of borders; import the tables of municipalities and of what moved between them, as \
             docs/data.md says, or leave borders empty"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A year whose borders, or a period of figures whose borders, the edition does not know.
    pub(in crate::rpc) fn borders_unknown(edition: &str, year: &str, (first, last): (&str, &str)) -> Self {
        let message = format!(
            "edition {edition} knows the borders of {first} to {last}, not those of {year}: ask for borders and periods within that \
             span, or leave borders empty"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A day or year, asked for in this field, of which the edition does not know what municipalities there were.
    pub(in crate::rpc) fn day_unknown(
        edition: &str,
        field: &str,
        day: &str,
        (first, last): (&str, &str),
    ) -> Self {
        let message = format!(
            "edition {edition} knows the municipalities of {first} to {last}, not those of {day}: ask for a day or year within that \
             span, or leave {field} empty for now"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A ranking of which too many municipalities have no value for want of known moves: the others would stand in places that mean
    /// nothing.
    pub(in crate::rpc) fn too_many_unknown(
        (indicator, period): (&str, &str),
        year: &str,
        (unknown, municipalities): (usize, usize),
    ) -> Self {
        let message = format!(
            "`{indicator}` of {period} cannot be ranked on the borders of {year}: {unknown} of {municipalities} municipalities have no \
             value there, because it is not known how many people moved, or what weighs the figures of those that became one; ask for \
             borders nearer to {period}, or leave borders empty"
        );
        Self::new(ErrorReason::NotRecastable, message)
    }

    /// An indicator of which figures can be neither divided nor added up; of a composite, the part that is so.
    pub(in crate::rpc) fn not_recastable(indicator: &str, part: Option<&str>, year: &str) -> Self {
        let what = match part {
            Some(part) => format!("its part `{part}` can"),
            None => "its figures can".to_owned(),
        };
        let message = format!(
            "`{indicator}` cannot be put on the borders of {year}: {what} be neither divided nor added up, as a median or an index; \
             leave borders empty for figures as published, or ask for a count, share or mean"
        );
        Self::new(ErrorReason::NotRecastable, message)
    }

    /// An indicator of which only positions are known.
    pub(in crate::rpc) fn positions_not_recastable(indicator: &str) -> Self {
        let message = format!(
            "`{indicator}` has published positions and no values: positions cannot be put on other borders; import national figures \
             with `groeikern-server import`, or leave borders empty"
        );
        Self::new(ErrorReason::NotRecastable, message)
    }

    /// A municipality that began after the borders asked for, and those of that year that it was made of.
    pub(in crate::rpc) fn not_yet_on_borders(region: &Region, before: &[&Region], year: &str) -> Self {
        let before: Vec<String> = before
            .iter()
            .map(|before| format!("{} ({})", before.name, before.code))
            .collect();
        let ask = if before.is_empty() {
            "ask for borders of a later year".to_owned()
        } else {
            format!("ask for {}, or for borders of a later year", before.join(" or "))
        };
        let (name, code) = (&region.name, &region.code);
        let message = format!("{name} ({code}) did not exist yet on 1 January {year}; {ask}");
        Self::new(ErrorReason::NoData, message)
    }

    /// A municipality to which, or from which, an unknown number of people moved.
    pub(in crate::rpc) fn moved_unknown(region: &Region, divided: &Region, date: &str) -> Self {
        let (name, code, other) = (&region.name, &region.code, &divided.name);
        let message = format!(
            "{name} ({code}) has no figure on these borders: how many people of {other} moved on {date}, or how many lived there, is \
             not known; import inhabitants of about that day, or ask for borders on the same side of it"
        );
        Self::new(ErrorReason::NotRecastable, message)
    }

    /// A municipality whose figures have nothing to be weighed by.
    pub(in crate::rpc) fn weights_unknown(region: &Region) -> Self {
        let (name, code) = (&region.name, &region.code);
        let message = format!(
            "{name} ({code}) has no figure on these borders: what weighs the figures of those it is made of is not known of that period, \
             or how much land moved; import their denominator of that period, or leave borders empty"
        );
        Self::new(ErrorReason::NotRecastable, message)
    }
}
