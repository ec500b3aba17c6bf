//! Where a municipality stands, who is near it on the list, and where the means of groups would be.
//!
//! `cargo run -p groeikern-client --example rankings [http://host:port]`
#![allow(clippy::print_stdout)] // an example shows its answers

use groeikern_client::{Client, ConnectOptions, v1};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "http://127.0.0.1:50051".into());
    let client = Client::connect(ConnectOptions::new(endpoint)).await?;

    let request = v1::GetPositionRequest {
        indicator_id: "low_theft".into(),
        region_code: "GM0637".into(),
        neighbours: 2,
        ..Default::default()
    };
    let answer = client.get_position(request).await?;
    let ranking = answer.ranking.unwrap_or_default();
    println!(
        "low_theft: {} of {} municipalities known",
        ranking.known, ranking.n
    );
    for row in answer.before.iter().chain(&answer.region).chain(&answer.after) {
        let (Some(region), Some(standing)) = (&row.region, &row.standing) else {
            continue;
        };
        println!("  {}. {} ({})", standing.position, region.name, region.code);
    }

    let request = v1::CompareGroupsRequest {
        group_ids: vec!["nta_new_towns".into(), "old_suburbs".into()],
        indicator_ids: vec!["built_environment".into()],
        ..Default::default()
    };
    for comparison in client.compare_groups(request).await?.comparisons {
        let ranking = comparison.ranking.unwrap_or_default();
        for row in comparison.groups {
            let group = row.group.unwrap_or_default().id;
            match row.standing {
                Some(standing) => println!("mean of {group}: {} of {}", standing.position, ranking.n),
                None => println!("mean of {group}: no figures"),
            }
        }
    }
    Ok(())
}
