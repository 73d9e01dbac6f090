//! Redis stops, hangs or is wiped while many ask: every answer is right, and none takes long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use redis::AsyncCommands;
use tokio::task::JoinSet;

use crate::processes::{Processes, Work, answer, key};

const TAKES: Duration = Duration::from_millis(10);
/// Waiting for Redis twice, and some time on a busy machine.
const LONGEST: Duration = Duration::from_secs(3);

/// Asks many things of all processes until told to stop; returns how many, each compared and none too slow.
struct Load {
    clients: JoinSet<usize>,
    stop: Arc<AtomicBool>,
}

impl Load {
    fn start(processes: &Processes) -> Self {
        let (mut clients, stop) = (JoinSet::new(), Arc::new(AtomicBool::new(false)));
        for client in 0..60 {
            let (process, stop, work) = (processes.of(client), stop.clone(), Work::default());
            clients.spawn(async move {
                let mut asked = 0;
                while !stop.load(Ordering::SeqCst) {
                    // The same for all processes, and always something new.
                    let plan = asked * 20 + client / 3;
                    let since = Instant::now();
                    let found = process.get_or_compute(&key(plan), || work.on(plan, TAKES)).await.unwrap();
                    assert_eq!(found.bytes, answer(plan));
                    assert!(since.elapsed() < LONGEST, "{:?}", since.elapsed());
                    asked += 1;
                }
                asked
            });
        }
        Self { clients, stop }
    }

    async fn stop(self) -> usize {
        self.stop.store(true, Ordering::SeqCst);
        self.clients.join_all().await.iter().sum()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_killed() {
    let Some(processes) = Processes::start("killed", 3).await else { return };
    let load = Load::start(&processes);
    tokio::time::sleep(Duration::from_millis(500)).await;
    processes.signal("-KILL");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let asked = load.stop().await;
    assert!(asked > 100, "{asked}");
    processes.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_hangs_and_comes_back() {
    let Some(processes) = Processes::start("hangs", 3).await else { return };
    let load = Load::start(&processes);
    tokio::time::sleep(Duration::from_millis(500)).await;
    processes.signal("-STOP");
    tokio::time::sleep(Duration::from_secs(2)).await;
    processes.signal("-CONT");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut pause = redis::cmd("CLIENT");
    pause.arg("PAUSE").arg(1000);
    pause.exec_async(&mut processes.raw().await).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let asked = load.stop().await;
    assert!(asked > 100, "{asked}");
    processes.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_wiped_over_and_over() {
    let Some(processes) = Processes::start("wiped", 3).await else { return };
    let (load, mut raw) = (Load::start(&processes), processes.raw().await);
    for _ in 0..100 {
        let () = raw.flushall().await.unwrap();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let asked = load.stop().await;
    assert!(asked > 100, "{asked}");
    processes.end().await;
}
