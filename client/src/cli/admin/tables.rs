//! The files of an import, announced with their size and hash before they are sent.

use std::{fs, io, path::Path};

use groeikern_client::{UploadContent, v1};

use crate::cli::{arguments::AdminImport, exit::Failure, export::content_of};

/// The header of an import, and the contents that follow it.
pub(super) fn read(
    arguments: &AdminImport,
    id: &str,
) -> Result<(v1::ImportHeader, Vec<UploadContent>), Failure> {
    let files = arguments.files.iter();
    let header = v1::ImportHeader {
        request_id: id.to_owned(),
        recipe: Some(recipe(&arguments.recipe)?),
        files: files.map(|file| announced(file)).collect::<Result<_, _>>()?,
        region_names: arguments.region_names.as_deref().map(announced).transpose()?,
        retrieved: arguments.retrieved.clone(),
        source_version: arguments.source_version.clone(),
        validate_only: arguments.validate_only,
    };
    let all = arguments.files.iter().chain(&arguments.region_names);
    Ok((
        header,
        all.map(|file| UploadContent::File(file.clone())).collect(),
    ))
}

/// A file when it looks like one, else the name of a recipe that the server knows.
fn recipe(typed: &str) -> Result<v1::import_header::Recipe, Failure> {
    let path = Path::new(typed);
    let looks_like_one = path.extension().is_some_and(|extension| extension == "toml")
        || path.components().count() > 1
        || path.is_file();
    if !looks_like_one {
        return Ok(v1::import_header::Recipe::RecipeId(typed.to_owned()));
    }
    fs::read_to_string(path)
        .map(v1::import_header::Recipe::RecipeToml)
        .map_err(|error| unreadable(path, error))
}

fn announced(path: &Path) -> Result<v1::UploadedFile, Failure> {
    let content = content_of(path).map_err(|error| unreadable(path, error))?;
    if content.bytes == 0 {
        return Err(Failure::Empty {
            file: path.display().to_string(),
        });
    }
    let name = path.file_name().unwrap_or(path.as_os_str());
    Ok(v1::UploadedFile {
        name: name.to_string_lossy().into_owned(),
        size_bytes: Some(content.bytes),
        sha256: content.sha256,
    })
}

fn unreadable(path: &Path, error: io::Error) -> Failure {
    Failure::Unreadable {
        file: path.display().to_string(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_is_a_file_or_the_name_of_one_that_ships() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        fs::write(&file, "id = \"own\"").unwrap();
        let text = recipe(file.to_str().unwrap()).unwrap();
        assert_eq!(text, v1::import_header::Recipe::RecipeToml("id = \"own\"".into()));
        let name = recipe("cbs_population").unwrap();
        assert_eq!(name, v1::import_header::Recipe::RecipeId("cbs_population".into()));
        assert!(recipe("no_such.toml").is_err());
    }

    #[test]
    fn a_file_is_announced_by_its_name_alone_with_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("table.csv");
        fs::write(&file, "abc").unwrap();
        let announced = announced(&file).unwrap();
        assert_eq!(
            (announced.name.as_str(), announced.size_bytes),
            ("table.csv", Some(3))
        );
        assert_eq!(
            announced.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
