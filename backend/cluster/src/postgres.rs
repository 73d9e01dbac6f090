//! A private PostgreSQL server.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::binaries::PostgresBinaries;
use crate::error::ClusterError;
use crate::options::PostgresOptions;
use crate::place::{POSTGRES_DATA, Place, encode};
use crate::process::{stop_left_over, works_in};
use crate::server::{Launch, Server};
use crate::user::ServerUser;

pub(crate) const NAME: &str = "postgres";
/// The same while it is being made; its last step is the rename, so what bears the name is whole.
pub(crate) const UNFINISHED: &str = "postgres.new";

/// What a server without a port of its own calls its socket by.
const PORT: u16 = 5432;

/// The superuser and the database that are made.
const OWNER: &str = "octavo";

/// The first line that fits decides. BI accounts show their password here as on any server, or a wrong one would be found out
/// only there.
const BY_PASSWORD: &str = "local all +octavo_bi scram-sha-256\n";

/// Replaying what was not checkpointed when the machine went down can take minutes.
const PATIENCE: Duration = Duration::from_secs(300);

/// Processes of a killed server keep its shared memory for a moment.
const RETRIES: u32 = 20;

/// A running private PostgreSQL server. Dropping it stops the server, best effort; [`Postgres::stop`] tells.
#[derive(Debug)]
pub struct Postgres {
    // Fields drop in this order: the lock goes last, when the server is gone.
    server: Server,
    _lock: File,
    url: String,
}

