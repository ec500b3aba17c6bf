//! A made-up country whose municipalities merge, split, give parts, get other names, and do so in the course of a year.

use groeikern_client::Client;
use groeikern_server::{edition::source::SourceFolder, import::Recipe, serve::Limits};

use super::Server;

const HEAD: &str = r#"title_nl = "Ons land"
title_en = "Our country"
publisher = "Wij"
licence = "CC0-1.0"
attribution_nl = "Bron: ons land."
attribution_en = "Source: our country."
retrieved = "2026-11-29"
source_version = "1"
"#;

const LIVES: &str = r#"
[table]

[regions]
code_column = "code"
name_column = "name"
valid_from_column = "begin"
valid_to_column = "end"
unknown_dates = [""]
"#;

/// Code, name, first day, first day without it.
const MUNICIPALITIES: &str = "code,name,begin,end\n\
    GM7001,Akkerstad,,2023-01-01\n\
    GM7002,Beekdorp,,2020-01-01\n\
    GM7003,Cirkelveen,,2020-01-01\n\
    GM7004,Duinhof,,\n\
    GM7005,Eikenrode,,\n\
    GM7006,Ferwoude,,\n\
    GM7007,Graslo,,\n\
    GM7008,Hoogzand,,2021-01-01\n\
    GM7009,IJzerloo,,2022-03-24\n\
    GM7010,Jonkerburg,,\n\
    GM7011,Kerkrijk,,2023-01-01\n\
    GM7012,Lindekamp,,\n\
    GM7013,Molenwijk,,\n\
    GM7018,Hoogzand aan Zee,2021-01-01,\n\
    GM7021,Akkerkerk,2023-01-01,\n";

const MOVES: &str = r#"
[table]

[boundary_changes]
region_column = "code"
other_region_column = "other"
date_column = "date"
direction_column = "way"
received = ["from"]
gave = ["to"]
inhabitants_column = "people"
"#;

/// A field changes hands, so that the borders since 2018 are known. Beekdorp joins Akkerstad; Cirkelveen is divided over Duinhof and Eikenrode; Ferwoude gives Graslo a part; Hoogzand gets another
/// name; IJzerloo joins Akkerstad in March 2022; Akkerstad and Kerkrijk become one; Lindekamp gives Molenwijk a part of which
/// nobody knows how many people live there.
const CHANGES: &str = "code,date,way,other,people\n\
    GM7010,2018-01-01,to,GM7011,0\n\
    GM7001,2020-01-01,from,GM7002,100\n\
    GM7001,2020-01-01,from,GM7001,900\n\
    GM7003,2020-01-01,to,GM7004,300\n\
    GM7003,2020-01-01,to,GM7005,100\n\
    GM7006,2021-01-01,to,GM7007,50\n\
    GM7008,2021-01-01,to,GM7018,\n\
    GM7009,2022-03-24,to,GM7001,20\n\
    GM7021,2023-01-01,from,GM7001,1020\n\
    GM7021,2023-01-01,from,GM7011,300\n\
    GM7013,2023-01-01,from,GM7012,\n";

const FIGURES: &str = r#"
[table]
shape = "wide"
region_column = "code"

[[indicator]]
id = "inhabitants"
name_nl = "Inwoners"
name_en = "Inhabitants"
theme = "social_cohesion"
kind = "neutral"
kind_basis = "stated"
column = "people"
unit_nl = "inwoners"
unit_en = "inhabitants"
decimals = 0
aggregation = "sum"

[[indicator]]
id = "benefits"
name_nl = "Uitkeringen"
name_en = "Benefits"
theme = "social_cohesion"
kind = "judgement"
kind_basis = "stated"
column = "benefits"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder is beter."
polarity_reason_en = "Fewer is better."
unit_nl = "%"
unit_en = "%"
decimals = 1
denominator = "inhabitants"

[[indicator]]
id = "land"
name_nl = "Land"
name_en = "Land"
theme = "social_cohesion"
kind = "neutral"
kind_basis = "stated"
column = "land"
unit_nl = "hectare"
unit_en = "hectares"
decimals = 0
aggregation = "sum"

[[indicator]]
id = "density"
name_nl = "Dichtheid"
name_en = "Density"
theme = "social_cohesion"
kind = "neutral"
kind_basis = "stated"
column = "density"
unit_nl = "per km²"
unit_en = "per km²"
decimals = 0
denominator = "land"

[[indicator]]
id = "middle_income"
name_nl = "Mediaan inkomen"
name_en = "Median income"
theme = "social_cohesion"
kind = "neutral"
kind_basis = "stated"
column = "income"
unit_nl = "euro"
unit_en = "euros"
decimals = 0
aggregation = "not_possible"

[[indicator]]
id = "low_theft"
column = "thefts"
kind = "judgement"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder is beter."
polarity_reason_en = "Less is better."
unit_nl = "per 1.000 inwoners"
unit_en = "per 1,000 inhabitants"
decimals = 1
denominator = "inhabitants"

