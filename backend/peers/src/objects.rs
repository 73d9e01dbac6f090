//! A real server of Amazon S3's protocol that checks signatures: `s3s-fs`, installed by Cargo. Its buckets are folders.
//!
//! Cargo installs it, once, into `target/s3s-fs`. It ends when it is dropped or its test process ends, however that ends: the shell that
//! keeps it reads from a pipe of this process.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

const VERSION: &str = "0.14.1";
/// How long it may take to start, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(20);
const KEEP: &str = r#""$@" >/dev/null 2>&1 </dev/null & read -r _; kill -KILL $!"#;

/// A running server with one bucket.
pub struct ObjectServer {
    folder: tempfile::TempDir,
    port: u16,
    _shell: Child,
}

impl ObjectServer {
    /// Starts an empty one.
    ///
    /// # Errors
    /// With a sentence that says why there is none, where Cargo cannot install it: then a test says that it was skipped.
    ///
    /// # Panics
    /// When it is there and does not start.
    pub async fn start() -> Result<Self, String> {
        let program = installed().await?;
        let folder = tempfile::tempdir().expect("the temporary directory can be written");
        std::fs::create_dir(folder.path().join("octavo")).expect("it is empty");
        let port = {
            let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
            listener.local_addr().expect("it is bound").port()
        };
        let shell = Command::new("sh")
            .args(["-c", KEEP, "s3s-fs"])
            .arg(program)
            .args([
                "--host",
                "127.0.0.1",
                "--port",
                &port.to_string(),
                "--access-key",
                "test",
                "--secret-key",
                "secret",
            ])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < PATIENCE, "s3s-fs does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Self { folder, port, _shell: shell })
    }

    /// The objects below a prefix of a bucket, asked for with the key `test` and this secret.
    pub fn objects(&self, bucket: &str, prefix: &str, secret: &str) -> stage::Objects {
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        let settings = [
            ("AWS_ENDPOINT", endpoint.as_str()),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", secret),
        ];
        let address = format!("s3://{bucket}/{prefix}");
        stage::Objects::with(&address, settings).expect("the address is sound")
    }

    /// Where the buckets are folders.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The program, installed if it is not there.
async fn installed() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/s3s-fs");
    let program = root.join("bin/s3s-fs");
    if program.is_file() {
        return Ok(program);
    }
    let installed = Command::new("cargo")
        .args(["install", "s3s-fs", "--version", VERSION, "--locked", "--features", "binary", "--quiet", "--root"])
        .arg(&root)
        .env("CARGO_TARGET_DIR", root.join("build"))
        .output()
        .await
        .map_err(|error| format!("there is no cargo on the PATH: {error}"))?;
    let _ = std::fs::remove_dir_all(root.join("build"));
    if installed.status.success() {
        Ok(program)
    } else {
        let told = String::from_utf8_lossy(&installed.stderr);
        Err(format!("Cargo could not install s3s-fs {VERSION}: {}", told.lines().next().unwrap_or_default()))
    }
}
