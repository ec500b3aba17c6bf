//! Who and what is meant by the words people type.

mod advice;
mod factors;
mod through_time;

use groeikern_client::{Error, v1};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

pub(crate) use advice::ForWhom;

use super::{
    exit::{Failure, Sought},
    language::sentences,
    pages::{LARGEST_PAGE, whole},
    session::Session,
    themes::Themes,
};

/// Names to suggest at most.
const SUGGESTIONS: usize = 5;

/// A municipality or a group.
#[derive(Debug)]
enum Subject {
    Region(v1::RegionRef),
    Group(v1::GroupRef),
}

impl Session {
    /// The municipality meant, now or at a time, with the way to it.
    pub(crate) async fn resolve(
        &mut self,
        typed: &str,
        at: &str,
    ) -> Result<v1::ResolveRegionResponse, Failure> {
        let request = v1::ResolveRegionRequest {
            edition: self.edition(),
            text: typed.to_owned(),
            at: at.to_owned(),
        };
        let response = match self.client.resolve_region(request).await {
            Err(error) if error.reason() == Some(v1::ErrorReason::UnknownRegion) => {
                let nearest = error.nearest();
                return Err(Failure::UnknownName {
                    sought: Sought::Region,
                    typed: typed.to_owned(),
                    nearest,
                });
            }
            answered => answered?,
        };
        self.stay_with(response.metadata.as_ref());
        Ok(response)
    }

    /// The municipality meant; remarks on a corrected or former name.
    pub(crate) async fn region(&mut self, typed: &str) -> Result<v1::RegionRef, Failure> {
        let response = self.resolve(typed, "").await?;
        let matched = response.r#match();
        let region = response.region.unwrap_or_default();
        let meant = v1::RegionRef {
            code: region.code,
            name: region.name,
        };
        if let Some(former) = &response.followed_from {
            self.remark(sentences::followed(self.language, former, &meant));
        } else if matched == v1::RegionMatch::TypingCorrected {
            self.remark(sentences::read_as(self.language, typed, &meant.name, &meant.code));
        }
        Ok(meant)
    }

    /// The group meant, by id or name.
    pub(crate) async fn group(&mut self, typed: &str) -> Result<v1::GroupRef, Failure> {
        if let Some(group) = self.group_by_id(typed).await? {
            return Ok(group);
        }
        let (id, name) = self.search(typed, v1::CatalogueKind::Group).await?;
        Ok(v1::GroupRef { id, name: Some(name) })
    }

