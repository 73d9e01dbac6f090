//! Waiting for another process that computes the same.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::key::CacheKey;
use crate::tier::{Found, Look, Tier, Turn};

/// How long a turn is held at most: longer than nearly every answer takes, and so short that one can wait for the turn of
/// a process that died.
pub const TURN: Duration = Duration::from_secs(2);
/// Between the first two looks; then twice as long each time, up to the last.
const FIRST: Duration = Duration::from_millis(4);
const LAST: Duration = Duration::from_millis(100);

/// What waiting came to.
pub enum Waited {
    Found(Found),
    Compute(Turn),
}

/// Waits for the answer, but no longer than a turn lasts: then it is computed here, whoever else does.
pub async fn wait(tier: &dyn Tier, key: &CacheKey) -> Waited {
    let until = Instant::now() + TURN;
    let mut pause = FIRST;
    let mut hit = true;
    loop {
        match tier.find(key).await {
            Look::Found(bytes) => return Waited::Found(Found { bytes, hit }),
            Look::Compute(turn) => return Waited::Compute(turn),
            Look::Wait if Instant::now() >= until => return Waited::Compute(Turn::default()),
            Look::Wait => {
                hit = false;
                sleep(pause).await;
                pause = (pause * 2).min(LAST);
            }
        }
    }
}
