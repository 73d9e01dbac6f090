//! Who may send events to the collector: read from the application's database, and kept in the spool, so that a collector starts
//! and goes on without it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use api::collect::{Sender, Senders};
use arc_swap::ArcSwap;
use ingest::enrich::SiteSecret;
use serde::{Deserialize, Serialize};
use spool::Spool;
use store::Store;

/// Between two looks for keys that were made or ended.
const LOOK: Duration = Duration::from_secs(2);

/// Under which they are kept in the spool.
const FACT: &str = "senders";

/// By write key.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Kept(BTreeMap<String, KeptSender>);

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KeptSender {
    site: String,
    /// The site's secret, in hexadecimal. Whoever can read the spool can read what was sent, too.
    secret: String,
    origins: Vec<String>,
}

impl Kept {
    async fn read(store: &Store) -> anyhow::Result<Self> {
        let mut kept = BTreeMap::new();
        for key in store.write_keys().list().await?.into_iter().filter(|key| key.ended_at.is_none()) {
            let secret = hex::encode(store.sites().secret(&key.site_code).await?);
            kept.insert(key.key, KeptSender { site: key.site_code, secret, origins: key.origins });
        }
        Ok(Self(kept))
    }

    fn senders(&self) -> anyhow::Result<Senders> {
        let sender = |(key, kept): (&String, &KeptSender)| {
            let mut secret = [0u8; 32];
            hex::decode_to_slice(&kept.secret, &mut secret).context("the secret of a site in the spool is damaged")?;
            let (site, origins) = (kept.site.clone(), kept.origins.clone());
            Ok((key.clone(), Sender { site, secret: SiteSecret::new(&secret), origins }))
        };
        self.0.iter().map(sender).collect()
    }
}

/// Who could send when the collector last ran.
pub fn last_known(spool: &Spool) -> anyhow::Result<Senders> {
    match spool.get(FACT)? {
        Some(bytes) => {
            serde_json::from_slice::<Kept>(&bytes).context("the senders in the spool are damaged")?.senders()
        }
        None => Ok(Senders::default()),
    }
}

/// Follows the application's database for ever.
pub async fn follow(store: Store, spool: Arc<Spool>, senders: Arc<ArcSwap<Senders>>) {
    let mut known = Kept::default();
    loop {
        match Kept::read(&store).await {
            Ok(now) if now != known => match take(&now, &spool).await {
                Ok(read) => {
                    senders.store(Arc::new(read));
                    known = now;
                }
                Err(error) => tracing::error!(%error, "write keys could not be kept; trying again"),
            },
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "write keys cannot be read; those known before hold on");
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn take(kept: &Kept, spool: &Spool) -> anyhow::Result<Senders> {
    spool.put(FACT, &serde_json::to_vec(kept)?).await?;
    kept.senders()
}
