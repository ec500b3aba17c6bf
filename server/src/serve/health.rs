//! grpc.health.v1: serving until the server is told to stop.

use groeikern::server::{
    catalogue_service_server::SERVICE_NAME as CATALOGUE, edition_service_server::SERVICE_NAME as EDITIONS,
    indicator_service_server::SERVICE_NAME as INDICATORS, ranking_service_server::SERVICE_NAME as RANKINGS,
    recommendation_service_server::SERVICE_NAME as RECOMMENDATIONS,
};
use tonic_health::{ServingStatus, server::HealthReporter};

/// The server as a whole, and every service.
const NAMES: [&str; 6] = ["", CATALOGUE, INDICATORS, RANKINGS, RECOMMENDATIONS, EDITIONS];

/// Reports every service alike: they share one set of editions.
pub(super) async fn report(reporter: &HealthReporter, serving: bool) {
    let status = if serving {
        ServingStatus::Serving
    } else {
        ServingStatus::NotServing
    };
    for name in NAMES {
        reporter.set_service_status(name, status).await;
    }
}
