//! RecommendationService: what the report advises, and how far the figures of a municipality or group point to it.

mod advice;
mod masking;

use groeikern::{
    server::recommendation_service_server::RecommendationService,
    v1::{self, recommend_request::Subject as Asked},
};
use tonic::{Request, async_trait};

use super::{
    Answer, Answers, Failure, answer, lookup,
    metadata::Metadata,
    pages::{Page, paged},
    render,
    request::Violations,
};
use crate::domain::Recommendation;
use advice::Subject;

paged!(v1::ListRecommendationsRequest, "ListRecommendations");

#[async_trait]
impl RecommendationService for Answers {
    async fn recommend(&self, request: Request<v1::RecommendRequest>) -> Answer<v1::RecommendResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        match &request.subject {
            None => violations.add(
                "subject",
                "is required: set region_code, such as `GM0034`, or group_id, or regions",
            ),
            Some(Asked::RegionCode(code)) => violations.region_code("region_code", code),
            Some(Asked::GroupId(id)) => {
                violations.required("group_id", id, 100, "nta_new_towns");
            }
            Some(Asked::Regions(chosen)) => {
                violations.region_codes("regions.region_codes", &chosen.region_codes, 2, 500);
            }
        }
        let basis = violations.basis(request.basis);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let subject = match request.subject.iter().next() {
            Some(Asked::GroupId(id)) => Subject::Group(lookup::group(&edition, id)?),
            Some(Asked::RegionCode(code)) => {
                let (place, region) = lookup::present_region(&edition, code)?;
                Subject::Region(place, region)
            }
            Some(Asked::Regions(chosen)) => {
                let codes = chosen.region_codes.iter();
                let regions = codes.map(|code| lookup::present_region(&edition, code));
                Subject::Regions(regions.collect::<Result<_, _>>()?)
            }
            None => return Err(Failure::internal("a request without subject passed its check").into()),
        };
        let peers = match (request.peer_group_id.as_str(), &subject) {
            ("", Subject::Region(_, region)) => region
                .groups
                .first()
                .map(|id| lookup::group(&edition, id))
                .transpose()?,
            ("", Subject::Group(_) | Subject::Regions(_)) => None,
            (id, _) => Some(lookup::group(&edition, id)?),
        };
        answer(advice::advise(&edition, &subject, basis, peers)?)
    }

    async fn list_recommendations(
        &self,
        request: Request<v1::ListRecommendationsRequest>,
    ) -> Answer<v1::ListRecommendationsResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        let addressee = violations.addressee(request.addressee);
        violations.finish()?;

        let edition = page.edition(self).await?;
        let theme = request.theme_id.as_str();
        if !theme.is_empty() {
            lookup::theme(&edition, theme)?;
        }
        let wanted = |recommendation: &&Recommendation| {
            addressee.is_none_or(|addressee| recommendation.addressee == addressee)
                && (theme.is_empty() || recommendation.themes.iter().any(|id| id == theme))
        };
        let found: Vec<&Recommendation> = edition.knowledge.recommendations.iter().filter(wanted).collect();
        let key = |recommendation: &&Recommendation| recommendation.id.clone();
        let (recommendations, next_page_token) = page.cut(edition.id(), &found, key)?;
        answer(v1::ListRecommendationsResponse {
            metadata: Metadata::catalogue(&edition),
            recommendations: recommendations
                .iter()
                .map(|found| render::recommendation(&edition, found))
                .collect(),
            next_page_token,
        })
    }

    async fn get_recommendation(
        &self,
        request: Request<v1::GetRecommendationRequest>,
    ) -> Answer<v1::GetRecommendationResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let id = violations.required(
            "recommendation_id",
            &request.recommendation_id,
            100,
            "youth_facilities",
        );
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let found = lookup::recommendation(&edition, id)?;
        answer(v1::GetRecommendationResponse {
            metadata: Metadata::catalogue(&edition),
            recommendation: Some(render::recommendation(&edition, found)),
        })
    }
}
