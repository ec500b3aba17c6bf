//! A survey of two years, imported as the command imports it.

use groeikern_client::Client;
use groeikern_server::{edition::shelf::Shelf, import::Recipe, serve::Limits};

use super::Server;

fn recipe(year: &str, borders: &str) -> Recipe {
    let id = format!("survey_{year}");
    let text = include_str!("survey.toml")
        .replace("{id}", &id)
        .replace("{year}", year)
        .replace("\n[table]", &format!("{borders}\n[table]"));
    Recipe::parse(&format!("{id}.toml"), &text).expect("a recipe")
}

/// 2018: Heerhugowaard and Beemster still exist. 2024: Helmond's thefts are withheld, Purmerend has no figure.
const TABLES: [(&str, &str); 2] = [
    (
        "2018",
        "GM0034,Almere,9,70\nGM0637,Zoetermeer,8,65\nGM0794,Helmond,12,50\nGM0398,Heerhugowaard,6,75\nGM0321,Houten,3,90\n\
         GM0370,Beemster,1,95\nGM0439,Purmerend,5,80\n",
    ),
    (
        "2024",
        "GM0034,Almere,7,72\nGM0637,Zoetermeer,9,60\nGM0794,Helmond,x,52\nGM1980,Dijk en Waard,6,74\nGM0321,Houten,2,91\n\
         GM0439,Purmerend,,82\nGM0356,Nieuwegein,10,55\nGM0502,Capelle aan den IJssel,8,61\nGM1930,Nissewaard,5,77\n",
    ),
];

/// 2012 and 2020, both on the borders of 2020: Nissewaard has figures of before it was founded.
const ON_BORDERS_OF_2020: [(&str, &str); 2] = [
    (
        "2012",
        "GM0034,Almere,9,70\nGM1930,Nissewaard,4,65\nGM0321,Houten,3,90\n",
    ),
    (
        "2020",
        "GM0034,Almere,8,72\nGM1930,Nissewaard,5,66\nGM0321,Houten,2,91\n",
    ),
];

/// A client of a server with both surveys imported.
pub(crate) async fn client() -> Client {
    importing(&TABLES, "").await
}

/// A client of a server with figures on later borders.
pub(crate) async fn on_later_borders() -> Client {
    importing(&ON_BORDERS_OF_2020, "borders = \"2020\"\n").await
}

/// Imports both surveys, each as an edition of its own.
pub(crate) async fn import_both(shelf: &Shelf) {
    import(shelf, &TABLES, "").await;
}

async fn import(shelf: &Shelf, tables: &[(&str, &str)], borders: &str) {
    for (year, rows) in tables {
        let table = format!("code,name,thefts,felt\n{rows}");
        super::import(shelf, recipe(year, borders), table).await;
    }
}

async fn importing(tables: &[(&str, &str)], borders: &str) -> Client {
    let shelf = Shelf::in_memory();
    import(&shelf, tables, borders).await;
    Server::over(shelf, Limits::default()).await.client().await
}
