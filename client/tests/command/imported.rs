//! An edition with the figures of two imported tables, whose licences are known, beside the positions that the report printed.

use std::{io::Cursor, net::SocketAddr, sync::LazyLock};

use groeikern_server::{
    edition::shelf::Shelf,
    import::{ImportChange, ImportFlags, ImportUnit, NextEdition, Recipe, TableInput},
};

use crate::running::serve;

/// The address of the server with imported figures.
pub(crate) fn address() -> String {
    format!("http://{}", *SERVER)
}

static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
    serve(async {
        let shelf = Shelf::in_memory();
        import(
            &shelf,
            "thefts_2023",
            THEFTS,
            "code,thefts\nGM0034,4.5\nGM0637,\n",
        )
        .await;
        import(
            &shelf,
            "vandals_2023",
            VANDALS,
            "code,vandals\nGM0034,9\nGM0637,8\n",
        )
        .await;
        shelf
    })
});

/// Little theft, which the report printed positions of, on the borders of 2024.
pub(crate) const THEFTS: &str = r#"
id = "thefts_2023"
title_nl = "Diefstallen 2023"
title_en = "Thefts 2023"
publisher = "Bureau A"
licence = "CC BY 4.0"
attribution_nl = "Bron: Bureau A, diefstallen."
attribution_en = "Source: Bureau A, thefts."
retrieved = "2026-11-24"
source_version = "1"
period = "2023"
borders = "2024"

[table]
shape = "wide"
region_column = "code"

[[indicator]]
id = "low_theft"
column = "thefts"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder is beter."
polarity_reason_en = "Less is better."
unit_nl = "per 1.000"
unit_en = "per 1,000"
decimals = 1
"#;

/// An indicator of its own that stands in for little serious crime.
pub(crate) const VANDALS: &str = r#"
id = "vandals_2023"
title_nl = "Vernielingen 2023"
title_en = "Vandals 2023"
publisher = "Bureau B"
licence = "CC0-1.0"
attribution_nl = "Bron: Bureau B, vernielingen."
attribution_en = "Source: Bureau B, vandals."
retrieved = "2026-11-25"
source_version = "1"
period = "2023"

[table]
shape = "wide"
region_column = "code"

[[indicator]]
id = "reported_vandalism"
name_nl = "Gemelde vernielingen"
name_en = "Reported vandalism"
theme = "liveability_safety"
kind = "judgement"
kind_basis = "inferred"
column = "vandals"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder is beter."
polarity_reason_en = "Less is better."
unit_nl = "per 1.000"
unit_en = "per 1,000"
decimals = 1
proxy_for = "low_serious_crime"
proxy_reason_nl = "Ook geweld."
proxy_reason_en = "Violence too."
"#;

pub(crate) async fn import(shelf: &Shelf, id: &str, recipe: &str, table: &str) {
    let recipe = Recipe::parse(&format!("{id}.toml"), recipe).unwrap_or_else(|error| panic!("{error}"));
    let inputs = vec![TableInput::new(
        "table.csv",
        Cursor::new(table.as_bytes().to_vec()),
    )];
    let (unit, _) = ImportUnit::from_inputs(&recipe, inputs, &ImportFlags::default()).expect("read");
    let change = ImportChange {
        units: vec![(recipe, unit)],
        ..Default::default()
    };
    let next = NextEdition::make(shelf, change).await.expect("made");
    next.publish(shelf).await.expect("published");
}
