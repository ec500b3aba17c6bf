//! `admin`: changes of what a server serves, over its Unix socket.

mod sheets;
mod tables;

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};

use groeikern_client::{AdminClient, ConnectOptions, Error, v1};

use super::{
    answer::{Answer, Keyed, Part},
    arguments::{
        Admin, AdminImport, AdminImports, AdminPublish, AdminRollback, Change, DefineGroup, ImportStates,
        Options,
    },
    exit::Failure,
    language::{Language, changes},
    pages::{LARGEST_PAGE, whole},
    screen::{Screen, beside},
    sheet::Sheet,
};

/// The deadline of a change where none is typed, the same as the server's.
const PATIENCE: Duration = Duration::from_secs(900);

/// Asks for the change and shows what came of it.
pub(crate) async fn run(options: &Options, screen: Screen, arguments: &Admin) -> Result<(), Failure> {
    let connecting = ConnectOptions::new(arguments.endpoint()).deadline(options.deadline.unwrap_or(PATIENCE));
    let no_socket = |error| Failure::NoSocket {
        endpoint: arguments.endpoint(),
        error,
    };
    let client = AdminClient::connect(connecting).await.map_err(no_socket)?;
    let answer = change(&client, screen.language, &arguments.change).await;
    let answer = answer.map_err(|failure| match failure {
        Failure::Service(error @ Error::Unreachable { .. }) => no_socket(error),
        Failure::Service(Error::Answer(error)) => Failure::Refused { error, kept: None },
        failure => failure,
    })?;
    screen.show(&answer, &[])
}

async fn change(client: &AdminClient, language: Language, change: &Change) -> Result<Answer, Failure> {
    let id = |typed: &Option<String>| {
        typed.clone().unwrap_or_else(|| {
            let id = fresh_id();
            // Before the call: who loses its answer needs the id the most.
            beside(&format!("{}\n", changes::request_id(language, &id)));
            id
        })
    };
    match change {
        Change::Import(import) => {
            let id = id(&import.request.request_id);
            send(client, import, id, language).await
        }
        Change::Imports(imports) => list(client, imports, language).await,
        Change::Publish(publish) => {
            let id = id(&publish.request.request_id);
            self::publish(client, publish, id, language).await
        }
        Change::Rollback(rollback) => {
            let id = id(&rollback.request.request_id);
            roll_back(client, rollback, id, language).await
        }
        Change::DefineGroup(group) => {
            let id = id(&group.request.request_id);
            define(client, group, id, language).await
        }
    }
}

async fn send(
    client: &AdminClient,
    arguments: &AdminImport,
    id: String,
    language: Language,
) -> Result<Answer, Failure> {
    let (header, contents) = tables::read(arguments, &id)?;
    let imported = client.import_source(header, contents).await?;
    let kept = Kept {
        message: Keyed::new("imported", "ImportSourceResponse", &imported),
        import: imported.import,
        publish: arguments.publish,
    };
    kept.shown(client, &id, language).await
}

async fn define(
    client: &AdminClient,
    arguments: &DefineGroup,
    id: String,
    language: Language,
) -> Result<Answer, Failure> {
    let text = |nl: &str, en: &str| v1::LocalizedText {
        nl: nl.to_owned(),
        en: en.to_owned(),
    };
    let member = |typed: &String| {
        let mut parts = typed.splitn(3, ':').map(str::to_owned);
        v1::GroupMemberDefinition {
            region_code: parts.next().unwrap_or_default(),
            valid_from: parts.next().unwrap_or_default(),
            valid_to: parts.next().unwrap_or_default(),
        }
    };
    let note = arguments.note_nl.as_ref().zip(arguments.note_en.as_ref());
    let request = v1::DefineGroupRequest {
        request_id: id.clone(),
        group_id: arguments.group.clone(),
        name: Some(text(&arguments.name_nl, &arguments.name_en)),
        members: arguments.members.iter().map(member).collect(),
        note: note.map(|(nl, en)| text(nl, en)),
        source: arguments.source.clone(),
        defined: arguments.defined.clone(),
    };
    let defined = client.define_group(request).await?;
    let kept = Kept {
        message: Keyed::new("defined", "DefineGroupResponse", &defined),
        import: defined.import,
        publish: arguments.publish,
    };
    kept.shown(client, &id, language).await
}

