//! A small country with districts and neighbourhoods, imported as the command imports it.

use groeikern_client::Client;
use groeikern_server::{edition::shelf::Shelf, import::Recipe, serve::Limits};

use super::Server;

/// Loneliness and noise in 2020, lower is favourable.
const FIGURES: &str = r#"
id = "country_2020"
title_nl = "Buurten 2020"
title_en = "Neighbourhoods 2020"
publisher = "Wij"
licence = "CC0-1.0"
attribution_nl = "Bron: buurten 2020."
attribution_en = "Source: neighbourhoods 2020."
retrieved = "2026-11-24"
source_version = "1"
period = "2020"

[table]
shape = "wide"
region_column = "code"
region_name_column = "name"
area_name_column = "name"
levels = ["municipality", "district", "neighbourhood"]
suppressed = ["x"]

[[indicator]]
id = "low_loneliness"
column = "lonely"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder is beter."
polarity_reason_en = "Less is better."
unit_nl = "%"
unit_en = "%"
decimals = 1

[[indicator]]
id = "low_neighbour_noise"
column = "noise"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder is beter."
polarity_reason_en = "Less is better."
unit_nl = "%"
unit_en = "%"
decimals = 1

[[indicator]]
id = "share_of_cars"
name_nl = "Auto's"
name_en = "Cars"
theme = "social_cohesion"
kind = "neutral"
kind_basis = "inferred"
column = "cars"
unit_nl = "%"
unit_en = "%"
decimals = 1
"#;

/// Almere: district 01 hides Centrum, district 02 is wholly bad, 03 is small. Houten has good neighbourhoods only, one of them
/// without noise; Helmond a withheld and a missing one.
const TABLE: &str = "code,name,lonely,noise,cars
GM0034,Almere,44,9,50
WK003401,Haven,41.5,8,50
BU00340101,Centrum,60,12,50
BU00340102,Werven,35,2,50
BU00340103,Grienden,36,2,50
WK003402,Stad,,9,50
BU00340201,Kruiden,61,9,50
WK003403,Buiten,39,7,50
BU00340301,Landgoed,62,6,50
BU00340302,Bloemen,30,7,50
GM0321,Houten,33,4,50
WK032101,Centrum,33,4,50
BU03210101,Oude Dorp,31,4,50
BU03210102,Rondweg,32,3,50
BU03210103,Castellum,33,5,50
BU03210104,De Slinger,34,,50
GM0794,Helmond,40,6,50
WK079401,Binnenstad,40,6,50
BU07940101,Markt,x,x,50
BU07940102,Haven,,5,50
BU07940103,Veste,40,5,50
";

/// Inhabitants of 2024: Bloemen has another code by then, Rondweg is empty.
const INHABITANTS: &str = "code;name;people
GM0034;Almere;3600
BU00340101;Centrum;500
BU00340102;Werven;1000
BU00340103;Grienden;500
BU00340201;Kruiden;600
BU00340301;Landgoed;100
GM0321;Houten;5000
BU03210101;Oude Dorp;1000
BU03210102;Rondweg;0
BU03210103;Castellum;3000
BU03210104;De Slinger;4000
GM0794;Helmond;2000
BU07940101;Markt;900
BU07940102;Haven;900
BU07940103;Veste;1300
";

fn inhabitants() -> String {
    FIGURES[..FIGURES.find("[[indicator]]").expect("indicators")]
        .replace("country_2020", "people_2024")
        .replace("2020", "2024")
        .replace("shape = \"wide\"", "shape = \"wide\"\ndelimiter = \";\"")
        + "[[indicator]]\nid = \"inhabitants\"\nname_nl = \"Inwoners\"\nname_en = \"Inhabitants\"\ntheme = \"social_cohesion\"\n\
           kind = \"neutral\"\nkind_basis = \"inferred\"\ncolumn = \"people\"\nunit_nl = \"inwoners\"\nunit_en = \"inhabitants\"\n\
           decimals = 0\n"
}

async fn import(shelf: &Shelf, id: &str, recipe: &str, table: &str) {
    let recipe = Recipe::parse(&format!("{id}.toml"), recipe).unwrap_or_else(|error| panic!("{error}"));
    super::import(shelf, recipe, table.to_owned()).await;
}

/// A client of a server with the figures alone.
pub(crate) async fn without_weights() -> Client {
    let shelf = Shelf::in_memory();
    import(&shelf, "country_2020", FIGURES, TABLE).await;
    Server::over(shelf, Limits::default()).await.client().await
}

/// A server with the figures, and then with those of a later version of the table: Centrum in Almere has another value, Markt one at
/// last, and De Slinger is gone.
pub(crate) async fn revised() -> Server {
    let shelf = Shelf::in_memory();
    import(&shelf, "country_2020", FIGURES, TABLE).await;
    let table = TABLE
        .replace("BU00340101,Centrum,60,", "BU00340101,Centrum,59,")
        .replace("BU07940101,Markt,x,x,", "BU07940101,Markt,37,x,")
        .replace("BU03210104,De Slinger,34,,50\n", "");
    let recipe = FIGURES.replace("source_version = \"1\"", "source_version = \"2\"");
    import(&shelf, "country_2020", &recipe, &table).await;
    Server::over(shelf, Limits::default()).await
}

/// A server with figures and inhabitants.
pub(crate) async fn server() -> Server {
    let shelf = Shelf::in_memory();
    import(&shelf, "country_2020", FIGURES, TABLE).await;
    import(&shelf, "people_2024", &inhabitants(), INHABITANTS).await;
    Server::over(shelf, Limits::default()).await
}

/// A client of it.
pub(crate) async fn client() -> Client {
    server().await.client().await
}
