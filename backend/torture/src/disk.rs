//! The disk the spool is on: a small one of its own where one can be mounted, so that it can be filled to the last byte.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Enough for what waits while a loader or PostgreSQL is away.
const MEBIBYTES: usize = 256;

pub struct Disk {
    path: PathBuf,
    mounted: bool,
}

impl Disk {
    /// Mounts a tmpfs on the directory; an ordinary directory where that is not allowed.
    pub fn mount(path: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(path)?;
        let size = format!("size={MEBIBYTES}m,mode=0700");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "octavo-torture"]).arg(path).output();
        let mounted = mount.is_ok_and(|output| output.status.success());
        Ok(Self { path: path.into(), mounted })
    }

    /// Whether it can be filled without filling anybody else's.
    pub fn is_own(&self) -> bool {
        self.mounted
    }

    pub fn about(&self) -> String {
        match self.mounted {
            true => format!("a tmpfs of {MEBIBYTES} MiB, which is filled to the last byte"),
            false => "an ordinary one, for none can be mounted; the spool's own bound stands for a full disk".into(),
        }
    }

    pub fn spool(&self) -> PathBuf {
        self.path.join("spool")
    }

    /// Writes until there is no byte left.
    pub fn fill(&self) -> std::io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(self.ballast())?;
        for block in [1 << 20, 1 << 12, 1] {
            let zeros = vec![0; block];
            loop {
                match file.write(&zeros) {
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    pub fn empty(&self) -> std::io::Result<()> {
        fs::remove_file(self.ballast())
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }

    /// Leaves what is on it in an ordinary directory, for whoever looks what went wrong.
    pub fn keep(&self, into: &Path) -> std::io::Result<()> {
        fs::create_dir_all(into)?;
        for entry in self.spool().read_dir()?.flatten() {
            fs::copy(entry.path(), into.join(entry.file_name()))?;
        }
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            // Lazily: whoever still holds a file of it is about to end.
            let _ = Command::new("umount").arg("-l").arg(&self.path).status();
        }
    }
}
