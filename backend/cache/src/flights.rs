//! One computation per key at a time, shared by all who wait for it and gone with the last of them.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};

use crate::key::CacheKey;

pub type Flight<T> = Shared<BoxFuture<'static, T>>;

/// A computation under way, or what it came to just before.
pub enum Landing<T: Clone> {
    Flying(Flight<T>),
    Landed(T),
}

/// The computations under way. They are held by those who wait only: with the last of them a computation is dropped.
pub struct Flights<T: Clone> {
    flying: Arc<Mutex<Flying<T>>>,
}

struct Flying<T: Clone> {
    by_key: HashMap<CacheKey, (u64, WeakShared<BoxFuture<'static, T>>)>,
    started: u64,
}

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    pub fn new() -> Self {
        Self { flying: Arc::new(Mutex::new(Flying { by_key: HashMap::new(), started: 0 })) }
    }

    /// The flight of this key, which is `work` if there is none. What landed since the caller looked is found with
    /// `landed`.
    pub fn join(
        &self,
        key: &CacheKey,
        work: impl Future<Output = T> + Send + 'static,
        landed: impl FnOnce() -> Option<T>,
    ) -> Landing<T> {
        let mut flying = lock(&self.flying);
        if let Some(value) = landed() {
            return Landing::Landed(value);
        }
        if let Some(flight) = flying.by_key.get(key).and_then(|(_, flight)| flight.upgrade()) {
            return Landing::Flying(flight);
        }
        flying.started += 1;
        let number = flying.started;
        let leave = Leave { flying: self.flying.clone(), key: key.clone(), number };
        let flight = async move {
            let _leave = leave;
            work.await
        }
        .boxed()
        .shared();
        let weak = flight.downgrade().expect("it has not begun");
        flying.by_key.insert(key.clone(), (number, weak));
        Landing::Flying(flight)
    }
}

/// Takes a flight that ended, or was given up, out of the list.
struct Leave<T: Clone> {
    flying: Arc<Mutex<Flying<T>>>,
    key: CacheKey,
    number: u64,
}

impl<T: Clone> Drop for Leave<T> {
    fn drop(&mut self) {
        let mut flying = lock(&self.flying);
        // The next flight of the same key may have begun already.
        if flying.by_key.get(&self.key).is_some_and(|(number, _)| *number == self.number) {
            flying.by_key.remove(&self.key);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
