//! The text of the method -> messages, with the rules of an edition filled in.

use groeikern::v1;

use crate::{
    domain::Knowledge,
    method::METHOD_VERSION,
    methodology::{Chapter, Check, Constant, Example, Methodology, Reference, Section, Symbol},
    rpc::{Failure, lookup, metadata::Metadata, render},
    snapshot::Snapshot,
};

/// All sections, or those asked for, in the order of the method.
pub(super) fn answer(edition: &Snapshot, asked: &[String]) -> Result<v1::GetMethodResponse, Failure> {
    let method = Methodology::built_in().map_err(Failure::internal)?;
    for id in asked {
        lookup::method_section(method, id)?;
    }
    let wanted = |id: &String| asked.is_empty() || asked.contains(id);
    let sections = method.sections().filter(|(_, section)| wanted(&section.id));
    Ok(v1::GetMethodResponse {
        metadata: Metadata::catalogue(edition),
        method_version: METHOD_VERSION.to_owned(),
        introduction: render::text(&method.introduction),
        sections: sections
            .map(|(chapter, found)| section(chapter, found, &edition.knowledge))
            .collect(),
    })
}

fn section(chapter: &Chapter, section: &Section, knowledge: &Knowledge) -> v1::MethodSection {
    let constants = section.constants.iter();
    v1::MethodSection {
        id: section.id.clone(),
        chapter_id: chapter.id.clone(),
        chapter_title: render::text(&chapter.title),
        title: render::text(&section.title),
        meaning: render::text(&section.meaning),
        formula: render::text(&section.formula),
        symbols: section.symbols.iter().map(symbol).collect(),
        constants: constants.filter_map(|found| constant(found, knowledge)).collect(),
        source: render::text(&section.source),
        references: section.references.iter().map(reference).collect(),
        ours: render::text(&section.ours),
        limits: render::text(&section.limits),
        examples: section.examples.iter().map(example).collect(),
    }
}

fn symbol(symbol: &Symbol) -> v1::MethodSymbol {
    v1::MethodSymbol {
        symbol: render::text(&symbol.symbol),
        meaning: render::text(&symbol.meaning),
    }
}

/// Nothing where the edition has no such rule.
fn constant(constant: &Constant, knowledge: &Knowledge) -> Option<v1::MethodConstant> {
    let found = constant.value(knowledge)?;
    Some(v1::MethodConstant {
        id: constant.id.clone(),
        name: render::text(&constant.name),
        value: found.value,
        of_edition: found.of_edition,
    })
}

fn reference(reference: &Reference) -> v1::MethodReference {
    v1::MethodReference {
        id: reference.id.clone(),
        authors: reference.authors.clone(),
        year: reference.year,
        title: reference.title.clone(),
        published: reference.published.clone(),
    }
}

fn example(example: &Example) -> v1::MethodExample {
    let steps = example.steps.iter().map(|step| v1::MethodStep {
        text: render::text(&step.text),
        calculation: (!step.calculation.en.is_empty())
            .then(|| render::text(&step.calculation))
            .flatten(),
    });
    v1::MethodExample {
        given: render::text(&example.given),
        steps: steps.collect(),
        result: render::text(&example.result),
        checks: example.checks.iter().map(check).collect(),
    }
}

fn check(check: &Check) -> v1::MethodCheck {
    let inputs = check.inputs.iter().map(|(name, values)| v1::MethodInput {
        name: name.clone(),
        values: values.clone(),
    });
    v1::MethodCheck {
        function: check.function.clone(),
        inputs: inputs.collect(),
        results: check.results.clone(),
        decimals: check.decimals,
    }
}
