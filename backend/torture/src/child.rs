//! One process of the product.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use anyhow::Context;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child as Process, Command};

/// Dropping it kills it.
pub struct Child {
    pub name: String,
    process: Process,
    log: PathBuf,
    /// Where in the log this process begins.
    begins: u64,
}

impl Child {
    /// Starts it; what it says goes to the end of `<name>.log` in the directory.
    pub fn start(name: &str, mut command: Command, dir: &Path) -> anyhow::Result<Self> {
        let log = dir.join(format!("{name}.log"));
        let file = OpenOptions::new().create(true).append(true).open(&log)?;
        let begins = file.metadata()?.len();
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).kill_on_drop(true);
        let process = command.spawn().with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { name: name.into(), process, log, begins })
    }

    pub fn signal(&self, signal: Signal) {
        let Some(pid) = self.process.id().and_then(|pid| i32::try_from(pid).ok()) else { return };
        // That there is no such process any more is told by [`Child::ended`].
        let _ = kill(Pid::from_raw(pid), signal);
    }

    /// SIGKILL, and waits until it is gone.
    pub async fn kill(mut self) {
        self.signal(Signal::SIGKILL);
        let _ = self.process.wait().await;
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().ok().flatten()
    }

    /// Whether it has said these words since it was started.
    pub fn said(&self, words: &str) -> bool {
        self.words().contains(words)
    }

    /// The last lines it said.
    pub fn last_words(&self) -> String {
        let words = self.words();
        let lines: Vec<&str> = words.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }

    fn words(&self) -> String {
        let all = std::fs::read(&self.log).unwrap_or_default();
        let own = usize::try_from(self.begins).unwrap_or(usize::MAX).min(all.len());
        String::from_utf8_lossy(&all[own..]).into_owned()
    }
}
