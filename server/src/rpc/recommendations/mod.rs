//! RecommendationService: what the report advises, and how far the figures of a municipality or group point to it.

mod advice;
mod coherence;
mod explanation;
mod factors;
mod figures;
mod findings;
mod masking;
mod mechanisms;
mod rendering;
mod subject;
mod what_if;

use groeikern::{server::recommendation_service_server::RecommendationService, v1};
use tonic::{Request, async_trait};

use super::{
    Answer, Answers, Failure, answer, lookup,
    metadata::Metadata,
    pages::{Page, paged},
    render,
    request::Violations,
};
use crate::domain::Recommendation;
use subject::{Subject, Surroundings};

pub(in crate::rpc) use figures::adviser;
pub(in crate::rpc) use what_if::{ChangedFigure, changes_of_advice};

paged!(v1::ListRecommendationsRequest, "ListRecommendations");

#[async_trait]
impl RecommendationService for Answers {
    async fn recommend(&self, request: Request<v1::RecommendRequest>) -> Answer<v1::RecommendResponse> {
        let request = request.into_inner();
        let named = request.subject.as_ref().map(subject::Asked::from);
        let mut violations = Violations::new();
        subject::Asked::check(named, &mut violations);
        let basis = violations.basis(request.basis);
        let addressee = violations.addressee(request.addressee);
        let minimum = violations.minimum_class(request.minimum_class);
        if let Some(chosen) = &request.surroundings {
            subject::Asked::check_surroundings(named, &chosen.region_codes, &mut violations);
        }
        let region = request.relevant_region.as_ref();
        let region = region.map(|wanted| subject::Asked::relevant_region(named, wanted, &mut violations));
        if request.surroundings.is_some() && region.is_some() {
            violations.add(
                "relevant_region",
                "leave either this or surroundings out: need is measured against one of them",
            );
        }
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let subject = Subject::find(&edition, named)?;
        let peers = subject.peers(&edition, &request.peer_group_id)?;
        let theme = lookup::optional_theme(&edition, &request.theme_id)?.map(|theme| theme.id.as_str());
        let surroundings = match (&request.surroundings, region) {
            (Some(chosen), _) => Some(Surroundings::Chosen(lookup::present_regions(
                &edition,
                &chosen.region_codes,
            )?)),
            (None, Some(region)) => Some(Surroundings::Relevant(region.find(&edition)?)),
            (None, None) => None,
        };
        let asked = advice::Asked {
            basis,
            peers,
            surroundings,
            addressee,
            theme,
            minimum,
        };
        answer(advice::advise(&edition, &subject, &asked)?)
    }

    async fn explain_recommendation(
        &self,
        request: Request<v1::ExplainRecommendationRequest>,
    ) -> Answer<v1::ExplainRecommendationResponse> {
        let request = request.into_inner();
        let named = request.subject.as_ref().map(subject::Asked::from);
        let mut violations = Violations::new();
        subject::Asked::check(named, &mut violations);
        explanation::check_size(named, &mut violations);
        let id = violations.required(
            "recommendation_id",
            &request.recommendation_id,
            100,
            "youth_facilities",
        );
        let basis = violations.basis(request.basis);
        violations.ids(
            "left_out_indicator_ids",
            &request.left_out_indicator_ids,
            0,
            100,
            "low_theft",
        );
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let subject = Subject::find(&edition, named)?;
        let recommendation = lookup::recommendation(&edition, id)?;
        let left_out = request.left_out_indicator_ids.iter();
        let left_out = left_out.map(|id| Ok(lookup::indicator(&edition, id)?.1.id.as_str()));
        let left_out = left_out.collect::<Result<Vec<_>, Failure>>()?;
        let peers = subject.peers(&edition, &request.peer_group_id)?;
        let asked = explanation::Asked {
            basis,
            left_out: &left_out,
            peers,
        };
        answer(explanation::explain(&edition, &subject, recommendation, &asked)?)
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
        let theme = lookup::optional_theme(&edition, &request.theme_id)?;
        let wanted = |recommendation: &&Recommendation| {
            addressee.is_none_or(|addressee| recommendation.addressee == addressee)
                && theme.is_none_or(|theme| recommendation.themes.contains(&theme.id))
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

    async fn list_factors(
        &self,
        request: Request<v1::ListFactorsRequest>,
    ) -> Answer<v1::ListFactorsResponse> {
        factors::list(self, request.into_inner()).await
    }

    async fn get_factor(&self, request: Request<v1::GetFactorRequest>) -> Answer<v1::GetFactorResponse> {
        factors::get(self, request.into_inner()).await
    }

    async fn list_mechanisms(
        &self,
        request: Request<v1::ListMechanismsRequest>,
    ) -> Answer<v1::ListMechanismsResponse> {
        mechanisms::list(self, request.into_inner()).await
    }

    async fn find_mechanism_paths(
        &self,
        request: Request<v1::FindMechanismPathsRequest>,
    ) -> Answer<v1::FindMechanismPathsResponse> {
        mechanisms::find_paths(self, request.into_inner()).await
    }

    async fn list_findings(
        &self,
        request: Request<v1::ListFindingsRequest>,
    ) -> Answer<v1::ListFindingsResponse> {
        findings::list(self, request.into_inner()).await
    }

    async fn list_phases(&self, request: Request<v1::ListPhasesRequest>) -> Answer<v1::ListPhasesResponse> {
        let edition = self.edition(&request.into_inner().edition).await?;
        answer(v1::ListPhasesResponse {
            metadata: Metadata::catalogue(&edition),
            phases: edition.knowledge.phases.iter().map(render::phase).collect(),
        })
    }

    async fn list_citations(
        &self,
        request: Request<v1::ListCitationsRequest>,
    ) -> Answer<v1::ListCitationsResponse> {
        findings::list_citations(self, request.into_inner()).await
    }

    async fn analyse_coherence(
        &self,
        request: Request<v1::AnalyseCoherenceRequest>,
    ) -> Answer<v1::AnalyseCoherenceResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let named = request.subject.as_ref().map(subject::Asked::from);
        subject::Asked::check(named, &mut violations);
        let basis = violations.basis(request.basis);
        let (default, most) = (coherence::DEFAULT_LONGEST, coherence::MOST_LONGEST);
        let longest = violations.steps("longest", request.longest, default, most);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let subject = Subject::find(&edition, named)?;
        answer(coherence::analyse(&edition, &subject, basis, longest)?)
    }
}

/// Whether a section of the report is the one asked for or belongs to that chapter; everything when none is asked for.
fn in_section(section: &str, asked: &str) -> bool {
    let below = section.strip_prefix(asked);
    asked.is_empty() || below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
}
