//! Who may send events to the collector: read from the application's database, and kept in the spool, so that a collector starts
//! and goes on without it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use arc_swap::{ArcSwap, Guard};
use chrono::{DateTime, Utc};
use ingest::enrich::SiteSecret;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use spool::Spool;
use store::{Store, StoreError};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::senders::{ApiKey, Sender, Senders};
use crate::state::Clock;

/// Between two looks for keys that were made or ended, and at least.
const LOOK: Duration = Duration::from_secs(2);
const REST: Duration = Duration::from_millis(50);
/// So long somebody waits whose key is not known yet.
const PATIENCE: Duration = Duration::from_secs(3);

/// Under which they are kept in the spool.
const WRITE_KEYS: &str = "senders";
const API_KEYS: &str = "api_keys";

/// What goes wrong with what was kept.
#[derive(Debug, thiserror::Error)]
pub enum KnownError {
    #[error("who may send cannot be read from the spool: {0}")]
    Spool(#[from] spool::SpoolError),
    #[error("who may send is damaged in the spool: {0}")]
    Damaged(#[from] serde_json::Error),
    #[error("the secret of a site is damaged in the spool")]
    Secret,
    #[error("who may send cannot be kept: {0}")]
    Kept(#[from] spool::AppendError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who may send, as far as it is known.
#[derive(Debug)]
pub struct Known {
    senders: ArcSwap<Senders>,
    /// When the last reading began, and whether it worked.
    read: watch::Sender<(Option<Instant>, bool)>,
    wanted: Notify,
    /// API keys that were used and are not noted yet.
    used: Mutex<BTreeMap<Uuid, DateTime<Utc>>>,
}

/// By write key.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct KeptKeys(BTreeMap<String, KeptSender>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeptSender {
    site: String,
    /// The site's secret, in hexadecimal. Whoever can read the spool can read what was sent, too.
    secret: String,
    origins: Vec<String>,
}

/// API keys by the SHA-256 of each, which opens nothing, and the secrets of the sites they may be used for.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeptApiKeys {
    sites: BTreeMap<String, String>,
    keys: BTreeMap<String, KeptApiKey>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct KeptApiKey {
    id: Uuid,
    networks: Vec<IpNet>,
    until: Option<DateTime<Utc>>,
    sends: bool,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Kept {
    write: KeptKeys,
    api: KeptApiKeys,
}

impl Known {
    /// Who could send when the collector last ran.
    pub fn last(spool: &Spool) -> Result<Self, KnownError> {
        let kept = Kept::in_spool(spool)?;
        let (read, _) = watch::channel((None, false));
        let (senders, wanted) = (ArcSwap::from_pointee(kept.senders()?), Notify::new());
        Ok(Self { senders, read, wanted, used: Mutex::default() })
    }

    pub(super) fn senders(&self) -> Guard<Arc<Senders>> {
        self.senders.load()
    }

    /// Waits until it is known who may send now, or later; false where it cannot be known.
    pub async fn anew(&self) -> bool {
        let mut read = self.read.subscribe();
        let now = Instant::now();
        self.wanted.notify_one();
        let since = read.wait_for(|(began, _)| began.is_some_and(|began| began >= now));
        matches!(timeout(PATIENCE, since).await, Ok(Ok(read)) if read.1)
    }

    pub(super) fn note_use(&self, key: Uuid, now: DateTime<Utc>) {
        if let Ok(mut used) = self.used.lock() {
            used.insert(key, now);
        }
    }

    /// Follows the application's database for ever.
    pub async fn follow(&self, store: &Store, spool: &Spool, clock: &Clock) {
        let mut last = None;
        loop {
            self.look(store, spool, clock, &mut last).await;
            let _ = timeout(LOOK, self.wanted.notified()).await;
            sleep(REST).await;
        }
    }

    async fn look(&self, store: &Store, spool: &Spool, clock: &Clock, last: &mut Option<Kept>) {
        let began = Instant::now();
        let done = match Kept::read(store, clock()).await {
            Ok(now) if last.as_ref() != Some(&now) => match self.take(&now, spool).await {
                Ok(()) => {
                    *last = Some(now);
                    true
                }
                Err(error) => {
                    tracing::error!(%error, "keys could not be kept; trying again");
                    false
                }
            },
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(%error, "keys cannot be read; those known before hold on");
                false
            }
        };
        self.read.send_replace((Some(began), done));
        if done {
            let used = self.used.lock().map(|mut used| std::mem::take(&mut *used)).unwrap_or_default();
            for (key, at) in used {
                store.keys().note_use(key, at).await;
            }
        }
    }

    async fn take(&self, kept: &Kept, spool: &Spool) -> Result<(), KnownError> {
        spool.put(WRITE_KEYS, &serde_json::to_vec(&kept.write)?).await?;
        spool.put(API_KEYS, &serde_json::to_vec(&kept.api)?).await?;
        self.senders.store(Arc::new(kept.senders()?));
        Ok(())
    }
}

impl Kept {
    fn in_spool(spool: &Spool) -> Result<Self, KnownError> {
        let write = spool.get(WRITE_KEYS)?.map(|bytes| serde_json::from_slice(&bytes)).transpose()?;
        let api = spool.get(API_KEYS)?.map(|bytes| serde_json::from_slice(&bytes)).transpose()?;
        Ok(Self { write: write.unwrap_or_default(), api: api.unwrap_or_default() })
    }

    async fn read(store: &Store, now: DateTime<Utc>) -> Result<Self, KnownError> {
        let mut kept = Self::default();
        for key in store.write_keys().list().await?.into_iter().filter(|key| key.ended_at.is_none()) {
            let secret = hex::encode(store.sites().secret(&key.site_code).await?);
            kept.write.0.insert(key.key, KeptSender { site: key.site_code, secret, origins: key.origins });
        }
        let secrets = store.sites().secrets().await?;
        kept.api.sites = secrets.into_iter().map(|(site, secret)| (site, hex::encode(secret))).collect();
        for key in store.keys().held(now).await? {
            let sends = access::sends_for(&key.caller) == Some(access::Sites::All);
            let held = KeptApiKey { id: key.id, networks: key.networks, until: key.changes_at, sends };
            kept.api.keys.insert(hex::encode(key.digest), held);
        }
        Ok(kept)
    }

    fn senders(&self) -> Result<Senders, KnownError> {
        let sender = |site: &str, secret: &str, origins: &[String]| {
            let secret = SiteSecret::new(&bytes(secret)?);
            Ok::<_, KnownError>(Sender { site: site.to_owned(), secret, origins: origins.to_vec() })
        };
        let write = self.write.0.iter().map(|(key, k)| Ok((key.clone(), sender(&k.site, &k.secret, &k.origins)?)));
        let sites = self.api.sites.iter().map(|(site, secret)| sender(site, secret, &[]));
        let key = |(digest, key): (&String, &KeptApiKey)| {
            let KeptApiKey { id, networks, until, sends } = key.clone();
            Ok((bytes(digest)?, ApiKey { id, networks, until, sends }))
        };
        let write = write.collect::<Result<Vec<_>, KnownError>>()?;
        let sites = sites.collect::<Result<Vec<_>, KnownError>>()?;
        let keys = self.api.keys.iter().map(key).collect::<Result<Vec<_>, KnownError>>()?;
        Ok(Senders::new(write, sites, keys))
    }
}

/// 32 bytes that were kept in hexadecimal.
fn bytes(text: &str) -> Result<[u8; 32], KnownError> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| KnownError::Secret)?;
    Ok(bytes)
}
