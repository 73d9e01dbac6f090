//! What can go wrong with a private server.

use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use thiserror::Error;

/// Why a private server could not be started, stopped or removed.
#[derive(Debug, Error)]
pub enum ClusterError {
    #[error("{server} is already running on {}: another process uses this data directory", dir.display())]
    AlreadyRunning { server: &'static str, dir: PathBuf },
    #[error(
        "no PostgreSQL server was found: install it (Debian: postgresql), or set OCTAVO_PG_BIN to the directory of \
         initdb and postgres"
    )]
    NoPostgres,
    #[error("{variable} is {}, where there is no {program} that this user can run", path.display())]
    BadBinary { variable: &'static str, path: PathBuf, program: &'static str },
    #[error("{} was made by PostgreSQL {found}, and no PostgreSQL {found} was found", dir.display())]
    OtherVersion { dir: PathBuf, found: String },
    #[error("{program} failed ({status}): {output}")]
    Failed { program: &'static str, status: ExitStatus, output: String },
    #[error("{server} stopped while it was starting ({status}); see {}", log.display())]
    Died { server: &'static str, status: ExitStatus, log: PathBuf },
    #[error("{server} was not ready after {} s; see {}", after.as_secs(), log.display())]
    NotReady { server: &'static str, after: Duration, log: PathBuf },
    #[error("{server} (process {pid}) does not stop")]
    DoesNotStop { server: &'static str, pid: i32 },
    #[error("{} is not a directory that only the server's user may enter; remove it", path.display())]
    UnsafeDirectory { path: PathBuf },
    #[error("running as root needs an unprivileged user for the servers: there is neither postgres nor nobody")]
    NoUser,
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

impl ClusterError {
    /// Names the path an input or output error is about, which the error itself does not.
    pub(crate) fn io(path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { path, source }
    }
}
