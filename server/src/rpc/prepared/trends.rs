//! Trends: those that nothing narrows are made once per indicator, with their breaks and statistics, and kept encoded.

use groeikern::{
    Encoded,
    v1::{self, CaveatCode},
};
use prost::Message;

use super::{Edition, shared_trend_point};
use crate::{
    domain::{Group, Indicator, Region, Text},
    method::GradeMethod,
    rpc::{
        metadata::Metadata,
        pieces::Pieces,
        render,
        trend::{Followed, Series},
    },
    snapshot::RankingTable,
};

/// Field `points` of GetTrendResponse.
const POINTS: u32 = 10;
/// Field `statistics` of GetTrendResponse.
const STATISTICS: u32 = 12;
/// Field `position_change` of GetTrendResponse.
const POSITION_CHANGE: u32 = 13;

/// The trends of all municipalities on one indicator.
#[derive(Debug)]
pub(super) struct WholeTrends {
    /// What they have in common where the series has no break.
    shared: Vec<u8>,
    /// The same where it has, with the caveat that says so.
    shared_with_break: Vec<u8>,
    /// By region, whether its series has a break.
    broken: Vec<bool>,
    /// By region its points and statistics; nothing where no ranking has a figure of it.
    series: Pieces,
}

impl Edition {
    /// A trend over these rankings of one basis, earliest first.
    pub(in crate::rpc) fn trend(
        &self,
        indicator: &Indicator,
        followed: Followed<'_>,
        tables: &[&RankingTable],
        method: Option<GradeMethod>,
    ) -> Option<Encoded<v1::GetTrendResponse>> {
        let series = Series::of(self, indicator, followed, tables, method);
        if series.is_empty() {
            return None;
        }
        let group = match followed {
            Followed::Group(group) => Some(group),
            Followed::Region(..) => None,
        };
        let shared = self.shared_trend_fields(indicator, tables, method, group, series.has_breaks());
        let mut fields = Vec::with_capacity(256 + tables.len() * 96);
        self.encode_series(tables, &series, &mut fields);
        Some(trend_answer(followed, &shared, &fields))
    }

    /// The trend of a region that nothing narrows, over these rankings, which are asked for once; nothing when none of them has
    /// a figure of the region.
    pub(in crate::rpc) fn whole_trend<'a>(
        &'a self,
        (place, indicator): (usize, &Indicator),
        (region_place, region): (usize, &Region),
        tables: impl FnOnce() -> Vec<&'a RankingTable>,
    ) -> Option<Encoded<v1::GetTrendResponse>> {
        let whole = self.whole_trends[place].get_or_init(|| self.all_trends(indicator, &tables()));
        let series = whole.series.piece(region_place);
        let shared = if whole.broken[region_place] {
            &whole.shared_with_break
        } else {
            &whole.shared
        };
        (!series.is_empty()).then(|| trend_answer(Followed::Region(region_place, region), shared, series))
    }

    fn all_trends(&self, indicator: &Indicator, tables: &[&RankingTable]) -> WholeTrends {
        let mut broken = Vec::with_capacity(self.regions.len());
        let series = Pieces::of(self.regions.len(), |place, fields| {
            let known = tables.iter().any(|table| table.row(place).is_some());
            let followed = Followed::Region(place, &self.regions[place]);
            let series = known.then(|| Series::of(self, indicator, followed, tables, None));
            broken.push(series.as_ref().is_some_and(Series::has_breaks));
            if let Some(series) = series {
                self.encode_series(tables, &series, fields);
            }
        });
        WholeTrends {
            shared: self.shared_trend_fields(indicator, tables, None, None, false),
            shared_with_break: self.shared_trend_fields(indicator, tables, None, None, true),
            broken,
            series,
        }
    }

    fn encode_series(&self, tables: &[&RankingTable], series: &Series, fields: &mut Vec<u8>) {
        for (table, own) in tables.iter().zip(&series.points) {
            let fresh;
            let shared = match self.kept(table) {
                Some(kept) => &kept.trend_point,
                None => {
                    fresh = shared_trend_point(table);
                    &fresh
                }
            };
            Encoded::<v1::GetTrendResponse>::encode_field_of_pieces(POINTS, shared, own, fields);
        }
        if let Some(statistics) = &series.statistics {
            Encoded::<v1::GetTrendResponse>::encode_field(STATISTICS, statistics, fields);
        }
        if let Some(change) = &series.position_change {
            Encoded::<v1::GetTrendResponse>::encode_field(POSITION_CHANGE, change, fields);
        }
    }

    /// What the answer says of the indicator and of itself. `group` is the one that is followed, if one is.
    fn shared_trend_fields(
        &self,
        indicator: &Indicator,
        tables: &[&RankingTable],
        method: Option<GradeMethod>,
        group: Option<&Group>,
        has_breaks: bool,
    ) -> Vec<u8> {
        let mut metadata = Metadata::of(self);
        for table in tables {
            metadata.ranking(indicator, table);
            if let Some(group) = group {
                metadata.former_members(indicator, table, &[group]);
                metadata.means(table, &[render::group_standing(self, table, group, method)]);
            }
        }
        if has_breaks {
            metadata.caveat(CaveatCode::TrendBreak, trend_break());
        }
        let summary = tables
            .last()
            .and_then(|latest| render::ranking_summary(self, indicator, latest, method))
            .unwrap_or_default();
        // The latest period may have too few units for grades where an earlier one has enough.
        let graded = tables.iter().rev().find(|table| table.has_grades());
        let grade_method = graded.map(|table| render::grade_method_of(table, method));
        v1::GetTrendResponse {
            metadata: metadata.finish(),
            indicator: summary.indicator,
            basis: summary.basis,
            unit: summary.unit,
            decimals: summary.decimals,
            polarity: summary.polarity,
            grade_method: grade_method.unwrap_or_default().into(),
            proxy: summary.proxy,
            ..Default::default()
        }
        .encode_to_vec()
    }
}

fn trend_break() -> Text {
    Text::new(
        "De reeks heeft breuken: bij die perioden staat waarom het cijfer niet zonder meer met het vorige te vergelijken is. \
         Verandering, helling en toets rekenen alsof alle waarden vergelijkbaar zijn.",
        "The series has breaks: those periods say why their figure may not be comparable with the one before. Change, slope and \
         test are calculated as if all values were comparable.",
    )
}

fn trend_answer(followed: Followed<'_>, shared: &[u8], series: &[u8]) -> Encoded<v1::GetTrendResponse> {
    let (region, group) = match followed {
        Followed::Region(_, region) => (render::region_ref(region), None),
        Followed::Group(group) => (None, render::group_ref(group)),
    };
    let head = v1::GetTrendResponse {
        region,
        group,
        ..Default::default()
    };
    Encoded::with_fields(&head, [shared, series])
}
