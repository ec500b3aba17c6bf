//! The client: one method per RPC of the contract.

use std::sync::Arc;

use groeikern::v1;
use tokio_stream::Stream;
use tonic::Request;

use crate::{
    endpoints::Endpoints,
    error::Error,
    messages::Messages,
    options::ConnectOptions,
    pages::{Pages, Tokens},
    retry::{self, Shared},
    watching::Watching,
    whole::Whole,
};

/// A client of `groeikern.v1`, with one method per RPC.
///
/// Clones are cheap and share connections and retry budget. Dropping the future of a call cancels the call.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

impl Client {
    /// Connects to the first endpoint that accepts a connection; the others are connected to when they are needed.
    /// Lost connections are made anew.
    ///
    /// # Errors
    /// [`Error::InvalidEndpoint`] when an endpoint cannot be read, [`Error::Unreachable`] when none accepts a
    /// connection within [`ConnectOptions::connect_timeout`].
    pub async fn connect(options: ConnectOptions) -> Result<Self, Error> {
        let mut endpoints = Endpoints::new(&options)?;
        endpoints.connect(options.connect_timeout).await?;
        Ok(Self::with(endpoints, &options))
    }

    /// Like [`connect`](Self::connect), but makes its first connection with the first call.
    ///
    /// # Errors
    /// [`Error::InvalidEndpoint`] when an endpoint cannot be read.
    ///
    /// # Panics
    /// Outside a Tokio runtime, which drives the connections.
    pub fn connect_lazy(options: ConnectOptions) -> Result<Self, Error> {
        Ok(Self::with(Endpoints::new(&options)?, &options))
    }

    fn with(endpoints: Endpoints, options: &ConnectOptions) -> Self {
        Self {
            shared: Arc::new(Shared::new(endpoints, options)),
        }
    }
}

/// The RPCs whose answer is a stream.
impl Client {
    /// Neighbourhoods that are among the worst of the country in districts that are not: a summary in the first message, districts
    /// in those that follow. The deadline of the call is about all of them.
    ///
    /// # Errors
    /// What the server answered before the first message, or what happened on the way: see [`Error`]. Later ones are in the
    /// stream, which ends with them.
    pub async fn detect_masking(
        &self,
        request: v1::DetectMaskingRequest,
    ) -> Result<impl Stream<Item = Result<v1::DetectMaskingResponse, Error>> + Send + Unpin + use<>, Error>
    {
        let deadline = self.shared.deadline();
        let messages = retry::call(&self.shared, |channel, time_left| {
            let mut request = Request::new(request.clone());
            request.set_timeout(time_left);
            async move {
                let mut service = v1::neighbourhood_service_client::NeighbourhoodServiceClient::new(channel);
                service.detect_masking(request).await
            }
        });
        Ok(Messages::new(Arc::clone(&self.shared), messages.await?, deadline))
    }

    /// Every figure of the edition, or a selection, as packed columns: what it is in the first message, then lists of indicators,
    /// regions and series, then figures that refer to them. The deadline of the call is about all of them. A stream that does not
    /// hold all its figures ends with [`Error::Incomplete`].
    ///
    /// # Errors
    /// What the server answered before the first message, or what happened on the way: see [`Error`]. Later ones are in the
    /// stream, which ends with them.
    pub async fn export_observations(
        &self,
        request: v1::ExportObservationsRequest,
    ) -> Result<impl Stream<Item = Result<v1::ExportObservationsResponse, Error>> + Send + Unpin + use<>, Error>
    {
        let deadline = self.shared.deadline();
        let messages = retry::call(&self.shared, |channel, time_left| {
            let mut request = Request::new(request.clone());
            request.set_timeout(time_left);
            async move {
                let mut service = v1::indicator_service_client::IndicatorServiceClient::new(channel);
                service.export_observations(request).await
            }
        });
        let messages = Messages::new(Arc::clone(&self.shared), messages.await?, deadline);
        Ok(Whole::new(messages))
    }

    /// New editions as they come, with the verdicts that they change: whole events, each in one message. The deadline of the call is
    /// about its beginning only. A stream that the server ends, or that breaks off for a passing reason, is begun again after the
    /// last event, for as long as it takes; what was published meanwhile comes as one event. It ends after
    /// [`most_events`](v1::WatchEditionsRequest::most_events), if those are not 0, or with an error that is final.
    ///
    /// # Errors
    /// What the server answered before the first message, or what happened on the way: see [`Error`]. Later ones are in the
    /// stream, which ends with them.
    pub async fn watch_editions(
        &self,
        request: v1::WatchEditionsRequest,
    ) -> Result<impl Stream<Item = Result<v1::WatchEditionsResponse, Error>> + Send + Unpin + use<>, Error>
    {
        Watching::begin(Arc::clone(&self.shared), request).await
    }
}

