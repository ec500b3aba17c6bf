//! Made-up flows between municipalities of the report, over the values of [`towns`](super::towns).

use groeikern_client::Client;
use groeikern_server::{edition::source::SourceFolder, import::Recipe};

use super::{Server, import, shelf_of, towns};

const HEAD: &str = r#"title_nl = "Stromen"
title_en = "Flows"
publisher = "Ons Bureau"
licence = "CC-BY-4.0"
attribution_nl = "Bron: Ons Bureau."
attribution_en = "Source: Our Bureau."
retrieved = "2024-05-01"
source_version = "2"
period = "2020"
holds = "flows"

[table]

[flows]
origin_column = "from"
destination_column = "to"
persons_column = "people"
"#;

const DIVIDED: &str = r#"
breakdown_column = "age"
breakdown = "age"
breakdown_nl = "leeftijd"
breakdown_en = "age"

[[flows.category]]
id = "young"
cell = "-30"
name_nl = "jonger dan 30"
name_en = "under 30"

[[flows.category]]
id = "old"
cell = "30+"
name_nl = "30 of ouder"
name_en = "30 or over"
"#;

/// Who works where in 2020. Almere (GM0034) goes to Amsterdam (GM0363); Beemster (GM0370) has become part of
/// Purmerend (GM0439) since, and Heerhugowaard (GM0398) of Dijk en Waard (GM1980).
const COMMUTING: &str = "from,to,people\n\
    GM0034,GM0034,40\n\
    GM0034,GM0363,60\n\
    GM0034,GM0995,20\n\
    GM0034,GM0637,5\n\
    GM0034,GM0370,10\n\
    GM0034,GM0794,0\n\
    GM0363,GM0034,10\n\
    GM0439,GM0034,5\n\
    GM0439,GM0370,30\n\
    GM0439,GM0363,20\n\
    GM0995,GM0363,1\n\
    GM0772,GM0794,8\n\
    GM0794,GM0772,12\n\
    GM0794,GM0363,1\n\
    GM0398,GM0363,3\n";

/// Who moved in 2020, by age: the young leave Almere, the others come.
const MIGRATION: &str = "from,to,age,people\n\
    GM0034,GM0363,-30,30\n\
    GM0034,GM0363,30+,10\n\
    GM0363,GM0034,-30,5\n\
    GM0363,GM0034,30+,45\n";

/// A client of a server with those values and flows.
pub(crate) async fn client() -> Client {
    over(&towns::source(), COMMUTING).await
}

/// The same where Almere goes to Westdorp (GM7001) too, which has become part of Amsterdam since.
pub(crate) async fn with_annexed() -> Client {
    let source = towns::source();
    let with = |file: &str, line: &str| source.file(file).expect("a file").to_owned() + line;
    let regions = with("regions.csv", "GM7001,Westdorp,municipality,,2022-01-01,\n");
    let successions = with(
        "successions.csv",
        "GM7001,GM0363,2022-01-01,Werd deel van Amsterdam.,Became part of Amsterdam.\n",
    );
    let source = source
        .with_file("regions.csv", regions)
        .with_file("successions.csv", successions);
    over(&source, &format!("{COMMUTING}GM0034,GM7001,30\n")).await
}

async fn over(source: &SourceFolder, commuting: &str) -> Client {
    let shelf = shelf_of(source).await;
    for (kind, table, more) in [("commuting", commuting, ""), ("migration", MIGRATION, DIVIDED)] {
        let text = format!("id = \"{kind}_of_towns\"\n{HEAD}kind = \"{kind}\"\n{more}");
        let recipe = Recipe::parse(&format!("{kind}_of_towns.toml"), &text);
        let recipe = recipe.unwrap_or_else(|error| panic!("{error}"));
        import(&shelf, recipe, table.to_owned()).await;
    }
    Server::over(shelf, Default::default()).await.client().await
}
