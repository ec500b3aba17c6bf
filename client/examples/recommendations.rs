//! What the report advises a municipality, and which figures point to it.
//!
//! `cargo run -p groeikern-client --example recommendations [http://host:port]`
#![allow(clippy::print_stdout)] // an example shows its answers

use groeikern_client::{Client, ConnectOptions, v1};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "http://127.0.0.1:50051".into());
    let client = Client::connect(ConnectOptions::new(endpoint)).await?;

    let request = v1::RecommendRequest {
        subject: Some(v1::recommend_request::Subject::RegionCode("GM1930".into())),
        ..Default::default()
    };
    let answer = client.recommend(request).await?;
    if let Some(v1::recommend_response::Subject::Region(region)) = answer.subject {
        println!("For {}:", region.name);
    }
    for advice in &answer.advice {
        let title = advice
            .recommendation
            .iter()
            .filter_map(|recommendation| recommendation.title.as_ref());
        let title: String = title.map(|title| title.en.as_str()).collect();
        // The need is absent when nothing was measured: that is not a need of zero.
        let need = advice
            .need
            .map_or("nothing measured".to_owned(), |need| format!("need {need:.2}"));
        println!("{title}: {}, {need}", advice.recommendation_class().as_str_name());
        for evidence in advice.evidence.iter().take(3) {
            let (Some(standing), Some(ranking)) = (&evidence.standing, &evidence.ranking) else {
                continue;
            };
            let indicator = ranking
                .indicator
                .as_ref()
                .map_or("", |indicator| indicator.id.as_str());
            println!("  {indicator}: {} of {}", standing.position, ranking.n);
        }
    }

    // Read the caveats before quoting: positions are signals, not proof of a cause.
    for caveat in answer.metadata.unwrap_or_default().caveats {
        println!("- {}", caveat.text.unwrap_or_default().en);
    }
    Ok(())
}
