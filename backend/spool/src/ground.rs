//! The file system a spool stands on: the machine's, or the one of the power-loss model (`power`).

use std::fs::File;
use std::io;
use std::path::Path;

use nix::fcntl::{PosixFadviseAdvice, posix_fadvise};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Ground {
    Real,
    /// The model has no shared memory, so its one connection locks the database for itself.
    #[cfg(test)]
    Model,
    /// The model, where [`Ground::forget`] does nothing: a fault to plant.
    #[cfg(test)]
    ModelRemembering,
}

impl Ground {
    /// The VFS of SQLite to open files with; the default one where there is none.
    pub(crate) fn vfs(self) -> Option<&'static str> {
        match self {
            Ground::Real => None,
            #[cfg(test)]
            Ground::Model | Ground::ModelRemembering => Some(crate::power::VFS),
        }
    }

    /// Makes the directory and its entry durable.
    pub(crate) fn make(self, dir: &Path) -> io::Result<()> {
        match self {
            Ground::Real => {
                std::fs::create_dir_all(dir)?;
                match dir.canonicalize()?.parent() {
                    Some(parent) => File::open(parent)?.sync_all(),
                    None => Ok(()),
                }
            }
            #[cfg(test)]
            Ground::Model | Ground::ModelRemembering => Ok(()),
        }
    }

    /// Makes the entries of the directory durable. SQLite does so for its logs, not for the database itself.
    pub(crate) fn sync(self, dir: &Path) -> io::Result<()> {
        match self {
            Ground::Real => File::open(dir)?.sync_all(),
            #[cfg(test)]
            Ground::Model | Ground::ModelRemembering => crate::power::sync_directory(dir),
        }
    }

    /// Makes the machine forget what it has in memory of a file, so that the disk's own bytes are read.
    ///
    /// If an earlier process saw fsync fail, pages may be in memory, marked as written, that the disk never had. Frames of SQLite's log
    /// that are added behind such a hole are lost with the power, however well they are synced themselves; and moving the hole's frames
    /// into the database tears it when the power goes meanwhile. What the disk has is a log without the commit that failed.
    pub(crate) fn forget(self, file: &Path) -> io::Result<()> {
        match self {
            Ground::Real => {
                let Ok(file) = File::open(file) else { return Ok(()) };
                file.sync_all()?;
                Ok(posix_fadvise(&file, 0, 0, PosixFadviseAdvice::POSIX_FADV_DONTNEED)?)
            }
            #[cfg(test)]
            Ground::Model => crate::power::forget(file),
            #[cfg(test)]
            Ground::ModelRemembering => Ok(()),
        }
    }
}
