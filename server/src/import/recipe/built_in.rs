//! The recipes that are compiled in.

macro_rules! built_in_recipes {
    ($($name:literal),* $(,)?) => {
        &[$((concat!($name, ".toml"), include_str!(concat!("../../../../data/recipes/", $name, ".toml")))),*]
    };
}

/// Every file of `data/recipes/`, with its text.
pub(super) const FILES: &[(&str, &str)] = built_in_recipes![
    "cbs_boundary_changes",
    "cbs_commuting_2016",
    "cbs_corop_2016",
    "cbs_household_income_2024",
    "cbs_kwb_municipality_2015",
    "cbs_kwb_municipality_2017",
    "cbs_kwb_municipality_2018",
    "cbs_kwb_municipality_2020",
    "cbs_kwb_population_2019",
    "cbs_kwb_population_2024",
    "cbs_kwb_population_amsterdam_2019",
    "cbs_migration_2015",
    "cbs_migration_2018",
    "cbs_municipalities",
    "cbs_population",
    "cbs_regional_key_figures_1995_2021",
    "cbs_regional_key_figures_2020_2023",
    "cbs_regional_key_figures_2025",
    "cbs_sale_prices",
    "cbs_ses_woa_amsterdam_2019",
    "leefbaarometer_amstelveen",
    "rivm_health_2012",
    "rivm_health_2016",
    "rivm_health_2020",
];
