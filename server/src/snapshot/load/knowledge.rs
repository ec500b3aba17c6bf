//! Factors, mechanisms, recommendations, triggers, caveats and rules.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::{all, lists, optional_text, text, word, word_value};
use crate::domain::{
    Addressee, BreadthRules, Caveat, Citation, ContextNote, Factor, Finding, Knowledge, LeastClass,
    MaskingRules, MaskingTriggerRules, Mechanism, MechanismCertainty, NeedRules, Phase, Programme,
    Recommendation, StatementBasis, Text, Trigger, TriggerCondition,
};

pub(super) fn knowledge(connection: &Connection) -> rusqlite::Result<Knowledge> {
    let programmes = programmes(connection)?;
    Ok(Knowledge {
        factors: factors(connection)?,
        mechanisms: mechanisms(connection)?,
        recommendations: recommendations(connection, &programmes)?,
        findings: findings(connection)?,
        programmes,
        phases: phases(connection)?,
        citations: citations(connection)?,
        triggers: triggers(connection)?,
        caveats: caveats(connection)?,
        need_rules: need_rules(connection)?,
        masking_rules: masking_rules(connection)?,
    })
}

fn factors(connection: &Connection) -> rusqlite::Result<Vec<Factor>> {
    let indicators = lists(connection, "factor_indicators")?;
    let context_indicators = lists(connection, "factor_context_indicators")?;
    all(connection, "SELECT * FROM factor ORDER BY id", |row| {
        let id: String = row.get("id")?;
        Ok(Factor {
            name: text(row, "name")?,
            theme: row.get("theme")?,
            indicators: listed(&indicators, &id),
            context_indicators: listed(&context_indicators, &id),
            caveat: optional_text(row, "caveat")?,
            note: optional_text(row, "note")?,
            id,
        })
    })
}

fn mechanisms(connection: &Connection) -> rusqlite::Result<Vec<Mechanism>> {
    let bases = bases(connection, "mechanism_basis")?;
    let citations = lists(connection, "mechanism_citations")?;
    all(
        connection,
        "SELECT * FROM mechanism ORDER BY from_factor, to_factor",
        |row| {
            let id: String = row.get("id")?;
            Ok(Mechanism {
                from: row.get("from_factor")?,
                to: row.get("to_factor")?,
                section: row.get("section")?,
                basis: listed(&bases, &id),
                certainty: word(row, "certainty", MechanismCertainty::WORDS)?,
                note: optional_text(row, "note")?,
                citations: listed(&citations, &id),
            })
        },
    )
}

/// What statements rest on, by owner.
fn bases(connection: &Connection, table: &str) -> rusqlite::Result<HashMap<String, Vec<StatementBasis>>> {
    let words: HashMap<String, Vec<String>> = lists(connection, table)?;
    let read = |word: &String| word_value(word, StatementBasis::WORDS);
    words
        .into_iter()
        .map(|(owner, words)| Ok((owner, words.iter().map(read).collect::<Result<_, _>>()?)))
        .collect()
}

/// The values of an owner, which may have none.
fn listed<T: Clone>(lists: &HashMap<String, Vec<T>>, owner: &str) -> Vec<T> {
    lists.get(owner).cloned().unwrap_or_default()
}

fn findings(connection: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let bases = bases(connection, "finding_basis")?;
    let list = |key: &str| lists::<String>(connection, &format!("finding_{key}"));
    let (regions, indicators) = (list("regions")?, list("indicators")?);
    let (factors, citations) = (list("factors")?, list("citations")?);
    all(connection, "SELECT * FROM finding ORDER BY ordinal", |row| {
        let id: String = row.get("id")?;
        Ok(Finding {
            theme: row.get("theme")?,
            section: row.get("section")?,
            basis: listed(&bases, &id),
            strength: row.get("strength")?,
            statement: text(row, "statement")?,
            regions: listed(&regions, &id),
            group: row.get("group_id")?,
            indicators: listed(&indicators, &id),
            factors: listed(&factors, &id),
            citations: listed(&citations, &id),
            id,
        })
    })
}

fn programmes(connection: &Connection) -> rusqlite::Result<Vec<Programme>> {
    all(connection, "SELECT * FROM programme ORDER BY id", |row| {
        Ok(Programme {
            id: row.get("id")?,
            name: text(row, "name")?,
            note: optional_text(row, "note")?,
            section: row.get("section")?,
            factor: row.get("factor")?,
        })
    })
}

fn phases(connection: &Connection) -> rusqlite::Result<Vec<Phase>> {
    all(
        connection,
        "SELECT * FROM phase ORDER BY from_year, ordinal",
        |row| {
            Ok(Phase {
                id: row.get("id")?,
                section: row.get("section")?,
                name: text(row, "name")?,
                from_year: row.get("from_year")?,
                to_year: row.get("to_year")?,
            })
        },
    )
}

fn citations(connection: &Connection) -> rusqlite::Result<Vec<Citation>> {
    let sections = lists(connection, "citation_sections")?;
    all(
        connection,
        "SELECT * FROM citation ORDER BY author, year, id",
        |row| {
            let id: String = row.get("id")?;
            Ok(Citation {
                author: row.get("author")?,
                year: row.get("year")?,
                title: row.get("title")?,
                publisher: row.get("publisher")?,
                sections: listed(&sections, &id),
                id,
            })
        },
    )
}

