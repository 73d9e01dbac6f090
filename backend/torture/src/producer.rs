//! The producer: tasks that make requests of events and send each until it is acknowledged, some of them twice.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::event::{Fate, Made, Maker, mixed};
use crate::eye::LOOK;
use crate::oracle::{Oracle, lock};
use crate::platform::SITES;
use crate::post::{Letter, Outcome, Post};

/// Tasks that send.
const TASKS: u64 = 8;
/// Events of a request, at most.
const MOST: u64 = 500;
/// Before a request is sent again.
const PAUSE: Duration = Duration::from_millis(100);
/// Requests of a hundred that are sent twice; with [`TWICE_WITHIN`] a tenth of all events is.
const TWICE: u32 = 8;
/// Events of a hundred that stand twice in their request.
const TWICE_WITHIN: u32 = 2;

/// What all who send share.
pub struct Sender {
    pub oracle: Arc<Oracle>,
    pub maker: Maker,
    pub post: Post,
    pub write_keys: Vec<String>,
}

/// A request with what has to be said of it.
#[derive(Clone)]
struct Parcel {
    site: usize,
    letter: Letter,
    ids: Vec<Uuid>,
    records: u64,
    /// Records that are refused at once.
    rejected: u64,
    /// Records that repeat an earlier one's id.
    repeated: u64,
}

/// Where the next request begins, by site.
struct Cuts {
    all: u64,
    left: u64,
    next: [u64; SITES.len()],
    requests: u64,
}

