//! The nemesis: does one thing after the other to the product, while events come in, and waits each time until it has healed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::event::mixed;
use crate::eye::{Eye, until};
use crate::faults::{Fault, schedule};
use crate::oracle::Oracle;
use crate::product::{Product, ROOMY};

/// A fault is healed in this time, without a person.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a stopped loader is waited for that keeps the others from loading.
const STALLED: Duration = Duration::from_secs(5);
const POSTGRES_AWAY: Duration = Duration::from_secs(3);
const REDIS_AWAY: Duration = Duration::from_secs(2);
/// Megabytes: it is full soon.
const TIGHT: u32 = 1;

/// What was done, and how long each took from its beginning until the product was whole again.
#[derive(Default)]
pub struct Done {
    pub healed: BTreeMap<Fault, Vec<Duration>>,
    /// Stopped loaders that kept the others from loading until they were woken: they held the position's lock.
    pub stalled: usize,
    pub findings: Vec<String>,
}

pub struct Nemesis {
    pub product: Product,
    eye: Eye,
    oracle: Arc<Oracle>,
    chance: ChaCha8Rng,
    done: Done,
}

impl Nemesis {
    pub fn new(product: Product, eye: Eye, oracle: Arc<Oracle>, seed: u64) -> Self {
        let chance = ChaCha8Rng::seed_from_u64(mixed(seed, u64::MAX - 1));
        Self { product, eye, oracle, chance, done: Done::default() }
    }

    /// Does all of it, spread evenly over so many events.
    pub async fn run(mut self, seed: u64, kills: usize, events: u64) -> anyhow::Result<(Product, Done)> {
        let faults = schedule(seed, kills);
        for (no, fault) in faults.iter().enumerate() {
            // A turn of the events comes before each fault and one after the last. During a fault the next turn's come in.
            let turn = |no: f64| (events as f64 * no / (faults.len() as f64 + 1.0)) as u64;
            self.oracle.allowed.fetch_max(turn(no as f64 + 1.0), Ordering::Relaxed);
            let due = turn(no as f64 + self.chance.random_range(0.0..0.9));
            until(Duration::MAX, async || Ok(self.oracle.acked() >= due)).await;
            // Not in step with what the product does.
            tokio::time::sleep(Duration::from_millis(self.chance.random_range(0..300))).await;
            self.done.findings.extend(self.product.ended_by_themselves());
            self.oracle.weather(Some(*fault));
            self.oracle.allowed.store(turn(no as f64 + 2.0), Ordering::Relaxed);
            let since = Instant::now();
            self.make(*fault).await?;
            self.oracle.weather(None);
            let took = since.elapsed();
            eprintln!("{:3}/{} {fault} ({:.1} s)", no + 1, faults.len(), took.as_secs_f64());
            self.done.healed.entry(*fault).or_default().push(took);
        }
        self.done.findings.extend(self.product.ended_by_themselves());
        self.oracle.allowed.store(u64::MAX, Ordering::Relaxed);
        Ok((self.product, self.done))
    }

    async fn make(&mut self, fault: Fault) -> anyhow::Result<()> {
        match fault {
            Fault::KillCollector => {
                self.product.kill_collector().await;
                self.product.start_collector(ROOMY).await
            }
            Fault::KillLoader => {
                let loader = self.product.loaders.remove(0);
                loader.kill().await;
                self.product.start_loader().await?;
                self.loading(fault).await
            }
            Fault::KillPostgres => {
                self.product.kill_postgres();
                self.product.start_postgres().await?;
                self.loading(fault).await
            }
            Fault::Zombie => self.zombie().await,
            Fault::TwoLoaders => {
                self.product.start_loader().await?;
                for _ in 0..4 {
                    self.loading(fault).await?;
                }
                self.end_one_loader().await;
                self.loading(fault).await
            }
            Fault::PostgresAway => {
                if let Some(postgres) = self.product.postgres.take() {
                    postgres.stop().await?;
                }
                tokio::time::sleep(POSTGRES_AWAY).await;
                self.product.start_postgres().await?;
                self.loading(fault).await
            }
            Fault::RedisAway => {
                self.product.kill_redis();
                tokio::time::sleep(REDIS_AWAY).await;
                self.product.start_redis().await
            }
            Fault::DiskFull if self.product.disk.is_own() => self.disk_full().await,
            // Without a disk of its own the spool's own bound has to stand for it.
            Fault::DiskFull | Fault::SpoolFull => self.spool_full().await,
        }
    }

