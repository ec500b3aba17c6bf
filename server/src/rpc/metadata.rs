//! What a careful civil servant needs to quote an answer: edition, method, caveats, citation.

mod flows;
mod knowledge;
mod recast;

use std::collections::BTreeSet;

use groeikern::v1::{self, CaveatCode};

use super::render;
use crate::{
    domain::{Basis, Group, Indicator, KindBasis, MembershipBasis, Text},
    method::METHOD_VERSION,
    snapshot::{Among, GradeCaveat, RankingTable, Snapshot},
};

/// Collects what an answer must say of itself.
#[derive(Debug)]
pub(super) struct Metadata<'a> {
    snapshot: &'a Snapshot,
    figures: bool,
    /// Something else was calculated than positions.
    flows: bool,
    caveats: Vec<(CaveatCode, String, Text, Vec<String>, String)>,
    sources: BTreeSet<&'a str>,
    /// Figures on the borders of another year.
    recast: Option<recast::Totals>,
}

impl<'a> Metadata<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            figures: false,
            flows: false,
            caveats: Vec::new(),
            sources: BTreeSet::new(),
            recast: None,
        }
    }

    /// The metadata of an answer from the catalogue: nothing calculated, all sources quoted.
    pub(super) fn catalogue(snapshot: &'a Snapshot) -> Option<v1::ResponseMetadata> {
        let mut metadata = Self::of(snapshot);
        metadata.quote_all();
        metadata.finish()
    }

    /// The metadata of an answer about editions: without citation.
    pub(super) fn edition(snapshot: &Snapshot) -> Option<v1::ResponseMetadata> {
        Some(v1::ResponseMetadata {
            edition_id: snapshot.id().to_owned(),
            edition_name: snapshot.manifest.name.clone(),
            ..Default::default()
        })
    }

    /// The metadata of an answer about what changed between editions: without citation.
    pub(super) fn comparison(snapshot: &'a Snapshot) -> Option<v1::ResponseMetadata> {
        let mut metadata = Self::of(snapshot);
        metadata.figures = true;
        metadata.caveat(
            CaveatCode::PartsInOrder,
            Text::new(
                "De delen van een verschuiving zijn wat de ene verandering na de andere verschuift: eerst de eigen waarde, dan die van \
                 anderen, dan wie er meedoen. Een andere volgorde geeft andere delen van dezelfde verschuiving.",
                "The parts of a move are what one change after the other moves: first its own value, then those of others, then who is \
                 ranked. Another order gives other parts of the same move.",
            ),
        );
        metadata.finish().map(|metadata| v1::ResponseMetadata {
            citation: None,
            ..metadata
        })
    }

    /// Quotes every source of the edition; otherwise only those of the rankings used are.
    pub(super) fn quote_all(&mut self) {
        self.sources
            .extend(self.snapshot.sources.iter().map(|source| source.id.as_str()));
    }

    /// Quotes these sources.
    pub(super) fn quote(&mut self, sources: impl IntoIterator<Item = &'a str>) {
        self.sources.extend(sources);
    }

    /// A caveat of ours.
    pub(super) fn caveat(&mut self, code: CaveatCode, text: Text) {
        if !self.caveats.iter().any(|(known, ..)| *known == code) {
            self.caveats
                .push((code, String::new(), text, Vec::new(), String::new()));
        }
    }

    /// A ranking that the answer uses: its source and its limits.
    pub(super) fn ranking(&mut self, indicator: &'a Indicator, table: &'a RankingTable) {
        self.figures = true;
        self.sources.extend(table.sources());
        let mixed = table.mixes_sources();
        let mut about = |code, text: fn() -> Text| self.about(code, text, &indicator.id);
        if table.basis == Basis::Published {
            about(CaveatCode::PublishedPositions, || {
                Text::new(
                    "De posities zijn overgenomen uit een rapport. De waarden erachter zijn hier niet bekend.",
                    "Positions are as a report printed them. The values behind them are not known here.",
                )
            });
        }
        if table.basis == Basis::Proxy {
            about(CaveatCode::Proxy, || {
                Text::new(
                    "De cijfers zijn van een indicator die er dicht bij ligt, niet van de indicator zelf.",
                    "The figures are those of a closely related indicator, not of the indicator itself.",
                )
            });
        }
        match (&table.borders, table.recasting()) {
            (Some(year), Some(recasting)) => self.recast(year, &indicator.id, table, recasting),
            (Some(year), None) => self.other_borders(year, &indicator.id),
            (None, _) => {}
        }
        let mut about = |code, text: fn() -> Text| self.about(code, text, &indicator.id);
        if mixed {
            about(CaveatCode::MixedSources, || {
                Text::new(
                    "De cijfers komen uit meer bronnen, waarvan de ene voor een deel in de plaats komt van de andere.",
                    "The figures come from several sources, of which one takes the place of another in part.",
                )
            });
        }
        if table.combined_units().next().is_some() {
            about(CaveatCode::CombinedUnits, || {
                Text::new(
                    "Sommige gemeenten tellen samen als één. Hun waarde is een som, of een gemiddelde gewogen naar de noemer of \
                     anders naar inwoners.",
                    "Some municipalities count together as one. Their value is a sum, or a mean weighted by the denominator or \
                     else by inhabitants.",
                )
            });
        }
        if table.column_inferred {
            about(CaveatCode::ColumnInferred, || {
                Text::new(
                    "Welke kolom bij welke gemeente hoort, is afgeleid en staat niet in het rapport.",
                    "Which column belongs to which municipality was inferred; the report does not state it.",
                )
            });
        }
        if table.has_grades() && !table.has_values() {
            about(CaveatCode::GradeFromPosition, || {
                Text::new(
                    "Het cijfer volgt uit de positie, omdat de waarde niet bekend is.",
                    "The grade follows from the position, because the value is not known.",
                )
            });
        }
        if let Some((code, text)) = table.grade_caveat.map(grade_caveat) {
            about(code, text);
        }
        if !table.leaves.is_empty() {
            about(CaveatCode::Regraded, regraded);
        }
        for &leaf in &table.leaves {
            let among = table.universe().map_or(Among::Own, Among::Universe);
            let (computed, period) = (Some(Basis::Computed), Some(table.period.as_str()));
            if let Some(of_leaf) = self.snapshot.ranking_among(leaf, among, computed, period) {
                self.ranking(&self.snapshot.indicators[leaf], of_leaf);
            }
        }
        let (present, size) = (table.n + table.missing, self.snapshot.published_universe().size);
        // A few small municipalities may be combined in the universe: a tenth fewer is no such case. Who chooses another
        // universe knows that it is not the country.
        let partial = size.is_some_and(|size| u64::from(present) * 10 < u64::from(size) * 9);
        if table.has_values() && table.universe().is_none() && partial {
            self.caveat(
                CaveatCode::PartialUniverse,
                Text::new(
                    "De editie bevat cijfers van een deel van de gemeenten. Posities en cijfers gelden daarbinnen, niet voor het \
                     hele land.",
                    "The edition holds figures of part of the municipalities. Positions and grades are among those, not among all \
                     of the country.",
                ),
            );
        }
        self.indicator(indicator);
    }

    /// An indicator that the answer is about: what its kind rests on, and what its source says of it.
    pub(super) fn indicator(&mut self, indicator: &Indicator) {
        let mut about = |code, text: fn() -> Text| self.about(code, text, &indicator.id);
        match indicator.kind_basis {
            KindBasis::Inferred => about(CaveatCode::KindInferred, || {
                Text::new(
                    "Of de indicator een oordeel toelaat en welke kant dan gunstig is, is afgeleid uit de naam.",
                    "Whether the indicator is judged, and which side is favourable, was inferred from its name.",
                )
            }),
            KindBasis::Unverified => about(CaveatCode::KindUnverified, || {
                Text::new(
                    "Welke kant gunstig is, is niet te controleren. De indicator telt nergens mee.",
                    "Which side is favourable could not be verified. The indicator is never counted.",
                )
            }),
            KindBasis::Stated => {}
        }
        self.origin_category(indicator);
        self.source_caveats(&indicator.id);
    }

    /// An indicator that names where people come from.
    fn origin_category(&mut self, indicator: &Indicator) {
        let text = || {
            Text::new(
                "De herkomstindeling is die van de bron. Er rust geen advies op.",
                "The origin category is the source's. No advice rests on it.",
            )
        };
        if indicator.origin {
            self.about(CaveatCode::OriginCategory, text, &indicator.id);
        }
    }

    /// The limits of a ranking that no indicator of the edition has: a composite made for one request.
    pub(super) fn composed(&mut self, table: &RankingTable) {
        if let Some((code, text)) = table.grade_caveat.map(grade_caveat) {
            self.caveat(code, text());
        }
        if table.has_grades() {
            self.caveat(CaveatCode::Regraded, regraded());
        }
    }

    /// Figures of neighbourhoods, from these sources.
    pub(super) fn neighbourhoods(&mut self, sources: impl IntoIterator<Item = &'a str>) {
        self.figures = true;
        self.quote(sources);
        self.caveat(
            CaveatCode::RelativeNotCausal,
            Text::new(
                "Buurten zijn vergeleken met die van het hele land. Wat opvalt is een signaal, geen bewijs van een oorzaak.",
                "Neighbourhoods are compared with those of the whole country. What stands out is a signal, not proof of a cause.",
            ),
        );
    }

    /// Figures of municipalities of another year than their own.
    pub(super) fn other_borders(&mut self, year: &str, indicator: &str) {
        let text = Text::new(
            format!(
                "De cijfers zijn van de gemeenten van {year}: de bron rekent ze om naar de grenzen van dat jaar."
            ),
            format!(
                "The figures are of the municipalities of {year}: the source puts them on the borders of that year."
            ),
        );
        match self.caveats.iter_mut().find(|(_, _, known, ..)| *known == text) {
            Some((_, _, _, indicators, _)) => push_once(indicators, indicator),
            None => {
                let of = vec![indicator.to_owned()];
                self.caveats
                    .push((CaveatCode::OtherBorders, String::new(), text, of, String::new()));
            }
        }
    }

    /// A ranking of which only some municipalities are known.
    pub(super) fn partial(&mut self, table: &RankingTable) {
        let known = table.rows.len();
        if known < table.n as usize {
            let n = table.n;
            self.caveat(
                CaveatCode::PartialRanking,
                Text::new(
                    format!("{known} van de {n} gemeenten zijn bekend. De andere plaatsen ontbreken in deze lijst."),
                    format!("{known} of {n} municipalities are known. The other places are missing from this list."),
                ),
            );
        }
    }

    /// A published mean of a group that the answer shows or rests on.
    pub(super) fn published_mean(&mut self, group: &Group) {
        if group.membership == MembershipBasis::Unverified {
            self.caveat(
                CaveatCode::MembershipUnverified,
                Text::new(
                    "Het rapport zegt niet over welke gemeenten het gemiddelde precies gaat.",
                    "The report does not state exactly which municipalities its mean covers.",
                ),
            );
        }
    }

    /// Groups whose means rest in part on former codes: members that did not exist yet, of which the ranking has a figure.
    pub(super) fn former_members(&mut self, indicator: &Indicator, table: &RankingTable, groups: &[&Group]) {
        let contributes = |code: &str| {
            let region = self.snapshot.region(code);
            table.has_values() && region.is_some_and(|(place, _)| table.row(place).is_some())
        };
        let mut former = groups
            .iter()
            .flat_map(|group| self.snapshot.former_codes_of(group, table.vintage()));
        if !former.any(contributes) {
            return;
        }
        let on_borders = || {
            Text::new(
                "Leden van een groep die op de grenzen van de cijfers nog niet bestonden, tellen mee onder hun vroegere code.",
                "Members of a group that did not exist yet on the borders of the figures count by their former codes.",
            )
        };
        let text = || {
            Text::new(
                "Leden van een groep die in de periode van de cijfers nog niet bestonden, tellen mee onder hun vroegere code.",
                "Members of a group that did not exist yet in the period of the figures count by their former codes.",
            )
        };
        let text: fn() -> Text = if table.recasting().is_some() {
            on_borders
        } else {
            text
        };
        self.about(CaveatCode::FormerMembers, text, &indicator.id);
    }

    /// Means of groups that the answer shows beside a ranking.
    pub(super) fn means(&mut self, table: &RankingTable, means: &[v1::GroupStanding]) {
        let published = means
            .iter()
            .filter(|mean| !table.has_values() && mean.status() == v1::ItemStatus::Ok);
        for mean in published {
            if let Some(group) = mean
                .group
                .as_ref()
                .and_then(|group| self.snapshot.group(&group.id))
            {
                self.published_mean(group);
            }
            if mean.grade_approximate {
                self.caveat(
                    CaveatCode::GradeApproximate,
                    Text::new(
                        "Het cijfer van een gepubliceerd gemiddelde is een benadering.",
                        "The grade of a published mean is approximate.",
                    ),
                );
            }
        }
    }

    /// The message.
    pub(super) fn finish(mut self) -> Option<v1::ResponseMetadata> {
        if self.figures {
            self.caveat(
                CaveatCode::RelativeNotCausal,
                Text::new(
                    "Posities vergelijken met andere gemeenten. Het zijn signalen, geen bewijs van een oorzaak.",
                    "Positions compare with other municipalities. They are signals, not proof of a cause.",
                ),
            );
        }
        self.recast_caveat();
        let general_first =
            |(code, id, _, indicators, _): &(CaveatCode, String, Text, Vec<String>, String)| {
                (!indicators.is_empty(), *code as i32, id.clone())
            };
        self.caveats.sort_by_key(general_first);
        let (citation, is_calculated) = (self.citation(), self.is_calculated());
        let caveats = self
            .caveats
            .into_iter()
            .map(|(code, id, text, indicator_ids, section)| v1::Caveat {
                code: code.into(),
                id,
                text: render::text(&text),
                indicator_ids,
                section,
            });
        Some(v1::ResponseMetadata {
            edition_id: self.snapshot.id().to_owned(),
            edition_name: self.snapshot.manifest.name.clone(),
            method_version: if is_calculated {
                METHOD_VERSION.to_owned()
            } else {
                String::new()
            },
            caveats: caveats.collect(),
            citation: render::text(&citation),
        })
    }

    /// A caveat of ours on one indicator; said once, with all the indicators it is about.
    pub(super) fn about(&mut self, code: CaveatCode, text: fn() -> Text, indicator: &str) {
        match self.caveats.iter_mut().find(|(known, ..)| *known == code) {
            Some((_, _, _, indicators, _)) => push_once(indicators, indicator),
            None => self.caveats.push((
                code,
                String::new(),
                text(),
                vec![indicator.to_owned()],
                String::new(),
            )),
        }
    }

    /// Whether the method was used.
    fn is_calculated(&self) -> bool {
        self.figures || self.flows
    }

    fn citation(&self) -> Text {
        let mut quoted: Vec<&Text> = Vec::new();
        let sources = self.snapshot.sources.iter();
        for source in sources.filter(|source| self.sources.contains(source.id.as_str())) {
            // Several extracts of one table are quoted alike.
            if !quoted.contains(&&source.attribution) {
                quoted.push(&source.attribution);
            }
        }
        let (name, id) = (&self.snapshot.manifest.name, self.snapshot.id());
        let borders = self
            .recast
            .as_ref()
            .map_or_else(|| Text::new("", ""), recast::Totals::citation);
        let line = |pick: fn(&Text) -> &str, edition: &str, method: &str| {
            let method = if self.is_calculated() {
                format!(", {method} {METHOD_VERSION}")
            } else {
                String::new()
            };
            let ours = format!("{edition} {name} ({id}){method}{}.", pick(&borders));
            quoted
                .iter()
                .map(|text| pick(text))
                .chain([ours.as_str()])
                .collect::<Vec<_>>()
                .join(" ")
        };
        Text::new(
            line(|text| &text.nl, "Groeikern-editie", "methode"),
            line(|text| &text.en, "Groeikern edition", "method"),
        )
    }
}

/// Why grades are missing or all alike.
fn grade_caveat(caveat: GradeCaveat) -> (CaveatCode, fn() -> Text) {
    match caveat {
        GradeCaveat::TooFewUnits => (CaveatCode::TooFewUnits, || {
            Text::new(
                "Er zijn minder dan tien gemeenten met gegevens: er is een positie, geen cijfer.",
                "Fewer than ten municipalities have data: there are positions, no grades.",
            )
        }),
        GradeCaveat::NoVariation => (CaveatCode::NoVariation, || {
            Text::new(
                "Alle waarden zijn gelijk: elk cijfer is 6,5.",
                "All values are equal: every grade is 6.5.",
            )
        }),
    }
}

fn regraded() -> Text {
    Text::new(
        "De scores zijn gemiddelden van rapportcijfers en daarna opnieuw beoordeeld. Dat rekt de schaal op: het cijfer zegt niet hoe \
         ver de scores uiteenliggen.",
        "Scores are means of grades, graded again. That stretches the scale: a grade does not say how far the scores lie apart.",
    )
}

fn push_once(indicators: &mut Vec<String>, indicator: &str) {
    if !indicators.iter().any(|id| id == indicator) {
        indicators.push(indicator.to_owned());
    }
}