/// An import that a server keeps, and what is to become of it.
struct Kept {
    message: Keyed,
    import: Option<v1::Import>,
    publish: bool,
}

impl Kept {
    /// The import; where it is to be published, the publication, with the report of the import below.
    async fn shown(self, client: &AdminClient, id: &str, language: Language) -> Result<Answer, Failure> {
        let report = self.import.as_ref().and_then(|import| import.report.as_ref());
        let said = report.map(|report| Part::Sentence(report.text.clone()));
        if !self.publish {
            let sheet = Sheet::of(self.import.as_slice(), &sheets::IMPORT, language);
            let message = Keyed {
                key: "",
                ..self.message
            };
            return Ok(Answer::of([message], sheet).below(said));
        }
        let request = v1::PublishEditionRequest {
            request_id: of_publication(id),
            import_ids: vec![id.to_owned()],
            ..Default::default()
        };
        let published = client
            .publish_edition(request)
            .await
            .map_err(|error| match error {
                Error::Answer(error) => Failure::Refused {
                    error,
                    kept: Some(id.to_owned()),
                },
                error => error.into(),
            })?;
        let sheet = Sheet::of(published.publication.as_slice(), &sheets::PUBLICATION, language);
        let messages = [
            self.message,
            Keyed::new("published", "PublishEditionResponse", &published),
        ];
        Ok(Answer::of(messages, sheet).below(said))
    }
}

async fn list(client: &AdminClient, arguments: &AdminImports, language: Language) -> Result<Answer, Failure> {
    let state = arguments
        .state
        .map_or(v1::ImportState::Unspecified, |state| match state {
            ImportStates::Pending => v1::ImportState::Pending,
            ImportStates::Published => v1::ImportState::Published,
            ImportStates::SetAside => v1::ImportState::SetAside,
        });
    let request = v1::ListImportsRequest {
        state: state.into(),
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let listed = whole(client.list_imports_pages(request)).await?;
    let sheet = Sheet::of(&listed.imports, &sheets::IMPORT, language);
    Ok(Answer::new("ListImportsResponse", &listed, sheet))
}

async fn publish(
    client: &AdminClient,
    arguments: &AdminPublish,
    id: String,
    language: Language,
) -> Result<Answer, Failure> {
    let request = v1::PublishEditionRequest {
        request_id: id,
        import_ids: arguments.imports.clone(),
        set_aside_import_ids: arguments.set_aside.clone(),
        without_recipe_ids: arguments.without.clone(),
        name: arguments.name.clone(),
        expected_sequence: arguments.expect,
        validate_only: arguments.validate_only,
    };
    let published = client.publish_edition(request).await?;
    let sheet = Sheet::of(published.publication.as_slice(), &sheets::PUBLICATION, language);
    let said = sheets::said(published.publication.as_ref(), arguments.validate_only, language);
    Ok(Answer::new("PublishEditionResponse", &published, sheet).below(said))
}

async fn roll_back(
    client: &AdminClient,
    arguments: &AdminRollback,
    id: String,
    language: Language,
) -> Result<Answer, Failure> {
    let request = v1::RollbackEditionRequest {
        request_id: id,
        edition: arguments.edition.clone(),
        expected_sequence: arguments.expect,
    };
    let restored = client.rollback_edition(request).await?;
    let sheet = Sheet::of(restored.publication.as_slice(), &sheets::PUBLICATION, language);
    let said = sheets::said(restored.publication.as_ref(), false, language);
    Ok(Answer::new("RollbackEditionResponse", &restored, sheet).below(said))
}

/// The id of the publication that goes with an import.
fn of_publication(import: &str) -> String {
    const LONGEST: usize = 64 - "-publish".len();
    let beginning = import.get(..LONGEST).unwrap_or(import);
    format!("{beginning}-publish")
}

/// An id that nobody has chosen before: fresh states hash nothing to random numbers, without a further crate.
fn fresh_id() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_publication_follows_from_that_of_its_import_and_fits() {
        assert_eq!(of_publication("july"), "july-publish");
        assert_eq!(of_publication(&"x".repeat(64)).len(), 64);
        assert_ne!(fresh_id(), fresh_id());
    }
}
