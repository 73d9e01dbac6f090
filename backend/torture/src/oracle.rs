//! The oracle: what was claimed before it was sent, and what was acknowledged. It is in this process, which nothing is done to, and
//! in `oracle.log`, apart from everything that is faulted.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::event::{Fate, Made};
use crate::faults::Fault;
use crate::platform::SITES;

/// An event that somebody is going to send.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    pub fate: Fate,
    pub acked: bool,
    /// What was wrong when it was acknowledged for the first time.
    pub during: Option<Fault>,
}

/// By site and id: an id is claimed once in a site.
pub type Claims = HashMap<(u8, Uuid), Claim>;

pub struct Oracle {
    claims: Mutex<(Claims, BufWriter<File>)>,
    weather: Mutex<Option<Fault>>,
    /// Records of all requests that were begun, of those that were acknowledged, by site.
    pub sent: [AtomicU64; SITES.len()],
    pub acknowledged: [AtomicU64; SITES.len()],
    /// Events that are acknowledged, each once.
    pub events: AtomicU64,
    /// Requests that were refused with 503, and that broke off.
    pub refused: AtomicU64,
    pub cut: AtomicU64,
    /// Events that may be claimed so far. It keeps the producer in step with the nemesis, which takes its time.
    pub allowed: AtomicU64,
    /// Whether everything that is to be sent is acknowledged.
    pub finished: AtomicBool,
    /// What a collector may never say.
    pub findings: Mutex<Vec<String>>,
}

impl Oracle {
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        let log = BufWriter::with_capacity(1 << 20, File::create(dir.join("oracle.log"))?);
        Ok(Self {
            claims: Mutex::new((Claims::new(), log)),
            weather: Mutex::new(None),
            sent: Default::default(),
            acknowledged: Default::default(),
            events: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            cut: AtomicU64::new(0),
            allowed: AtomicU64::new(0),
            finished: AtomicBool::new(false),
            findings: Mutex::default(),
        })
    }

    /// Claims events, before the first of them is sent.
    ///
    /// # Panics
    /// When an id was claimed before: then nothing could be told.
    pub fn claim(&self, site: usize, events: &[Made]) {
        let mut claims = lock(&self.claims);
        let (claims, log) = &mut *claims;
        for event in events {
            let fate = match event.fate {
                Fate::Stored(day, digest) => format!("{day} {}", hex::encode(digest)),
                Fate::Quarantined { .. } => "quarantine".into(),
            };
            // Should the disk be full, the claims are here still.
            let _ = writeln!(log, "claimed {} {} {fate}", SITES[site].code, event.id);
            let claim = Claim { fate: event.fate, acked: false, during: None };
            assert!(claims.insert((site as u8, event.id), claim).is_none(), "{} was claimed twice", event.id);
        }
    }

    /// A request is acknowledged.
    pub fn acknowledge(&self, site: usize, ids: &[Uuid], records: u64) {
        let during = *lock(&self.weather);
        let mut claims = lock(&self.claims);
        let (claims, log) = &mut *claims;
        let mut new = 0;
        for id in ids {
            let claim = claims.get_mut(&(site as u8, *id)).expect("what is sent was claimed");
            if !claim.acked {
                (claim.acked, claim.during) = (true, during);
                new += 1;
                let _ = writeln!(log, "acknowledged {} {id}", SITES[site].code);
            }
        }
        self.acknowledged[site].fetch_add(records, Ordering::Relaxed);
        self.events.fetch_add(new, Ordering::Relaxed);
    }

    pub fn weather(&self, fault: Option<Fault>) {
        *lock(&self.weather) = fault;
    }

    pub fn find(&self, what: String) {
        lock(&self.findings).push(what);
    }

    pub fn acked(&self) -> u64 {
        self.events.load(Ordering::Relaxed)
    }

    /// All claims, when nobody sends any more.
    pub fn close(&self) -> Claims {
        let mut claims = lock(&self.claims);
        let _ = claims.1.flush();
        std::mem::take(&mut claims.0)
    }
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
