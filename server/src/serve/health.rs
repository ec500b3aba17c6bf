//! grpc.health.v1: serving until the server is told to stop.

use groeikern::server::{
    admin_service_server::SERVICE_NAME as ADMINISTRATION,
    catalogue_service_server::SERVICE_NAME as CATALOGUE, edition_service_server::SERVICE_NAME as EDITIONS,
    flow_service_server::SERVICE_NAME as FLOWS, indicator_service_server::SERVICE_NAME as INDICATORS,
    neighbourhood_service_server::SERVICE_NAME as NEIGHBOURHOODS,
    ranking_service_server::SERVICE_NAME as RANKINGS,
    recommendation_service_server::SERVICE_NAME as RECOMMENDATIONS,
};
use tonic_health::{ServingStatus, server::HealthReporter};

/// The server as a whole, and every service that is asked.
pub(super) const NAMES: [&str; 8] = [
    "",
    CATALOGUE,
    INDICATORS,
    RANKINGS,
    RECOMMENDATIONS,
    NEIGHBOURHOODS,
    FLOWS,
    EDITIONS,
];

/// The same on the listener of administration.
const OF_ADMINISTRATION: [&str; 2] = ["", ADMINISTRATION];

/// Reports every service alike: they share one set of editions.
pub(super) async fn serving(reporter: &HealthReporter) {
    report_serving(reporter, &NAMES).await;
}

/// The same on the listener of administration.
pub(super) async fn serving_administration(reporter: &HealthReporter) {
    report_serving(reporter, &OF_ADMINISTRATION).await;
}

async fn report_serving(reporter: &HealthReporter, names: &[&str]) {
    for name in names {
        reporter.set_service_status(*name, ServingStatus::Serving).await;
    }
}

/// Tells who watches that the server stops, and ends their watch: a watch has no end of its own, and would hold up the
/// server's.
pub(super) async fn stopping(reporter: &mut HealthReporter) {
    report_stopping(reporter, &NAMES).await;
}

/// The same on the listener of administration.
pub(super) async fn stopping_administration(reporter: &mut HealthReporter) {
    report_stopping(reporter, &OF_ADMINISTRATION).await;
}

async fn report_stopping(reporter: &mut HealthReporter, names: &[&str]) {
    for name in names {
        reporter
            .set_service_status(*name, ServingStatus::NotServing)
            .await;
        reporter.clear_service_status(name).await;
    }
}
