//! Loading a topic's batches in the order they come, on a task of its own: while one is loaded, the next is read and prepared.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use chrono::Utc;
use ingest::enrich::{Prepared, Steps};
use ingest::load::intake::{Intake, Taken};
use kafka::Mark;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};

use super::records::batch;

/// Orders that wait, beside the one that is carried out: with a batch in each this is what bounds memory.
const WAITING: usize = 1;
/// Between two looks at what is staged, while nothing comes.
const LOOK: Duration = Duration::from_secs(1);
/// Between two looks for what was staged long ago.
const SWEEP: Duration = Duration::from_secs(3600);

/// What the reader wants.
enum Order {
    /// To be told where a partition is to be read from.
    Begin(i32),
    Load {
        partition: i32,
        first: i64,
        prepared: JoinHandle<Prepared>,
    },
    Forget(i32),
}

/// What the reader is told.
pub enum Done {
    /// The partition is to be read from here: it was asked, or somebody else has moved the position.
    Begin { partition: i32, position: i64, mark: Option<Mark> },
    /// All below `next` is committed.
    Committed { partition: i32, next: i64 },
}

/// The reader's end. The task ends with it.
pub struct Loading {
    orders: mpsc::Sender<Order>,
    done: mpsc::UnboundedReceiver<Done>,
    task: JoinSet<anyhow::Result<()>>,
    log: String,
    steps: Steps,
}

impl Loading {
    pub fn begin(intake: Intake, log: &str) -> Self {
        let (orders, coming) = mpsc::channel(WAITING);
        let (reader, done) = mpsc::unbounded_channel();
        let (steps, mut task) = (intake.steps(), JoinSet::new());
        task.spawn(Loader { intake, log: log.into(), told: BTreeMap::new(), reader }.run(coming));
        Self { orders, done, task, log: log.into(), steps }
    }

    /// Waits until an order is taken at once.
    ///
    /// # Errors
    /// What the loader failed of, as all of these.
    pub async fn room(&mut self) -> anyhow::Result<()> {
        let ended = self.orders.reserve().await.is_err();
        if ended { Err(self.failure().await) } else { Ok(()) }
    }

    /// What is told next. May be dropped before it is done.
    pub async fn done(&mut self) -> anyhow::Result<Done> {
        match self.done.recv().await {
            Some(done) => Ok(done),
            None => Err(self.failure().await),
        }
    }

    /// Asks where a partition is to be read from. What was read of it before counts no more, unless it begins there.
    pub async fn ask(&mut self, partition: i32) -> anyhow::Result<()> {
        self.order(Order::Begin(partition)).await
    }

    /// Loads a batch after all that was ordered before. It is decoded and prepared at once.
    pub async fn load(&mut self, records: kafka::Batch) -> anyhow::Result<()> {
        let (partition, first) = (records.partition, records.first);
        let (log, steps) = (self.log.clone(), self.steps.clone());
        let prepared = spawn_blocking(move || steps.prepare(batch(log, records)));
        self.order(Order::Load { partition, first, prepared }).await
    }

    /// What waits of a partition is somebody else's to read now, or is read again when this one comes back to it.
    pub async fn forget(&mut self, partition: i32) -> anyhow::Result<()> {
        self.order(Order::Forget(partition)).await
    }

    async fn order(&mut self, order: Order) -> anyhow::Result<()> {
        match self.orders.send(order).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.failure().await),
        }
    }

    async fn failure(&mut self) -> anyhow::Error {
        match self.task.join_next().await {
            Some(Ok(Err(error))) => error,
            Some(Err(error)) => error.into(),
            Some(Ok(Ok(()))) | None => anyhow!("the loader has ended"),
        }
    }
}

/// The task's end.
struct Loader {
    intake: Intake,
    log: String,
    /// Where the next batch of each partition has to begin. One that does not was read before the reader was told, and is dropped.
    told: BTreeMap<i32, i64>,
    reader: mpsc::UnboundedSender<Done>,
}

impl Loader {
    /// Until there is nobody any more who orders, or something fails.
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) -> anyhow::Result<()> {
        let mut swept: Option<Instant> = None;
        loop {
            if swept.is_none_or(|at| at.elapsed() > SWEEP) {
                if let Err(error) = self.intake.sweep(Utc::now()).await {
                    let site = &self.intake.site().code;
                    tracing::warn!(site, %error, "what was staged long ago is not removed yet");
                }
                swept = Some(Instant::now());
            }
            for due in self.intake.flush_due(Utc::now()).await? {
                self.note(due.partition.parse()?, due.taken).await?;
            }
            match tokio::time::timeout(LOOK, orders.recv()).await {
                Ok(Some(order)) => self.carry_out(order).await?,
                Ok(None) => return Ok(()),
                Err(_) => {}
            }
        }
    }

    async fn carry_out(&mut self, order: Order) -> anyhow::Result<()> {
        match order {
            Order::Begin(partition) => self.begin(partition).await,
            Order::Load { partition, first, prepared } if self.told.get(&partition) == Some(&first) => {
                let prepared = prepared.await?;
                self.told.insert(partition, prepared.next);
                let taken = self.intake.take(prepared, Utc::now()).await?;
                self.note(partition, taken).await
            }
            Order::Load { .. } => Ok(()),
            Order::Forget(partition) => {
                self.told.remove(&partition);
                self.intake.forget(&self.log, &partition.to_string());
                Ok(())
            }
        }
    }

    async fn note(&mut self, partition: i32, taken: Taken) -> anyhow::Result<()> {
        match taken {
            Taken::Committed { next, .. } => self.tell(Done::Committed { partition, next }),
            Taken::Waits { .. } => {}
            // Another loader has the partition, or this one came back to it.
            Taken::Moved { .. } => self.begin(partition).await?,
        }
        Ok(())
    }

    async fn begin(&mut self, partition: i32) -> anyhow::Result<()> {
        let name = partition.to_string();
        self.intake.forget(&self.log, &name);
        let (position, mark) = self.intake.standing(&self.log, &name).await?;
        let mark: Option<Mark> = mark.map(|mark| mark.parse()).transpose()?;
        self.told.insert(partition, position);
        self.tell(Done::Begin { partition, position, mark });
        Ok(())
    }

    fn tell(&self, done: Done) {
        // Nobody hears it only where the reader has gone, and then the orders end too.
        let _ = self.reader.send(done);
    }
}
