//! How one municipality does: the least favourable indicators of its profile, and figures of several at once.
//!
//! `cargo run -p groeikern-client --example indicators [http://host:port]`
#![allow(clippy::print_stdout)] // an example shows its answers

use groeikern_client::{Client, ConnectOptions, v1};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "http://127.0.0.1:50051".into());
    let client = Client::connect(ConnectOptions::new(endpoint)).await?;

    let profile = client
        .get_profile(v1::GetProfileRequest {
            region_code: "GM0794".into(),
            ..Default::default()
        })
        .await?;
    println!(
        "Very unfavourable in {}:",
        profile.region.unwrap_or_default().name
    );
    for row in profile.rows {
        let (Some(standing), Some(ranking)) = (row.standing, row.ranking) else {
            continue;
        };
        if standing.verdict() == v1::Verdict::VeryUnfavourable {
            let name = ranking
                .indicator
                .and_then(|indicator| indicator.name)
                .unwrap_or_default()
                .en;
            println!("  {name}: {} of {}", standing.position, ranking.n);
        }
    }

    // A batch answers every combination that was asked for, also where there is no figure.
    let request = v1::QueryObservationsRequest {
        indicator_ids: vec!["low_theft".into()],
        region_codes: vec!["GM0034".into(), "GM0637".into(), "GM9999".into()],
        ..Default::default()
    };
    let observations = client.query_observations(request).await?;
    for item in observations.items {
        let figure = match item.position {
            Some(position) => format!("position {position} of {}", item.n),
            None => item.status().as_str_name().to_owned(),
        };
        println!("{} {}: {figure}", item.indicator_id, item.region_code);
    }

    // What to put under a table made of these figures.
    println!(
        "{}",
        observations
            .metadata
            .unwrap_or_default()
            .citation
            .unwrap_or_default()
            .en
    );
    Ok(())
}
