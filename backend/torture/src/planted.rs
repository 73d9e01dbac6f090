//! Faults planted in the database of a run, to see that the judge finds them. None of them is in the product, nor can it be turned on
//! there.

use std::time::Duration;

use clap::ValueEnum;
use tokio::task::JoinHandle;

use crate::eye::Eye;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Planted {
    /// A day that is marked already is not marked again: what ON CONFLICT DO NOTHING on a unique key would do.
    Mark,
    /// The position is moved outside of the transaction that stores the events, and before it.
    Position,
}

/// A mark is dropped where the day has one.
const MARK: &str = "
CREATE FUNCTION raw.planted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM raw.dirty WHERE site_id = NEW.site_id AND day = NEW.day) THEN RETURN NULL; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER planted BEFORE INSERT ON raw.dirty FOR EACH ROW EXECUTE FUNCTION raw.planted();";

/// What a load is about to reach is told outside of its transaction, for a sequence is not rolled back. The pause widens the window
/// between that and the commit, as a slower disk would.
const POSITION: &str = "
CREATE SEQUENCE raw.planted_1 MINVALUE 0 START 0;
CREATE SEQUENCE raw.planted_2 MINVALUE 0 START 0;
CREATE FUNCTION raw.planted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM setval(format('raw.planted_%s', NEW.site_id)::regclass, NEW.next), pg_sleep(0.1);
    RETURN NULL;
END $$;
CREATE TRIGGER planted AFTER INSERT ON raw.load FOR EACH ROW EXECUTE FUNCTION raw.planted();";

/// The move, which waits until the load's transaction is over, whether it was committed or not.
const MOVE: &str = "
UPDATE raw.position AS p SET next = s.next
FROM (SELECT 1 AS site_id, last_value AS next FROM raw.planted_1 UNION ALL SELECT 2, last_value FROM raw.planted_2) AS s
JOIN core.site AS site ON site.site_id = s.site_id
WHERE p.partition = site.code AND p.next < s.next";

/// Between two moves.
const EVERY: Duration = Duration::from_millis(5);

impl Planted {
    /// Plants it; what it needs goes on until the handle is aborted.
    pub async fn plant(self, eye: &Eye) -> anyhow::Result<JoinHandle<()>> {
        let client = eye.database().await?;
        match self {
            Planted::Mark => {
                client.batch_execute(MARK).await?;
                Ok(tokio::spawn(async {}))
            }
            Planted::Position => {
                client.batch_execute(POSITION).await?;
                let eye = eye.clone();
                Ok(tokio::spawn(async move {
                    loop {
                        if let Ok(client) = eye.database().await {
                            while client.batch_execute(MOVE).await.is_ok() {
                                tokio::time::sleep(EVERY).await;
                            }
                        }
                        tokio::time::sleep(EVERY).await;
                    }
                }))
            }
        }
    }

    /// Words of the law that it breaks.
    pub fn breaks(self) -> &'static str {
        match self {
            Planted::Mark => "every rollup is equal to a recomputation",
            Planted::Position => "what was acknowledged is stored",
        }
    }
}
