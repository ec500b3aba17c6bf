//! Which data answers: lists the editions, and asks one of them by its id so that the answer can be repeated.
//!
//! `cargo run -p groeikern-client --example editions [http://host:port]`
#![allow(clippy::print_stdout)] // an example shows its answers

use groeikern_client::{Client, ConnectOptions, v1};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "http://127.0.0.1:50051".into());
    let client = Client::connect(ConnectOptions::new(endpoint)).await?;

    let editions = client
        .list_editions(v1::ListEditionsRequest::default())
        .await?
        .editions;
    for edition in &editions {
        let current = if edition.current { " (current)" } else { "" };
        println!(
            "{} {}{current}, content hash {}",
            edition.id, edition.name, edition.content_hash
        );
    }

    // A name can be given to a later edition; an id always means the same data.
    let id = editions
        .into_iter()
        .find(|edition| edition.current)
        .unwrap_or_default()
        .id;
    let answer = client.get_edition(v1::GetEditionRequest { edition: id }).await?;
    let edition = answer.edition.unwrap_or_default();
    let counts = edition.counts.unwrap_or_default();
    println!("{}:", edition.title.unwrap_or_default().en);
    println!(
        "  {} indicators, {} municipalities",
        counts.indicators, counts.regions
    );
    for source in edition.sources {
        println!("  {}", source.attribution.unwrap_or_default().en);
    }
    Ok(())
}
