//! The consumer: partitions come and go, records come in batches, and nothing is skipped.

use std::collections::{BTreeMap, VecDeque};
use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{FutureExt, StreamExt};
use rdkafka::consumer::{CommitMode, Consumer as _, StreamConsumer};
use rdkafka::error::{KafkaError as ClientError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::{ClientConfig, Offset};
use tokio::time::sleep_until;

use crate::ask;
use crate::context::{Context, Heard};
use crate::error::{KafkaError, Stop};
use crate::event::{Event, Standing};
use crate::mark::Mark;
use crate::reading::Reading;
use crate::settings::Settings;
use crate::witness::{Found, Witness};

/// How long to wait before brokers that did not answer are asked again.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);

/// A member of the group. It does everything within calls of its methods: who does not call [`Consumer::next`] is not read
/// for, and after `Settings::longest_work` is taken for dead.
pub struct Consumer {
    pub(crate) client: Arc<StreamConsumer<Context>>,
    pub(crate) settings: Settings,
    pub(crate) log: String,
    pub(crate) witness: Witness,
    pub(crate) readings: BTreeMap<i32, Reading>,
    /// What is to be told next.
    pub(crate) ready: VecDeque<Event>,
    /// When to compare positions with what the brokers have.
    pub(crate) doubt: Option<Instant>,
    /// What was told last, so that it is told once.
    trouble: Option<String>,
}

impl Consumer {
    /// Joins the group. Fails when no broker answers within `Settings::patience`: the log's name is not known then.
    pub async fn open(settings: Settings) -> Result<Self, KafkaError> {
        let consumer = Self::connect(settings).await?;
        consumer.client.subscribe(&[&consumer.settings.topic])?;
        Ok(consumer)
    }

    /// Belongs to no group yet.
    pub(crate) async fn connect(settings: Settings) -> Result<Self, KafkaError> {
        let config: ClientConfig = settings.config()?;
        let client: StreamConsumer<Context> = config.create_with_context(Context::new(&settings.topic))?;
        let client = Arc::new(client);
        let log = match ask::name(&client, &settings).await {
            Ok(log) => log,
            Err(error) => {
                leave(client).await;
                return Err(error);
            }
        };
        let witness = Witness::new(&settings)?;
        let (readings, ready) = (BTreeMap::new(), VecDeque::new());
        Ok(Self { client, settings, log, witness, readings, ready, doubt: None, trouble: None })
    }

    /// `kafka:CLUSTER/TOPIC`: the source in the warehouse's positions, each partition's number its partition.
    pub fn log_name(&self) -> &str {
        &self.log
    }

    /// What happened. May be dropped before it is done (in a `select!`): nothing is lost.
    ///
    /// # Errors
    /// Only when the client is of no use any more.
    pub async fn next(&mut self) -> Result<Event, KafkaError> {
        let client = Arc::clone(&self.client);
        loop {
            self.hear();
            if let Some(event) = self.ready.pop_front() {
                return Ok(event);
            }
            let now = Instant::now();
            if let Some(partition) = self.full(now) {
                match self.vouched(partition).await? {
                    Some(event) => return Ok(event),
                    None => continue,
                }
            }
            if self.doubt.is_some_and(|at| at <= now) {
                self.look().await;
                continue;
            }
            self.fetch();
            let wake = self.wake();
            let mut messages = client.stream();
            tokio::select! {
                biased;
                () = client.context().changed.notified() => {}
                message = messages.next() => {
                    let mut message = message;
                    while let Some(one) = message {
                        if self.receive(one)? {
                            break;
                        }
                        message = messages.next().now_or_never().flatten();
                    }
                }
                () = async { match wake { Some(at) => sleep_until(at.into()).await, None => pending().await } } => {}
            }
        }
    }

    /// Reads the partition from `at`, the warehouse's position, on; also one that is read already, as after a batch that did
    /// not count. `mark` is the last stored record's ([`crate::Batch::mark`]): where another record stands in its place, it is
    /// another topic, and the partition stops. Of a partition that is not this consumer's any more nothing comes.
    pub fn start(&mut self, partition: i32, at: i64, mark: Option<Mark>) {
        self.release(&[partition]);
        self.readings.remove(&partition);
        if self.client.context().state().ours.contains(&partition) {
            self.readings.insert(partition, Reading::new(at, mark));
        }
    }

    /// Does work that may take long, such as waiting for the warehouse, without being taken for dead: from a third of
    /// `Settings::longest_work` on the group is answered, and nothing is fetched. What happened comes with the next
    /// [`Consumer::next`]. Work that may hang must have a limit of its own, else it keeps its partitions for ever.
    pub async fn meanwhile<F: Future>(&mut self, work: F) -> F::Output {
        tokio::pin!(work);
        if let Ok(done) = tokio::time::timeout(self.settings.longest_work / 3, work.as_mut()).await {
            return done;
        }
        let partitions: Vec<i32> = self.readings.keys().copied().collect();
        self.release(&partitions);
        let client = Arc::clone(&self.client);
        loop {
            let mut messages = client.stream();
            tokio::select! {
                biased;
                done = &mut work => return done,
                message = messages.next() => {
                    // A record that was still under way is fetched again; what ended the client, `next` will meet.
                    if let Some(Err(error)) = message {
                        self.trouble(&error);
                    }
                }
            }
        }
    }

    /// Tells the group how far a partition is committed, for tools that show lag. Nobody relies on it: it may fail.
    pub fn tell(&self, partition: i32, next: i64) {
        let mut list = self.client.context().list([partition]);
        let told = list
            .set_partition_offset(&self.settings.topic, partition, Offset::Offset(next))
            .and_then(|()| self.client.commit(&list, CommitMode::Async));
        if let Err(error) = told {
            tracing::debug!(%error, "Kafka: the group was not told how far it is read");
        }
    }

    /// How far each partition is read, and where it ended when that was last measured.
    pub fn standing(&self) -> Vec<Standing> {
        let state = self.client.context().state();
        let end = |partition| state.ends.get(partition).copied();
        self.readings.iter().map(|(p, r)| Standing { partition: *p, next: r.seen, end: end(p) }).collect()
    }

    /// Whether any broker was connected when that was last measured. Where none is, `standing` is of the time before.
    pub fn connected(&self) -> bool {
        self.client.context().state().connected
    }

    /// Leaves the group, so that others take the partitions at once. Dropping does the same but blocks its thread.
    pub async fn close(self) {
        leave(self.client).await;
    }

    /// Takes over what the group decided.
    fn hear(&mut self) {
        let heard = std::mem::take(&mut self.client.context().state().heard);
        for what in heard {
            self.ready.push_back(match what {
                Heard::Assigned(partitions) => Event::Assigned(partitions),
                Heard::Revoked(partitions) => {
                    partitions.iter().for_each(|p| drop(self.readings.remove(p)));
                    Event::Revoked(partitions)
                }
            });
        }
    }

    /// The partition whose batch is to be handed out.
    fn full(&self, now: Instant) -> Option<i32> {
        let limit = self.settings.batch_records;
        let (partition, _) = match self.readings.iter().find(|(_, r)| r.is_due(limit, now)) {
            Some(found) => found,
            None if self.too_much() => {
                self.readings.iter().filter(|(_, r)| r.is_due(1, now)).max_by_key(|(_, r)| r.bytes)?
            }
            None => return None,
        };
        Some(*partition)
    }

    /// The partition's batch, if it is of the topic that was read before.
    async fn vouched(&mut self, partition: i32) -> Result<Option<Event>, KafkaError> {
        let Some(reading) = self.readings.get(&partition) else { return Ok(None) };
        if let Some(mark) = reading.evidence() {
            let (log, position) = (self.log.clone(), reading.first);
            match self.witness.look(partition, mark, reading.first).await {
                Ok(Found::Same | Found::Gone) => {}
                Ok(Found::Another) => {
                    self.stop(partition, Stop::Another { log, partition, position, at: mark.offset });
                    return Ok(None);
                }
                Err(fatal @ KafkaError::Fatal(_)) => return Err(fatal),
                Err(error) => {
                    // The batch is kept until a broker answers again.
                    self.readings.entry(partition).and_modify(|r| r.not_before = Some(Instant::now() + PAUSE));
                    self.say(error.to_string());
                    return Ok(None);
                }
            }
        }
        Ok(self.readings.get_mut(&partition).map(|r| Event::Records(r.take(partition))))
    }

    fn too_much(&self) -> bool {
        self.readings.values().map(|r| r.bytes).sum::<usize>() >= self.settings.batch_bytes
    }

    fn wake(&self) -> Option<Instant> {
        self.readings.values().filter_map(|r| r.not_before.max(r.due)).chain(self.doubt).min()
    }

    /// Takes one message. Says whether there is something to hand out.
    fn receive(&mut self, message: KafkaResult<BorrowedMessage<'_>>) -> Result<bool, KafkaError> {
        let message = match message {
            Ok(message) => message,
            Err(error @ ClientError::MessageConsumptionFatal(_)) => return Err(KafkaError::Fatal(error)),
            Err(error) => {
                self.trouble(&error);
                return Ok(true);
            }
        };
        self.trouble = None;
        let Some(reading) = self.readings.get_mut(&message.partition()) else { return Ok(false) };
        let (time, bytes) = (message.timestamp().to_millis(), message.payload().unwrap_or_default());
        reading.receive(message.offset(), time, bytes, self.settings.linger);
        Ok(reading.len() >= self.settings.batch_records || self.too_much())
    }

    /// What the client complains of.
    pub(crate) fn trouble(&mut self, error: &ClientError) {
        match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::AutoOffsetReset) => self.doubt = Some(Instant::now()),
            Some(RDKafkaErrorCode::PollExceeded) => self.ready.push_back(Event::Expelled),
            Some(code) => self.say(code.to_string()),
            None => self.say(error.to_string()),
        }
    }

    fn say(&mut self, trouble: String) {
        if self.trouble.as_ref() != Some(&trouble) {
            self.ready.push_back(Event::Trouble(trouble.clone()));
            self.trouble = Some(trouble);
        }
    }
}

/// Drops the client where it may block: it says goodbye to the group.
async fn leave(client: Arc<StreamConsumer<Context>>) {
    tokio::task::spawn_blocking(move || drop(client)).await.expect("leaving does not panic");
}
