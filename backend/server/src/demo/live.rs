//! The demo goes on: what happens now is loaded now.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::feed::Feed;

/// Seconds between two looks at the school day; the trickle comes every second.
const CATCH_UP: i64 = 5;

pub async fn go_on(mut feeds: Vec<Feed>) {
    let mut every = tokio::time::interval(Duration::from_secs(1));
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        every.tick().await;
        let now = Utc::now();
        for feed in &mut feeds {
            if let Err(error) = once(feed, now).await {
                tracing::error!(%error, "the demo's events could not be loaded; trying again");
            }
        }
    }
}

async fn once(feed: &mut Feed, now: DateTime<Utc>) -> anyhow::Result<()> {
    feed.trickle(now).await?;
    if now.timestamp() % CATCH_UP == 0 {
        feed.catch_up(now).await?;
    }
    Ok(())
}