impl Postgres {
    /// Starts the server of data directory `dir`; makes the cluster, its superuser `octavo` and the database `octavo` if
    /// they are not there. A server that a dead process left behind is stopped first. The log is `dir/postgres.log`.
    ///
    /// # Errors
    /// [`ClusterError::AlreadyRunning`] while another handle or process runs it; [`ClusterError::NoPostgres`] and the like
    /// when the programs are missing; what initdb or the server said.
    pub async fn start(dir: &Path, options: PostgresOptions) -> Result<Self, ClusterError> {
        let place = Place::open(dir)?;
        let lock = place.lock(NAME)?;
        if let Some((pid, data)) = live(&place) {
            stop_left_over(NAME, pid, &data, Signal::SIGINT).await?;
        }
        let data = place.home.join(POSTGRES_DATA);
        let made_by = fs::read_to_string(data.join("PG_VERSION")).ok();
        let binaries = PostgresBinaries::find(place.user, made_by.as_deref().map(str::trim), &data)?;
        if made_by.is_none() {
            create(&place, &binaries, &data, options.durable).await?;
        }
        let sockets = place.make_sockets()?;
        let log = place.dir.join("postgres.log");
        // A leftover note of a killed server is PostgreSQL's own business, but tells that waiting may help.
        let mut retries = if data.join("postmaster.pid").exists() { RETRIES } else { 0 };
        loop {
            let mut command = place.user.command(&binaries.postgres, &data);
            command.arg("-D").arg(&data);
            options.settings(&sockets).iter().for_each(|setting| {
                command.args(["-c", setting]);
            });
            let mut server = Server::launch(Launch { name: NAME, command, user: place.user, dir: &data, log: &log })?;
            match server.wait_ready(&log, PATIENCE, |pid| is_ready(&data, pid)).await {
                Ok(()) => return Ok(Self { server, _lock: lock, url: url(&sockets, options.port.unwrap_or(PORT)) }),
                Err(ClusterError::Died { .. }) if retries > 0 => {
                    retries -= 1;
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The URL of the server that runs on data directory `dir`, whoever started it; `None` when none does.
    pub fn attach(dir: &Path) -> Option<String> {
        let place = Place::find(dir)?;
        let (_, data) = live(&place)?;
        // The note says where the sockets really are.
        let note = Note::read(&data)?;
        note.sockets.as_deref().map(|sockets| url(sockets, note.port))
    }

    /// `postgres://octavo@<socket directory, percent-encoded>/octavo`: the form that libpq, tokio-postgres and sqlx all
    /// read. (sqlx refuses an empty host with `?host=`.)
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process of the postmaster.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// Stops the server: open transactions are rolled back, what was committed is written.
    ///
    /// # Errors
    /// [`ClusterError::DoesNotStop`] when it had to be killed after 30 s; the next start then recovers.
    pub async fn stop(self) -> Result<(), ClusterError> {
        self.server.stop().await
    }
}

/// A socket is called by the port, too.
fn url(sockets: &Path, port: u16) -> String {
    let port = if port == PORT { String::new() } else { format!(":{port}") };
    format!("postgres://{OWNER}@{}{port}/{OWNER}", encode(sockets, b""))
}

/// The live server of a place, whoever started it: its process and its data directory.
pub(crate) fn live(place: &Place) -> Option<(i32, PathBuf)> {
    let data = place.home.join(POSTGRES_DATA);
    let pid = Note::read(&data)?.pid;
    works_in(pid, &data).then_some((pid, data))
}

/// What the server notes about itself in `postmaster.pid`, by lines: 1 process, 4 port, 5 socket directory, 8 state.
struct Note {
    pid: i32,
    port: u16,
    sockets: Option<PathBuf>,
    state: String,
}

impl Note {
    fn read(data: &Path) -> Option<Self> {
        let text = fs::read_to_string(data.join("postmaster.pid")).ok()?;
        let line = |n: usize| text.lines().nth(n - 1).map(str::trim).unwrap_or_default();
        Some(Self {
            pid: line(1).parse().ok()?,
            port: line(4).parse().unwrap_or(PORT),
            sockets: Some(line(5)).filter(|s| !s.is_empty()).map(PathBuf::from),
            state: line(8).to_string(),
        })
    }
}

fn is_ready(data: &Path, pid: u32) -> bool {
    Note::read(data).is_some_and(|note| note.pid == pid as i32 && note.state == "ready")
}

/// Makes the cluster and the database beside the final name, then renames.
async fn create(place: &Place, binaries: &PostgresBinaries, data: &Path, durable: bool) -> Result<(), ClusterError> {
    let unfinished = place.home.join(UNFINISHED);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(ClusterError::io(&unfinished))?;
    }
    place.make_private(&unfinished)?;
    let mut initdb = place.user.command(&binaries.initdb, &unfinished);
    // Trust is enough behind a directory that only the server's user may enter. Text sorts by code point, which is fast
    // and the same everywhere, while case folds by Unicode.
    initdb.arg("-D").arg(&unfinished).args(["--username", OWNER, "--auth-local=trust", "--auth-host=reject"]);
    initdb.args(["--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--data-checksums", "--no-instructions"]);
    if !durable {
        initdb.arg("--no-sync");
    }
    let output = tokio::process::Command::from(initdb).output().await.map_err(ClusterError::io(&binaries.initdb))?;
    succeeded("initdb", output)?;
    let access = unfinished.join("pg_hba.conf");
    let trusting = fs::read_to_string(&access).map_err(ClusterError::io(&access))?;
    fs::write(&access, format!("{BY_PASSWORD}{trusting}")).map_err(ClusterError::io(&access))?;

    // In single-user mode, for the server knows no other way to make a database without a client.
    let (user, program, dir) = (place.user, binaries.postgres.clone(), unfinished.clone());
    let output = tokio::task::spawn_blocking(move || create_database(user, &program, &dir))
        .await
        .map_err(|e| ClusterError::io(data)(std::io::Error::other(e)))?
        .map_err(ClusterError::io(&binaries.postgres))?;
    succeeded("postgres --single", output)?;
    fs::rename(&unfinished, data).map_err(ClusterError::io(data))
}

fn create_database(user: ServerUser, program: &Path, data: &Path) -> std::io::Result<Output> {
    let mut command = user.command(program, data);
    // -j ends a statement at an empty line; exit_on_error turns a failed one into a status.
    command.args(["--single", "-j", "-c", "exit_on_error=on", "-D"]).arg(data).arg("template1");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(format!("CREATE DATABASE {OWNER};\n\n").as_bytes())?;
    }
    child.wait_with_output()
}

fn succeeded(program: &'static str, output: Output) -> Result<(), ClusterError> {
    match output.status.success() {
        true => Ok(()),
        false => Err(ClusterError::Failed {
            program,
            status: output.status,
            output: String::from_utf8_lossy(&output.stderr).trim().to_string(),
        }),
    }
}
