//! Whom advice is for, and which recommendation is meant.

use groeikern_client::v1;

use super::Subject;
use crate::cli::{
    arguments,
    exit::{Failure, Sought},
    pages::{LARGEST_PAGE, whole},
    session::Session,
};

/// Whom advice is for: a code, an id, or several codes.
#[derive(Debug)]
pub(crate) enum ForWhom {
    Region(String),
    Group(String),
    Regions(Vec<String>),
}

impl Session {
    /// Whom advice is for, as typed. The same municipality twice is one, and one alone is no set.
    pub(crate) async fn for_whom(&mut self, typed: &arguments::ForWhom) -> Result<ForWhom, Failure> {
        if typed.regions.is_empty() {
            return Ok(match self.subject(&typed.subject.join(" ")).await? {
                Subject::Region(region) => ForWhom::Region(region.code),
                Subject::Group(group) => ForWhom::Group(group.id),
            });
        }
        let codes = self.codes(&typed.regions).await?;
        Ok(match codes.as_slice() {
            [only] => ForWhom::Region(only.clone()),
            _ => ForWhom::Regions(codes),
        })
    }

    /// The codes of municipalities, each once.
    pub(crate) async fn codes(&mut self, typed: &[String]) -> Result<Vec<String>, Failure> {
        let mut codes: Vec<String> = Vec::new();
        for name in typed {
            let code = self.region(name).await?.code;
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        Ok(codes)
    }

    /// The id of the recommendation meant, by id or by its number in the report such as 8.2.6.
    pub(crate) async fn recommendation(&mut self, typed: &str) -> Result<String, Failure> {
        if !typed.starts_with(|first: char| first.is_ascii_digit()) {
            return Ok(typed.to_owned()); // the server says which ids are near
        }
        let request = v1::ListRecommendationsRequest {
            edition: self.edition(),
            page_size: LARGEST_PAGE,
            ..Default::default()
        };
        let response = whole(self.client.list_recommendations_pages(request)).await?;
        self.stay_with(response.metadata.as_ref());
        let number = |found: &v1::Recommendation| format!("{}.{}", found.section, found.number);
        let numbers: Vec<String> = response.recommendations.iter().map(number).collect();
        let found = response
            .recommendations
            .into_iter()
            .find(|found| number(found) == typed);
        found.map(|found| found.id).ok_or_else(|| Failure::UnknownName {
            sought: Sought::Recommendation,
            typed: typed.to_owned(),
            nearest: numbers,
        })
    }
}
