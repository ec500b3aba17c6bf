//! grpc.health.v1: serving until the server is told to stop.

use groeikern::server::{
    catalogue_service_server::SERVICE_NAME as CATALOGUE, edition_service_server::SERVICE_NAME as EDITIONS,
    indicator_service_server::SERVICE_NAME as INDICATORS,
    neighbourhood_service_server::SERVICE_NAME as NEIGHBOURHOODS,
    ranking_service_server::SERVICE_NAME as RANKINGS,
    recommendation_service_server::SERVICE_NAME as RECOMMENDATIONS,
};
use tonic_health::{ServingStatus, server::HealthReporter};

/// The server as a whole, and every service.
const NAMES: [&str; 7] = [
    "",
    CATALOGUE,
    INDICATORS,
    RANKINGS,
    RECOMMENDATIONS,
    NEIGHBOURHOODS,
    EDITIONS,
];

/// Reports every service alike: they share one set of editions.
pub(super) async fn serving(reporter: &HealthReporter) {
    for name in NAMES {
        reporter.set_service_status(name, ServingStatus::Serving).await;
    }
}

/// Tells who watches that the server stops, and ends their watch: a watch has no end of its own, and would hold up the
/// server's.
pub(super) async fn stopping(reporter: &mut HealthReporter) {
    for name in NAMES {
        reporter.set_service_status(name, ServingStatus::NotServing).await;
        reporter.clear_service_status(name).await;
    }
}
