//! The one thread of a process that writes: it takes all that waits, commits it with one fsync, and answers everybody.
//!
//! There is no timer. While a commit is on its way to the disk the next group gathers by itself, so under load groups are as large as
//! the disk is slow, and a lone append waits for nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use crate::error::AppendError;
use crate::level::WARN_SHARE;
use crate::log::{Log, Wish};

/// Bytes of wishes in one group; one larger append is a group by itself.
const GROUP_BYTES: usize = 256 << 10;
/// Below this share the spool no longer warns, so that it does not do so twice a second.
const CALM_SHARE: f64 = 0.75;

/// A wish on its way to the disk, and who waits for it.
pub(crate) struct Waiting {
    pub(crate) wish: Wish,
    pub(crate) reply: oneshot::Sender<Result<i64, AppendError>>,
    /// Room in memory, given back when it is answered.
    pub(crate) _room: OwnedSemaphorePermit,
}

/// Writes until all senders are gone, or the disk fails.
pub(crate) fn run(mut log: Log, mut queue: mpsc::UnboundedReceiver<Waiting>, broken: &Arc<AtomicBool>) {
    let mut warned = false;
    while let Some(first) = queue.blocking_recv() {
        let mut bytes = first.wish.bytes();
        let mut group = vec![first];
        while bytes < GROUP_BYTES
            && let Ok(next) = queue.try_recv()
        {
            bytes += next.wish.bytes();
            group.push(next);
        }
        // Who gave up was told that it may not be stored, and sends it again: under load, do not do it twice.
        group.retain(|waiting| !waiting.reply.is_closed());
        if group.is_empty() {
            continue;
        }
        let mut failed = match log.store(group.iter().map(|waiting| &waiting.wish)) {
            Ok(offsets) => {
                for (waiting, offset) in group.drain(..).zip(offsets) {
                    let _ = waiting.reply.send(Ok(offset));
                }
                log.tidy().err()
            }
            Err(AppendError::Full) if group.iter().any(|waiting| matches!(waiting.wish, Wish::Put { .. })) => {
                // A full spool still keeps facts, if there is any room at all.
                apart(&mut log, &mut group)
            }
            Err(error) => Some(error),
        };
        if let Some(error @ AppendError::Broken(_)) = failed.take_if(|error| matches!(error, AppendError::Broken(_))) {
            broken.store(true, Ordering::Release);
            tracing::error!(%error, "the spool's disk failed; nothing is acknowledged any more");
            answer(group, &error);
            // Closing would write; what the disk has now is all that counts.
            std::mem::forget(log);
            queue.close();
            while let Some(waiting) = queue.blocking_recv() {
                let _ = waiting.reply.send(Err(error.clone()));
            }
            return;
        }
        if let Some(error) = failed {
            answer(group, &error);
        }
        warned = warn(&log, warned);
    }
}

fn answer(group: Vec<Waiting>, error: &AppendError) {
    for waiting in group {
        let _ = waiting.reply.send(Err(error.clone()));
    }
}

/// Stores the facts of a group whose appends do not fit, and refuses those.
fn apart(log: &mut Log, group: &mut Vec<Waiting>) -> Option<AppendError> {
    let (facts, appends): (Vec<_>, Vec<_>) =
        group.drain(..).partition(|waiting| matches!(waiting.wish, Wish::Put { .. }));
    answer(appends, &AppendError::Full);
    match log.store(facts.iter().map(|waiting| &waiting.wish)) {
        Ok(_) => {
            for waiting in facts {
                let _ = waiting.reply.send(Ok(0));
            }
            log.tidy().err()
        }
        Err(error) => {
            *group = facts;
            Some(error)
        }
    }
}

/// Says once that the spool fills, and once that it does not any more.
fn warn(log: &Log, warned: bool) -> bool {
    let share = log.share;
    if !warned && share >= WARN_SHARE {
        tracing::warn!(share, "the spool fills: is the loader running?");
        return true;
    }
    if warned && share < CALM_SHARE {
        tracing::info!(share, "the spool has room again");
        return false;
    }
    warned
}
