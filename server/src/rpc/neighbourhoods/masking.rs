//! DetectMasking: what was asked -> the messages of the answer.

use groeikern::{Encoded, v1};

use super::{Failure, Violations, found::Found, messages};
use crate::{
    domain::{INHABITANTS, Level, MaskingRules, RegionCode},
    method::NoMasking,
    rpc::{Edition, composites::Sent, lookup, runs::Going},
    snapshot::{Composition, NeighbourhoodValues, Snapshot, Weighting},
};

/// The field that names the indicator.
const INDICATOR: &str = "indicator_id";
/// The field that names the indicator of weights.
const WEIGHT: &str = "weight_indicator_id";

/// A request in good form.
pub(super) struct Form<'r> {
    request: &'r v1::DetectMaskingRequest,
    composite: Option<Sent<'r>>,
    region: Option<RegionCode>,
}

impl<'r> Form<'r> {
    /// Reads a request; what is wrong with it joins the other violations.
    pub(super) fn parse(request: &'r v1::DetectMaskingRequest, violations: &mut Violations) -> Self {
        let composite = match (&request.composite, request.indicator_id.as_str()) {
            (Some(_), id) if !id.is_empty() => {
                violations.add(
                    "composite",
                    "leave either this or indicator_id empty: one of them is answered",
                );
                None
            }
            (Some(_), _) => Some(Sent::parse(request.composite.as_ref(), violations)),
            (None, id) => {
                violations.required(INDICATOR, id, 100, "low_loneliness");
                None
            }
        };
        violations.period(&request.period);
        if request.weight_indicator_id.chars().count() > 100 {
            violations.add(WEIGHT, "is longer than 100 characters");
        }
        if request.equal_weights && !request.weight_indicator_id.is_empty() {
            violations.add(
                WEIGHT,
                "leave either this or equal_weights out: neighbourhoods are weighed in one way",
            );
        }
        if let Some(weight) = request.minimum_weight
            && !(weight.is_finite() && weight >= 0.0)
        {
            violations.add(
                "minimum_weight",
                format!("{weight} is no weight: write a number of 0 or more"),
            );
        }
        if let Some(share) = request.worst_share
            && !(share > 0.0 && share <= 0.5)
        {
            violations.add(
                "worst_share",
                format!("{share} is not a part above 0 and at most 0.5, such as 0.1"),
            );
        }
        Self {
            region: region(&request.region_code, violations),
            request,
            composite,
        }
    }
}

/// The municipality asked for, if one is.
fn region(code: &str, violations: &mut Violations) -> Option<RegionCode> {
    if code.is_empty() {
        return None;
    }
    violations.region_code("region_code", code);
    let found = RegionCode::parse(code).ok()?;
    if found.level() != Level::Municipality {
        let town = found.municipality();
        violations.add(
            "region_code",
            format!("{code} is no municipality: ask for {town}, whose districts and neighbourhoods are all in the answer"),
        );
    }
    Some(found)
}

/// What is measured.
enum Subject {
    Indicator(usize),
    Composite(Composition),
}

/// What is asked of an edition.
pub(super) struct Asked {
    subject: Subject,
    /// The indicator asked for, by its place; of a composite of the caller's own none.
    pub(super) indicator: Option<usize>,
    period: Option<String>,
    pub(super) region: Option<RegionCode>,
    /// `None` when the edition does not know inhabitants.
    pub(super) weighting: Option<Weighting>,
    pub(super) rules: MaskingRules,
    pub(super) masked_only: bool,
}

impl Asked {
    /// What a request asks of this edition.
    pub(super) fn of(form: Form<'_>, edition: &Edition) -> Result<Self, Failure> {
        let request = form.request;
        let mut violations = Violations::new();
        let (subject, indicator) = match form.composite {
            Some(sent) => (Subject::Composite(sent.resolve(edition)?.composition()?), None),
            None => {
                let (place, indicator) = lookup::indicator(edition, &request.indicator_id)?;
                if let Some(why) = indicator.never_counts() {
                    let id = &indicator.id;
                    violations.add(
                        INDICATOR,
                        format!(
                            "`{id}` {}: no neighbourhood is better or worse by it",
                            why.reason()
                        ),
                    );
                }
                let subject = if indicator.children.is_empty() {
                    Subject::Indicator(place)
                } else {
                    Subject::Composite(
                        edition
                            .composition_of(place)
                            .map_err(|wrong| Failure::internal(&wrong))?,
                    )
                };
                (subject, Some(place))
            }
        };
        let weighting = match request.weight_indicator_id.as_str() {
            _ if request.equal_weights => Some(Weighting::Equal),
            "" => edition
                .indicator(INHABITANTS)
                .map(|(place, _)| Weighting::By(place)),
            id => Some(Weighting::By(lookup::indicator(edition, id)?.0)),
        };
        violations.finish()?;
        let rules = edition.knowledge.masking_rules;
        let minimum_weight = if request.equal_weights {
            0.0
        } else {
            rules.minimum_weight
        };
        Ok(Self {
            subject,
            indicator,
            period: (!request.period.is_empty()).then(|| request.period.clone()),
            region: form.region,
            weighting,
            rules: MaskingRules {
                minimum_weight: request.minimum_weight.unwrap_or(minimum_weight),
                worst_share: request.worst_share.unwrap_or(rules.worst_share),
                ..rules
            },
            masked_only: request.masked_only,
        })
    }

