//! nginx serving the same bytes as a static file: what a web server made for nothing else does.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

pub const PATH: &str = "/answer.json";

/// How long it may take to listen.
const PATIENCE: u32 = 50;

pub struct Nginx {
    child: Child,
    dir: TempDir,
    pub address: String,
}

impl Nginx {
    /// Starts it with a worker for each core; `None` when it is not installed.
    pub async fn start(bytes: &[u8]) -> anyhow::Result<Option<Self>> {
        let dir = crate::servers::temporary()?;
        // A port that was free a moment ago: nginx cannot be told to choose one.
        let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.to_string();
        std::fs::write(dir.path().join("nginx.conf"), settings(&address))?;
        std::fs::write(dir.path().join("answer.json"), bytes)?;
        let Ok(child) = command(dir.path()).kill_on_drop(true).spawn() else { return Ok(None) };
        let nginx = Self { child, dir, address };
        for _ in 0..PATIENCE {
            if TcpStream::connect(&nginx.address).await.is_ok() {
                return Ok(Some(nginx));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        nginx.stop().await?;
        anyhow::bail!("nginx does not listen")
    }

    /// Stops it with its workers, which outlive a master that is killed.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let status: ExitStatus = command(self.dir.path()).args(["-s", "stop"]).status().await?;
        ensure!(status.success(), "nginx cannot be stopped: {status}");
        self.child.wait().await.context("nginx cannot be waited for")?;
        Ok(())
    }
}

fn command(dir: &Path) -> Command {
    let mut command = Command::new("nginx");
    command.arg("-p").arg(dir).args(["-c", "nginx.conf", "-e", "error.log"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn settings(address: &str) -> String {
    format!(
        "daemon off;
worker_processes auto;
pid nginx.pid;
events {{ worker_connections 256; }}
http {{
    types {{ application/json json; }}
    access_log off;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    open_file_cache max=16;
    keepalive_requests 1000000000;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {{ listen {address}; root .; }}
}}
"
    )
}