/// Writes the methods of a client. Per service: the generated stub, then per RPC its documentation, name and
/// messages and, for a list, the name of the method that follows its pages.
macro_rules! methods {
    ($client:ident => $($module:ident::$stub:ident {
        $($(#[$documentation:meta])* $rpc:ident($request:ident) -> $response:ident $(, pages $pages:ident)?;)*
    })*) => {
        impl $client {
            $($(
                $(#[$documentation])*
                ///
                /// # Errors
                /// What the server answered, or what happened on the way: see [`Error`].
                pub async fn $rpc(&self, request: v1::$request) -> Result<v1::$response, Error> {
                    retry::call(&self.shared, |channel, time_left| {
                        let mut request = Request::new(request.clone());
                        request.set_timeout(time_left);
                        async move { v1::$module::$stub::new(channel).$rpc(request).await }
                    })
                    .await
                }

                $(
                    #[doc = concat!(
                        "Every page of [`", stringify!($rpc), "`](Self::", stringify!($rpc), ") from the request's ",
                        "`page_token` on. Ends after the last page or the first error; a page whose token leads ",
                        "back to an earlier page is such an error. Each page has a deadline of its own."
                    )]
                    pub fn $pages(
                        &self,
                        request: v1::$request,
                    ) -> impl Stream<Item = Result<v1::$response, Error>> + Send + Unpin + use<> + 'static {
                        let client = self.clone();
                        let tokens = Tokens {
                            of_request: |request: &mut v1::$request| &mut request.page_token,
                            of_page: |page: &v1::$response| &page.next_page_token,
                        };
                        Pages::new(request, tokens, move |request| {
                            let client = client.clone();
                            Box::pin(async move { client.$rpc(request).await })
                        })
                    }
                )?
            )*)*
        }
    };
}

pub(crate) use methods;