[[indicator]]
id = "low_vandalism"
column = "vandals"
kind = "judgement"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder is beter."
polarity_reason_en = "Less is better."
unit_nl = "per 1.000 inwoners"
unit_en = "per 1,000 inhabitants"
decimals = 1
denominator = "inhabitants"

[[indicator]]
id = "low_drug_offences"
column = "vandals"
kind = "judgement"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder is beter."
polarity_reason_en = "Less is better."
unit_nl = "index"
unit_en = "index"
decimals = 1
aggregation = "not_possible"
"#;

/// Composites: one of shares, and one with an index.
const COMPOSITES: &str = r#"
[[indicator]]
id = "safe_streets"
name_nl = "Veilige straten"
name_en = "Safe streets"
theme = "liveability_safety"
kind = "composite"
kind_basis = "stated"
children = ["low_theft", "low_vandalism"]

[[indicator]]
id = "sound_streets"
name_nl = "Gave straten"
name_en = "Sound streets"
theme = "liveability_safety"
kind = "composite"
kind_basis = "stated"
children = ["low_theft", "low_vandalism", "low_drug_offences"]
"#;

/// Code, inhabitants, land, which is known of 2023 alone, people per km², per cent with benefits, median income, thefts and vandals per 1,000.
const IN_2019: &str = "code,people,land,density,benefits,income,thefts,vandals\n\
    GM7001,900,,990,10,21,20,10\nGM7002,100,,980,20,22,4,15\nGM7003,400,,970,8,23,11,1\nGM7004,600,,960,4,24,18,6\nGM7005,900,,950,5,25,2,11\nGM7006,1000,,940,6,26,9,16\nGM7007,450,,930,16,27,16,2\n\
    GM7008,500,,920,7,28,0,7\nGM7009,20,,910,30,29,7,12\nGM7010,700,,900,9,30,14,17\nGM7011,300,,890,12,31,21,3\nGM7012,800,,880,11,32,5,8\nGM7013,650,,870,13,33,12,13\n";

const IN_2023: &str = "code,people,land,density,benefits,income,thefts,vandals\n\
    GM7004,910,91,990,5,24,18,6\nGM7005,1010,101,980,6,25,2,11\nGM7006,960,96,970,6,26,9,16\nGM7007,510,51,960,15,27,16,2\nGM7010,710,71,950,9,30,14,17\nGM7012,790,79,940,11,32,5,8\nGM7013,660,66,930,13,33,12,13\n\
    GM7018,505,50,920,7,28,1,0\nGM7021,1350,135,910,11,31,22,15\n";

/// The inhabitants of 2019, by code.
pub(crate) fn inhabitants_of_2019() -> Vec<(&'static str, f64)> {
    let rows = IN_2019.lines().skip(1).map(|line| {
        let mut cells = line.split(',');
        let code = cells.next().expect("a code");
        (code, cells.next().expect("people").parse().expect("a number"))
    });
    rows.collect()
}

fn recipe(id: &str, head: &str, table: &str) -> Recipe {
    // The tables of municipalities and their changes are quoted apart from the figures.
    let about = match id {
        "lives" | "moves" => HEAD.replace("ons land.", "grenzen van ons land."),
        _ => HEAD.to_owned(),
    };
    let text = format!("id = \"{id}\"\n{head}{about}{table}");
    Recipe::parse(&format!("{id}.toml"), &text).unwrap_or_else(|error| panic!("{error}"))
}

fn figures(year: &str) -> Recipe {
    recipe(
        &format!("figures_{year}"),
        &format!("period = \"{year}\"\n"),
        FIGURES,
    )
}

/// A client of a server that knows the country, its changes, and figures of 2019 and 2023.
pub(crate) async fn client() -> Client {
    client_with("").await
}

/// The same where these changes happened too.
pub(crate) async fn client_with(changes: &str) -> Client {
    let built_in = SourceFolder::built_in();
    let indicators = built_in.file("indicators.toml").expect("a file").to_owned() + COMPOSITES;
    let shelf = super::shelf_of(&built_in.with_file("indicators.toml", indicators)).await;
    let lives = recipe("lives", "holds = \"regions\"\nperiod = \"2024\"\n", LIVES);
    let moves = recipe(
        "moves",
        "holds = \"boundary_changes\"\nperiod = \"2024\"\n",
        MOVES,
    );
    let changes = format!("{CHANGES}{changes}");
    for (recipe, table) in [
        (lives, MUNICIPALITIES),
        (moves, &changes),
        (figures("2019"), IN_2019),
        (figures("2023"), IN_2023),
    ] {
        super::import(&shelf, recipe, table.to_owned()).await;
    }
    Server::over(shelf, Limits::default()).await.client().await
}
