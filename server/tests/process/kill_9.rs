//! Kill -9 at random moments of imports, publications and ways back: what is served stays whole, nothing that was acknowledged is
//! lost, nothing is there by half, and the same request again succeeds.
//!
//! `GROEIKERN_KILLS=200` makes it a campaign, `GROEIKERN_SEED=7` another one; without them it is ten moments.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use groeikern_client::{AdminClient, ConnectOptions, Error, RetryBudget, UploadContent, v1};
use tempfile::TempDir;

use crate::{
    edition_name,
    recipes::RECIPE,
    running::{self, Running},
    server, words,
};

/// A shelf is used for so many moments: `verify` looks at every publication there is.
const MOMENTS_PER_SHELF: u64 = 20;
/// Until a server that was told to do something has to have done it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Numbers without a pattern, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most.max(1)
    }
}

/// When to kill.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// So long after it was asked.
    After(Duration),
    /// So long after a file comes to this folder of the shelf: when it is being written down.
    AfterFile(&'static str, Duration),
}

impl Moment {
    /// Somewhere in an operation that takes so long, half of the times where it writes.
    fn in_one_of(dice: &mut Dice, usual: Duration, folders: &[&'static str]) -> Self {
        let at = |dice: &mut Dice, most: Duration| {
            Duration::from_micros(dice.below(u64::try_from(most.as_micros()).expect("short")))
        };
        match dice.below(2) {
            0 => Self::After(at(dice, usual.mul_f64(1.1))),
            _ => {
                let folder = folders[usize::try_from(dice.below(folders.len() as u64)).expect("small")];
                Self::AfterFile(folder, at(dice, Duration::from_millis(6)))
            }
        }
    }

    /// Waits for it; an operation that is over is not waited for.
    fn wait(self, shelf: &Path, begun: Instant, mut is_over: impl FnMut() -> bool) {
        match self {
            Self::After(delay) => std::thread::sleep(delay),
            Self::AfterFile(folder, delay) => {
                let files = || fs::read_dir(shelf.join(folder)).map_or(0, |listed| listed.count());
                let before = files();
                while files() == before && !is_over() && begun.elapsed() < PATIENCE {
                    std::thread::sleep(Duration::from_micros(100));
                }
                std::thread::sleep(delay);
            }
        }
    }
}

/// What is done when the server is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Operation {
    Import,
    Publish,
    RollBack,
    ImportCommand,
    RollBackCommand,
}

const OPERATIONS: [Operation; 5] = [
    Operation::Import,
    Operation::Publish,
    Operation::RollBack,
    Operation::ImportCommand,
    Operation::RollBackCommand,
];

/// A shelf with its server, and everything that was acknowledged.
struct Campaign {
    folder: TempDir,
    server: Option<Running>,
    imports: BTreeMap<String, v1::Import>,
    publications: BTreeMap<String, v1::Publication>,
    /// Counts figures: no two imports are alike.
    figure: u64,
}

