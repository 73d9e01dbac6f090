//! A private Redis server: sessions and hot answers, nothing that must outlive it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::binaries;
use crate::error::ClusterError;
use crate::place::{Place, REDIS_DATA, encode};
use crate::process::{stop_left_over, works_in};
use crate::server::{Launch, Server};

pub(crate) const NAME: &str = "redis";

const SOCKET: &str = "redis.sock";
const PATIENCE: Duration = Duration::from_secs(30);

/// A running private Redis server. Dropping it stops the server, best effort; [`Redis::stop`] tells.
#[derive(Debug)]
pub struct Redis {
    // Fields drop in this order: the lock goes last, when the server is gone.
    server: Server,
    _lock: File,
    url: String,
}

impl Redis {
    /// Starts the server of data directory `dir`, with 128 MB and nothing on disk. `None` when there is no `redis-server`
    /// on this machine: Octavo runs without. The log is `dir/redis.log`.
    ///
    /// # Errors
    /// [`ClusterError::AlreadyRunning`] while another handle or process runs it; input and output errors.
    pub async fn start(dir: &Path) -> Result<Option<Self>, ClusterError> {
        let place = Place::open(dir)?;
        let Some(program) = binaries::redis(place.user)? else { return Ok(None) };
        let lock = place.lock(NAME)?;
        if let Some((pid, data)) = live(&place) {
            stop_left_over(NAME, pid, &data, Signal::SIGINT).await?;
        }
        let data = place.home.join(REDIS_DATA);
        place.make_private(&data)?;
        let sockets = place.make_sockets()?;
        let socket = sockets.join(SOCKET);
        // A socket without a server answers nobody, and must not be taken for the new one's.
        if socket.exists() {
            fs::remove_file(&socket).map_err(ClusterError::io(&socket))?;
        }
        let mut command = place.user.command(&program, &data);
        command.args(["--port", "0", "--unixsocketperm", "700", "--unixsocket"]).arg(&socket);
        command.arg("--dir").arg(&data).arg("--pidfile").arg(pid_file(&data));
        command.args(["--daemonize", "no", "--save", "", "--appendonly", "no"]);
        // Sessions are here too: when it is full, answers, which are kept for the shortest time, make room for them.
        command.args(["--maxmemory", "128mb", "--maxmemory-policy", "volatile-ttl"]);
        let log = place.dir.join("redis.log");
        let mut server = Server::launch(Launch { name: NAME, command, user: place.user, dir: &data, log: &log })?;
        server.wait_ready(&log, PATIENCE, |_| answers(&socket).unwrap_or(false)).await?;
        Ok(Some(Self { server, _lock: lock, url: url(&socket) }))
    }

    /// The URL of the server that runs on data directory `dir`, whoever started it; `None` when none does.
    pub fn attach(dir: &Path) -> Option<String> {
        let place = Place::find(dir)?;
        live(&place)?;
        Some(url(&place.sockets().join(SOCKET)))
    }

    /// `redis+unix:///…/redis.sock`, as the `redis` crate reads it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process of the server.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// Stops the server; what it held is gone.
    ///
    /// # Errors
    /// [`ClusterError::DoesNotStop`] when it had to be killed after 30 s.
    pub async fn stop(self) -> Result<(), ClusterError> {
        self.server.stop().await
    }
}

/// The live server of a place, whoever started it: its process and its working directory.
pub(crate) fn live(place: &Place) -> Option<(i32, PathBuf)> {
    let data = place.home.join(REDIS_DATA);
    let pid = fs::read_to_string(pid_file(&data)).ok()?.trim().parse().ok()?;
    works_in(pid, &data).then_some((pid, data))
}

fn url(socket: &Path) -> String {
    format!("redis+unix://{}", encode(socket, b"/"))
}

fn pid_file(data: &Path) -> PathBuf {
    data.join("redis.pid")
}

fn answers(socket: &Path) -> std::io::Result<bool> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.set_write_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0; 7];
    stream.read_exact(&mut answer)?;
    Ok(&answer == b"+PONG\r\n")
}
