//! Changes of what is served: imports wait until they are published, nothing that was acknowledged is lost, and nothing is done
//! twice.

use std::collections::BTreeSet;

use crate::support::{
    administered::{Administered, header, import, publish, recipe, table},
    refusal,
};
use groeikern_client::{AdminClient, Client, Code, StreamExt, v1, v1::ErrorReason};
use groeikern_server::serve::End;
use tonic::transport::Channel;

async fn position_of_almere(client: &Client) -> u32 {
    let request = v1::GetPositionRequest {
        indicator_id: "low_theft".into(),
        region_code: "GM0034".into(),
        ..Default::default()
    };
    let answer = client.get_position(request).await.expect("a position");
    answer
        .region
        .and_then(|region| region.standing)
        .expect("a standing")
        .position
}

async fn roll_back(admin: &AdminClient, id: &str, edition: &str) -> v1::Publication {
    let request = v1::RollbackEditionRequest {
        request_id: id.into(),
        edition: edition.into(),
        ..Default::default()
    };
    let answer = admin.rollback_edition(request).await.expect("rolled back");
    answer.publication.expect("a publication")
}

async fn states(admin: &AdminClient) -> Vec<(String, v1::ImportState)> {
    let listed = admin.list_imports(Default::default()).await.expect("listed");
    let imports = listed.imports.into_iter();
    imports
        .map(|import| (import.id.clone(), import.state()))
        .collect()
}