/// The rows of a table by id.
fn by_id<T>(
    connection: &Connection,
    table: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<HashMap<String, T>> {
    let rows = all(connection, &format!("SELECT * FROM {table}"), |row| {
        Ok((row.get::<_, String>("id")?, read(row)?))
    })?;
    Ok(rows.into_iter().collect())
}

fn context_note(row: &Row<'_>) -> rusqlite::Result<ContextNote> {
    Ok(ContextNote {
        id: row.get("id")?,
        section: row.get("section")?,
        text: text(row, "text")?,
    })
}

fn recommendations(
    connection: &Connection,
    programmes: &[Programme],
) -> rusqlite::Result<Vec<Recommendation>> {
    let programmes: HashMap<String, Programme> = programmes
        .iter()
        .map(|programme| (programme.id.clone(), programme.clone()))
        .collect();
    let actors: HashMap<String, Text> = by_id(connection, "actor", |row| text(row, "name"))?;
    let questions = by_id(connection, "question", context_note)?;
    let dilemmas = by_id(connection, "dilemma", context_note)?;
    let list = |key: &str| lists::<String>(connection, &format!("recommendation_{key}"));
    let (themes, counters, signals) = (list("themes")?, list("counters")?, list("signals")?);
    let (named_programmes, named_actors) = (list("programmes")?, list("actors")?);
    let (named_questions, named_dilemmas) = (list("questions")?, list("dilemmas")?);
    let horizons = lists::<u32>(connection, "recommendation_horizon_years")?;
    all(
        connection,
        "SELECT * FROM recommendation ORDER BY ordinal",
        |row| {
            let id: String = row.get("id")?;
            let ids = |of: &HashMap<String, Vec<String>>| listed(of, &id);
            Ok(Recommendation {
                addressee: word(row, "addressee", Addressee::WORDS)?,
                section: row.get("section")?,
                number: row.get("number")?,
                title: text(row, "title")?,
                summary: text(row, "summary")?,
                themes: ids(&themes),
                counters: ids(&counters),
                signals: ids(&signals),
                signals_note: optional_text(row, "signals_note")?,
                programmes: found(&ids(&named_programmes), &programmes),
                actors: found(&ids(&named_actors), &actors),
                horizon: horizons
                    .get(&id)
                    .and_then(|years| Some((*years.first()?, *years.last()?))),
                questions: found(&ids(&named_questions), &questions),
                dilemmas: found(&ids(&named_dilemmas), &dilemmas),
                trigger: row.get("trigger_id")?,
                id,
            })
        },
    )
}

fn found<T: Clone>(ids: &[String], rows: &HashMap<String, T>) -> Vec<T> {
    ids.iter().filter_map(|id| rows.get(id).cloned()).collect()
}

fn triggers(connection: &Connection) -> rusqlite::Result<Vec<Trigger>> {
    all(connection, "SELECT * FROM trigger_rule ORDER BY id", |row| {
        let id: String = row.get("id")?;
        let whole = |column: &str| row.get::<_, u32>(column).map(|number| number as usize);
        let condition = match id.as_str() {
            "breadth" => TriggerCondition::Breadth(BreadthRules {
                theme_severity: row.get("theme_severity")?,
                minimum_indicators: whole("minimum_indicators")?,
                moderate_from: whole("moderate_from")?,
                strong_from: whole("strong_from")?,
            }),
            _ => TriggerCondition::Masking(MaskingTriggerRules {
                least_class: word(row, "least_class", LeastClass::WORDS)?,
                measured_from: row.get("measured_from")?,
                share_of_members: row.get("share_of_members")?,
            }),
        };
        Ok(Trigger {
            name: text(row, "name")?,
            description: text(row, "description")?,
            condition,
            id,
        })
    })
}

fn caveats(connection: &Connection) -> rusqlite::Result<Vec<Caveat>> {
    let indicators = lists(connection, "caveat_indicators")?;
    all(connection, "SELECT * FROM caveat ORDER BY id", |row| {
        let id: String = row.get("id")?;
        Ok(Caveat {
            section: row.get("section")?,
            text: text(row, "statement")?,
            indicators: listed(&indicators, &id),
            id,
        })
    })
}

fn masking_rules(connection: &Connection) -> rusqlite::Result<MaskingRules> {
    connection.query_row("SELECT * FROM masking_rule", [], |row| {
        Ok(MaskingRules {
            worst_share: row.get("worst_share")?,
            masked_below: row.get("masked_below")?,
            minimum_weight: row.get("minimum_weight")?,
        })
    })
}

fn need_rules(connection: &Connection) -> rusqlite::Result<NeedRules> {
    connection.query_row("SELECT * FROM need_rule, class_rule", [], |row| {
        Ok(NeedRules {
            countered_weight: row.get("countered_weight")?,
            signals_weight: row.get("signals_weight")?,
            downstream_weight: row.get("downstream_weight")?,
            proxy_weight: row.get("proxy_weight")?,
            minimum_coverage: row.get("minimum_coverage")?,
            strong: row.get("strong")?,
            moderate: row.get("moderate")?,
            weak: row.get("weak")?,
        })
    })
}
