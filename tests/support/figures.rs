//! The built-in edition with figures of its municipalities, as a test makes them up.

use groeikern_server::edition::source::SourceFolder;

/// The keys of a judged indicator with values of which little is favourable.
pub(crate) const LOW: &str =
    "polarity = \"lower_is_favourable\"\nunit_nl = \"per 1.000\"\nunit_en = \"per 1,000\"\n";

/// The codes of the municipalities that exist.
pub(crate) fn present() -> Vec<String> {
    let source = SourceFolder::built_in();
    let regions = source.file("regions.csv").expect("a file");
    let present = regions
        .lines()
        .skip(1)
        .filter(|line| line.split(',').nth(4).unwrap_or_default().is_empty());
    present.map(|line| line[..6].to_owned()).collect()
}

/// Figures of indicators by municipality and period.
pub(crate) struct Figures {
    indicators: String,
    observations: String,
}

impl Figures {
    pub(crate) fn new() -> Self {
        let source = SourceFolder::built_in();
        Self {
            indicators: source.file("indicators.toml").expect("a file").to_owned(),
            observations: "indicator,region,period,value,status,origin,source\n".to_owned(),
        }
    }

    /// Adds what an indicator needs to have values, and its values in a period.
    pub(crate) fn with<'a>(
        mut self,
        id: &str,
        keys: &str,
        period: &str,
        values: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Self {
        let begin = format!("id = \"{id}\"\n");
        assert!(self.indicators.contains(&begin), "{id}");
        self.indicators = self.indicators.replacen(&begin, &format!("{begin}{keys}"), 1);
        self.and(id, period, values)
    }

    /// Adds its values in another period.
    pub(crate) fn and<'a>(
        mut self,
        id: &str,
        period: &str,
        values: impl IntoIterator<Item = (&'a str, f64)>,
    ) -> Self {
        for (code, value) in values {
            self.observations += &format!("{id},{code},{period},{value},final,loaded,bureau_louter_2024\n");
        }
        self
    }

    pub(crate) fn source(self) -> SourceFolder {
        SourceFolder::built_in()
            .with_file("indicators.toml", self.indicators)
            .with_file("observations.csv", self.observations)
    }
}