    /// The values of all neighbourhoods, and the leaves that they are made of.
    fn values<'e>(&self, edition: &'e Snapshot) -> Result<(NeighbourhoodValues<'e>, Vec<usize>), Failure> {
        let narrowed = self.period.is_some();
        let name = &edition.manifest.name;
        match &self.subject {
            Subject::Indicator(place) => {
                let indicator = &edition.indicators[*place];
                let latest = || {
                    edition
                        .area_periods(*place)
                        .first()
                        .map(|period| (*period).to_owned())
                };
                let period = self.period.clone().or_else(latest);
                let values = period.and_then(|period| edition.neighbourhood_values(*place, &period));
                let stands_in = || {
                    let mut others = edition.indicators.iter().enumerate();
                    others.find_map(|(place, other)| {
                        let proxy = other.proxy.as_ref()?;
                        let has_figures = !edition.area_periods(place).is_empty();
                        (proxy.indicator == indicator.id && has_figures).then_some(other.id.as_str())
                    })
                };
                let missing =
                    || Failure::no_figures_of_neighbourhoods(&indicator.id, name, narrowed, stands_in());
                Ok((values.ok_or_else(missing)?, Vec::new()))
            }
            Subject::Composite(composition) => {
                let scored = edition
                    .scored_areas(composition, self.period.as_deref())
                    .map_err(|unfit| {
                        Failure::internal(&format!("grades without place in a mean: {unfit:?}"))
                    })?;
                let scored = scored.ok_or_else(|| Failure::no_composite_of_neighbourhoods(name, narrowed))?;
                Ok((scored.values, scored.leaves))
            }
        }
    }
}

/// All messages of an answer; as many as were made when nobody waits for it any more.
pub(super) fn detect(
    edition: &Edition,
    asked: &Asked,
    going: &Going,
) -> Result<Vec<Encoded<v1::DetectMaskingResponse>>, Failure> {
    if !going.step() {
        return Ok(Vec::new());
    }
    let (values, leaves) = asked.values(edition)?;
    let weights = asked
        .weighting
        .and_then(|by| edition.area_weights(by, &values.codes, values.period));
    let weights = weights.ok_or_else(|| {
        let id = match asked.weighting {
            Some(Weighting::By(place)) => edition.indicators[place].id.as_str(),
            Some(Weighting::Equal) | None => INHABITANTS,
        };
        Failure::no_weights_of_neighbourhoods(id, &edition.manifest.name)
    })?;
    if let Some(region) = &asked.region
        && !values
            .codes
            .iter()
            .any(|code| code[2..6] == region.as_str()[2..6])
    {
        lookup::region(edition, region.as_str())?;
        return Err(Failure::no_neighbourhoods_of(region.as_str(), values.period));
    }
    let masking = values
        .masking(&weights, &asked.rules)
        .map_err(|error| match error {
            NoMasking::NoFigures => Failure::no_neighbourhood_takes_part(&edition.manifest.name),
            NoMasking::InvalidValue(code) => Failure::internal(&format!("a value of {code} is no number")),
            NoMasking::InvalidWeight(code) => {
                let mut violations = Violations::new();
                violations.add(
                    WEIGHT,
                    format!("the figure of {code} is below 0 or too large: it is no weight"),
                );
                violations
                    .finish()
                    .err()
                    .unwrap_or_else(|| Failure::internal("a violation that is none"))
            }
        })?;
    let found = Found {
        edition,
        asked,
        values: &values,
        leaves: &leaves,
        weights: &weights,
        masking: &masking,
    };
    Ok(messages::of(&found, going))
}
