//! The product at work: the collector, a loader or two, the server of answers, PostgreSQL and Redis.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use cluster::{Postgres, PostgresOptions, Redis};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::Command;

use crate::child::Child;
use crate::disk::Disk;
use crate::eye::LOOK;

/// A process has so long to be ready.
const PATIENCE: Duration = Duration::from_secs(60);
/// The spool's bound, where it is not part of a fault.
pub const ROOMY: u32 = 192;
/// Of random bytes; nothing that is sealed with it outlives the run.
const SECRET_KEY: &str = "8f1d3c5a7b9e0214365870a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5";

/// Where the product is and what it works on.
pub struct Installation {
    pub octavo: PathBuf,
    pub dir: PathBuf,
    pub database_url: String,
    redis_url: String,
    spool: PathBuf,
    /// Of the collector, the same after every restart.
    pub collector: String,
    /// Of the server of answers.
    pub server: String,
}

impl Installation {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.octavo);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OCTAVO_")) {
            command.env_remove(name);
        }
        command.args(arguments).current_dir(&self.dir);
        command.env("OCTAVO_APP_URL", &self.database_url).env("OCTAVO_WAREHOUSE_URL", &self.database_url);
        command.env("OCTAVO_SECRET_KEY", SECRET_KEY).env("RUST_LOG", "info");
        command
    }

    /// Runs a command to its end; returns what it says.
    pub async fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.command(arguments).output().await.context("octavo cannot be started")?;
        let (said, erred) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        ensure!(output.status.success(), "octavo {}: {}\n{said}{erred}", arguments.join(" "), output.status);
        Ok(said.trim().to_owned())
    }
}

pub struct Product {
    pub at: Installation,
    pub disk: Disk,
    pub collector: Option<Child>,
    pub loaders: Vec<Child>,
    pub server: Option<Child>,
    pub postgres: Option<Postgres>,
    pub redis: Option<Redis>,
    /// Loaders that were started so far: each has a log of its own.
    started: usize,
}

impl Product {
    /// The databases, and nothing of the product yet.
    pub async fn prepare(octavo: &Path, dir: &Path) -> anyhow::Result<Self> {
        let postgres = postgres(dir).await?;
        let redis = Redis::start(dir).await?;
        let disk = Disk::mount(&dir.join("disk"))?;
        let at = Installation {
            octavo: octavo.canonicalize().with_context(|| format!("there is no {}", octavo.display()))?,
            dir: dir.to_path_buf(),
            database_url: postgres.url().to_owned(),
            redis_url: redis.as_ref().map(|redis| redis.url().to_owned()).unwrap_or_default(),
            spool: disk.spool(),
            collector: free_address()?,
            server: free_address()?,
        };
        let (collector, loaders, server) = (None, Vec::new(), None);
        Ok(Self { at, disk, collector, loaders, server, postgres: Some(postgres), redis, started: 0 })
    }

    /// Starts a collector whose spool may take so many megabytes, and waits until it answers.
    pub async fn start_collector(&mut self, megabytes: u32) -> anyhow::Result<()> {
        let mut command = self.at.command(&["collect"]);
        command.env("OCTAVO_LISTEN", &self.at.collector).env("OCTAVO_SPOOL", &self.at.spool);
        command.env("OCTAVO_SPOOL_MEGABYTES", megabytes.to_string());
        let mut child = Child::start("collector", command, &self.at.dir)?;
        ready(&mut child, "http://").await?;
        self.collector = Some(child);
        Ok(())
    }

    pub async fn kill_collector(&mut self) {
        if let Some(collector) = self.collector.take() {
            collector.kill().await;
        }
    }

    pub async fn start_loader(&mut self) -> anyhow::Result<()> {
        self.started += 1;
        let mut command = self.at.command(&["work"]);
        command.env("OCTAVO_SPOOL", &self.at.spool).env("OCTAVO_REFRESH_SECONDS", "1");
        let mut child = Child::start(&format!("loader-{}", self.started), command, &self.at.dir)?;
        ready(&mut child, "refreshing rollups").await?;
        self.loaders.push(child);
        Ok(())
    }

    pub async fn start_server(&mut self) -> anyhow::Result<()> {
        let mut command = self.at.command(&["serve"]);
        command.env("OCTAVO_LISTEN", &self.at.server).env("OCTAVO_REDIS_URL", &self.at.redis_url);
        let mut child = Child::start("server", command, &self.at.dir)?;
        ready(&mut child, "http://").await?;
        self.server = Some(child);
        Ok(())
    }

    /// SIGKILL to the postmaster; its other processes go by themselves.
    pub fn kill_postgres(&mut self) {
        if let Some(postgres) = self.postgres.take() {
            sigkill(postgres.pid());
        }
    }

    /// Starts PostgreSQL, which recovers what was committed.
    pub async fn start_postgres(&mut self) -> anyhow::Result<()> {
        self.postgres = Some(postgres(&self.at.dir).await?);
        Ok(())
    }

    pub fn kill_redis(&mut self) {
        if let Some(redis) = self.redis.take() {
            sigkill(redis.pid());
        }
    }

    pub async fn start_redis(&mut self) -> anyhow::Result<()> {
        self.redis = Redis::start(&self.at.dir).await?;
        Ok(())
    }

    /// Processes that ended although nothing was done to them, with their last words.
    pub fn ended_by_themselves(&mut self) -> Vec<String> {
        let all = self.collector.iter_mut().chain(&mut self.loaders).chain(&mut self.server);
        let ended = |child: &mut Child| {
            let status = child.ended()?;
            Some(format!("{} ended by itself ({status}):\n{}", child.name, child.last_words()))
        };
        all.filter_map(ended).collect()
    }

    /// Ends everything.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let children =
            self.collector.take().into_iter().chain(std::mem::take(&mut self.loaders)).chain(self.server.take());
        for child in children {
            child.kill().await;
        }
        if let Some(redis) = self.redis.take() {
            redis.stop().await?;
        }
        if let Some(postgres) = self.postgres.take() {
            postgres.stop().await?;
        }
        Ok(())
    }
}

async fn postgres(dir: &Path) -> anyhow::Result<Postgres> {
    Ok(Postgres::start(dir, PostgresOptions { max_connections: 200, ..PostgresOptions::default() }).await?)
}

fn sigkill(pid: u32) {
    if let Ok(pid) = i32::try_from(pid) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
    }
}

/// Waits until a process says that it is ready.
async fn ready(child: &mut Child, words: &str) -> anyhow::Result<()> {
    let since = Instant::now();
    while !child.said(words) {
        if let Some(status) = child.ended() {
            bail!("{} ended while it was starting ({status}):\n{}", child.name, child.last_words());
        }
        ensure!(since.elapsed() < PATIENCE, "{} was not ready after {} s", child.name, PATIENCE.as_secs());
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// A port that nobody listens on now; whoever takes it in between makes the start fail.
fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}