#[tokio::test]
async fn an_import_waits_until_it_is_published_and_then_answers_at_once() {
    let server = Administered::start().await;
    let (admin, client) = (server.admin().await, server.client().await);
    assert_eq!(position_of_almere(&client).await, 277, "as the report printed it");

    let imported = import(&admin, "first", "2024", 10).await.expect("imported");
    assert_eq!(imported.state(), v1::ImportState::Pending);
    assert_eq!(
        (imported.recipe_id.as_str(), imported.periods.as_slice()),
        ("own_table", &["2024".to_owned()][..])
    );
    let report = imported.report.expect("a report");
    assert_eq!((report.rows_read, report.rows_used, report.values), (3, 3, 3));
    assert!(
        report.text.contains("own_table, 2024: table.csv"),
        "{}",
        report.text
    );
    assert_eq!(
        imported.accepted.len(),
        "2026-11-29T12:00:00.000Z".len(),
        "{}",
        imported.accepted
    );
    assert_eq!(position_of_almere(&client).await, 277, "nothing is published yet");

    let published = publish(&admin, "second").await.expect("published");
    assert_eq!((published.sequence, published.published), (2, true));
    assert_eq!(
        (published.edition_name.as_str(), published.import_ids.as_slice()),
        ("national-2024", &["first".to_owned()][..])
    );
    assert_eq!(position_of_almere(&client).await, 1);
    let found = admin
        .get_import(v1::GetImportRequest {
            import_id: "first".into(),
        })
        .await
        .expect("found");
    let found = found.import.expect("an import");
    assert_eq!((found.state(), found.sequence), (v1::ImportState::Published, 2));

    let nothing = publish(&admin, "third").await.expect("nothing to do");
    assert_eq!((nothing.published, nothing.sequence), (false, 2));
    import(&admin, "fourth", "2024", 25).await.expect("imported");
    let replaced = publish(&admin, "fifth").await.expect("published").replaced;
    assert_eq!(
        replaced,
        [v1::PublishedUnit {
            recipe_id: "own_table".into(),
            period: "2024".into()
        }]
    );
    assert_eq!(position_of_almere(&client).await, 2);
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_answer_and_is_done_once() {
    let server = Administered::start().await;
    let admin = server.admin().await;
    let first = import(&admin, "one", "2024", 10).await.expect("imported");
    assert_eq!(import(&admin, "one", "2024", 10).await.expect("again"), first);
    let other = refusal(
        import(&admin, "one", "2024", 11)
            .await
            .expect_err("other figures"),
    );
    assert_eq!(
        (other.code, other.reason),
        (Code::AlreadyExists, Some(ErrorReason::RequestIdReused))
    );

    let published = publish(&admin, "two").await.expect("published");
    import(&admin, "three", "2024", 25).await.expect("imported");
    assert_eq!(
        publish(&admin, "two").await.expect("again"),
        published,
        "what came later waits"
    );
    let named = v1::PublishEditionRequest {
        request_id: "two".into(),
        import_ids: vec!["three".into()],
        ..Default::default()
    };
    let other = refusal(admin.publish_edition(named).await.expect_err("another request"));
    assert_eq!(other.reason, Some(ErrorReason::RequestIdReused));

    let back = roll_back(&admin, "four", "new-towns-2024").await;
    assert_eq!((back.sequence, back.published), (3, true));
    publish(&admin, "five").await.expect("published");
    assert_eq!(roll_back(&admin, "four", "new-towns-2024").await, back);
    assert_eq!(server.shelf.current_sequence().await.expect("listed"), Some(4));
}

#[tokio::test]
async fn what_a_server_published_and_could_not_note_is_not_published_again() {
    let server = Administered::start().await;
    let admin = server.admin().await;
    import(&admin, "one", "2024", 10).await.expect("imported");
    let published = publish(&admin, "two").await.expect("published");
    let back = roll_back(&admin, "three", "new-towns-2024").await;
    // As when it was killed between a publication and its record.
    server.remove("publications/two.json");
    server.remove("publications/three.json");
    let another = server.another().await;
    let admin = another.admin().await;
    assert_eq!(
        states(&admin).await,
        [("one".to_owned(), v1::ImportState::Pending)],
        "nobody looked yet"
    );
    assert_eq!(roll_back(&admin, "three", "new-towns-2024").await, back);
    assert_eq!(publish(&admin, "two").await.expect("again"), published);
    assert_eq!(
        states(&admin).await,
        [("one".to_owned(), v1::ImportState::Published)]
    );
    let nothing = publish(&admin, "four").await.expect("nothing waits");
    assert_eq!((nothing.published, nothing.import_ids.len()), (false, 0));
}

#[tokio::test]
async fn any_server_over_the_same_shelf_knows_and_publishes_what_one_imported() {
    let first = Administered::start().await;
    import(&first.admin().await, "one", "2024", 10)
        .await
        .expect("imported");
    let second = first.another().await;
    let admin = second.admin().await;
    assert_eq!(
        states(&admin).await,
        [("one".to_owned(), v1::ImportState::Pending)]
    );
    let published = publish(&admin, "two").await.expect("published");
    assert_eq!(position_of_almere(&second.client().await).await, 1);
    assert_eq!(
        publish(&first.admin().await, "two").await.expect("again"),
        published
    );
}

#[tokio::test]
async fn of_two_importers_one_wins_and_the_other_is_told_and_tries_again() {
    let first = Administered::start().await;
    let second = first.another().await;
    let (one, other) = (first.admin().await, second.admin().await);
    let mut conflicts = 0;
    for round in 0..5_u64 {
        let current = first
            .shelf
            .current_sequence()
            .await
            .expect("listed")
            .expect("an edition");
        let year = (2010 + round).to_string();
        let header = |id: &str, recipe_id: &str| header(id, &recipe(recipe_id, &year));
        let (id_one, id_other) = (format!("import-{round}-one"), format!("import-{round}-other"));
        let (imported, also) = tokio::join!(
            one.import_source(header(&id_one, "table_one"), table(10)),
            other.import_source(
                header(&id_other, &format!("table_{round}")).without_theft(),
                table(10)
            ),
        );
        imported.expect("imported");
        also.expect("imported");
        let request = |id: &str, import: &str, expected| v1::PublishEditionRequest {
            request_id: id.into(),
            import_ids: vec![import.into()],
            expected_sequence: expected,
            ..Default::default()
        };
        let (a, b) = (format!("publish-{round}-one"), format!("publish-{round}-other"));
        let (won, lost) = tokio::join!(
            one.publish_edition(request(&a, &id_one, Some(current))),
            other.publish_edition(request(&b, &id_other, Some(current))),
        );
        let outcomes = [(&one, &a, &id_one, won), (&other, &b, &id_other, lost)];
        let winners = outcomes.iter().filter(|(.., outcome)| outcome.is_ok()).count();
        assert_eq!(winners, 1, "one number, one winner");
        for (admin, id, import, outcome) in outcomes {
            let Err(error) = outcome else { continue };
            let error = refusal(error);
            assert_eq!(
                (error.code, error.reason),
                (Code::Aborted, Some(ErrorReason::PublishConflict))
            );
            let told = error.metadata["current_sequence"].parse().expect("a number");
            assert_eq!(told, current + 1);
            let again = admin
                .publish_edition(request(id, import, Some(told)))
                .await
                .expect("again");
            assert_eq!(again.publication.expect("published").sequence, current + 2);
            conflicts += 1;
        }
    }
    assert_eq!(conflicts, 5);
    let current = first
        .shelf
        .current_sequence()
        .await
        .expect("listed")
        .expect("an edition");
    let manifest = first.shelf.manifest(current).await.expect("read");
    let held = manifest.origin.expect("an origin").import_units;
    assert_eq!(held.len(), 10, "nothing that was acknowledged is lost");
    assert!(
        states(&one)
            .await
            .iter()
            .all(|(_, state)| *state == v1::ImportState::Published)
    );
}

#[tokio::test]
async fn what_somebody_published_while_tables_were_read_is_not_undone() {
    let first = Administered::start().await;
    let second = first.another().await;
    let (one, other) = (first.admin().await, second.admin().await);
    import(&one, "older", "2024", 10).await.expect("imported");
    let release = first.hold_the_table();
    let reading = {
        let one = one.clone();
        tokio::spawn(async move { publish(&one, "slow").await })
    };
    import(&other, "newer", "2024", 25).await.expect("imported");
    let request = |id: &str, import: &str| v1::PublishEditionRequest {
        request_id: id.into(),
        import_ids: vec![import.into()],
        ..Default::default()
    };
    tokio::time::sleep(std::time::Duration::from_millis(300)).await; // for the first to be reading
    let published = other
        .publish_edition(request("quick", "newer"))
        .await
        .expect("published");
    assert_eq!(published.publication.expect("one").sequence, 2);
    tokio::task::spawn_blocking(release).await.expect("released");
    let error = refusal(reading.await.expect("ended").expect_err("a conflict"));
    assert_eq!(
        (error.code, error.reason),
        (Code::Aborted, Some(ErrorReason::PublishConflict))
    );
    assert_eq!(error.metadata["current_sequence"], "2");
    assert_eq!(first.shelf.current_sequence().await.expect("listed"), Some(2));
}

#[tokio::test]
async fn what_changed_nothing_is_answered_again_and_not_done_later() {
    let server = Administered::start().await;
    let admin = server.admin().await;
    let back = roll_back(&admin, "back", "new-towns-2024").await;
    let nothing = publish(&admin, "nothing").await.expect("nothing waits");
    assert_eq!((back.published, nothing.published), (false, false));
    import(&admin, "one", "2024", 10).await.expect("imported");
    assert_eq!(publish(&admin, "nothing").await.expect("again"), nothing);
    publish(&admin, "two").await.expect("published");
    assert_eq!(roll_back(&admin, "back", "new-towns-2024").await, back);
    assert_eq!(server.shelf.current_sequence().await.expect("listed"), Some(2));
}

/// Gives a recipe an indicator of its own.
trait WithoutTheft {
    fn without_theft(self) -> Self;
}

impl WithoutTheft for v1::ImportHeader {
    fn without_theft(mut self) -> Self {
        if let Some(v1::import_header::Recipe::RecipeToml(text)) = &mut self.recipe {
            *text = text.replace(
                "id = \"low_theft\"\n",
                "id = \"low_noise\"\nname_nl = \"Lawaai\"\nname_en = \"Noise\"\ntheme = \"liveability_safety\"\nkind_basis = \"inferred\"\n",
            );
        }
        self
    }
}

#[tokio::test]
async fn imports_are_taken_in_order_or_as_named_or_set_aside() {
    let server = Administered::start().await;
    let (admin, client) = (server.admin().await, server.client().await);
    import(&admin, "low", "2024", 10).await.expect("imported");
    import(&admin, "high", "2024", 40).await.expect("imported");
    import(&admin, "wrong", "2024", 25).await.expect("imported");
    let request = v1::PublishEditionRequest {
        request_id: "publish".into(),
        set_aside_import_ids: vec!["wrong".into()],
        ..Default::default()
    };
    let checked = v1::PublishEditionRequest {
        validate_only: true,
        ..request.clone()
    };
    let checked = admin
        .publish_edition(checked)
        .await
        .expect("checked")
        .publication
        .expect("made");
    assert_eq!(
        (checked.published, checked.edition_name.as_str()),
        (false, "national-2024")
    );
    let published = admin
        .publish_edition(request)
        .await
        .expect("published")
        .publication
        .expect("published");
    assert_eq!(
        published.edition_id, checked.edition_id,
        "what was checked is what is published"
    );
    assert_eq!(published.import_ids, ["low", "high"]);
    assert_eq!(
        position_of_almere(&client).await,
        3,
        "the later import replaces the earlier one"
    );
    let of: Vec<v1::ImportState> = states(&admin).await.into_iter().map(|(_, state)| state).collect();
    assert_eq!(
        of,
        [
            v1::ImportState::SetAside,
            v1::ImportState::Published,
            v1::ImportState::Published
        ]
    );
    let named = v1::PublishEditionRequest {
        request_id: "named".into(),
        import_ids: vec!["wrong".into()],
        name: "of-the-council".into(),
        ..Default::default()
    };
    let named = admin
        .publish_edition(named)
        .await
        .expect("published")
        .publication
        .expect("published");
    assert_eq!(named.edition_name, "of-the-council");
    assert_eq!(position_of_almere(&client).await, 2);
    let without = v1::PublishEditionRequest {
        request_id: "without".into(),
        without_recipe_ids: vec!["own_table".into()],
        ..Default::default()
    };
    let without = admin
        .publish_edition(without)
        .await
        .expect("published")
        .publication
        .expect("published");
    assert_eq!(without.left_out.len(), 1);
    assert_eq!(position_of_almere(&client).await, 277);
    let unknown = v1::PublishEditionRequest {
        request_id: "unknown".into(),
        import_ids: vec!["none".into()],
        ..Default::default()
    };
    let unknown = refusal(admin.publish_edition(unknown).await.expect_err("no such import"));
    assert_eq!(
        (unknown.code, unknown.reason),
        (Code::NotFound, Some(ErrorReason::UnknownImport))
    );
    let left_out = v1::PublishEditionRequest {
        request_id: "left".into(),
        without_recipe_ids: vec!["own_table".into()],
        ..Default::default()
    };
    let left_out = refusal(
        admin
            .publish_edition(left_out)
            .await
            .expect_err("it is not there"),
    );
    assert_eq!(left_out.violations[0].field, "without_recipe_ids", "{left_out:?}");
}

#[tokio::test]
async fn a_group_is_defined_like_an_import_and_then_compared_like_any_other() {
    let server = Administered::start().await;
    let (admin, client) = (server.admin().await, server.client().await);
    let text = |nl: &str, en: &str| v1::LocalizedText {
        nl: nl.into(),
        en: en.into(),
    };
    let member = |code: &str| v1::GroupMemberDefinition {
        region_code: code.into(),
        ..Default::default()
    };
    let request = |id: &str, group: &str, members: &[&str]| v1::DefineGroupRequest {
        request_id: id.into(),
        group_id: group.into(),
        name: Some(text("Onze \"steden\"", "Our \"towns\"")),
        members: members.iter().map(|code| member(code)).collect(),
        note: Some(text("Gekozen.", "Chosen.")),
        source: "de raad".into(),
        defined: "2026-11-29".into(),
    };
    let defined = admin
        .define_group(request("one", "our_towns", &["GM0637", "GM0034"]))
        .await
        .expect("defined");
    let defined = defined.import.expect("an import");
    assert_eq!(
        (defined.recipe_id.as_str(), defined.state()),
        ("group_our_towns", v1::ImportState::Pending)
    );
    let members = &defined.report.as_ref().expect("a report").counts[0];
    assert_eq!((members.key.as_str(), members.count), ("members", 2));
    let again = admin
        .define_group(request("one", "our_towns", &["GM0637", "GM0034"]))
        .await
        .expect("again");
    assert_eq!(again.import, Some(defined));
    publish(&admin, "two").await.expect("published");
    let group = v1::GetGroupRequest {
        group_id: "our_towns".into(),
        ..Default::default()
    };
    let found = client
        .get_group(group.clone())
        .await
        .expect("found")
        .group
        .expect("a group");
    assert_eq!(found.name.expect("a name").en, "Our \"towns\"");
    assert_eq!(found.members.len(), 2);

    admin
        .define_group(request("three", "our_towns", &["GM0034"]))
        .await
        .expect("defined");
    let replaced = publish(&admin, "four").await.expect("published").replaced;
    assert_eq!(replaced[0].recipe_id, "group_our_towns");
    assert_eq!(
        client
            .get_group(group)
            .await
            .expect("found")
            .group
            .expect("a group")
            .members
            .len(),
        1
    );

    let wrong = refusal(
        admin
            .define_group(request("five", "Our Towns", &["GM0034", "GM0034", "x"]))
            .await
            .expect_err("wrong"),
    );
    let fields: Vec<&str> = wrong
        .violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(
        fields,
        ["group_id", "members[1].region_code", "members[2].region_code"]
    );
    for (id, group, member, words) in [
        ("six", "old_towns", "GM0034", "the source of the edition"),
        ("seven", "others", "GM9999", "does not know GM9999"),
    ] {
        admin
            .define_group(request(id, group, &[member]))
            .await
            .expect("kept");
        let named = v1::PublishEditionRequest {
            request_id: format!("{id}-publish"),
            import_ids: vec![id.into()],
            ..Default::default()
        };
        let refused = refusal(admin.publish_edition(named).await.expect_err("it does not fit"));
        assert_eq!(refused.reason, Some(ErrorReason::ImportRefused));
        assert!(refused.message.contains(words), "{refused:?}");
    }
}

#[tokio::test]
async fn a_group_gets_no_id_that_means_a_municipality_or_an_indicator() {
    let server = Administered::start().await;
    let admin = server.admin().await;
    let text = |text: &str| v1::LocalizedText {
        nl: text.into(),
        en: text.into(),
    };
    let request = |group: &str| v1::DefineGroupRequest {
        request_id: format!("define-{group}"),
        group_id: group.into(),
        name: Some(text("Our towns")),
        members: vec![v1::GroupMemberDefinition {
            region_code: "GM0034".into(),
            ..Default::default()
        }],
        note: None,
        source: "the council".into(),
        defined: "2026-11-29".into(),
    };
    for (group, words) in [
        ("gm0034", "reads as GM0034"),
        ("gm9999", "reads as GM9999"),
        ("almere", "reads as the municipality Almere (GM0034)"),
        ("gemeente_almere", "reads as the municipality Almere (GM0034)"),
        ("den_haag", "(GM0518)"),
        ("low_theft", "is the id of an indicator"),
        ("liveability_safety", "is the id of a theme"),
        ("traffic_safety", "is the id of a block"),
    ] {
        let refused = refusal(admin.define_group(request(group)).await.expect_err(group));
        assert_eq!(refused.reason, Some(ErrorReason::InvalidRequest));
        let [violation] = refused.violations.as_slice() else {
            panic!("{refused:?}");
        };
        assert_eq!(violation.field, "group_id");
        let instead = format!("choose another, such as `{group}_group`");
        assert!(
            violation.description.contains(words) && violation.description.contains(&instead),
            "{violation:?}"
        );
    }
    let chosen = admin.define_group(request("almere_group")).await;
    chosen.expect("what is proposed can be chosen");
    assert_eq!(states(&admin).await.len(), 1, "nothing of the others is kept");
}

#[tokio::test]
async fn days_of_membership_are_told_and_choose_no_figures() {
    let server = Administered::start().await;
    let (admin, client) = (server.admin().await, server.client().await);
    let text = |text: &str| v1::LocalizedText {
        nl: text.into(),
        en: text.into(),
    };
    let member = |code: &str, from: &str, to: &str| v1::GroupMemberDefinition {
        region_code: code.into(),
        valid_from: from.into(),
        valid_to: to.into(),
    };
    let request = v1::DefineGroupRequest {
        request_id: "define".into(),
        group_id: "our_towns".into(),
        name: Some(text("Our towns")),
        members: vec![
            member("GM0034", "2001-01-01", "2001-12-31"),
            member("GM0637", "2030-01-01", ""),
        ],
        note: None,
        source: "the council".into(),
        defined: "2026-11-29".into(),
    };
    admin.define_group(request).await.expect("defined");
    publish(&admin, "publish").await.expect("published");
    let request = v1::GetGroupRequest {
        group_id: "our_towns".into(),
        ..Default::default()
    };
    let group = client.get_group(request).await.expect("found").group;
    let members = group.expect("a group").members;
    let told: Vec<(&str, &str)> = members
        .iter()
        .map(|member| (member.valid_from.as_str(), member.last_day.as_str()))
        .collect();
    assert_eq!(told, [("2001-01-01", "2001-12-31"), ("2030-01-01", "")]);
    let request = v1::RankRegionsRequest {
        indicator_id: "low_theft".into(),
        group_id: "our_towns".into(),
        ..Default::default()
    };
    let ranked = client.rank_regions(request).await.expect("ranked").rows;
    let codes: BTreeSet<String> = ranked
        .into_iter()
        .filter_map(|row| Some(row.region?.code))
        .collect();
    assert_eq!(codes, ["GM0034", "GM0637"].map(str::to_owned).into());
}

#[tokio::test]
async fn texts_of_a_group_cannot_forge_lines_around_them() {
    let server = Administered::start().await;
    let admin = server.admin().await;
    let text = |nl: &str, en: &str| v1::LocalizedText {
        nl: nl.into(),
        en: en.into(),
    };
    let request = v1::DefineGroupRequest {
        request_id: "forged".into(),
        group_id: "our_towns".into(),
        name: Some(text("Wij\u{1b}[2J", "Us\u{202e}")),
        members: vec![v1::GroupMemberDefinition {
            region_code: "GM0034".into(),
            ..Default::default()
        }],
        note: Some(text(
            "Gekozen.\nLet op: alles is zeker.",
            "Chosen.\u{2028}Note: all is certain.",
        )),
        source: "the council\r\nand another".into(),
        defined: "2026-11-29".into(),
    };
    let refused = refusal(admin.define_group(request.clone()).await.expect_err("forged"));
    assert_eq!(refused.reason, Some(ErrorReason::InvalidRequest));
    let fields: Vec<&str> = refused
        .violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(fields, ["name.nl", "name.en", "source", "note.nl", "note.en"]);
    let seen = v1::DefineGroupRequest {
        name: Some(text("Wij", "Us")),
        note: None,
        source: "the council".into(),
        ..request
    };
    admin.define_group(seen).await.expect("defined");
}

#[tokio::test]
async fn an_edition_that_is_unknown_or_damaged_is_not_gone_back_to() {
    let server = Administered::start().await;
    let admin = server.admin().await;
    import(&admin, "one", "2024", 10).await.expect("imported");
    let published = publish(&admin, "two").await.expect("published");
    let back = roll_back(&admin, "three", "new-towns-2024").await;
    let same = roll_back(&admin, "four", "new-towns-2024").await;
    assert_eq!((same.published, same.sequence), (false, back.sequence));
    let request = |id: &str, edition: &str, expected| v1::RollbackEditionRequest {
        request_id: id.into(),
        edition: edition.into(),
        expected_sequence: expected,
    };
    let refused =
        |answer: Result<v1::RollbackEditionResponse, _>| refusal(answer.expect_err("refused")).reason;
    let unknown = admin
        .rollback_edition(request("five", "national-2042", None))
        .await;
    assert_eq!(refused(unknown), Some(ErrorReason::UnknownEdition));
    let late = admin
        .rollback_edition(request("six", &published.edition_id, Some(1)))
        .await;
    assert_eq!(refused(late), Some(ErrorReason::PublishConflict));
    let manifest = server.shelf.manifest(published.sequence).await.expect("read");
    server.remove(&format!("blobs/{}", manifest.file_sha256));
    let gone = admin
        .rollback_edition(request("seven", &published.edition_id, None))
        .await;
    assert_eq!(refused(gone), Some(ErrorReason::EditionGone));
}

#[tokio::test]
async fn imports_are_listed_latest_first_in_pages() {
    let server = Administered::start().await;
    let admin = server.admin().await;
    for number in 0..5 {
        import(&admin, &format!("import-{number}"), "2024", 10 + number)
            .await
            .expect("imported");
    }
    let request = |state: v1::ImportState| v1::ListImportsRequest {
        state: state.into(),
        page_size: 2,
        ..Default::default()
    };
    let mut pages = admin.list_imports_pages(request(v1::ImportState::Unspecified));
    let mut listed = Vec::new();
    while let Some(page) = pages.next().await {
        listed.extend(page.expect("a page").imports.into_iter().map(|import| import.id));
    }
    assert_eq!(
        listed,
        ["import-4", "import-3", "import-2", "import-1", "import-0"]
    );
    publish(&admin, "publish").await.expect("published");
    let waiting = admin
        .list_imports(request(v1::ImportState::Pending))
        .await
        .expect("listed");
    assert!(waiting.imports.is_empty());
}

#[tokio::test]
async fn a_server_that_keeps_editions_in_memory_says_that_nothing_would_stay() {
    let server = Administered::in_memory().await;
    let admin = server.admin().await;
    let error = refusal(import(&admin, "one", "2024", 10).await.expect_err("refused"));
    assert_eq!(
        (error.code, error.reason),
        (Code::FailedPrecondition, Some(ErrorReason::ShelfReadOnly))
    );
    assert!(error.message.contains("--data-dir"), "{}", error.message);
    assert_eq!(
        refusal(publish(&admin, "two").await.expect_err("refused")).reason,
        Some(ErrorReason::ShelfReadOnly)
    );
    let mut checked = header("three", &recipe("own_table", "2024"));
    checked.validate_only = true;
    let checked = admin.import_source(checked, table(10)).await.expect("only read");
    assert_eq!(
        checked
            .import
            .and_then(|import| import.report)
            .expect("a report")
            .values,
        3
    );
    assert!(states(&admin).await.is_empty());
}

#[tokio::test]
async fn changes_are_on_no_listener_but_their_own() {
    let server = Administered::start().await;
    let endpoint = Channel::from_shared(server.url().to_owned()).expect("a URL");
    let questions = endpoint.connect().await.expect("a connection");
    let mut admin = v1::admin_service_client::AdminServiceClient::new(questions.clone());
    let refused = admin
        .list_imports(v1::ListImportsRequest::default())
        .await
        .expect_err("not here");
    assert_eq!(refused.code(), Code::Unimplemented);
    let ours = |services: BTreeSet<String>| {
        let ours = services.into_iter().filter(|name| name.starts_with("groeikern."));
        ours.collect::<Vec<_>>()
    };
    let changes = server.channel().await;
    assert_eq!(
        ours(services(changes.clone()).await),
        ["groeikern.v1.AdminService"]
    );
    assert!(!ours(services(questions).await).contains(&"groeikern.v1.AdminService".to_owned()));
    let mut catalogue = v1::catalogue_service_client::CatalogueServiceClient::new(changes);
    let refused = catalogue
        .list_themes(v1::ListThemesRequest::default())
        .await
        .expect_err("not here");
    assert_eq!(refused.code(), Code::Unimplemented);
}

async fn services(channel: Channel) -> BTreeSet<String> {
    use tonic_reflection::pb::v1::{
        ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    };
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut client = ServerReflectionClient::new(channel);
    let answers = client.server_reflection_info(tokio_stream::once(request));
    let mut answers = answers.await.expect("reflection").into_inner();
    let answer = answers
        .next()
        .await
        .expect("an answer")
        .expect("an answer")
        .message_response;
    let Some(MessageResponse::ListServicesResponse(list)) = answer else {
        panic!("{answer:?}")
    };
    list.service.into_iter().map(|service| service.name).collect()
}

#[tokio::test]
async fn a_server_that_stops_finishes_the_change_under_way_and_takes_its_socket_along() {
    let server = Administered::start().await;
    let admin = server.admin().await;
    import(&admin, "one", "2024", 10).await.expect("imported");
    let (shelf, socket) = (server.shelf.clone(), server.socket().to_owned());
    let publishing = tokio::spawn(async move { publish(&admin, "two").await });
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let (end, _folder) = server.stopped().await;
    assert_eq!(end, End::Drained);
    let published = publishing.await.expect("asked").expect("published");
    assert_eq!(
        shelf.current_sequence().await.expect("listed"),
        Some(published.sequence)
    );
    assert!(!socket.exists());
}