impl Campaign {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("own_table.toml"), RECIPE).expect("written");
        let mut campaign = Self {
            folder,
            server: None,
            imports: BTreeMap::new(),
            publications: BTreeMap::new(),
            figure: 0,
        };
        campaign.start();
        campaign
    }

    fn shelf(&self) -> PathBuf {
        self.folder.path().join("shelf")
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("admin.sock")
    }

    fn start(&mut self) {
        let socket = self.socket();
        let socket = socket.to_str().expect("a path");
        self.server = Some(Running::start(&self.shelf(), &["--admin-socket", socket]));
    }

    /// SIGKILL, and another server over what is left.
    fn kill(&mut self) {
        self.server = None;
    }

    async fn admin(&self) -> AdminClient {
        let options = ConnectOptions::new(format!("unix:{}", self.socket().display()))
            .deadline(PATIENCE)
            .retry_budget(RetryBudget::none());
        AdminClient::connect(options).await.expect("a connection")
    }

    /// A table that no import had before.
    fn next_table(&mut self) -> String {
        self.figure += 1;
        format!(
            "code,thefts,inhabitants\nGM0034,{},200000\nGM0637,240,120000\n",
            300 + self.figure
        )
    }

    fn header(id: &str) -> v1::ImportHeader {
        v1::ImportHeader {
            request_id: id.into(),
            recipe: Some(v1::import_header::Recipe::RecipeToml(RECIPE.into())),
            files: vec![v1::UploadedFile {
                name: "table.csv".into(),
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    async fn import(admin: AdminClient, id: String, table: String) -> Result<v1::Import, Error> {
        let content = vec![UploadContent::Bytes(table.into_bytes())];
        let answer = admin.import_source(Self::header(&id), content).await?;
        Ok(answer.import.expect("an import"))
    }

    async fn publish(admin: AdminClient, id: String) -> Result<v1::Publication, Error> {
        let request = v1::PublishEditionRequest {
            request_id: id,
            ..Default::default()
        };
        Ok(admin
            .publish_edition(request)
            .await?
            .publication
            .expect("a publication"))
    }

    async fn roll_back(admin: AdminClient, id: String, edition: String) -> Result<v1::Publication, Error> {
        let request = v1::RollbackEditionRequest {
            request_id: id,
            edition,
            ..Default::default()
        };
        Ok(admin
            .rollback_edition(request)
            .await?
            .publication
            .expect("a publication"))
    }

    /// An edition that is not current, by id.
    async fn earlier(&self) -> String {
        let server = self.server.as_ref().expect("running");
        let listed = server
            .client()
            .await
            .list_editions(Default::default())
            .await
            .expect("listed");
        let mut editions = listed.editions.into_iter();
        editions
            .find(|edition| !edition.current)
            .expect("an earlier edition")
            .id
    }

    /// What the operation needs, done in peace.
    async fn prepare(&mut self, operation: Operation, number: u64) {
        let table = self.next_table();
        if matches!(
            operation,
            Operation::Publish | Operation::RollBack | Operation::RollBackCommand
        ) {
            let id = format!("prepared-{number}");
            let import = Self::import(self.admin().await, id.clone(), table)
                .await
                .expect("imported");
            self.imports.insert(id, import);
        }
        if matches!(operation, Operation::RollBack | Operation::RollBackCommand) {
            let id = format!("prepared-publication-{number}");
            let published = Self::publish(self.admin().await, id.clone())
                .await
                .expect("published");
            self.publications.insert(id, published);
        }
    }

    /// Does it over the socket, kills the server at a moment, and does it again. Says whether it was acknowledged before.
    async fn over_the_socket(&mut self, operation: Operation, number: u64, moment: Option<Moment>) -> bool {
        let id = format!("{operation:?}-{number}");
        let admin = self.admin().await;
        let table = self.next_table();
        let earlier = match operation {
            Operation::RollBack => self.earlier().await,
            _ => String::new(),
        };
        macro_rules! done {
            ($call:expr, $again:expr, $kept:ident) => {{
                let begun = Instant::now();
                let asked = tokio::spawn($call);
                if let Some(moment) = moment {
                    let shelf = self.shelf();
                    let over = || asked.is_finished();
                    tokio::task::block_in_place(|| moment.wait(&shelf, begun, over));
                    self.kill();
                }
                let answered = asked.await.expect("asked");
                let was_acknowledged = answered.is_ok();
                if let Ok(answer) = &answered {
                    self.$kept.insert(id.clone(), answer.clone());
                } else {
                    assert!(moment.is_some(), "{answered:?}");
                }
                if moment.is_some() {
                    self.start();
                    self.require_whole().await;
                    let admin = self.admin().await;
                    let again = $again(admin)
                        .await
                        .expect("the same request again succeeds");
                    if let Ok(answer) = answered {
                        assert_eq!(answer, again, "what was acknowledged is what there is");
                    }
                    self.$kept.insert(id.clone(), again);
                }
                was_acknowledged
            }};
        }
        match operation {
            Operation::Import => done!(
                Self::import(admin, id.clone(), table.clone()),
                |admin| Self::import(admin, id.clone(), table.clone()),
                imports
            ),
            Operation::Publish => done!(
                Self::publish(admin, id.clone()),
                |admin| Self::publish(admin, id.clone()),
                publications
            ),
            _ => done!(
                Self::roll_back(admin, id.clone(), earlier.clone()),
                |admin| Self::roll_back(admin, id.clone(), earlier.clone()),
                publications
            ),
        }
    }

    /// Runs a command beside the server, kills both at a moment, and runs it again. Says whether it had ended well before.
    async fn as_a_command(&mut self, operation: Operation, moment: Option<Moment>) -> bool {
        let shelf = self.shelf();
        let text = |path: &Path| path.to_str().expect("a path").to_owned();
        let mut arguments = vec!["--data-dir".to_owned(), text(&shelf)];
        if operation == Operation::ImportCommand {
            let table = self.folder.path().join("table.csv");
            fs::write(&table, self.next_table()).expect("written");
            let recipe = self.folder.path().join("own_table.toml");
            arguments.insert(0, "import".to_owned());
            arguments.extend(["--recipe".to_owned(), text(&recipe), text(&table)]);
        } else {
            arguments.insert(0, "rollback".to_owned());
            arguments.push(self.earlier().await);
        }
        let mut command = Command::new(running::BINARY);
        let mut started = command
            .args(&arguments)
            .env_clear()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        if let Some(moment) = moment {
            moment.wait(&shelf, Instant::now(), || {
                started.try_wait().is_ok_and(|ended| ended.is_some())
            });
            started.kill().expect("killed");
            self.kill();
        }
        let ended = started.wait().expect("ended");
        assert!(moment.is_some() || ended.success(), "{operation:?}");
        if moment.is_some() {
            self.start();
            self.require_whole().await;
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let again = server(&arguments);
            let (said, errors) = words(&again);
            assert_eq!(again.status.code(), Some(0), "{said}{errors}");
        }
        ended.success()
    }

    /// Everything on the shelf is whole, everything that was acknowledged is there, and the server answers.
    async fn require_whole(&mut self) {
        let shelf = self.shelf();
        let checked = server(&["verify", "--data-dir", shelf.to_str().expect("a path")]);
        assert_eq!(checked.status.code(), Some(0), "{:?}", words(&checked));
        let running = self.server.as_ref().expect("running");
        assert!(!edition_name(running).await.is_empty());
        let admin = self.admin().await;
        let mut listed = BTreeMap::new();
        let page = v1::ListImportsRequest {
            page_size: 1000,
            ..Default::default()
        };
        for import in admin.list_imports(page).await.expect("listed").imports {
            listed.insert(import.id.clone(), import);
        }
        for (id, import) in &self.imports {
            let found = listed.get(id).expect("an acknowledged import is there");
            assert_eq!(
                (&found.file_sha256, &found.accepted),
                (&import.file_sha256, &import.accepted)
            );
        }
        for id in listed.keys() {
            let asked = v1::GetImportRequest {
                import_id: id.clone(),
            };
            let import = admin
                .get_import(asked)
                .await
                .expect("found")
                .import
                .expect("an import");
            for file in &import.files {
                let table =
                    fs::read(shelf.join("tables").join(&file.sha256)).expect("a record has its tables");
                assert_eq!(table.len() as u64, file.size_bytes.expect("a size"), "whole");
            }
        }
        for publication in self
            .publications
            .values()
            .filter(|publication| publication.published)
        {
            let manifest = shelf.join(format!("manifests/{:010}.json", publication.sequence));
            let manifest = fs::read_to_string(manifest).expect("an acknowledged publication is there");
            assert!(manifest.contains(&publication.edition_id), "{manifest}");
        }
    }

    async fn one(&mut self, operation: Operation, number: u64, moment: Option<Moment>) -> bool {
        match operation {
            Operation::ImportCommand | Operation::RollBackCommand => {
                self.as_a_command(operation, moment).await
            }
            _ => self.over_the_socket(operation, number, moment).await,
        }
    }
}

/// Where an operation writes.
fn folders(operation: Operation) -> &'static [&'static str] {
    match operation {
        Operation::Import => &["tables", "imports"],
        Operation::Publish => &["blobs", "manifests", "publications"],
        Operation::RollBack => &["manifests", "publications"],
        Operation::ImportCommand => &["blobs", "manifests"],
        Operation::RollBackCommand => &["manifests"],
    }
}

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable)
        .ok()
        .map_or(default, |text| text.parse().expect(variable))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_at_any_moment_loses_nothing_that_it_acknowledged() {
    let (kills, seed) = (number("GROEIKERN_KILLS", 10), number("GROEIKERN_SEED", 1));
    let mut dice = Dice(seed);
    let mut usual = BTreeMap::new();
    let mut campaign = Campaign::new();
    for (place, operation) in OPERATIONS.into_iter().enumerate() {
        let number = 1_000_000 + place as u64;
        campaign.prepare(operation, number).await;
        let begun = Instant::now();
        assert!(campaign.one(operation, number, None).await, "{operation:?}");
        usual.insert(operation, begun.elapsed());
    }
    let mut acknowledged = BTreeMap::new();
    for kill in 0..kills {
        if kill > 0 && kill % MOMENTS_PER_SHELF == 0 {
            campaign = Campaign::new();
        }
        let operation = OPERATIONS[usize::try_from(kill % 5).expect("small")];
        campaign.prepare(operation, kill).await;
        let moment = Moment::in_one_of(&mut dice, usual[&operation], folders(operation));
        let before = campaign.one(operation, kill, Some(moment)).await;
        let counted: &mut (u64, u64) = acknowledged.entry(operation).or_default();
        counted.0 += 1;
        counted.1 += u64::from(before);
    }
    let summary = format!(
        "kills {kills}, seed {seed}; by operation, and those answered before the kill: {acknowledged:?}\n"
    );
    let _ = io::stderr().write_all(summary.as_bytes()); // what a passing test prints is swallowed
}