    /// One loader is stopped in the midst of whatever it does, and woken when another has taken over.
    async fn zombie(&mut self) -> anyhow::Result<()> {
        self.product.loaders[0].signal(Signal::SIGSTOP);
        self.product.start_loader().await?;
        // What it had sent before it was stopped may still be committed: the second load is another's for certain.
        for _ in 0..2 {
            let before = self.eye.loads().await?;
            if !self.eye.loaded_since(before, STALLED).await {
                self.done.stalled += 1;
                break;
            }
        }
        self.product.loaders[0].signal(Signal::SIGCONT);
        self.loading(Fault::Zombie).await?;
        self.end_one_loader().await;
        self.loading(Fault::Zombie).await
    }

    async fn disk_full(&mut self) -> anyhow::Result<()> {
        self.product.disk.fill()?;
        let allowed = self.boundless();
        self.refusing(Fault::DiskFull).await;
        self.oracle.allowed.store(allowed, Ordering::Relaxed);
        self.product.disk.empty()?;
        // What was refused is sent again.
        self.accepting(Fault::DiskFull).await
    }

    /// Nothing is loaded until the spool has reached its bound; then the collector is killed and started on what there is.
    async fn spool_full(&mut self) -> anyhow::Result<()> {
        for loader in self.product.loaders.drain(..) {
            loader.kill().await;
        }
        let allowed = self.boundless();
        self.product.kill_collector().await;
        self.product.start_collector(TIGHT).await?;
        self.refusing(Fault::SpoolFull).await;
        self.product.kill_collector().await;
        self.product.start_collector(TIGHT).await?;
        self.refusing(Fault::SpoolFull).await;
        self.oracle.allowed.store(allowed, Ordering::Relaxed);
        self.product.start_loader().await?;
        self.accepting(Fault::SpoolFull).await?;
        self.product.kill_collector().await;
        self.product.start_collector(ROOMY).await
    }

    /// However many events it takes until something is refused; returns how many were allowed.
    fn boundless(&self) -> u64 {
        self.oracle.allowed.swap(u64::MAX, Ordering::Relaxed)
    }

    /// Either of them, as chance has it.
    async fn end_one_loader(&mut self) {
        let one = self.chance.random_range(0..self.product.loaders.len());
        let loader = self.product.loaders.remove(one);
        loader.kill().await;
    }

    async fn loading(&mut self, fault: Fault) -> anyhow::Result<()> {
        let before = self.eye.loads().await?;
        if !self.eye.loaded_since(before, PATIENCE).await {
            self.find(fault, "nothing was loaded");
        }
        Ok(())
    }

    async fn refusing(&mut self, fault: Fault) {
        let before = self.oracle.refused.load(Ordering::Relaxed);
        // When everything is sent there is nothing to refuse.
        let finished = || self.oracle.finished.load(Ordering::Relaxed);
        if !until(PATIENCE, async || Ok(self.oracle.refused.load(Ordering::Relaxed) > before || finished())).await {
            self.find(fault, "nothing was refused");
        }
    }

    async fn accepting(&mut self, fault: Fault) -> anyhow::Result<()> {
        let before = self.oracle.acked();
        let finished = || self.oracle.finished.load(Ordering::Relaxed);
        if !until(PATIENCE, async || Ok(self.oracle.acked() > before || finished())).await {
            self.find(fault, "nothing was accepted");
        }
        Ok(())
    }

    fn find(&mut self, fault: Fault, what: &str) {
        self.done.findings.push(format!("{fault}: {what} for {} s", PATIENCE.as_secs()));
    }
}
