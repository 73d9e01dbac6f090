//! The other end of a wire, for tests: real servers of others' making. [`Peer`]s are run by Node.js from `e2e/servers`;
//! [`Kafka`] is Apache's, run by Java; [`ObjectServer`] is `s3s-fs`, installed by Cargo.
//!
//! Each peer prints one JSON object a line: the first says where it listens, the others what it received. It ends when its
//! standard input does, so none outlives the test that started it, however that ended.

mod kafka;
mod objects;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

pub use kafka::Kafka;
pub use objects::ObjectServer;

/// How long a server may take to start, or a line to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server; it ends when this is dropped.
pub struct Peer {
    script: String,
    lines: Lines<BufReader<ChildStdout>>,
    ready: Value,
    _child: Child,
}

impl Peer {
    /// Starts `e2e/servers/SCRIPT` and waits until it says where it listens.
    ///
    /// # Panics
    /// With a sentence that says what to do, when Node.js or its packages are missing, or the server does not start.
    pub async fn start(script: &str, args: &[&str]) -> Self {
        let e2e = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e");
        assert!(
            e2e.join("node_modules/smtp-server").is_dir() && e2e.join("node_modules/oidc-provider").is_dir(),
            "this test speaks with servers of Node.js packages, which are not installed: cd e2e && npm ci"
        );
        let path: PathBuf = e2e.join("servers").join(script);
        let mut child = Command::new("node")
            .arg(path)
            .args(args)
            .arg("--end-with-input")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("this test needs Node.js 20 or newer on the PATH: {error}"));
        let stdout = child.stdout.take().expect("it is piped");
        let lines = BufReader::new(stdout).lines();
        let mut peer = Self { script: script.to_string(), lines, ready: Value::Null, _child: child };
        peer.ready = peer.next().await;
        peer
    }

    /// What the server said of itself when it was ready.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// The next thing the server received.
    ///
    /// # Panics
    /// When nothing comes within twenty seconds, or the server has ended.
    pub async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line())
            .await
            .unwrap_or_else(|_| panic!("{} says nothing", self.script))
            .expect("what it prints is text")
            .unwrap_or_else(|| panic!("{} has ended; what it wrote is above", self.script));
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{} printed no JSON ({error}): {line}", self.script))
    }
}
