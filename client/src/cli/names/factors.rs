//! Which factor is meant.

use groeikern_client::v1;

use super::choose;
use crate::cli::{
    exit::{Failure, Sought},
    pages::{LARGEST_PAGE, whole},
    session::Session,
};

impl Session {
    /// The id of the factor meant, by id or name.
    pub(crate) async fn factor(&mut self, typed: &str) -> Result<String, Failure> {
        let request = v1::GetFactorRequest {
            edition: self.edition(),
            factor_id: typed.to_owned(),
        };
        let nearest = match self.client.get_factor(request).await {
            Ok(response) => {
                self.stay_with(response.metadata.as_ref());
                return Ok(typed.to_owned());
            }
            Err(error) if error.reason() == Some(v1::ErrorReason::UnknownFactor) => error.nearest(),
            Err(error) => return Err(error.into()),
        };
        let request = v1::ListFactorsRequest {
            edition: self.edition(),
            page_size: LARGEST_PAGE,
            ..Default::default()
        };
        let response = whole(self.client.list_factors_pages(request)).await?;
        self.stay_with(response.metadata.as_ref());
        let as_hit = |factor: v1::Factor| v1::SearchHit {
            id: factor.id,
            name: factor.name,
            ..Default::default()
        };
        let hits: Vec<v1::SearchHit> = response.factors.into_iter().map(as_hit).collect();
        match choose(typed, &hits) {
            Some(found) => Ok(found.id.clone()),
            None => Err(Failure::UnknownName {
                sought: Sought::Factor,
                typed: typed.to_owned(),
                nearest,
            }),
        }
    }

    /// The same where none has to be typed; empty then.
    pub(crate) async fn optional_factor(&mut self, typed: &[String]) -> Result<String, Failure> {
        match typed {
            [] => Ok(String::new()),
            words => self.factor(&words.join(" ")).await,
        }
    }
}
