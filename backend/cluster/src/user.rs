//! The user the servers run as. PostgreSQL refuses to run as root, so root lends it an unprivileged user.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::{Gid, Uid, User, chown};

use crate::error::ClusterError;

/// Who runs a server. `None` within means: whoever we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ServerUser(Option<(u32, u32)>);

impl ServerUser {
    /// The user for servers whose files, if there are any, belong to the owner of `existing`.
    pub fn choose(existing: Option<&Metadata>) -> Result<Self, ClusterError> {
        if !Uid::effective().is_root() {
            return Ok(Self(None));
        }
        // Data made before keeps its owner, who need not be the one that would be chosen now.
        if let Some(meta) = existing.filter(|m| m.uid() != 0) {
            return Ok(Self(Some((meta.uid(), meta.gid()))));
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(|user| Self(Some((user.uid.as_raw(), user.gid.as_raw()))))
            .ok_or(ClusterError::NoUser)
    }

    /// The numeric id of this user.
    pub fn uid(self) -> u32 {
        self.0.map_or_else(|| Uid::effective().as_raw(), |(uid, _)| uid)
    }

    /// Gives a file or directory to this user.
    pub fn give(self, path: &Path) -> Result<(), ClusterError> {
        match self.0 {
            None => Ok(()),
            Some((uid, gid)) => chown(path, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))
                .map_err(|errno| ClusterError::io(path)(errno.into())),
        }
    }

    /// Whether this user can enter a directory or execute a file, as far as the permission bits say. Only asked when we
    /// are root and thus see everything.
    pub fn can_enter(self, path: &Path) -> bool {
        let Some((uid, gid)) = self.0 else { return path.exists() };
        path.ancestors().all(|part| {
            part.as_os_str().is_empty()
                || part.metadata().is_ok_and(|m| {
                    let bit = match (m.uid() == uid, m.gid() == gid) {
                        (true, _) => 0o100,
                        (false, true) => 0o010,
                        (false, false) => 0o001,
                    };
                    m.mode() & bit != 0
                })
        })
    }

    /// A command that this user runs, in `cwd`, with nothing to read and without the settings that libpq or the server
    /// would take from the environment.
    pub fn command(self, program: &Path, cwd: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(cwd).stdin(Stdio::null()).env("LC_ALL", "C");
        for name in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS", "TZ"] {
            command.env_remove(name);
        }
        if let Some((uid, gid)) = self.0 {
            command.uid(uid).gid(gid);
        }
        command
    }
}
