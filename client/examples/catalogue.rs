//! What can be asked: finds the municipality a person means, and the indicators that have figures.
//!
//! `cargo run -p groeikern-client --example catalogue [http://host:port]`
#![allow(clippy::print_stdout)] // an example shows its answers

use groeikern_client::{Client, ConnectOptions, StreamExt, v1};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "http://127.0.0.1:50051".into());
    let client = Client::connect(ConnectOptions::new(endpoint)).await?;

    // A typing error is followed to the only name near to it; the answer says how the words were read.
    let typed = v1::ResolveRegionRequest {
        text: "zoetermer".into(),
        ..Default::default()
    };
    let resolved = client.resolve_region(typed).await?;
    let region = resolved.region.clone().unwrap_or_default();
    println!(
        "{} ({}), found by {}",
        region.name,
        region.code,
        resolved.r#match().as_str_name()
    );

    // A list comes in pages; the stream asks for the next one when the rows of this one are used up.
    let request = v1::ListIndicatorsRequest {
        page_size: 25,
        ..Default::default()
    };
    let mut pages = client.list_indicators_pages(request);
    let mut number_of_indicators = 0;
    while let Some(page) = pages.next().await {
        for indicator in page?.indicators {
            number_of_indicators += 1;
            if let Some(figures) = indicator.availability.first() {
                let name = indicator.name.unwrap_or_default().en;
                println!(
                    "{}: {name}, {} of {} known",
                    indicator.id, figures.known, figures.n
                );
            }
        }
    }
    println!("{number_of_indicators} indicators");
    Ok(())
}
