//! Records as messages.

use groeikern::v1;

use crate::{
    administration::{ImportRecord, ImportState, PublicationRecord, ReportRecord, StoredFile},
    domain::utc,
    edition::content_hash::hex,
};
use sha2::{Digest, Sha256};

/// An import in full.
pub(super) fn import(record: &ImportRecord, found: ImportState) -> v1::Import {
    v1::Import {
        id: record.id.clone(),
        state: state(found).into(),
        recipe_id: record.recipe_id.clone(),
        periods: record.periods.clone(),
        recipe_sha256: hex(&Sha256::digest(&record.recipe_text)),
        file_sha256: record.file_sha256.clone(),
        files: record.files.iter().map(file).collect(),
        source_version: record.source_version.clone(),
        retrieved: record.retrieved.clone(),
        accepted: utc(record.accepted),
        sequence: match found {
            ImportState::Published(sequence) => sequence,
            ImportState::Pending | ImportState::SetAside => 0,
        },
        report: Some(report(&record.report)),
    }
}

/// The same in a list, without what is long.
pub(super) fn listed(record: &ImportRecord, found: ImportState) -> v1::Import {
    let mut import = import(record, found);
    import.files.clear();
    if let Some(report) = &mut import.report {
        report.text.clear();
        report.indicators_without_data.clear();
    }
    import
}

/// What became of an import.
pub(super) fn state(found: ImportState) -> v1::ImportState {
    match found {
        ImportState::Pending => v1::ImportState::Pending,
        ImportState::Published(_) => v1::ImportState::Published,
        ImportState::SetAside => v1::ImportState::SetAside,
    }
}

/// A change of what is current.
pub(super) fn publication(record: &PublicationRecord) -> v1::Publication {
    let units = |units: &[(String, String)]| {
        let unit = |(recipe_id, period): &(String, String)| v1::PublishedUnit {
            recipe_id: recipe_id.clone(),
            period: period.clone(),
        };
        units.iter().map(unit).collect()
    };
    v1::Publication {
        request_id: record.id.clone(),
        sequence: record.sequence,
        edition_id: record.edition_id.clone(),
        edition_name: record.edition_name.clone(),
        published: record.published,
        import_ids: record.imports.clone(),
        replaced: units(&record.replaced),
        left_out: units(&record.left_out),
    }
}

fn file(file: &StoredFile) -> v1::UploadedFile {
    v1::UploadedFile {
        name: file.name.clone(),
        size_bytes: Some(file.bytes),
        sha256: file.sha256.clone(),
    }
}

fn report(report: &ReportRecord) -> v1::ImportReport {
    v1::ImportReport {
        rows_read: report.rows_read,
        rows_used: report.rows_used,
        rows_filtered_out: report.rows_filtered_out,
        rows_of_other_levels: report.rows_of_other_levels,
        rows_of_other_measures: report.rows_of_other_measures,
        rows_without_region: report.rows_without_region,
        duplicate_rows: report.duplicate_rows,
        values: report.values,
        without_value: report.without_value,
        indicators: small(report.indicators),
        indicators_without_data: report.indicators_without_data.clone(),
        outliers: small(report.outliers),
        text: report.text.clone(),
        counts: report
            .counts
            .iter()
            .map(|(key, count)| v1::ImportCount {
                key: key.clone(),
                count: *count,
            })
            .collect(),
    }
}

/// A count that no table takes beyond 32 bits.
fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
