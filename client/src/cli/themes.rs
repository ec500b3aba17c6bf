//! The names of themes and blocks, under which tables put their rows.

use groeikern_client::v1::{ListThemesRequest, LocalizedText, Theme};

use super::{
    exit::Failure,
    language::Language,
    pages::{LARGEST_PAGE, whole},
    session::Session,
};

/// All themes of an edition.
#[derive(Debug, Default)]
pub(crate) struct Themes(Vec<Theme>);

/// The theme and block of one row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Place {
    pub(crate) theme: Option<LocalizedText>,
    pub(crate) block: Option<LocalizedText>,
}

impl Session {
    /// The themes of the edition this run stays with.
    pub(crate) async fn themes(&mut self) -> Result<Themes, Failure> {
        let request = ListThemesRequest {
            edition: self.edition(),
            page_size: LARGEST_PAGE,
            ..Default::default()
        };
        let response = whole(self.client.list_themes_pages(request)).await?;
        self.stay_with(response.metadata.as_ref());
        Ok(Themes(response.themes))
    }
}

impl Themes {
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|theme| theme.id.as_str())
    }

    pub(crate) fn place(&self, theme_id: &str, block_id: &str) -> Place {
        let theme = self.0.iter().find(|theme| theme.id == theme_id);
        let block = theme.and_then(|theme| theme.blocks.iter().find(|block| block.id == block_id));
        Place {
            theme: theme.and_then(|theme| theme.name.clone()),
            block: block.and_then(|block| block.name.clone()),
        }
    }
}

impl Place {
    /// The titles above a row: the theme in capitals, then the block. A block that is called as its theme adds nothing.
    pub(crate) fn titles(&self, language: Language) -> Vec<String> {
        let (theme, block) = (language.of(self.theme.as_ref()), language.of(self.block.as_ref()));
        let mut titles = vec![theme.to_uppercase()];
        if block != theme {
            titles.push(block.to_owned());
        }
        titles.retain(|title| !title.is_empty());
        titles
    }
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::Block;

    use super::*;

    fn name(nl: &str, en: &str) -> Option<LocalizedText> {
        Some(LocalizedText {
            nl: nl.to_owned(),
            en: en.to_owned(),
        })
    }

    #[test]
    fn a_block_called_as_its_theme_is_not_repeated() {
        let block = |id: &str, name| Block {
            id: id.to_owned(),
            name,
            note: None,
        };
        let themes = Themes(vec![Theme {
            id: "housing".to_owned(),
            name: name("Wonen", "Housing"),
            section: String::new(),
            blocks: vec![
                block("housing", name("Wonen", "Housing")),
                block("costs", name("Lasten", "Costs")),
            ],
        }]);
        assert_eq!(themes.place("housing", "housing").titles(Language::Nl), ["WONEN"]);
        assert_eq!(
            themes.place("housing", "costs").titles(Language::En),
            ["HOUSING", "Costs"]
        );
        assert_eq!(themes.place("housing", "").titles(Language::En), ["HOUSING"]);
        assert!(themes.place("work", "").titles(Language::En).is_empty());
    }
}