/// Sends so many events, all of them acknowledged in the end.
pub async fn produce(sender: Arc<Sender>, seed: u64, events: u64) -> anyhow::Result<()> {
    let cuts = Arc::new(Mutex::new(Cuts { all: events, left: events, next: [0; SITES.len()], requests: 0 }));
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        let (sender, cuts) = (sender.clone(), cuts.clone());
        tasks.spawn(async move {
            let mut later: Vec<Parcel> = Vec::new();
            loop {
                match cut(&cuts, seed, sender.oracle.allowed.load(Ordering::Relaxed)) {
                    Next::Request(chance, site, range) => sender.request(*chance, site, range, &mut later).await,
                    Next::Wait => tokio::time::sleep(LOOK).await,
                    Next::End => break,
                }
            }
            for parcel in later {
                sender.deliver(&parcel, true).await;
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done?;
    }
    Ok(())
}

/// What a task does next.
enum Next {
    /// A request of a site: the numbers of its events.
    Request(Box<ChaCha8Rng>, usize, std::ops::Range<u64>),
    Wait,
    End,
}

fn cut(cuts: &Mutex<Cuts>, seed: u64, allowed: u64) -> Next {
    let mut cuts = lock(cuts);
    if cuts.left == 0 {
        return Next::End;
    }
    if cuts.all - cuts.left >= allowed {
        return Next::Wait;
    }
    let mut chance = ChaCha8Rng::seed_from_u64(mixed(!seed, cuts.requests));
    let site = chance.random_range(0..SITES.len());
    let wanted = if chance.random_ratio(1, 10) { 1 } else { chance.random_range(20..=MOST) };
    let (taken, first) = (wanted.min(cuts.left), cuts.next[site]);
    cuts.next[site] += taken;
    cuts.left -= taken;
    cuts.requests += 1;
    Next::Request(Box::new(chance), site, first..first + taken)
}

impl Sender {
    async fn request(&self, mut chance: ChaCha8Rng, site: usize, range: std::ops::Range<u64>, later: &mut Vec<Parcel>) {
        let lines = chance.random_bool(0.5);
        let events: Vec<Made> = range.map(|number| self.maker.make(site, number, lines)).collect();
        self.oracle.claim(site, &events);
        let parcel = self.pack(site, &events, lines, &mut chance);
        match chance.random_ratio(TWICE, 100).then(|| chance.random_range(0..3)) {
            None => self.deliver(&parcel, false).await,
            // At the same time.
            Some(0) => drop(tokio::join!(self.deliver(&parcel, false), self.deliver(&parcel, true))),
            Some(1) => {
                self.deliver(&parcel, false).await;
                self.deliver(&parcel, true).await;
            }
            Some(_) => {
                self.deliver(&parcel, false).await;
                later.push(parcel);
            }
        }
        if later.len() > chance.random_range(1..20) {
            let parcel = later.remove(chance.random_range(0..later.len()));
            self.deliver(&parcel, chance.random_bool(0.5)).await;
        }
    }

    /// Whether the collector knows all write keys.
    pub async fn knows_us(&self) -> bool {
        for key in &self.write_keys {
            let letter = Letter { body: "[]".into(), kind: "application/json", packed: false, key: Some(key.clone()) };
            if !matches!(self.post.send(&letter, false).await, Outcome::Acknowledged(_)) {
                return false;
            }
        }
        true
    }

    /// Sends one event by itself.
    pub async fn one(&self, site: usize, event: Made) {
        let events = [event];
        self.oracle.claim(site, &events);
        let parcel = self.pack(site, &events, false, &mut ChaCha8Rng::seed_from_u64(0));
        self.deliver(&parcel, true).await;
    }

    /// Sends the same bytes until they are acknowledged.
    async fn deliver(&self, parcel: &Parcel, fresh: bool) {
        loop {
            self.oracle.sent[parcel.site].fetch_add(parcel.records, Ordering::Relaxed);
            let count = |what: &AtomicU64| _ = what.fetch_add(1, Ordering::Relaxed);
            match self.post.send(&parcel.letter, fresh).await {
                Outcome::Acknowledged(answer) => {
                    let said = (answer.accepted, answer.duplicate, answer.rejected.len() as u64);
                    let Parcel { records, repeated, rejected, .. } = *parcel;
                    let meant = (records - repeated - rejected, repeated, rejected);
                    if said != meant {
                        self.oracle.find(format!(
                            "answered (accepted, duplicate, rejected) = {said:?} instead of {meant:?} to a request with {}",
                            parcel.ids[0]
                        ));
                    }
                    return self.oracle.acknowledge(parcel.site, &parcel.ids, records);
                }
                Outcome::Refused => count(&self.oracle.refused),
                Outcome::Cut => count(&self.oracle.cut),
                Outcome::Wrong(what) => self.oracle.find(format!("a request that is as it should be got {what}")),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn pack(&self, site: usize, events: &[Made], lines: bool, chance: &mut ChaCha8Rng) -> Parcel {
        let told = |event: &Made| event.fate == Fate::Quarantined { told: true };
        let mut texts: Vec<&Made> = events.iter().collect();
        let mut repeated = 0;
        if events.len() > 1 {
            for _ in 0..events.len() {
                if chance.random_ratio(TWICE_WITHIN, 100) {
                    let again = events.choose(chance).expect("there are some");
                    texts.push(again);
                    repeated += u64::from(!told(again));
                }
            }
        }
        let rejected = texts.iter().filter(|event| told(event)).count() as u64;
        let records = texts.len() as u64;
        let texts: Vec<&str> = texts.into_iter().map(|event| event.text.as_str()).collect();
        let key = &self.write_keys[site];
        let (kind, body, carries) = match (lines, chance.random_ratio(1, 4)) {
            (true, _) => ("application/x-ndjson", texts.join("\n"), false),
            (false, false) => ("application/json", format!("[{}]", texts.join(",")), false),
            // As a page sends it when it is left.
            (false, true) => ("text/plain", format!("{{\"key\":\"{key}\",\"events\":[{}]}}", texts.join(",")), true),
        };
        let packed = chance.random_bool(0.5);
        let body = if packed { gzip(body.as_bytes()) } else { body.into_bytes() };
        let letter = Letter { body: body.into(), kind, packed, key: (!carries).then(|| key.clone()) };
        let ids = events.iter().map(|event| event.id).collect();
        Parcel { site, letter, ids, records, rejected, repeated }
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(body).and_then(|()| out.finish()).expect("memory takes what is written")
}
