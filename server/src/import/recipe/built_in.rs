//! The recipes that are compiled in.

macro_rules! built_in_recipes {
    ($($name:literal),* $(,)?) => {
        &[$((concat!($name, ".toml"), include_str!(concat!("../../../../data/recipes/", $name, ".toml")))),*]
    };
}

/// Every file of `data/recipes/`, with its text.
pub(super) const FILES: &[(&str, &str)] = built_in_recipes![
    "cbs_kwb_municipality_2015",
    "cbs_kwb_municipality_2017",
    "cbs_kwb_municipality_2018",
    "cbs_kwb_municipality_2020",
    "cbs_kwb_population_2024",
    "cbs_kwb_population_amsterdam_2019",
    "cbs_population",
    "cbs_sale_prices",
    "rivm_health_2012",
    "rivm_health_2016",
    "rivm_health_2020",
];
