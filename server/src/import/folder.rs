//! A folder of tables, each under the name that its recipe gives.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{ImportError, Recipe, TableKind, odata, problems::Problems};

/// Deeper folders are no collection of tables.
const MOST_LEVELS: usize = 8;
/// Neither are fuller ones.
const MOST_ENTRIES: usize = 100_000;

/// The files and folders under a folder, by name.
#[derive(Debug)]
pub struct TableFolder {
    root: PathBuf,
    /// By name without `.gz`.
    by_name: BTreeMap<String, Vec<PathBuf>>,
}

impl TableFolder {
    /// Looks what is in a folder and those within it: files and folders, also files behind links. Links to folders are not
    /// followed, and nothing else can be a table.
    ///
    /// # Errors
    /// [`ImportError`] when a folder cannot be read, or holds too much to be a collection of tables.
    pub fn read(root: &Path) -> Result<Self, ImportError> {
        let mut folder = Self {
            root: root.to_path_buf(),
            by_name: BTreeMap::new(),
        };
        let mut left = MOST_ENTRIES;
        match folder.add(root, MOST_LEVELS, &mut left) {
            Ok(()) => Ok(folder),
            Err((place, error)) => {
                let mut problems = Problems::all();
                problems.in_file(&place.display().to_string(), format!("cannot be read: {error}"));
                Err(problems.refusal("the folder of tables"))
            }
        }
    }

    fn add(&mut self, folder: &Path, levels: usize, left: &mut usize) -> Result<(), (PathBuf, io::Error)> {
        let at = |error: io::Error| (folder.to_path_buf(), error);
        for entry in fs::read_dir(folder).map_err(at)? {
            let entry = entry.map_err(at)?;
            *left = left.checked_sub(1).ok_or_else(|| {
                at(io::Error::other(format!(
                    "there are more than {MOST_ENTRIES} files; name the folder that holds the tables"
                )))
            })?;
            let kind = entry.file_type().map_err(at)?;
            let path = entry.path();
            if kind.is_dir() && levels > 0 {
                self.add(&path, levels - 1, left)?;
            }
            // Opening a pipe would wait for ever.
            if !kind.is_dir() && !path.is_file() {
                continue;
            }
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue; // no recipe names it
            };
            let name = name.strip_suffix(".gz").unwrap_or(name).to_owned();
            self.by_name.entry(name).or_default().push(path);
        }
        Ok(())
    }

    /// The table of a recipe, if it is here.
    ///
    /// # Errors
    /// [`ImportError`] when there are several of its name.
    pub fn table_of(&self, recipe: &Recipe) -> Result<Option<&Path>, ImportError> {
        let found = match &recipe.source.file {
            Some(name) => self.one(name)?,
            None => None,
        };
        // A folder with no more than the list of regions of a table is not the table.
        Ok(found.filter(|path| recipe.table.kind != TableKind::OData || odata::has_observations(path)))
    }

    /// The list of regions that a recipe looks names up in, if it needs one and it is here.
    ///
    /// # Errors
    /// [`ImportError`] when there are several of its name.
    pub fn region_names_of(&self, recipe: &Recipe) -> Result<Option<&Path>, ImportError> {
        match recipe
            .figure_table()
            .and_then(|table| table.region_names.as_ref())
        {
            Some(name) => self.one(name),
            None => Ok(None),
        }
    }

    fn one(&self, name: &str) -> Result<Option<&Path>, ImportError> {
        match self.by_name.get(name).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([only]) => Ok(Some(only)),
            Some(several) => {
                let mut several: Vec<String> =
                    several.iter().map(|path| path.display().to_string()).collect();
                several.sort_unstable();
                let mut problems = Problems::all();
                let message = format!(
                    "holds several tables called {name}: keep one of {}",
                    several.join(", ")
                );
                problems.in_file(&self.root.display().to_string(), message);
                Err(problems.refusal("the folder of tables"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::fixtures::{WIDE, recipe};

    fn recipe_for(file: &str) -> Recipe {
        recipe(&format!("{WIDE}\n[source]\nfile = \"{file}\"\n"))
    }

    #[test]
    fn a_table_is_found_by_its_name_however_deep_and_packed() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("a/b");
        fs::create_dir_all(&deep).expect("folders");
        fs::write(deep.join("towns.csv.gz"), "").expect("written");
        let found = TableFolder::read(folder.path()).expect("a folder");
        let path = deep.join("towns.csv.gz");
        assert_eq!(found.table_of(&recipe_for("towns.csv")), Ok(Some(path.as_path())));
        assert_eq!(found.table_of(&recipe_for("other.csv")), Ok(None));
        assert_eq!(found.table_of(&recipe(WIDE)), Ok(None));
        fs::write(folder.path().join("towns.csv"), "").expect("written");
        let found = TableFolder::read(folder.path()).expect("a folder");
        let error = found
            .table_of(&recipe_for("towns.csv"))
            .expect_err("two of a name");
        assert!(
            error
                .to_string()
                .contains("holds several tables called towns.csv: keep one of"),
            "{error}"
        );
    }

    #[test]
    fn a_list_of_regions_alone_is_no_table_over_odata() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = folder.path().join("03759ned");
        fs::create_dir(&table).expect("a folder");
        fs::write(table.join("codes-RegioS.json"), "{}").expect("written");
        let recipe = Recipe::find("cbs_population").unwrap_or_else(|error| panic!("{error}"));
        let found = TableFolder::read(folder.path()).expect("a folder");
        assert_eq!(found.table_of(&recipe), Ok(None));
        fs::write(table.join("observations-page-1.json"), "{}").expect("written");
        let found = TableFolder::read(folder.path()).expect("a folder");
        assert_eq!(found.table_of(&recipe), Ok(Some(table.as_path())));
    }

    #[cfg(unix)]
    #[test]
    fn files_behind_links_are_tables_and_links_to_folders_lead_nowhere() {
        use std::os::unix::{fs::symlink, net::UnixListener};

        let folder = tempfile::tempdir().expect("a folder");
        let elsewhere = tempfile::tempdir().expect("a folder");
        fs::write(elsewhere.path().join("stored"), "").expect("written");
        fs::write(elsewhere.path().join("other.csv"), "").expect("written");
        symlink(elsewhere.path().join("stored"), folder.path().join("towns.csv")).expect("a link");
        symlink(elsewhere.path(), folder.path().join("more")).expect("a link");
        symlink(folder.path(), folder.path().join("round")).expect("a link");
        let _socket = UnixListener::bind(folder.path().join("waits.csv")).expect("a socket");
        let found = TableFolder::read(folder.path()).expect("a folder");
        let path = folder.path().join("towns.csv");
        assert_eq!(found.table_of(&recipe_for("towns.csv")), Ok(Some(path.as_path())));
        for name in ["other.csv", "waits.csv"] {
            assert_eq!(found.table_of(&recipe_for(name)), Ok(None), "{name}");
        }
    }

    #[test]
    fn an_absent_folder_is_named() {
        let error = TableFolder::read(Path::new("no such folder")).expect_err("absent");
        assert!(
            error.to_string().contains("no such folder: cannot be read"),
            "{error}"
        );
    }
}