methods! { Client =>
    catalogue_service_client::CatalogueServiceClient {
        /// All themes with their blocks, in the order of the report.
        list_themes(ListThemesRequest) -> ListThemesResponse, pages list_themes_pages;
        /// Indicators in catalogue order, optionally of one theme, block or kind.
        list_indicators(ListIndicatorsRequest) -> ListIndicatorsResponse, pages list_indicators_pages;
        /// One indicator with everything known about it.
        get_indicator(GetIndicatorRequest) -> GetIndicatorResponse;
        /// Regions by code.
        list_regions(ListRegionsRequest) -> ListRegionsResponse, pages list_regions_pages;
        /// One region by its present or former code.
        get_region(GetRegionRequest) -> GetRegionResponse;
        /// The region a person means by what they typed: code, name, alias, former name, with or without diacritics and small
        /// typing errors. NOT_FOUND with the nearest names when nothing, or more than one region, fits.
        resolve_region(ResolveRegionRequest) -> ResolveRegionResponse;
        /// Groups of municipalities, in the order of the report.
        list_groups(ListGroupsRequest) -> ListGroupsResponse, pages list_groups_pages;
        /// One group with its members.
        get_group(GetGroupRequest) -> GetGroupResponse;
        /// Everything whose id or name, in either language, fits the words typed; best first.
        search_catalogue(SearchCatalogueRequest) -> SearchCatalogueResponse, pages search_catalogue_pages;
        /// How complete the figures are: per indicator every ranking of the edition, with what is missing and why.
        get_coverage(GetCoverageRequest) -> GetCoverageResponse, pages get_coverage_pages;
        /// Every set of units that can be ranked against each other.
        list_universes(ListUniversesRequest) -> ListUniversesResponse;
        /// One of them, with its units in one year.
        get_universe(GetUniverseRequest) -> GetUniverseResponse;
        /// The method in words: every formula with its source, an example worked by hand, what it is not, and which choices are
        /// ours.
        get_method(GetMethodRequest) -> GetMethodResponse;
    }
    edition_service_client::EditionServiceClient {
        /// The editions on the shelf, newest publication first.
        list_editions(ListEditionsRequest) -> ListEditionsResponse, pages list_editions_pages;
        /// One edition with its sources and counts.
        get_edition(GetEditionRequest) -> GetEditionResponse;
        /// What changed from one edition to another, with the reason of every move.
        diff_editions(DiffEditionsRequest) -> DiffEditionsResponse, pages diff_editions_pages;
    }
    flow_service_client::FlowServiceClient {
        /// The tables of flows: which kinds, periods and breakdowns there are.
        list_flow_tables(ListFlowTablesRequest) -> ListFlowTablesResponse;
        /// Flows from some municipalities, to some, or both; largest first.
        query_flows(QueryFlowsRequest) -> QueryFlowsResponse, pages query_flows_pages;
        /// What goes in and out of one municipality: in all, by partner, and by part where the source divides its people.
        get_flow_balance(GetFlowBalanceRequest) -> GetFlowBalanceResponse;
        /// The municipalities around one that its flows make relevant, with and without the dominant municipality.
        get_relevant_region(GetRelevantRegionRequest) -> GetRelevantRegionResponse;
    }
    indicator_service_client::IndicatorServiceClient {
        /// The figures of every combination of the indicators and regions asked for, one item each, also when there is none.
        query_observations(QueryObservationsRequest) -> QueryObservationsResponse;
        /// How one municipality does on every indicator of the edition.
        get_profile(GetProfileRequest) -> GetProfileResponse;
        /// One indicator of one municipality through time: a value, position and grade per period.
        get_trend(GetTrendRequest) -> GetTrendResponse;
    }
    ranking_service_client::RankingServiceClient {
        /// All municipalities of one indicator's ranking, most favourable first.
        rank_regions(RankRegionsRequest) -> RankRegionsResponse, pages rank_regions_pages;
        /// The position of one municipality, with its neighbours on the list.
        get_position(GetPositionRequest) -> GetPositionResponse;
        /// Where the means of groups would stand, per indicator.
        compare_groups(CompareGroupsRequest) -> CompareGroupsResponse;
        /// Municipalities by a mean of indicators, weights and kind of mean that the caller chooses, most favourable first.
        rank_composite(RankCompositeRequest) -> RankCompositeResponse, pages rank_composite_pages;
        /// How firm the positions by such a mean are: against other weights, without a part, with another mean or grade.
        analyse_sensitivity(AnalyseSensitivityRequest) -> AnalyseSensitivityResponse;
        /// The municipalities most like one, by the distance of their standardised values over chosen indicators.
        find_similar_regions(FindSimilarRegionsRequest) -> FindSimilarRegionsResponse;
        /// What if: where a municipality would stand with other values, and which values it would take to stand elsewhere.
        simulate_change(SimulateChangeRequest) -> SimulateChangeResponse;
    }
    recommendation_service_client::RecommendationServiceClient {
        /// Every recommendation with its need, class and evidence for a municipality, a group or any set of municipalities,
        /// strongest first.
        recommend(RecommendRequest) -> RecommendResponse;
        /// One recommendation with the whole derivation of its class, down to single figures, and the same in plain words.
        explain_recommendation(ExplainRecommendationRequest) -> ExplainRecommendationResponse;
        /// The recommendations of the report, without regard to any municipality.
        list_recommendations(ListRecommendationsRequest) -> ListRecommendationsResponse, pages list_recommendations_pages;
        /// One recommendation with what it counters and what belongs to it.
        get_recommendation(GetRecommendationRequest) -> GetRecommendationResponse;
        /// The factors: causes, problems and consequences that the report names, with what measures them.
        list_factors(ListFactorsRequest) -> ListFactorsResponse, pages list_factors_pages;
        /// One factor with everything that leads to it and everything it leads to.
        get_factor(GetFactorRequest) -> GetFactorResponse;
        /// The mechanisms: which factor makes which more likely, and what the report rests that on.
        list_mechanisms(ListMechanismsRequest) -> ListMechanismsResponse, pages list_mechanisms_pages;
        /// How mechanisms join into paths from one factor to another, and into vicious circles.
        find_mechanism_paths(FindMechanismPathsRequest) -> FindMechanismPathsResponse;
        /// What the report states of the towns in words.
        list_findings(ListFindingsRequest) -> ListFindingsResponse, pages list_findings_pages;
        /// The phases of the history that the report tells of the New Towns.
        list_phases(ListPhasesRequest) -> ListPhasesResponse;
        /// The works that the report cites, with the statements that rest on them.
        list_citations(ListCitationsRequest) -> ListCitationsResponse, pages list_citations_pages;
        /// How the problems of a municipality or group hang together: unfavourable themes, the mechanisms between them, and
        /// recommendations that rest on the same figures.
        analyse_coherence(AnalyseCoherenceRequest) -> AnalyseCoherenceResponse;
    }
}