    /// The ids of the indicators meant, each once.
    pub(crate) async fn indicators(&mut self, typed: &[String]) -> Result<Vec<String>, Failure> {
        let mut ids: Vec<String> = Vec::new();
        for typed in typed {
            let id = self.indicator(typed).await?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// The id of the indicator meant, by id or name.
    pub(crate) async fn indicator(&mut self, typed: &str) -> Result<String, Failure> {
        if looks_like_an_id(typed) {
            let request = v1::GetIndicatorRequest {
                edition: self.edition(),
                indicator_id: typed.to_owned(),
            };
            match self.client.get_indicator(request).await {
                Ok(response) => {
                    self.stay_with(response.metadata.as_ref());
                    return Ok(typed.to_owned());
                }
                Err(error) if error.reason() == Some(v1::ErrorReason::UnknownIndicator) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(self.search(typed, v1::CatalogueKind::Indicator).await?.0)
    }

    /// A group when the words are the id of one, else a municipality, else a group by name.
    async fn subject(&mut self, typed: &str) -> Result<Subject, Failure> {
        if let Some(group) = self.group_by_id(typed).await? {
            return Ok(Subject::Group(group));
        }
        let no_region = match self.region(typed).await {
            Ok(region) => return Ok(Subject::Region(region)),
            Err(failure @ Failure::UnknownName { .. }) => failure,
            Err(failure) => return Err(failure),
        };
        match self.group(typed).await {
            Ok(group) => Ok(Subject::Group(group)),
            // The groups that are near, where no municipality is.
            Err(no_group) if no_region.nearest().is_empty() && !no_group.nearest().is_empty() => {
                Err(no_group)
            }
            Err(_) => Err(no_region),
        }
    }

    /// The id of the theme meant, by id or name.
    pub(crate) async fn theme(&mut self, typed: &str, themes: &Themes) -> Result<String, Failure> {
        if themes.ids().any(|id| id == typed) {
            return Ok(typed.to_owned());
        }
        match self.search(typed, v1::CatalogueKind::Theme).await {
            Ok((id, _)) => Ok(id),
            // There are few themes: all of them are near.
            Err(Failure::UnknownName {
                sought,
                typed,
                nearest,
            }) if nearest.is_empty() => {
                let nearest = themes.ids().map(str::to_owned).collect();
                Err(Failure::UnknownName {
                    sought,
                    typed,
                    nearest,
                })
            }
            Err(failure) => Err(failure),
        }
    }

    async fn group_by_id(&mut self, typed: &str) -> Result<Option<v1::GroupRef>, Error> {
        if !looks_like_an_id(typed) {
            return Ok(None);
        }
        let request = v1::GetGroupRequest {
            edition: self.edition(),
            group_id: typed.to_owned(),
        };
        match self.client.get_group(request).await {
            Ok(response) => {
                self.stay_with(response.metadata.as_ref());
                Ok(response.group.map(|group| v1::GroupRef {
                    id: group.id,
                    name: group.name,
                }))
            }
            Err(error) if error.reason() == Some(v1::ErrorReason::UnknownGroup) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn search(
        &mut self,
        typed: &str,
        kind: v1::CatalogueKind,
    ) -> Result<(String, v1::LocalizedText), Failure> {
        let request = v1::SearchCatalogueRequest {
            edition: self.edition(),
            query: typed.to_owned(),
            kinds: vec![kind.into()],
            page_size: LARGEST_PAGE,
            ..Default::default()
        };
        let response = whole(self.client.search_catalogue_pages(request)).await?;
        self.stay_with(response.metadata.as_ref());
        let hits = response.hits;
        let Some(found) = choose(typed, &hits) else {
            return Err(Failure::UnknownName {
                sought: match kind {
                    v1::CatalogueKind::Group => Sought::Group,
                    v1::CatalogueKind::Theme => Sought::Theme,
                    _ => Sought::Indicator,
                },
                typed: typed.to_owned(),
                nearest: hits
                    .iter()
                    .take(SUGGESTIONS)
                    .map(|hit| format!("{} ({})", self.language.of(hit.name.as_ref()), hit.id))
                    .collect(),
            });
        };
        let name = found.name.clone().unwrap_or_default();
        if ![&found.id, &name.nl, &name.en]
            .into_iter()
            .any(|called| same(called, typed))
        {
            self.remark(sentences::read_as(
                self.language,
                typed,
                self.language.of(Some(&name)),
                &found.id,
            ));
        }
        Ok((found.id.clone(), name))
    }
}

/// The hit that is meant beyond doubt: the only one with this very name, or else the only one of which every word typed
/// begins a name. Anything less is a suggestion, not an answer.
pub(crate) fn choose<'a>(typed: &str, hits: &'a [v1::SearchHit]) -> Option<&'a v1::SearchHit> {
    let called = |hit: &&v1::SearchHit| {
        let name = hit.name.clone().unwrap_or_default();
        [&hit.id, &name.nl, &name.en]
            .into_iter()
            .any(|called| same(called, typed))
    };
    only(hits.iter().filter(called)).or_else(|| {
        let named = hits.iter().any(|hit| called(&hit));
        if named {
            None
        } else {
            only(hits.iter().filter(|hit| every_word_fits(typed, hit)))
        }
    })
}

/// Whether every word typed begins a word of the id, or of the name in one language.
fn every_word_fits(typed: &str, hit: &v1::SearchHit) -> bool {
    let name = hit.name.clone().unwrap_or_default();
    let typed = plain(typed);
    [&hit.id, &name.nl, &name.en].into_iter().any(|called| {
        let called = plain(called);
        typed
            .split(' ')
            .all(|word| called.split(' ').any(|of_called| of_called.starts_with(word)))
    })
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

fn same(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// Without case, diacritics and punctuation; what separates words is one space.
fn plain(text: &str) -> String {
    let letters: String = text
        .nfkd()
        .filter(|character| !is_combining_mark(*character))
        .flat_map(char::to_lowercase)
        .map(|character| {
            if character.is_alphanumeric() {
                character
            } else {
                ' '
            }
        })
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn looks_like_an_id(typed: &str) -> bool {
    typed.starts_with(|first: char| first.is_ascii_lowercase())
        && typed
            .chars()
            .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(id: &str, name: &str) -> v1::SearchHit {
        v1::SearchHit {
            kind: v1::CatalogueKind::Group.into(),
            id: id.to_owned(),
            name: Some(v1::LocalizedText {
                nl: name.to_owned(),
                en: name.to_owned(),
            }),
            ..Default::default()
        }
    }

    fn chosen<'a>(typed: &str, hits: &'a [v1::SearchHit]) -> Option<&'a str> {
        choose(typed, hits).map(|hit| hit.id.as_str())
    }

    #[test]
    fn an_equal_name_wins_whatever_its_case_and_diacritics() {
        let hits = [
            hit("old_towns", "Öld towns"),
            hit("old_towns_east", "Old towns east"),
        ];
        assert_eq!(chosen("OLD-TOWNS", &hits), Some("old_towns"));
    }

    #[test]
    fn the_only_one_that_fits_every_word_is_taken() {
        let hits = [hit("old_suburbs", "Old suburbs"), hit("old_towns", "Old towns")];
        assert_eq!(chosen("old sub", &hits), Some("old_suburbs"));
    }

    #[test]
    fn doubt_is_left_to_the_person() {
        let two = [hit("old_suburbs", "Old suburbs"), hit("old_towns", "Old towns")];
        assert_eq!(chosen("old", &two), None);
        assert_eq!(chosen("older", &[hit("old_towns", "Old towns")]), None);
        let twins = [hit("a", "Same"), hit("b", "Same")];
        assert_eq!(chosen("same", &twins), None);
    }

    #[test]
    fn ids_are_told_from_names() {
        assert!(looks_like_an_id("old_towns"));
        assert!(!looks_like_an_id("Old towns"));
        assert!(!looks_like_an_id("0794"));
    }
}
