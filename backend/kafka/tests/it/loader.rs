//! A loader as the worker runs one, with the warehouse in memory.

use std::time::{Duration, Instant};

use kafka::{Batch, Consumer, Event, Settings};
use tokio::time::timeout;

use crate::warehouse::Warehouse;

/// How long anything may take that should happen.
pub const PATIENCE: Duration = Duration::from_secs(45);

/// Settings with which things happen sooner.
pub fn quick(brokers: &str, topic: &str) -> Settings {
    let mut settings = Settings::new(brokers, topic, "octavo");
    settings.linger = Duration::from_millis(100);
    settings.session = Duration::from_secs(6);
    settings.longest_work = Duration::from_secs(20);
    settings.measured = Duration::from_millis(200);
    settings
}

pub struct Loader {
    pub consumer: Consumer,
    pub warehouse: Warehouse,
}

impl Loader {
    pub async fn open(settings: Settings, warehouse: &Warehouse) -> Self {
        let consumer = timeout(PATIENCE, Consumer::open(settings)).await.expect("it opens in time").unwrap();
        Self { consumer, warehouse: warehouse.clone() }
    }

    /// The next event; partitions that were assigned are started where the warehouse stands.
    pub async fn hear(&mut self) -> Event {
        let event = timeout(PATIENCE, self.consumer.next()).await.expect("something happens in time").unwrap();
        if let Event::Assigned(partitions) = &event {
            partitions.iter().for_each(|p| self.start(*p));
        }
        event
    }

    pub fn start(&mut self, partition: i32) {
        let (at, mark) = self.warehouse.position(self.consumer.log_name(), partition);
        self.consumer.start(partition, at, mark);
    }

    /// Stores a batch; where it does not count, reads on from where the warehouse stands.
    pub fn store(&mut self, batch: &Batch) -> bool {
        let stored = self.warehouse.store(self.consumer.log_name(), batch);
        if stored {
            self.consumer.tell(batch.partition, batch.next);
        } else {
            self.start(batch.partition);
        }
        stored
    }

    /// The next batch. What else happens goes by, but nothing may stop.
    pub async fn batch(&mut self) -> Batch {
        loop {
            match self.hear().await {
                Event::Records(batch) => return batch,
                Event::Stopped { why, .. } => panic!("{why}"),
                _ => {}
            }
        }
    }

    /// Loads until the warehouse holds `records`, whoever stored them.
    pub async fn load(&mut self, records: usize) {
        let until = Instant::now() + PATIENCE;
        while self.warehouse.len() < records {
            assert!(Instant::now() < until, "{} of {records} records came", self.warehouse.len());
            if let Ok(batch) = timeout(Duration::from_millis(50), self.batch()).await {
                self.store(&batch);
            }
        }
    }

    /// Loads for ever.
    pub async fn run(&mut self) {
        loop {
            let batch = self.batch().await;
            self.store(&batch);
        }
    }
}
