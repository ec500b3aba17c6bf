//! What changed from one edition to another is told whole, and every move of a municipality adds up.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{
    Server,
    figures::{Figures, LOW, present},
    neighbourhoods, refusal, survey, towns,
};
use groeikern_client::{
    Client, StreamExt,
    v1::{
        self, ChangeType, DiffEditionsRequest, EditionChangeKind, ErrorReason, RankRegionsRequest,
        edition_change::Change,
    },
};
use groeikern_server::{
    edition::{
        self,
        shelf::{Retention, Shelf},
        source::SourceFolder,
    },
    serve::Limits,
};

/// The same files as an edition of another name.
fn named(source: SourceFolder, name: &str) -> SourceFolder {
    let label = source.file("edition.toml").expect("a file").to_owned();
    let label = label.replacen("\"new-towns-2024\"", &format!("\"{name}\""), 1);
    source.with_file("edition.toml", label)
}

/// A shelf with these editions, in the order given.
async fn shelf_of(shelf: &Shelf, sources: Vec<SourceFolder>) {
    for source in sources {
        let edition = edition::build(&source.draft().expect("whole")).expect("built");
        let after = shelf.current_sequence().await.expect("listed").unwrap_or(0);
        shelf.publish(&edition, after, None).await.expect("published");
    }
}

async fn client_of(sources: Vec<SourceFolder>) -> Client {
    let shelf = Shelf::in_memory();
    shelf_of(&shelf, sources).await;
    Server::over(shelf, Limits::default()).await.client().await
}

/// Waits for editions that have to be loaded first.
async fn diff(client: &Client, request: DiffEditionsRequest) -> v1::DiffEditionsResponse {
    client.diff_editions(request).await.expect("an answer")
}

fn between(base: &str, edition: &str) -> DiffEditionsRequest {
    DiffEditionsRequest {
        base_edition: base.into(),
        edition: edition.into(),
        page_size: 1000,
        ..Default::default()
    }
}

/// Values by the place of a municipality: some alike, so that there are ties.
fn before() -> Vec<(String, f64)> {
    let values = present().into_iter().enumerate();
    values
        .map(|(place, code)| (code, ((place * 7) % 23) as f64 / 2.0))
        .collect()
}

/// The same later: every third is another, the last two are gone.
fn after() -> Vec<(String, f64)> {
    let mut values = before();
    values.truncate(values.len() - 2);
    for (place, (_, value)) in values.iter_mut().enumerate() {
        if place % 3 == 0 {
            *value = (*value + place as f64) % 11.0;
        }
    }
    values
}

fn theft(values: &[(String, f64)], name: &str) -> SourceFolder {
    let values = values.iter().map(|(code, value)| (code.as_str(), *value));
    named(
        Figures::new().with("low_theft", LOW, "2024", values).source(),
        name,
    )
}

/// Positions and values by code.
async fn ranking(client: &Client, indicator: &str, edition: &str) -> BTreeMap<String, (u32, f64)> {
    let request = RankRegionsRequest {
        indicator_id: indicator.into(),
        edition: edition.into(),
        page_size: 1000,
        ..Default::default()
    };
    let rows = client.rank_regions(request).await.expect("a ranking").rows;
    let row = |row: v1::RankedRegion| {
        let position = row.standing.expect("a standing").position;
        (
            row.region.expect("a region").code,
            (position, row.value.unwrap_or_default()),
        )
    };
    rows.into_iter().map(row).collect()
}

fn moves(changes: &[v1::EditionChange]) -> Vec<v1::PositionMove> {
    let moves = changes.iter().filter_map(|change| match &change.change {
        Some(Change::Position(moved)) => Some(moved.clone()),
        _ => None,
    });
    moves.collect()
}

fn sum(parts: &v1::MoveParts) -> i32 {
    parts.own_value
        + parts.other_values
        + parts.units
        + parts.method
        + parts.definition
        + parts.basis
        + parts.published
}

