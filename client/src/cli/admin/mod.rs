//! `admin`: changes of what a server serves, over its Unix socket.

mod sheets;
mod tables;

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};

use groeikern_client::{AdminClient, ConnectOptions, v1};

use super::{
    answer::{Answer, Keyed, Part},
    arguments::{
        Admin, AdminImport, AdminImports, AdminPublish, AdminRollback, Change, ImportStates, Options,
    },
    exit::Failure,
    language::{Language, changes},
    pages::{LARGEST_PAGE, whole},
    screen::Screen,
    sheet::Sheet,
};

/// The deadline of a change where none is typed, the same as the server's.
const PATIENCE: Duration = Duration::from_secs(900);

/// Asks for the change and shows what came of it.
pub(crate) async fn run(options: &Options, screen: Screen, arguments: &Admin) -> Result<(), Failure> {
    let connecting = ConnectOptions::new(arguments.endpoint()).deadline(options.deadline.unwrap_or(PATIENCE));
    let client = AdminClient::connect(connecting)
        .await
        .map_err(|error| Failure::NoSocket {
            endpoint: arguments.endpoint(),
            error,
        })?;
    let mut remarks = Vec::new();
    let mut id = |typed: &Option<String>| {
        typed.clone().unwrap_or_else(|| {
            let id = fresh_id();
            remarks.push(changes::request_id(screen.language, &id));
            id
        })
    };
    let answer = match &arguments.change {
        Change::Import(import) => {
            let id = id(&import.request.request_id);
            send(&client, import, id, screen.language).await?
        }
        Change::Imports(imports) => list(&client, imports, screen.language).await?,
        Change::Publish(publish) => {
            let id = id(&publish.request.request_id);
            self::publish(&client, publish, id, screen.language).await?
        }
        Change::Rollback(rollback) => {
            let id = id(&rollback.request.request_id);
            roll_back(&client, rollback, id, screen.language).await?
        }
    };
    screen.show(&answer, &remarks)
}

async fn send(
    client: &AdminClient,
    arguments: &AdminImport,
    id: String,
    language: Language,
) -> Result<Answer, Failure> {
    let (header, contents) = tables::read(arguments, &id)?;
    let imported = client.import_source(header, contents).await?;
    let sheet = Sheet::of(imported.import.as_slice(), &sheets::IMPORT, language);
    let said = imported
        .import
        .as_ref()
        .and_then(|import| import.report.as_ref())
        .map(|report| report.text.clone());
    if !arguments.publish {
        let answer = Answer::new("ImportSourceResponse", &imported, sheet);
        return Ok(answer.below(said.map(Part::Sentence)));
    }
    let request = v1::PublishEditionRequest {
        request_id: of_publication(&id),
        import_ids: vec![id],
        ..Default::default()
    };
    let published = client.publish_edition(request).await?;
    let sheet = Sheet::of(published.publication.as_slice(), &sheets::PUBLICATION, language);
    let messages = [
        Keyed::new("imported", "ImportSourceResponse", &imported),
        Keyed::new("published", "PublishEditionResponse", &published),
    ];
    Ok(Answer::of(messages, sheet).below(said.map(Part::Sentence)))
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
