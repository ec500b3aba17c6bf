//! `explain`: why one recommendation came out as it did, in plain words and number by number.

mod tree;

use groeikern_client::v1::{
    ExplainRecommendationRequest, ExplainRecommendationResponse, RegionSelection,
    explain_recommendation_request::Subject, explain_recommendation_response::Subject as Explained,
};

use super::recommend::{of_group, of_region, of_regions};
use crate::cli::{
    answer::{Answer, Part},
    arguments::Explain,
    exit::Failure,
    language::{
        Language, advice, headings,
        words::{Tone, Word},
    },
    names::ForWhom,
    session::Session,
};

pub(super) async fn ask(session: &mut Session, arguments: &Explain) -> Result<Answer, Failure> {
    let recommendation_id = session.recommendation(&arguments.recommendation).await?;
    let subject = match session.for_whom(&arguments.for_whom).await? {
        ForWhom::Region(code) => Subject::RegionCode(code),
        ForWhom::Group(id) => Subject::GroupId(id),
        ForWhom::Regions(region_codes) => Subject::Regions(RegionSelection { region_codes }),
    };
    let peer_group_id = match &arguments.against {
        Some(typed) => session.group(typed).await?.id,
        None => String::new(),
    };
    let request = ExplainRecommendationRequest {
        peer_group_id,
        edition: session.edition(),
        subject: Some(subject),
        recommendation_id,
        basis: arguments.figures.basis().into(),
        left_out_indicator_ids: session.indicators(&arguments.without).await?,
    };
    let response = session.client.explain_recommendation(request).await?;
    Ok(answer(&response, session.language))
}

fn answer(response: &ExplainRecommendationResponse, language: Language) -> Answer {
    let (subject_id, subject) = match &response.subject {
        Some(Explained::Region(region)) => of_region(region),
        Some(Explained::Group(group)) => of_group(group, language),
        Some(Explained::Regions(set)) => of_regions(set, language),
        None => Default::default(),
    };
    let explained = response.advice.clone().unwrap_or_default();
    let recommendation = explained.recommendation.clone().unwrap_or_default();
    let class = explained.recommendation_class();
    let rows = tree::rows(response.derivation.as_ref(), &subject_id, &recommendation.id);
    let mut below = vec![Part::Heading {
        text: format!(
            "{}.{} {}",
            recommendation.section,
            recommendation.number,
            language.of(recommendation.title.as_ref())
        ),
        word: language.say(class.shown()),
        tone: class.tone(),
    }];
    let paragraphs = response.plain_language.iter();
    below.extend(paragraphs.map(|paragraph| Part::Sentence(language.of(paragraph.text.as_ref()).to_owned())));
    below.push(Part::Heading {
        text: language.say(headings::DERIVATION).to_owned(),
        word: "",
        tone: Tone::Plain,
    });
    below.push(Part::Sheet(tree::for_people(&rows, language)));
    let n = rows
        .iter()
        .filter_map(|row| row.node.ranking.as_ref())
        .map(|ranking| ranking.n);
    let n: Vec<u32> = n.collect();
    let mut answer = Answer::new(
        "ExplainRecommendationResponse",
        response,
        tree::for_scripts(&rows, language),
    )
    .titled(advice::explained_for(language, &subject))
    .below(below)
    .quoting(response.metadata.as_ref())
    .among(n);
    for caveat in &explained.caveats {
        answer = answer.with_caveat(caveat, &recommendation.id);
    }
    answer
}
