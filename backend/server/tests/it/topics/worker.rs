//! `octavo work` as it is run, and the other commands beside it.

use std::fs::{File, read_to_string};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use testkit::TestDatabase;

/// The program on this database, its site's events in this topic.
pub fn octavo(db: &TestDatabase, brokers: &str, topic: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_octavo"));
    command
        .args(args)
        .env("OCTAVO_APP_URL", &db.url)
        .env("OCTAVO_WAREHOUSE_URL", &db.url)
        .env("OCTAVO_KAFKA_BROKERS", brokers)
        .env("OCTAVO_KAFKA_TOPICS", format!("ee={topic}"))
        .env("OCTAVO_LOG", "warn,octavo=info");
    command
}

/// What a command said when it had ended.
pub fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

/// A running `octavo work`; dropped, it is killed as a power cut would.
pub struct Worker {
    process: Child,
    log: PathBuf,
}

impl Worker {
    pub fn start(mut command: Command, log: PathBuf) -> Self {
        let file = File::create(&log).unwrap();
        let process = command.stdout(Stdio::null()).stderr(file).spawn().unwrap();
        Self { process, log }
    }

    pub fn runs(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        read_to_string(&self.log).unwrap()
    }

    /// Whether partitions were given to it lately: what it was given last, and that it was any.
    pub fn has_partitions(&self) -> bool {
        let log = self.log();
        log.lines().rev().find(|line| line.contains("are this loader's")).is_some_and(|line| !line.contains("=[]"))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
