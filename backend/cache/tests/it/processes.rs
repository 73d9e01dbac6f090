//! Processes on a private Redis, and a computation that can be counted.

use std::future::Future;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use access::{Caller, Role, scope_of};
use bytes::Bytes;
use cache::{Answers, CacheKey, RedisTier};

pub type Process = Arc<Answers<String>>;

/// Several processes, by turns.
pub struct Processes {
    pub each: Vec<Process>,
    pub server: cluster::Redis,
    dir: PathBuf,
}

impl Processes {
    /// `None` on a machine without Redis.
    pub async fn start(name: &str, count: usize) -> Option<Self> {
        let dir = format!("cache-{name}-{}", std::process::id());
        let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(dir);
        let server = cluster::Redis::start(&dir).await.unwrap()?;
        let process = |_| Arc::new(Answers::new(Box::new(RedisTier::new(server.url()).unwrap())));
        Some(Self { each: (0..count).map(process).collect(), server, dir })
    }

    pub fn of(&self, client: usize) -> Process {
        self.each[client % self.each.len()].clone()
    }

    /// A connection to look past them.
    pub async fn raw(&self) -> redis::aio::MultiplexedConnection {
        redis::Client::open(self.server.url()).unwrap().get_multiplexed_async_connection().await.unwrap()
    }

    pub fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.server.pid().to_string()]).status().unwrap().success());
    }

    pub async fn end(self) {
        let _ = self.server.stop().await;
        cluster::remove(&self.dir).await.unwrap();
        std::fs::remove_dir(&self.dir).unwrap();
    }
}

pub fn key(plan: usize) -> CacheKey {
    let caller = Caller::program(Role::Owner, vec![]);
    CacheKey::new(&scope_of(&caller), &plan, &1)
}

/// What the answer of a key has to be.
pub fn answer(plan: usize) -> Bytes {
    format!("answer {plan}").into()
}

/// How many computations were begun, and how many came to their end.
#[derive(Clone, Default)]
pub struct Work {
    pub begun: Arc<AtomicUsize>,
    pub done: Arc<AtomicUsize>,
}

impl Work {
    /// Computes the answer in so long.
    pub fn on(&self, plan: usize, takes: Duration) -> impl Future<Output = Result<Bytes, String>> + Send + 'static {
        let work = self.clone();
        async move {
            work.begun.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(takes).await;
            work.done.fetch_add(1, Ordering::SeqCst);
            Ok(answer(plan))
        }
    }

    pub fn counts(&self) -> (usize, usize) {
        (self.begun.load(Ordering::SeqCst), self.done.load(Ordering::SeqCst))
    }
}
