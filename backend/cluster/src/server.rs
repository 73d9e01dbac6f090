//! A running server that is ours: its process, its guard and the lock on its data directory.

use std::fs::{File, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::error::ClusterError;
use crate::guard::Guard;
use crate::process::{STOP_TIMEOUT, send};
use crate::user::ServerUser;

const POLL: Duration = Duration::from_millis(10);

/// How to start one.
pub(crate) struct Launch<'a> {
    pub name: &'static str,
    pub command: Command,
    pub user: ServerUser,
    /// What becomes its working directory.
    pub dir: &'a Path,
    pub log: &'a Path,
}

#[derive(Debug)]
pub(crate) struct Server {
    name: &'static str,
    child: Child,
    guard: Option<Guard>,
}

impl Server {
    /// Starts the process, its output going to the end of the log, and guards it.
    pub fn launch(mut launch: Launch<'_>) -> Result<Self, ClusterError> {
        let log = open_log(launch.log)?;
        let copy = log.try_clone().map_err(ClusterError::io(launch.log))?;
        let program = launch.command.get_program().to_os_string();
        let child = launch
            .command
            .stdout(Stdio::from(copy))
            .stderr(Stdio::from(log))
            // Out of our process group: on Ctrl-C we finish first, then the servers.
            .process_group(0)
            .spawn()
            .map_err(ClusterError::io(program))?;
        let mut server = Self { name: launch.name, child, guard: None };
        server.guard = Some(Guard::watch(launch.user, server.child.id(), launch.dir)?);
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits until `ready` says so.
    ///
    /// # Errors
    /// [`ClusterError::Died`] when the process ended first, [`ClusterError::NotReady`] after `patience`.
    pub async fn wait_ready(
        &mut self,
        log: &Path,
        patience: Duration,
        ready: impl Fn(u32) -> bool,
    ) -> Result<(), ClusterError> {
        let since = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return Err(ClusterError::Died { server: self.name, status, log: log.to_path_buf() });
            }
            if ready(self.pid()) {
                return Ok(());
            }
            if since.elapsed() > patience {
                return Err(ClusterError::NotReady { server: self.name, after: patience, log: log.to_path_buf() });
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Stops it in order: SIGINT is the fast shutdown of PostgreSQL and the clean one of Redis.
    ///
    /// # Errors
    /// [`ClusterError::DoesNotStop`] when it had to be killed.
    pub async fn stop(mut self) -> Result<(), ClusterError> {
        self.interrupt();
        let since = Instant::now();
        while self.ended().is_none() {
            if since.elapsed() > STOP_TIMEOUT {
                return Err(ClusterError::DoesNotStop { server: self.name, pid: self.pid() as i32 });
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    fn interrupt(&mut self) {
        if self.ended().is_none() {
            send(self.pid() as i32, Signal::SIGINT);
        }
    }
}

impl Drop for Server {
    /// Also what happens to a server that did not get ready, or did not stop.
    fn drop(&mut self) {
        self.interrupt();
        let since = Instant::now();
        while self.ended().is_none() && since.elapsed() < STOP_TIMEOUT / 3 {
            std::thread::sleep(POLL);
        }
        if self.ended().is_none() {
            tracing::error!(server = self.name, pid = self.pid(), "the server does not stop and is killed");
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        self.guard = None;
    }
}

fn open_log(path: &Path) -> Result<File, ClusterError> {
    OpenOptions::new().create(true).append(true).open(path).map_err(ClusterError::io(path))
}
