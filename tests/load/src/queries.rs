//! What is asked: the queries of the project's measurements, by the contract's own requests.

use bytes::Bytes;
use groeikern::v1;
use prost::Message;

use crate::edition::{self, Scale};

/// Different requests of one query at most: enough that no cache of the processor holds all their answers.
const DIFFERENT: usize = 1000;
/// Steps through indicators and municipalities that are prime and larger than either, so that every pair comes by.
const STEP_OF_INDICATORS: usize = 7919;
const STEP_OF_MUNICIPALITIES: usize = 104_729;

/// One query.
#[derive(Debug)]
pub(crate) struct Query {
    /// Its short name.
    pub(crate) id: &'static str,
    /// What it asks.
    pub(crate) what: &'static str,
    /// The RPC that answers it.
    pub(crate) path: &'static str,
    /// The least efficiency of the handler alone.
    pub(crate) handler_target: f64,
    /// The least efficiency of the default build.
    pub(crate) default_target: f64,
    /// How many different requests there are at this scale.
    different: fn(Scale) -> usize,
    /// One of them: by the ids of an indicator and a municipality.
    request: fn(String, String) -> Vec<u8>,
}

/// Every query. Q4 and Q6 of the project's measurements ask what the contract has no RPC for yet.
pub(crate) const QUERIES: &[Query] = &[
    Query {
        id: "Q1",
        what: "one value with its position",
        path: "/groeikern.v1.RankingService/GetPosition",
        handler_target: 0.9,
        default_target: 0.7,
        different: Scale::pairs,
        request: |indicator_id, region_code| {
            let request = v1::GetPositionRequest {
                indicator_id,
                region_code,
                ..Default::default()
            };
            request.encode_to_vec()
        },
    },
    Query {
        id: "Q2",
        what: "full ranking of one indicator",
        path: "/groeikern.v1.RankingService/RankRegions",
        handler_target: 0.9,
        default_target: 0.8,
        different: |scale| scale.indicators(),
        request: |indicator_id, _| {
            let request = v1::RankRegionsRequest {
                indicator_id,
                ..Default::default()
            };
            request.encode_to_vec()
        },
    },
    Query {
        id: "Q3",
        what: "profile of one municipality",
        path: "/groeikern.v1.IndicatorService/GetProfile",
        handler_target: 0.9,
        default_target: 0.8,
        different: |scale| scale.municipalities(),
        request: |_, region_code| {
            let request = v1::GetProfileRequest {
                region_code,
                ..Default::default()
            };
            request.encode_to_vec()
        },
    },
    Query {
        id: "Q5",
        what: "trend of one indicator and municipality",
        path: "/groeikern.v1.IndicatorService/GetTrend",
        handler_target: 0.8,
        default_target: 0.7,
        different: Scale::pairs,
        request: |indicator_id, region_code| {
            let request = v1::GetTrendRequest {
                indicator_id,
                region_code,
                ..Default::default()
            };
            request.encode_to_vec()
        },
    },
];

impl Query {
    /// Its different requests, encoded, in the order in which they are asked.
    pub(crate) fn requests(&self, scale: Scale) -> Vec<Bytes> {
        let request = |number: usize| {
            let indicator = number * STEP_OF_INDICATORS % scale.indicators();
            let municipality = number * STEP_OF_MUNICIPALITIES % scale.municipalities();
            (self.request)(
                edition::indicator_id(indicator),
                edition::region_code(municipality),
            )
        };
        let different = (self.different)(scale).min(DIFFERENT);
        (0..different).map(|number| request(number).into()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn requests_differ() {
        for query in QUERIES {
            let requests = query.requests(Scale::default());
            let different: HashSet<&Bytes> = requests.iter().collect();
            assert_eq!(different.len(), requests.len(), "{}", query.id);
            assert!(requests.len() >= 150, "{}", query.id);
        }
    }
}
