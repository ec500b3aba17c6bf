//! What the source files hold: every file, key, type and reference, said once.
//!
//! Reading, checking and storing all follow this description, and `schema.sql` has a table for every section and every
//! list (`{table}_{key}`).

/// One kind of row in one file.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) file: &'static str,
    /// Where the rows stand in the file.
    pub(super) shape: Shape,
    /// The table they go to.
    pub(super) table: &'static str,
    /// The fields that make a row unique. More than one are joined by `->` into the row's `id` when it owns lists.
    pub(super) key: &'static [&'static str],
    pub(super) fields: &'static [Field],
    /// Keys with several values; each goes to the table `{table}_{key}`.
    pub(super) lists: &'static [Field],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The keys at the top of a TOML file: exactly one row.
    Root,
    /// `[name]`: exactly one row.
    Table(&'static str),
    /// `[[name]]`: any number of rows.
    Array(&'static str),
    /// A CSV file with these fields as its header.
    Csv,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Lower case letters, digits and underscores, starting with a letter.
    Id,
    /// The key of a row of this table.
    Reference(&'static str),
    /// Text for people or programs, not empty.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A CBS region code.
    RegionCode,
    /// A date, YYYY-MM-DD.
    Date,
    /// A year or a CBS-style period in ISO 8601.
    Period,
    /// A whole number within these bounds.
    Whole(i64, i64),
    /// A finite number.
    Real,
    /// true or false, false when absent.
    Flag,
    /// Several texts in one CSV cell, separated by semicolons.
    Texts,
}

const fn must(key: &'static str, kind: Kind) -> Field {
    Field {
        key,
        kind,
        required: true,
    }
}

const fn may(key: &'static str, kind: Kind) -> Field {
    Field {
        key,
        kind,
        required: false,
    }
}

use Kind::{Date, Flag, Id, Period, Real, Reference, RegionCode, Text, Texts, Whole, Word};

const NAME_NL: Field = must("name_nl", Text);
const NAME_EN: Field = must("name_en", Text);
const NOTE_NL: Field = may("note_nl", Text);
const NOTE_EN: Field = may("note_en", Text);
const SECTION: Field = must("section", Text);
const BASIS: Kind = Word(&["quantitative", "literature", "interviews", "authors", "not_given"]);

/// Files that an edition can do without.
pub(super) const OPTIONAL_FILES: [&str; 1] = ["observations.csv"];

/// Every section, those that are referred to before those that refer.
pub(super) const SECTIONS: &[Section] = &[
    Section {
        file: "edition.toml",
        shape: Shape::Root,
        table: "edition",
        key: &["name"],
        fields: &[
            must("name", Text),
            must("title_nl", Text),
            must("title_en", Text),
            must("publication_year", Period),
        ],
        lists: &[],
    },
    Section {
        file: "edition.toml",
        shape: Shape::Table("universe"),
        table: "universe",
        key: &["id"],
        fields: &[
            must("id", Id),
            must("size", Whole(1, 1_000_000)),
            NAME_NL,
            NAME_EN,
            NOTE_NL,
            NOTE_EN,
        ],
        lists: &[],
    },
    Section {
        file: "edition.toml",
        shape: Shape::Array("source"),
        table: "source",
        key: &["id"],
        fields: &[
            must("id", Id),
            must("title_nl", Text),
            must("title_en", Text),
            must("publisher", Text),
            must("year", Text),
            must("attribution_nl", Text),
            must("attribution_en", Text),
        ],
        lists: &[],
    },
    Section {
        file: "themes.toml",
        shape: Shape::Array("theme"),
        table: "theme",
        key: &["id"],
        fields: &[must("id", Id), NAME_NL, NAME_EN, SECTION],
        lists: &[],
    },
    Section {
        file: "themes.toml",
        shape: Shape::Array("block"),
        table: "block",
        key: &["id"],
        fields: &[
            must("id", Id),
            must("theme", Reference("theme")),
            NAME_NL,
            NAME_EN,
            NOTE_NL,
            NOTE_EN,
        ],
        lists: &[],
    },
    Section {
        file: "indicators.toml",
        shape: Shape::Array("indicator"),
        table: "indicator",
        key: &["id"],
        fields: &[
            must("id", Id),
            NAME_NL,
            NAME_EN,
            must("theme", Reference("theme")),
            may("block", Reference("block")),
            must("kind", Word(&["judgement", "composite", "neutral"])),
            must("kind_basis", Word(&["stated", "inferred", "unverified"])),
            SECTION,
            may("figure", Text),
            may("origin", Flag),
            may("polarity", Word(&["higher_is_favourable", "lower_is_favourable"])),
            may("unit", Text),
            may("decimals", Whole(0, 12)),
            may("stated_nl", Text),
            may("stated_en", Text),
            NOTE_NL,
            NOTE_EN,
        ],
        lists: &[may("parts", Reference("indicator"))],
    },
    Section {
        file: "regions.csv",
        shape: Shape::Csv,
        table: "region",
        key: &["code"],
        fields: &[
            must("code", RegionCode),
            must("name", Text),
            must("level", Word(&["municipality"])),
            may("valid_from", Date),
            may("valid_to", Date),
        ],
        lists: &[may("aliases", Texts)],
    },
    Section {
        file: "successions.csv",
        shape: Shape::Csv,
        table: "succession",
        key: &["code", "successor"],
        fields: &[
            must("code", Reference("region")),
            must("successor", Reference("region")),
            must("date", Date),
            NOTE_NL,
            NOTE_EN,
        ],
        lists: &[],
    },
    Section {
        file: "groups.toml",
        shape: Shape::Array("group"),
        table: "region_group",
        key: &["id"],
        fields: &[
            must("id", Id),
            NAME_NL,
            NAME_EN,
            must("membership", Word(&["stated", "unverified"])),
            SECTION,
            NOTE_NL,
            NOTE_EN,
        ],
        lists: &[],
    },
    Section {
        file: "group_members.csv",
        shape: Shape::Csv,
        table: "group_member",
        key: &["group", "region"],
        fields: &[
            must("group", Reference("region_group")),
            must("region", Reference("region")),
            may("valid_from", Date),
            may("valid_to", Date),
            may("former_code", RegionCode),
            NOTE_NL,
            NOTE_EN,
        ],
        lists: &[],
    },
    Section {
        file: "published_positions.csv",
        shape: Shape::Csv,
        table: "published_position",
        key: &["indicator", "subject_kind", "subject", "source"],
        fields: &[
            must("indicator", Reference("indicator")),
            must("subject_kind", Word(&["region", "group"])),
            // Which table it refers to depends on `subject_kind`: see check.rs.
            must("subject", Text),
            must("position", Whole(1, 1_000_000)),
            must("n", Whole(1, 1_000_000)),
            must("source", Reference("source")),
            may("figure", Text),
            may("column_inferred", Flag),
        ],
        lists: &[],
    },
    Section {
        file: "observations.csv",
        shape: Shape::Csv,
        table: "observation",
        key: &["indicator", "region", "period"],
        fields: &[
            must("indicator", Reference("indicator")),
            must("region", Reference("region")),
            must("period", Period),
            may("value", Real),
            must(
                "status",
                Word(&[
                    "final",
                    "provisional",
                    "estimated",
                    "suppressed",
                    "missing",
                    "not_applicable",
                ]),
            ),
            must("origin", Word(&["loaded", "aggregated", "derived"])),
            must("source", Reference("source")),
        ],
        lists: &[],
    },
    Section {
        file: "factors.toml",
        shape: Shape::Array("factor"),
        table: "factor",
        key: &["id"],
        fields: &[
            must("id", Id),
            NAME_NL,
            NAME_EN,
            must("theme", Reference("theme")),
            may("caveat_nl", Text),
            may("caveat_en", Text),
            NOTE_NL,
            NOTE_EN,
        ],
        lists: &[
            may("indicators", Reference("indicator")),
            may("context_indicators", Reference("indicator")),
        ],
    },
    Section {
        file: "mechanisms.toml",
        shape: Shape::Array("mechanism"),
        table: "mechanism",
        key: &["from", "to"],
        fields: &[
            must("from", Reference("factor")),
            must("to", Reference("factor")),
            SECTION,
            must("certainty", Word(&["stated", "presumed", "risk"])),
            NOTE_NL,
            NOTE_EN,
        ],
        lists: &[must("basis", BASIS)],
    },
    Section {
        file: "programmes.toml",
        shape: Shape::Array("programme"),
        table: "programme",
        key: &["id"],
        fields: &[
            must("id", Id),
            NAME_NL,
            NAME_EN,
            NOTE_NL,
            NOTE_EN,
            may("section", Text),
            may("factor", Reference("factor")),
        ],
        lists: &[],
    },
    Section {
        file: "context.toml",
        shape: Shape::Array("question"),
        table: "question",
        key: &["id"],
        fields: &[
            must("id", Id),
            SECTION,
            must("text_nl", Text),
            must("text_en", Text),
        ],
        lists: &[],
    },
    Section {
        file: "context.toml",
        shape: Shape::Array("dilemma"),
        table: "dilemma",
        key: &["id"],
        fields: &[
            must("id", Id),
            SECTION,
            must("text_nl", Text),
            must("text_en", Text),
        ],
        lists: &[],
    },
    Section {
        file: "context.toml",
        shape: Shape::Array("phase"),
        table: "phase",
        key: &["id"],
        fields: &[
            must("id", Id),
            SECTION,
            NAME_NL,
            NAME_EN,
            must("from_year", Whole(1900, 2200)),
            may("to_year", Whole(1900, 2200)),
        ],
        lists: &[],
    },
    Section {
        file: "rules.toml",
        shape: Shape::Table("need"),
        table: "need_rule",
        key: &[],
        fields: &[
            must("countered_weight", Real),
            must("signals_weight", Real),
            must("downstream_weight", Real),
            must("proxy_weight", Real),
            must("minimum_coverage", Real),
        ],
        lists: &[],
    },
    Section {
        file: "rules.toml",
        shape: Shape::Table("classes"),
        table: "class_rule",
        key: &[],
        fields: &[must("strong", Real), must("moderate", Real), must("weak", Real)],
        lists: &[],
    },
    Section {
        file: "rules.toml",
        shape: Shape::Array("trigger"),
        table: "trigger_rule",
        key: &["id"],
        fields: &[
            must("id", Word(&["breadth", "masking"])),
            NAME_NL,
            NAME_EN,
            must("description_nl", Text),
            must("description_en", Text),
            may("theme_severity", Real),
            may("minimum_indicators", Whole(1, 1000)),
            may("moderate_from", Whole(1, 1000)),
            may("strong_from", Whole(1, 1000)),
        ],
        lists: &[],
    },
    Section {
        file: "recommendations.toml",
        shape: Shape::Array("actor"),
        table: "actor",
        key: &["id"],
        fields: &[must("id", Id), NAME_NL, NAME_EN],
        lists: &[],
    },
    Section {
        file: "recommendations.toml",
        shape: Shape::Array("recommendation"),
        table: "recommendation",
        key: &["id"],
        fields: &[
            must("id", Id),
            must("addressee", Word(&["municipality", "national_government"])),
            SECTION,
            must("number", Whole(1, 1000)),
            must("title_nl", Text),
            must("title_en", Text),
            must("summary_nl", Text),
            must("summary_en", Text),
            may("signals_note_nl", Text),
            may("signals_note_en", Text),
            may("trigger", Reference("trigger_rule")),
        ],
        lists: &[
            must("themes", Reference("theme")),
            must("counters", Reference("factor")),
            may("signals", Reference("factor")),
            may("programmes", Reference("programme")),
            must("actors", Reference("actor")),
            may("horizon_years", Whole(1, 200)),
            may("questions", Reference("question")),
            may("dilemmas", Reference("dilemma")),
        ],
    },
    Section {
        file: "findings.toml",
        shape: Shape::Array("finding"),
        table: "finding",
        key: &["id"],
        fields: &[
            must("id", Id),
            must("theme", Reference("theme")),
            SECTION,
            must("statement_nl", Text),
            must("statement_en", Text),
        ],
        lists: &[
            must("basis", BASIS),
            may("regions", Reference("region")),
            may("indicators", Reference("indicator")),
        ],
    },
    Section {
        file: "caveats.toml",
        shape: Shape::Array("caveat"),
        table: "caveat",
        key: &["id"],
        fields: &[
            must("id", Id),
            SECTION,
            must("statement_nl", Text),
            must("statement_en", Text),
        ],
        lists: &[may("indicators", Reference("indicator"))],
    },
];