#[tokio::test]
async fn every_move_adds_up_and_its_own_part_is_that_of_its_own_value() {
    let client = client_of(vec![theft(&before(), "old"), theft(&after(), "new")]).await;
    let answer = diff(&client, between("old", "new")).await;
    let (old, new) = (
        ranking(&client, "low_theft", "old").await,
        ranking(&client, "low_theft", "new").await,
    );
    let moves = moves(&answer.changes);
    let moved: BTreeSet<String> = moves
        .iter()
        .filter(|moved| moved.r#move != 0) // others are in another band of a shorter list
        .map(|moved| moved.region.clone().expect("a region").code)
        .collect();
    assert!(moves.len() > 10);
    for moved in &moves {
        let code = moved.region.clone().expect("a region").code;
        let (base, now) = (
            moved.base_standing.expect("a standing").position,
            moved.standing.expect("a standing").position,
        );
        assert_eq!((base, now), (old[&code].0, new[&code].0), "{code}");
        let parts = moved.parts.expect("parts");
        assert_eq!(moved.r#move, now as i32 - base as i32);
        assert_eq!(sum(&parts), moved.r#move, "{moved:?}");
        // Lower is favourable: better are those below.
        let better = |own: f64| {
            old.iter()
                .filter(|(other, (_, value))| **other != code && *value < own)
                .count()
        };
        let own = 1 + i32::try_from(better(new[&code].1)).expect("few") - base as i32;
        assert_eq!(parts.own_value, own, "{code}");
        assert_eq!(
            (parts.method, parts.definition, parts.basis, parts.published),
            (0, 0, 0, 0)
        );
    }
    for (code, (position, _)) in &new {
        assert_eq!(moved.contains(code), old[code].0 != *position, "{code}");
    }
    let difference = answer.difference.expect("counts");
    assert_eq!(difference.positions_lost, 2);
    assert!(!difference.same_content && !difference.groups_changed && !difference.knowledge_changed);
    assert_eq!(difference.values_changed, {
        let changed = old
            .iter()
            .filter(|(code, value)| new.get(*code).is_none_or(|now| now.1 != value.1));
        changed.count() as u64
    });
    let removed = answer.changes.iter().filter(
        |change| matches!(&change.change, Some(Change::Value(value)) if value.r#type() == ChangeType::Removed && value.value.is_none()),
    );
    assert_eq!(removed.count(), 2, "the last two have no figure any more");
    assert!(
        answer.changes.iter().any(|change| matches!(
            &change.change,
            Some(Change::GradeScale(scale)) if scale.base.is_some_and(|base| Some(base) != scale.scale)
        )),
        "the scale moved too"
    );
}

#[tokio::test]
async fn an_edition_beside_itself_differs_in_nothing_and_the_way_back_is_as_long() {
    let client = client_of(vec![theft(&before(), "old"), theft(&after(), "new")]).await;
    let same = diff(&client, between("new", "new")).await;
    assert_eq!((same.changes.len(), same.total_changes), (0, 0));
    let difference = same.difference.expect("counts");
    assert!(difference.same_content && difference.positions_compared > 0 && difference.positions_moved == 0);

    let there = moves(&diff(&client, between("old", "new")).await.changes);
    let back = moves(&diff(&client, between("new", "old")).await.changes);
    assert_eq!(there.len(), back.len());
    for (there, back) in there.iter().zip(&back) {
        assert_eq!(there.region, back.region);
        assert_eq!(there.r#move, -back.r#move);
        assert_eq!(
            (there.base_standing, there.standing),
            (back.standing, back.base_standing)
        );
    }
}

#[tokio::test]
async fn pages_hold_every_change_once_whatever_their_size() {
    let client = client_of(vec![theft(&before(), "old"), theft(&after(), "new")]).await;
    let whole = diff(&client, between("old", "")).await;
    assert!(whole.next_page_token.is_empty());
    for page_size in [1, 7, 1000] {
        let request = DiffEditionsRequest {
            page_size,
            ..between("old", "")
        };
        let mut pages = client.diff_editions_pages(request);
        let mut changes = Vec::new();
        let mut first = true;
        while let Some(page) = pages.next().await {
            let page = page.expect("a page");
            assert_eq!(page.difference.is_some(), std::mem::take(&mut first));
            assert_eq!(page.total_changes, whole.total_changes);
            changes.extend(page.changes);
        }
        assert_eq!(changes, whole.changes, "pages of {page_size}");
    }
}

#[tokio::test]
async fn changes_can_be_narrowed_and_what_is_not_known_is_refused() {
    let client = client_of(vec![theft(&before(), "old"), theft(&after(), "new")]).await;
    let whole = diff(&client, between("old", "new")).await;
    let town = &moves(&whole.changes)[0].region.clone().expect("a region").code;
    let narrowed = diff(
        &client,
        DiffEditionsRequest {
            kinds: vec![
                EditionChangeKind::Position.into(),
                EditionChangeKind::Value.into(),
            ],
            region_codes: vec![town.clone()],
            indicator_ids: vec!["low_theft".into()],
            ..between("old", "new")
        },
    )
    .await;
    assert_eq!(
        narrowed.difference, whole.difference,
        "the counts are of everything"
    );
    let about_town = whole.changes.iter().filter(|change| match &change.change {
        Some(Change::Position(moved)) => moved.region.as_ref().is_some_and(|region| region.code == *town),
        Some(Change::Value(value)) => value.region_code == *town,
        _ => false,
    });
    assert_eq!(narrowed.changes, about_town.cloned().collect::<Vec<_>>());
    let refused = [
        (between("", "new"), ErrorReason::InvalidRequest),
        (between("elder", "new"), ErrorReason::UnknownEdition),
        (
            DiffEditionsRequest {
                kinds: vec![99],
                ..between("old", "new")
            },
            ErrorReason::InvalidRequest,
        ),
        (
            DiffEditionsRequest {
                indicator_ids: vec!["low_thefts".into()],
                ..between("old", "new")
            },
            ErrorReason::UnknownIndicator,
        ),
        (
            DiffEditionsRequest {
                region_codes: vec!["GM9999".into()],
                ..between("old", "new")
            },
            ErrorReason::NoData,
        ),
    ];
    for (request, reason) in refused {
        let error = client.diff_editions(request.clone()).await.expect_err("refused");
        assert_eq!(error.reason(), Some(reason), "{request:?}");
    }
    let page = diff(
        &client,
        DiffEditionsRequest {
            page_size: 1,
            ..between("old", "new")
        },
    )
    .await;
    let other = DiffEditionsRequest {
        page_token: page.next_page_token,
        ..between("new", "old")
    };
    let error = client.diff_editions(other).await.expect_err("of another request");
    assert_eq!(error.reason(), Some(ErrorReason::PageTokenMismatch));
}

#[tokio::test]
async fn what_is_measured_otherwise_or_by_other_figures_is_no_move_by_values() {
    let values = before();
    let values = || values.iter().map(|(code, value)| (code.as_str(), *value));
    let high = LOW.replace("lower_is", "higher_is");
    let turned = Figures::new().with("low_theft", &high, "2024", values()).source();
    let client = client_of(vec![
        named(SourceFolder::built_in(), "printed"),
        theft(&before(), "low"),
        named(turned, "high"),
    ])
    .await;
    let turned = diff(&client, between("low", "high")).await;
    let definition: Vec<_> = turned
        .changes
        .iter()
        .filter_map(|change| match &change.change {
            Some(Change::Indicator(changed)) => Some((changed.r#type(), changed.fields.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(definition, [(ChangeType::Changed, vec!["polarity".to_owned()])]);
    for moved in moves(&turned.changes) {
        let parts = moved.parts.expect("parts");
        assert_eq!(parts.definition, moved.r#move);
        assert_eq!(sum(&parts), moved.r#move);
    }
    let measured = diff(&client, between("printed", "low")).await;
    let moves = moves(&measured.changes);
    assert!(!moves.is_empty());
    for moved in moves {
        assert_eq!(
            (moved.base_basis(), moved.basis()),
            (v1::Basis::Published, v1::Basis::Computed)
        );
        assert_eq!(moved.parts.expect("parts").basis, moved.r#move);
        assert_eq!((moved.base_value, moved.value.is_some()), (None, true));
    }
    let figures: Vec<_> = measured
        .changes
        .iter()
        .filter_map(|change| match &change.change {
            Some(Change::Figures(figures)) => Some((
                figures.indicator_id.as_str(),
                figures.period.as_str(),
                figures.values,
            )),
            _ => None,
        })
        .collect();
    assert_eq!(
        figures,
        [("low_theft", "2024", u32::try_from(present().len()).expect("few"))]
    );
    assert_eq!(
        measured.difference.expect("counts").values_changed,
        0,
        "they are one change, not many"
    );
}

#[tokio::test]
async fn a_score_moves_by_itself_and_others_too() {
    let source = towns::source();
    let observations = source.file("observations.csv").expect("a file").to_owned();
    let code = &towns::codes()[8];
    let key = format!("low_theft,{code},2024,");
    let mut rows: Vec<String> = observations.lines().map(str::to_owned).collect();
    for row in rows.iter_mut().filter(|row| row.starts_with(&key)) {
        *row = format!("{key}0.5,provisional,loaded,bureau_louter_2024");
    }
    let changed = source
        .clone()
        .with_file("observations.csv", rows.join("\n") + "\n");
    let client = client_of(vec![named(source, "old"), named(changed, "new")]).await;
    let request = DiffEditionsRequest {
        indicator_ids: vec!["safe_streets".into()],
        kinds: vec![EditionChangeKind::Position.into()],
        ..between("old", "new")
    };
    let moves = moves(&diff(&client, request).await.changes);
    let of_town =
        |moved: &&v1::PositionMove| moved.region.as_ref().is_some_and(|region| region.code == *code);
    let town = moves.iter().find(of_town).expect("it moved");
    assert!(town.parts.expect("parts").own_value < 0, "{town:?}");
    for moved in &moves {
        assert_eq!(sum(&moved.parts.expect("parts")), moved.r#move);
    }
}

#[tokio::test]
async fn figures_of_neighbourhoods_that_differ_are_listed_by_code() {
    let server = neighbourhoods::revised().await;
    let client = server.client().await;
    let first = server.shelf.manifest(1).await.expect("read").id().to_owned();
    let request = DiffEditionsRequest {
        indicator_ids: vec!["low_loneliness".into()],
        kinds: vec![EditionChangeKind::Value.into()],
        ..between(&first, "")
    };
    let answer = diff(&client, request).await;
    let values = answer.changes.iter().filter_map(|change| match &change.change {
        Some(Change::Value(value)) => Some((
            value.region_code.as_str(),
            value.r#type(),
            value.base_value,
            value.value,
        )),
        _ => None,
    });
    assert_eq!(
        values.collect::<Vec<_>>(),
        [
            ("BU00340101", ChangeType::Changed, Some(60.0), Some(59.0)),
            ("BU03210104", ChangeType::Removed, Some(34.0), None),
            ("BU07940101", ChangeType::Changed, None, Some(37.0)),
        ]
    );
    let difference = answer.difference.expect("counts");
    assert_eq!(
        (difference.import_units_replaced, difference.figures_added),
        (1, 0)
    );
    assert_eq!(
        difference.values_changed,
        3 + 2,
        "De Slinger has no noise and no cars any more either"
    );
}

#[tokio::test]
async fn imports_are_told_of_after_a_restart_and_a_base_without_its_file_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    survey::import_both(&shelf).await;
    let first = shelf.manifest(1).await.expect("read").id().to_owned();
    {
        let client = Server::over(shelf.clone(), Limits::default())
            .await
            .client()
            .await;
        assert_eq!(
            diff(&client, between(&first, ""))
                .await
                .edition
                .expect("an edition")
                .sequence,
            2
        );
    }
    let client = Server::over(shelf.clone(), Limits::default())
        .await
        .client()
        .await;
    let answer = diff(&client, between(&first, "")).await;
    let difference = answer.difference.expect("counts");
    assert_eq!(
        (
            difference.import_units_added,
            difference.import_units_removed,
            difference.figures_added
        ),
        (1, 0, 2)
    );
    let added = answer.changes.iter().filter_map(|change| match &change.change {
        Some(Change::ImportUnit(unit)) => {
            Some((unit.recipe_id.as_str(), unit.period.as_str(), unit.r#type()))
        }
        _ => None,
    });
    assert_eq!(
        added.collect::<Vec<_>>(),
        [("survey_2024", "2024", ChangeType::Added)]
    );
    for moved in moves(&answer.changes) {
        let indicator = moved.indicator.clone().expect("an indicator").id;
        if indicator == "low_theft" {
            assert_eq!(
                (moved.base_period.as_str(), moved.period.as_str()),
                ("2018", "2024")
            );
        }
        assert_eq!(sum(&moved.parts.expect("parts")), moved.r#move);
    }
    // A server that never had it in memory cannot compare with what is no longer there.
    let keep_one = Retention {
        latest: std::num::NonZeroUsize::MIN,
        also: Vec::new(),
        dry_run: false,
    };
    let server = Server::over(shelf.clone(), Limits::default()).await;
    shelf.retain(&keep_one).await.expect("retained");
    let client = server.client().await;
    let error = client.diff_editions(between(&first, "")).await.expect_err("gone");
    assert_eq!(refusal(error).reason, Some(ErrorReason::EditionGone));
}
