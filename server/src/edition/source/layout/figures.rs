//! What is measured: published positions and observations.

use super::{
    Kind::{Flag, Period, Real, Reference, Text, Whole, Word},
    Section, Shape, may, must,
};

pub(super) const SECTIONS: &[Section] = &[
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
];
