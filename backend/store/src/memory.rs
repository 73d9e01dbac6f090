//! What was looked up, kept in this process for as long as every change of it is heard of.
//!
//! Whoever changes something tells all processes. A process that does not hear, because its connection is gone, slow or
//! cut without a word, must not answer from memory. So memory is trusted for a short time only after the last proof that
//! changes are heard, and a listener renews the proof again and again. Whatever fails, looking up anew is what remains.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

/// How long memory is trusted after a proof: so long a change may go unnoticed when everything fails at once.
pub const TRUST: Duration = Duration::from_millis(800);
/// How often a listener asks for a proof.
pub const BEAT: Duration = Duration::from_millis(200);
/// Entries at most; one that comes when it is full empties it, for looking up again is all it costs.
const MOST: usize = 50_000;

/// Values by what they were looked up by.
#[derive(Debug)]
pub struct Memory<K, V> {
    kept: RwLock<Kept<K, V>>,
}

#[derive(Debug)]
struct Kept<K, V> {
    entries: HashMap<K, V>,
    /// Goes up with every change that is heard of.
    generation: u64,
    /// When it was last certain that changes are heard.
    heard: Option<Instant>,
}

/// What was known when a look-up began; its value may be kept only if nothing was heard since.
#[derive(Debug, Clone, Copy)]
pub struct Ticket(u64);

impl<K: Eq + Hash, V: Clone> Memory<K, V> {
    /// Empty, and not trusted before the first proof.
    pub fn new() -> Self {
        Self { kept: RwLock::new(Kept { entries: HashMap::new(), generation: 0, heard: None }) }
    }

    /// The kept value, or the looked-up one, which is then kept. That there is none is not kept.
    pub async fn get_or_look_up<E>(
        &self,
        key: K,
        look_up: impl Future<Output = Result<Option<V>, E>>,
    ) -> Result<Option<V>, E> {
        let now = Instant::now();
        if let Some(value) = self.get(&key, now) {
            return Ok(Some(value));
        }
        let ticket = self.ticket(now);
        let found = look_up.await?;
        if let (Some(ticket), Some(value)) = (ticket, &found) {
            self.keep(ticket, key, value.clone());
        }
        Ok(found)
    }

    /// Whether what is kept is used.
    pub fn is_trusted(&self, now: Instant) -> bool {
        self.read().is_trusted(now)
    }

    /// What is kept, if that can be trusted.
    pub fn get(&self, key: &K, now: Instant) -> Option<V> {
        let kept = self.read();
        if kept.is_trusted(now) { kept.entries.get(key).cloned() } else { None }
    }

    /// To be taken before a look-up begins.
    pub fn ticket(&self, now: Instant) -> Option<Ticket> {
        let kept = self.read();
        kept.is_trusted(now).then_some(Ticket(kept.generation))
    }

    /// Keeps what was looked up, unless a change was heard of since: it may be from before.
    pub fn keep(&self, ticket: Ticket, key: K, value: V) {
        let mut kept = self.write();
        if kept.generation == ticket.0 {
            if kept.entries.len() >= MOST {
                kept.entries.clear();
            }
            kept.entries.insert(key, value);
        }
    }

    /// This one has changed.
    pub fn forget(&self, key: &K) {
        let mut kept = self.write();
        kept.generation += 1;
        kept.entries.remove(key);
    }

    /// Something has changed.
    pub fn forget_all(&self) {
        let mut kept = self.write();
        kept.generation += 1;
        kept.entries.clear();
    }

    /// Every change from before `at` is heard of by now.
    pub fn prove(&self, at: Instant) {
        self.write().heard = Some(at);
    }

    /// Changes are not heard any more.
    pub fn distrust(&self) {
        let mut kept = self.write();
        kept.generation += 1;
        kept.entries.clear();
        kept.heard = None;
    }

    fn read(&self) -> RwLockReadGuard<'_, Kept<K, V>> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Kept<K, V>> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> Kept<K, V> {
    fn is_trusted(&self, now: Instant) -> bool {
        self.heard.is_some_and(|at| now.saturating_duration_since(at) < TRUST)
    }
}
