//! Ids that a group of municipalities can have: whoever asks for a group by its id must not get it for something else.

use std::collections::BTreeMap;

use super::{NameForms, municipality_code, name_without_qualifier, plain_name};

/// What an edition knows by names and ids that no group may have.
#[derive(Debug, Default)]
pub struct TakenByOthers<'a> {
    /// Code and name of a municipality by everything that it is called, in plain form.
    municipalities: BTreeMap<String, (&'a str, &'a str)>,
    /// What else has an id, in words with an article.
    others: BTreeMap<&'a str, &'static str>,
}

impl<'a> TakenByOthers<'a> {
    /// A municipality is called so: by its name, or by another that people use.
    pub fn add_municipality(&mut self, code: &'a str, name: &'a str) {
        let short = name_without_qualifier(name).map(plain_name);
        for called in short.into_iter().chain([plain_name(name)]) {
            self.municipalities.entry(called).or_insert((code, name));
        }
    }

    /// These are ids of something that is no group: of `an indicator`, say.
    pub fn add_ids(&mut self, what: &'static str, ids: impl IntoIterator<Item = &'a str>) {
        for id in ids {
            self.others.entry(id).or_insert(what);
        }
    }

    /// Why a group cannot have this id, and what to choose instead; nothing when it can.
    #[must_use]
    pub fn problem_of(&self, group_id: &str) -> Option<String> {
        let called = || {
            let forms = NameForms::of(group_id);
            let found = forms.iter().find_map(|form| self.municipalities.get(form))?;
            Some(format!("reads as the municipality {} ({})", found.1, found.0))
        };
        let taken = if let Some(code) = municipality_code(group_id) {
            format!("reads as {code}, the code of a municipality")
        } else if let Some(called) = called() {
            called
        } else {
            format!("is the id of {}", self.others.get(group_id)?)
        };
        Some(format!("{taken}: choose another, such as `{group_id}_group`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(group_id: &str) -> Option<String> {
        let mut taken = TakenByOthers::default();
        taken.add_municipality("GM0034", "Almere");
        taken.add_municipality("GM0518", "'s-Gravenhage");
        taken.add_municipality("GM0518", "Den Haag");
        taken.add_municipality("GM0373", "Bergen (NH.)");
        taken.add_municipality("GM0502", "Capelle aan den IJssel");
        taken.add_ids("an indicator", ["low_theft"]);
        taken.problem_of(group_id)
    }

    #[test]
    fn a_group_has_no_id_that_means_a_municipality_or_something_else() {
        for (group_id, words) in [
            ("gm0034", "reads as GM0034, the code of a municipality"),
            ("gm_34", "reads as GM0034, the code of a municipality"),
            ("almere", "reads as the municipality Almere (GM0034)"),
            ("gemeente_almere", "reads as the municipality Almere (GM0034)"),
            ("s_gravenhage", "reads as the municipality 's-Gravenhage (GM0518)"),
            ("den_haag", "reads as the municipality Den Haag (GM0518)"),
            ("bergen", "reads as the municipality Bergen (NH.) (GM0373)"),
            ("bergen_nh", "reads as the municipality Bergen (NH.) (GM0373)"),
            (
                "capelle_ad_ijssel",
                "reads as the municipality Capelle aan den IJssel (GM0502)",
            ),
            ("low_theft", "is the id of an indicator"),
        ] {
            let expected = format!("{words}: choose another, such as `{group_id}_group`");
            assert_eq!(problem(group_id), Some(expected));
            assert_eq!(
                problem(&format!("{group_id}_group")),
                None,
                "what is proposed can be chosen"
            );
        }
        for group_id in ["our_towns", "almere_and_lelystad", "gm_towns", "theft"] {
            assert_eq!(problem(group_id), None, "{group_id}");
        }
    }
}
