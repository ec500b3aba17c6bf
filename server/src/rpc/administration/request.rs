//! Requests for changes, read: everything that is wrong at once.

use groeikern::v1::{self, import_header::Recipe as Named};

use crate::{
    administration::{AnnouncedFile, ImportRequest, PublishRequest, RollbackRequest},
    domain::{RequestId, is_date},
    edition::check_label,
    import::{Recipe, problem_of_text},
    rpc::{Failure, request::Violations},
};

const MOST_FILES: usize = 50;
const MOST_IMPORTS: usize = 200;
const MOST_RECIPES: usize = 50;
const LONGEST_RECIPE: usize = 256 * 1024;
const LONGEST_NAME: usize = 200;

/// The id of a request.
pub(super) fn id(violations: &mut Violations, field: &str, text: &str) -> Option<RequestId> {
    RequestId::parse(text)
        .map_err(|error| violations.add(field, error.to_string()))
        .ok()
}

/// The state to list; nothing for all.
pub(super) fn state(violations: &mut Violations, state: i32) -> Option<v1::ImportState> {
    match v1::ImportState::try_from(state) {
        Ok(v1::ImportState::Unspecified) => None,
        Ok(state) => Some(state),
        Err(_) => {
            violations.add("state", format!("{state} is no state of this contract"));
            None
        }
    }
}

/// What is to be imported.
pub(super) fn import(header: v1::ImportHeader) -> Result<ImportRequest, Failure> {
    let mut violations = Violations::new();
    let id = id(&mut violations, "header.request_id", &header.request_id);
    match &header.recipe {
        None => violations.add(
            "header.recipe",
            "is required: the id of a recipe that ships, or the text of one of your own",
        ),
        Some(Named::RecipeToml(text)) if text.len() > LONGEST_RECIPE => {
            violations.add(
                "header.recipe_toml",
                format!("is longer than {LONGEST_RECIPE} bytes"),
            );
        }
        Some(_) => {}
    }
    if !(1..=MOST_FILES).contains(&header.files.len()) {
        violations.add("header.files", format!("must be 1 to {MOST_FILES} tables"));
    }
    let files: Vec<AnnouncedFile> = header
        .files
        .iter()
        .enumerate()
        .map(|(place, file)| announced(&mut violations, &format!("header.files[{place}]"), file))
        .collect();
    let region_names = header
        .region_names
        .as_ref()
        .map(|file| announced(&mut violations, "header.region_names", file));
    if !header.retrieved.is_empty() && !is_date(&header.retrieved) {
        violations.add("header.retrieved", "must be a day as YYYY-MM-DD");
    }
    if header.source_version.len() > LONGEST_NAME {
        violations.add(
            "header.source_version",
            format!("is longer than {LONGEST_NAME} bytes"),
        );
    } else if let Some(problem) = problem_of_text(&header.source_version) {
        violations.add("header.source_version", problem);
    }
    violations.finish()?;
    let recipe = match header.recipe {
        Some(Named::RecipeId(id)) => Recipe::shipped(&id),
        Some(Named::RecipeToml(text)) => Recipe::of_text(&text),
        None => return Err(Failure::internal("a violation was lost")),
    };
    let some = |text: String| (!text.is_empty()).then_some(text);
    Ok(ImportRequest {
        id: id.ok_or_else(|| Failure::internal("a violation was lost"))?,
        recipe: recipe.map_err(|error| Failure::import_refused(&error))?,
        files,
        region_names,
        retrieved: some(header.retrieved),
        source_version: some(header.source_version),
        validate_only: header.validate_only,
    })
}

/// A file that is announced. Its name is for messages, and leads nowhere.
fn announced(violations: &mut Violations, field: &str, file: &v1::UploadedFile) -> AnnouncedFile {
    if file.name.is_empty() || file.name.len() > LONGEST_NAME || file.name.contains(['/', '\\']) {
        violations.add(
            format!("{field}.name"),
            format!("must be the name of a file, without folders, of at most {LONGEST_NAME} bytes"),
        );
    } else if let Some(problem) = problem_of_text(&file.name) {
        violations.add(format!("{field}.name"), problem);
    }
    let sha256 = file.sha256.to_ascii_lowercase();
    if !sha256.is_empty() && (sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        violations.add(format!("{field}.sha256"), "must be 64 hex digits, or empty");
    }
    AnnouncedFile {
        name: file.name.clone(),
        bytes: file.size_bytes,
        sha256: (!sha256.is_empty()).then_some(sha256),
    }
}

/// What is to be published.
pub(super) fn publish(request: v1::PublishEditionRequest) -> Result<PublishRequest, Failure> {
    let mut violations = Violations::new();
    let id = id(&mut violations, "request_id", &request.request_id);
    let imports = ids(&mut violations, "import_ids", &request.import_ids);
    let set_aside = ids(
        &mut violations,
        "set_aside_import_ids",
        &request.set_aside_import_ids,
    );
    if let Some(both) = imports.iter().find(|id| set_aside.contains(id)) {
        violations.add(
            "set_aside_import_ids",
            format!("{both} is to be taken as well: choose one"),
        );
    }
    if request.without_recipe_ids.len() > MOST_RECIPES {
        violations.too_large("without_recipe_ids", format!("are more than {MOST_RECIPES}"));
    }
    if !request.name.is_empty()
        && let Err(message) = check_label(&request.name)
    {
        violations.add("name", message);
    }
    violations.finish()?;
    Ok(PublishRequest {
        id: id.ok_or_else(|| Failure::internal("a violation was lost"))?,
        imports,
        set_aside,
        without: request.without_recipe_ids,
        name: (!request.name.is_empty()).then_some(request.name),
        expected_sequence: request.expected_sequence,
        validate_only: request.validate_only,
    })
}

/// What is to be current again.
pub(super) fn roll_back(request: v1::RollbackEditionRequest) -> Result<RollbackRequest, Failure> {
    let mut violations = Violations::new();
    let id = id(&mut violations, "request_id", &request.request_id);
    violations.required("edition", &request.edition, 100, "new-towns-2024");
    violations.finish()?;
    Ok(RollbackRequest {
        id: id.ok_or_else(|| Failure::internal("a violation was lost"))?,
        edition: request.edition,
        expected_sequence: request.expected_sequence,
    })
}

/// Ids of imports, each once.
fn ids(violations: &mut Violations, field: &str, texts: &[String]) -> Vec<RequestId> {
    if texts.len() > MOST_IMPORTS {
        violations.too_large(
            field,
            format!("are more than {MOST_IMPORTS}: publish them in turns"),
        );
        return Vec::new();
    }
    let mut found = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        let field = format!("{field}[{place}]");
        if let Some(id) = id(violations, &field, text) {
            if found.contains(&id) {
                violations.add(field, format!("{id} is named before"));
            } else {
                found.push(id);
            }
        }
    }
    found
}
