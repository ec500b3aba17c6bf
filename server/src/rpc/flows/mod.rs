//! FlowService: who comes, who goes, and which region that makes relevant to a town.

mod balance;
mod found;
mod query;
pub(in crate::rpc) mod relevant_region;
mod rendering;

use groeikern::{server::flow_service_server::FlowService, v1};
use tonic::{Request, async_trait};

use super::{
    Answer, Answers, answer,
    metadata::Metadata,
    pages::{Page, paged},
    request::Violations,
};

paged!(v1::QueryFlowsRequest, "QueryFlows");

#[async_trait]
impl FlowService for Answers {
    async fn list_flow_tables(
        &self,
        request: Request<v1::ListFlowTablesRequest>,
    ) -> Answer<v1::ListFlowTablesResponse> {
        let edition = self.edition(&request.into_inner().edition).await?;
        let tables = edition.flows.iter();
        answer(v1::ListFlowTablesResponse {
            metadata: Metadata::catalogue(&edition),
            tables: tables.map(rendering::table).collect(),
        })
    }

    async fn query_flows(&self, request: Request<v1::QueryFlowsRequest>) -> Answer<v1::QueryFlowsResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        let asked = query::Asked::parse(&request, &mut violations);
        violations.finish()?;

        let edition = page.edition(self).await?;
        answer(query::query(&edition, &asked, &page)?)
    }

    async fn get_flow_balance(
        &self,
        request: Request<v1::GetFlowBalanceRequest>,
    ) -> Answer<v1::GetFlowBalanceResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let asked = balance::Asked::parse(&request, &mut violations);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        answer(balance::balance(&edition, &asked)?)
    }

    async fn get_relevant_region(
        &self,
        request: Request<v1::GetRelevantRegionRequest>,
    ) -> Answer<v1::GetRelevantRegionResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let wanted = request.relevant_region.clone().unwrap_or_default();
        let asked = relevant_region::Asked::parse(&wanted, "relevant_region", "", &mut violations);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let found = asked.find(&edition)?;
        let mut metadata = Metadata::of(&edition);
        metadata.relevant_region(&found, &[]);
        answer(rendering::relevant_region(&edition, &found, metadata.finish()))
    }
}
