//! What a collector holds: appending, and what it knows of the level.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot};
use uuid::Uuid;

use crate::error::{AppendError, SpoolError};
use crate::ground::Ground;
use crate::level::Level;
use crate::log::{Log, MOST_APPEND_BYTES, Wish};
use crate::reader::Reader;
use crate::schema::Synchronous;
use crate::writer::{self, Waiting};

/// Bytes in one permit of [`Spool::room`].
const PERMIT_BYTES: usize = 1 << 10;

/// Where a spool is and how much it may take.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A directory of its own on a local disk; made if it is not there.
    pub dir: PathBuf,
    /// Bytes of the database, at least 1 MiB. From 95 % of it appends are refused. SQLite's log takes up to 16 MiB besides.
    pub most_bytes: u64,
    /// How long an append waits to become durable.
    pub patience: Duration,
}

impl Settings {
    /// A spool with a patience of 5 s, after which a collector answers 503.
    pub fn new(dir: impl Into<PathBuf>, most_bytes: u64) -> Self {
        Self { dir: dir.into(), most_bytes, patience: Duration::from_secs(5) }
    }
}

/// Appends to a spool; share it behind an `Arc`. Any number of processes may hold one on the same directory.
pub struct Spool {
    settings: Settings,
    identity: Uuid,
    /// None only while it is dropped.
    queue: Option<mpsc::UnboundedSender<Waiting>>,
    writer: Option<JoinHandle<()>>,
    broken: Arc<AtomicBool>,
    /// Memory for what waits, in kibibytes.
    room: Arc<Semaphore>,
    beside: Mutex<Log>,
}

impl Spool {
    /// Opens the spool of a directory, after whatever happened to it before, or makes one. Blocks.
    ///
    /// `fresh` becomes its identity if it is made now.
    ///
    /// # Errors
    /// A newer schema, another program's database, a disk that fails.
    pub fn open(settings: Settings, fresh: Uuid) -> Result<Self, SpoolError> {
        let Settings { dir, most_bytes, patience } = &settings;
        let (log, identity) = Log::open(dir, Ground::Real, Synchronous::Full, *most_bytes, *patience, fresh)?;
        let (beside, _) = Log::beside(dir, Ground::Real, *most_bytes, *patience)?;
        let broken = Arc::new(AtomicBool::new(false));
        let (queue, waiting) = mpsc::unbounded_channel();
        let writer = std::thread::Builder::new().name("spool".into()).spawn({
            let broken = Arc::clone(&broken);
            move || writer::run(log, waiting, &broken)
        })?;
        Ok(Self {
            identity,
            queue: Some(queue),
            writer: Some(writer),
            broken,
            room: Arc::new(Semaphore::new(MOST_APPEND_BYTES / PERMIT_BYTES)),
            beside: Mutex::new(beside),
            settings,
        })
    }

    /// Made with the spool and never again: it names the log, so that offsets of two spools are never mistaken.
    pub fn identity(&self) -> Uuid {
        self.identity
    }

    /// The source as the loader's positions name it.
    pub fn source(&self) -> String {
        format!("spool:{}", self.identity)
    }

    /// Appends records to a site's log and returns the offset of the first. All are durable then: committed, and synced to the disk.
    ///
    /// # Errors
    /// See [`AppendError`]. After `Late` the records may be stored all the same; after all others none is.
    pub async fn append(&self, site: &str, records: Vec<Vec<u8>>) -> Result<i64, AppendError> {
        self.wish(Wish::Append { site: site.to_owned(), records }).await
    }

    /// Keeps a small fact, durably; an earlier one of the key is replaced. Works above the high-water mark too.
    ///
    /// # Errors
    /// As of [`Spool::append`].
    pub async fn put(&self, key: &str, value: &[u8]) -> Result<(), AppendError> {
        self.wish(Wish::Put { key: key.to_owned(), value: value.to_owned() }).await.map(|_| ())
    }

    /// The fact that was kept last. Blocks, for a read of a few pages.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>, SpoolError> {
        self.beside.lock().unwrap_or_else(PoisonError::into_inner).fact(key)
    }

    /// How full it is. Blocks, for a read of a few pages.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn level(&self) -> Result<Level, SpoolError> {
        self.beside.lock().unwrap_or_else(PoisonError::into_inner).level()
    }

    /// Whether the disk failed: the process must stop, and `health` should say so.
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    /// A reader of the same directory. Blocks.
    ///
    /// # Errors
    /// The database cannot be opened.
    pub fn reader(&self) -> Result<Reader, SpoolError> {
        Reader::open(&self.settings.dir, self.settings.patience)
    }

    async fn wish(&self, wish: Wish) -> Result<i64, AppendError> {
        let bytes = wish.bytes();
        if bytes > MOST_APPEND_BYTES {
            return Err(AppendError::TooLarge { bytes, most: MOST_APPEND_BYTES });
        }
        let permits = u32::try_from(bytes.div_ceil(PERMIT_BYTES)).unwrap_or(u32::MAX);
        let durable = async {
            let room = Arc::clone(&self.room).acquire_many_owned(permits).await.map_err(|_| gone())?;
            let (reply, answer) = oneshot::channel();
            let queue = self.queue.as_ref().ok_or_else(gone)?;
            queue.send(Waiting { wish, reply, _room: room }).map_err(|_| gone())?;
            answer.await.map_err(|_| gone())?
        };
        tokio::time::timeout(self.settings.patience, durable).await.unwrap_or(Err(AppendError::Late))
    }
}

/// The writer is not there any more.
fn gone() -> AppendError {
    AppendError::Broken("the writer has stopped".into())
}

impl Drop for Spool {
    /// Waits for the commit that is under way.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}
