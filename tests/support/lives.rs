//! Municipalities through time, imported as the command imports them: made-up ones around those of the built-in edition.

use groeikern_client::Client;
use groeikern_server::{edition::shelf::Shelf, import::Recipe, serve::Limits};

use super::Server;

const HEAD: &str = "title_nl = \"Gemeenten\"\ntitle_en = \"Municipalities\"\npublisher = \"Wij\"\nlicence = \"CC0-1.0\"\n\
    attribution_nl = \"Bron: wij.\"\nattribution_en = \"Source: us.\"\nretrieved = \"2026-11-24\"\nsource_version = \"1\"\n\
    period = \"2026\"\n[table]\n";

const LIVES: &str = "[regions]\ncode_column = \"code\"\nname_column = \"name\"\nvalid_from_column = \"from\"\n\
    valid_to_column = \"to\"\nrenamed_to_column = \"now\"\nprovince_column = \"province\"\ncorop_column = \"corop\"\n\
    corop_name_column = \"corop name\"\n";

const MOVES: &str = "[boundary_changes]\nregion_column = \"code\"\nother_region_column = \"other\"\ndate_column = \"date\"\n\
    direction_column = \"way\"\nreceived = [\"from\"]\ngave = [\"to\"]\ninhabitants_column = \"people\"\n";

/// Oudstad was split in 2002: most of it became Middelveen, which is called Hoogveen since 2010, the rest Nieuwkerk. Tweedorp was there
/// twice, at different times.
const MUNICIPALITIES: &str = "code,name,from,to,now,province,corop,corop name\n\
    GM0439,Purmerend,,,,PV27,NL1,Zaanstreek\n\
    GM0370,Beemster,,2022-01-01,,PV27,NL1,Zaanstreek\n\
    GM7001,Oudstad,,2002-01-01,,PV24,NL2,Polder\n\
    GM7002,Nieuwkerk,2002-01-01,,,PV24,,\n\
    GM7003,Middelveen,2002-01-01,2010-01-01,GM7004,PV24,,\n\
    GM7004,Hoogveen,2010-01-01,,,PV24,,\n\
    GM7005,Bijstad,,2002-01-01,,PV24,NL2,Polder\n\
    GM7007,Tweedorp,,1990-01-01,,PV31,,\n\
    GM7008,Tweedorp,1992-01-01,1995-01-01,,PV29,,\n";

const CHANGES: &str = "code,date,way,other,people\n\
    GM7001,2002-01-01,to,GM7003,750\n\
    GM7001,2002-01-01,to,GM7002,250\n\
    GM7003,2002-01-01,from,GM7001,750\n\
    GM7005,2002-01-01,to,GM7003,500\n\
    GM7007,1990-01-01,to,GM0439,40\n\
    GM7008,1995-01-01,to,GM0439,60\n\
    GM0439,2022-01-01,from,GM0370,900\n\
    GM0439,2022-01-01,from,GM0439,8100\n";

/// A client of a server whose edition knows when municipalities existed, and what moved between them.
pub(crate) async fn client() -> Client {
    let shelf = Shelf::in_memory();
    for (id, holds, section, table) in [
        ("town_lives", "regions", LIVES, MUNICIPALITIES),
        ("town_moves", "boundary_changes", MOVES, CHANGES),
    ] {
        let text = format!("id = \"{id}\"\nholds = \"{holds}\"\n{HEAD}{section}");
        let recipe = Recipe::parse(&format!("{id}.toml"), &text).unwrap_or_else(|error| panic!("{error}"));
        super::import(&shelf, recipe, table.to_owned()).await;
    }
    Server::over(shelf, Limits::default()).await.client().await
}
