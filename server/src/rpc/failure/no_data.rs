//! What is known or well-formed, and has no figures: why, and what would help.

use std::fmt::Write;

use groeikern::v1::ErrorReason;

use super::{Failure, successors_of};
use crate::domain::{Indicator, ObservationStatus, Region};

impl Failure {
    /// A well-formed municipality code, or a group, without any figures in this edition, or with none of the basis or period
    /// asked for.
    pub(in crate::rpc) fn no_data_for_subject(code: &str, edition: &str, narrowed: bool) -> Self {
        let (figures, remedy) = if narrowed {
            (
                "such figures",
                "leave basis and period empty to see what there is",
            )
        } else {
            (
                "figures",
                "it answers for the municipalities of its source only; import national figures with `groeikern-server import`, \
                 as docs/editions.md says",
            )
        };
        Self::new(
            ErrorReason::NoData,
            format!("edition {edition} holds no {figures} for {code}; {remedy}"),
        )
    }

    /// A question of another day, to an edition that does not know when municipalities existed.
    pub(in crate::rpc) fn lives_unknown(edition: &str) -> Self {
        let message = format!(
            "edition {edition} does not know when municipalities existed: import a table that says it, such as that of recipe \
             cbs_municipalities"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A municipality that did not exist on a day, and nobody knows what was there. `knows_changes`: changes of borders are imported.
    pub(in crate::rpc) fn not_on_day(region: &str, day: &str, knows_changes: bool) -> Self {
        let remedy = if knows_changes {
            "ask for another day"
        } else {
            "ask for another day, or import boundary changes, as recipe cbs_boundary_changes does"
        };
        let message = format!(
            "{region} did not exist on {day}, and this edition does not know what was there: {remedy}"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A subject of advice without figures of the basis asked for.
    pub(in crate::rpc) fn no_data_on_basis(code: &str, edition: &str) -> Self {
        let message = format!(
            "edition {edition} holds no such figures for {code}; leave the basis empty to see what there is"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A group with more members than fit in an answer that holds the figures of each.
    pub(in crate::rpc) fn too_many_members(group: &str, members: usize, most: usize) -> Self {
        let message = format!(
            "{group} has {members} members: an explanation holds every figure of every member, and at most {most} fit; Recommend \
             answers for the group, ExplainRecommendation for part of it as regions"
        );
        Self::new(ErrorReason::BatchTooLarge, message)
    }

    /// A request that leaves out every figure there is.
    pub(in crate::rpc) fn everything_left_out() -> Self {
        let message = "every figure there is was left out: name fewer left_out_indicator_ids";
        Self::new(ErrorReason::NoData, message)
    }

    /// An export of nothing.
    pub(in crate::rpc) fn nothing_to_export(edition: &str) -> Self {
        let message = format!(
            "edition {edition} holds no figures of all that was asked for at once: leave out a field, or see with GetCoverage \
             which there are"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A mean of municipalities chosen for one request, in an edition that knows no values of them.
    pub(in crate::rpc) fn no_mean_of_regions(edition: &str) -> Self {
        let message = format!(
            "edition {edition} holds no values of these municipalities, and no report prints positions of their mean; import \
             national figures with `groeikern-server import`, or ask for a group"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// An indicator without figures among the units of a universe.
    pub(in crate::rpc) fn no_data_among(indicator: &str, universe: &str) -> Self {
        let message = format!(
            "no such figures for `{indicator}` can be ranked among `{universe}`: GetUniverse says of which years its units are \
             known; leave universe_id, basis and period empty to see what there is"
        );
        Self::new(ErrorReason::NoData, message)
    }

    pub(in crate::rpc) fn no_data_for_indicator(indicator: &str, edition: &str, narrowed: bool) -> Self {
        let remedy = if narrowed {
            "leave basis and period empty to see what there is"
        } else {
            "GetIndicator says what is known of it"
        };
        let message = format!("edition {edition} holds no such figures for `{indicator}`; {remedy}");
        Self::new(ErrorReason::NoData, message)
    }

    /// An indicator without figures of neighbourhoods; perhaps another that stands in for it has them.
    pub(in crate::rpc) fn no_figures_of_neighbourhoods(
        indicator: &str,
        edition: &str,
        narrowed: bool,
        stands_in: Option<&str>,
    ) -> Self {
        let remedy = match stands_in {
            Some(other) => format!("`{other}`, which stands in for it, has them: ask for that"),
            None if narrowed => "leave period empty to see what there is".to_owned(),
            None => {
                "import a table by a recipe whose levels include `neighbourhood`, such as rivm_health_2020"
                    .to_owned()
            }
        };
        let message =
            format!("edition {edition} holds no such figures of neighbourhoods for `{indicator}`; {remedy}");
        Self::new(ErrorReason::NoData, message)
    }

    /// A composite of whose leaves too few have figures of neighbourhoods in one period.
    pub(in crate::rpc) fn no_composite_of_neighbourhoods(edition: &str, narrowed: bool) -> Self {
        let remedy = if narrowed {
            "leave period empty, or ask for fewer indicators"
        } else {
            "ask for indicators that have them, or import tables by recipes whose levels include `neighbourhood`"
        };
        let message = format!(
            "edition {edition} holds no period in which indicators of two thirds of the weight have figures of neighbourhoods; {remedy}"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// Neighbourhoods that nothing weighs.
    pub(in crate::rpc) fn no_weights_of_neighbourhoods(indicator: &str, edition: &str) -> Self {
        let message = format!(
            "edition {edition} holds no `{indicator}` of these neighbourhoods to weigh them by; import a table such as \
             cbs_kwb_population_2024, name another in weight_indicator_id, or ask for equal_weights"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// Figures of neighbourhoods of which none has a weight above 0.
    pub(in crate::rpc) fn no_neighbourhood_takes_part(edition: &str) -> Self {
        let message = format!(
            "no neighbourhood of edition {edition} has both a value and a weight above 0; weigh by another indicator, or ask for \
             equal_weights"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A municipality of which the figures hold no neighbourhood.
    pub(in crate::rpc) fn no_neighbourhoods_of(region: &str, period: &str) -> Self {
        let message = format!(
            "the figures of {period} hold no neighbourhood of {region}; it may have had another code then, or its source leaves \
             it out"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A composite of whose leaves too few have a ranking of one basis and period.
    pub(in crate::rpc) fn no_data_for_composite(edition: &str, narrowed: bool) -> Self {
        let remedy = if narrowed {
            "leave basis and period empty, or ask GetCoverage what there is"
        } else {
            "GetCoverage says which figures there are"
        };
        let message = format!(
            "edition {edition} holds no basis and period in which two thirds of this composite's weight has figures; {remedy}"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A ranking of positions only, where values are needed.
    pub(in crate::rpc) fn no_values_of_indicator(indicator: &str, edition: &str) -> Self {
        let message = format!(
            "edition {edition} holds published positions of `{indicator}` and no values; import national figures with \
             `groeikern-server import`, or ask for an indicator that GetCoverage lists as COMPUTED or PROXY"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A composite of the edition, whose value nobody can choose.
    pub(in crate::rpc) fn follows_from_others(indicator: &str) -> Self {
        let message = format!(
            "the value of `{indicator}` follows from other indicators: change or want those, and set `composite` to see what it \
             becomes"
        );
        Self::new(ErrorReason::InvalidRequest, message)
    }

    /// A composite of positions only, where values are needed.
    pub(in crate::rpc) fn no_values_of_composite(edition: &str) -> Self {
        let message = format!(
            "edition {edition} holds published positions and no values for two thirds of this composite's weight; import \
             national figures with `groeikern-server import`, or choose indicators that GetCoverage lists as COMPUTED or PROXY"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// Indicators of which none has values that differ; of some there are published positions only.
    pub(in crate::rpc) fn nothing_to_compare_by(edition: &str, published: usize) -> Self {
        let message = format!(
            "edition {edition} holds no values to compare by on these indicators ({published} of them have published positions \
             only); import national figures with `groeikern-server import`, or choose indicators that GetCoverage lists as \
             COMPUTED or PROXY"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A municipality without any value to compare by.
    pub(in crate::rpc) fn no_values_of_region(region: &Region, edition: &str) -> Self {
        let (name, code) = (&region.name, &region.code);
        let message = format!(
            "edition {edition} holds no values of {name} ({code}) on these indicators; GetCoverage says which there are"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A municipality that was not there in the period of a ranking.
    pub(in crate::rpc) fn not_there_in(region: &Region, indicator: &str, period: &str) -> Self {
        let (name, code) = (&region.name, &region.code);
        let message = format!(
            "{name} ({code}) did not exist in {period}, the period of the figures of `{indicator}`: it can have no value among \
             them; ask for another period"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A known municipality without a figure on a known indicator.
    pub(in crate::rpc) fn no_position(
        region: &Region,
        indicator: &Indicator,
        absent: Option<ObservationStatus>,
    ) -> Self {
        let why = match absent {
            Some(ObservationStatus::Suppressed) => "the source withholds its figure",
            _ if !indicator.children.is_empty() => {
                "less than two thirds of what it is computed from has a figure"
            }
            _ => "this edition has no figure for it",
        };
        let (name, code, id) = (&region.name, &region.code, &indicator.id);
        let mut message = format!("{name} ({code}) has no position on `{id}`: {why}");
        if region.is_former() {
            let _ = write!(
                message,
                "; it no longer exists, ask for {}",
                successors_of(region).join(" or ")
            );
        }
        Self::new(ErrorReason::NoData, message)
    }

    /// A municipality that is no unit, nor part of one, of the universe asked for.
    pub(in crate::rpc) fn not_in_universe(region: &Region, universe: &str) -> Self {
        let (name, code) = (&region.name, &region.code);
        let message = format!(
            "{name} ({code}) is not among the units of `{universe}`; GetUniverse lists them, and without universe_id the \
             municipalities of the year are ranked"
        );
        Self::new(ErrorReason::NotInUniverse, message)
    }

    /// A universe whose units are not known of a year.
    pub(in crate::rpc) fn no_units_of(universe: &str, year: &str) -> Self {
        let message = format!(
            "the units of `{universe}` are not known of {year}; ListUniverses says of which years they are"
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A known group without a mean on a known indicator.
    pub(in crate::rpc) fn no_mean_of_group(
        group: &str,
        indicator: &str,
        edition: &str,
        narrowed: bool,
    ) -> Self {
        let remedy = if narrowed {
            "leave basis and periods empty to see what there is"
        } else {
            "GetCoverage says which figures there are"
        };
        let message = format!(
            "edition {edition} holds no mean of `{group}` on `{indicator}`: no member has a value and no report printed the \
             position of their mean; {remedy}"
        );
        Self::new(ErrorReason::NoData, message)
    }
}
