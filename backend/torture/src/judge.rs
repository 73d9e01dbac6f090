//! The judge: waits until nothing is on its way any more, and compares what is there with what the oracle knows.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate, Utc};
use ingest::health;
use tokio_postgres::Client;
use warehouse::Warehouse;

use crate::eye::{Eye, until};
use crate::oracle::Oracle;
use crate::platform::SITES;
use crate::product::Product;
use crate::stored::{Compared, compare};

/// After the last fault, for what is on its way: so long, and a second for so many events.
const PATIENCE: Duration = Duration::from_secs(180);
const EVENTS_PER_SECOND: u64 = 1_000;
/// Ids that are shown of what is wrong.
const SHOWN: usize = 10;

/// The ledger of a site's loads in the order of the log, and where its position stands.
const LEDGER: &str =
    "SELECT l.source, l.first, l.next, l.received, l.loaded, l.duplicate, l.quarantined, l.skipped, p.next
    FROM raw.load AS l LEFT JOIN raw.position AS p ON p.source = l.source AND p.partition = l.partition
    WHERE l.partition = $1 ORDER BY l.source, l.first, l.load_id";

/// What the run came to. Without findings nothing was lost and nothing is there twice.
#[derive(Default)]
pub struct Verdict {
    pub findings: Vec<String>,
    /// What holds, in words.
    pub holds: Vec<String>,
    pub acked_during: BTreeMap<crate::faults::Fault, u64>,
}

impl Verdict {
    fn law(&mut self, law: &str, broken: Vec<String>) {
        if broken.is_empty() {
            self.holds.push(law.to_owned());
        }
        self.findings.extend(broken.into_iter().map(|what| format!("{law}: NOT SO: {what}")));
    }
}

/// What has to be known besides what is there.
pub struct Known<'a> {
    pub oracle: &'a Oracle,
    pub eye: &'a Eye,
    pub product: &'a Product,
    /// How long the fresh event took to be seen in an answer; `None`: it was not.
    pub fresh: Option<Duration>,
    /// How long it may take.
    pub within: Duration,
    /// Events were spread until this day.
    pub until: NaiveDate,
}

/// Answers follow the warehouse within a second or two.
const ANSWERED: Duration = Duration::from_secs(15);

pub async fn judge(known: Known<'_>, events: u64) -> anyhow::Result<Verdict> {
    let Known { oracle, eye, product, .. } = known;
    let mut verdict = Verdict::default();
    let patience = PATIENCE + Duration::from_secs(events / EVENTS_PER_SECOND);
    let since = Instant::now();
    let drained = until(patience, async || Ok(eye.waiting().await? == 0 && eye.pending().await? == 0)).await;
    let left = format!("{:?} records and {:?} marks wait", eye.waiting().await.ok(), eye.pending().await.ok());
    verdict.law(
        "everything is loaded and every mark is worked off",
        if drained { vec![] } else { vec![format!("{left} after {} s", patience.as_secs())] },
    );
    eprintln!("drained after {:.1} s", since.elapsed().as_secs_f64());

    let claims = oracle.close();
    let client = eye.database().await?;
    let compared = compare(&client, &claims).await?;
    for claim in claims.values().filter(|claim| claim.acked) {
        if let Some(fault) = claim.during {
            *verdict.acked_during.entry(fault).or_default() += 1;
        }
    }
    kept(&mut verdict, &compared);
    verdict
        .law("every answer of the collector was honest", std::mem::take(&mut *crate::oracle::lock(&oracle.findings)));
    ledger(&mut verdict, &known, &client, &compared).await?;
    health(&mut verdict, eye, &compared).await?;
    verdict.law(
        "every rollup is equal to a recomputation from the events (octavo check)",
        product.at.run(&["check"]).await.err().map(|error| error.to_string()).into_iter().collect(),
    );
    answers(&mut verdict, &known, &compared).await;
    let fresh = match known.fresh {
        Some(took) if took <= known.within => vec![],
        Some(took) => vec![format!("after {:.1} s", took.as_secs_f64())],
        None => vec!["it was not seen at all".into()],
    };
    let law = format!("a fresh event was seen in an answer within {} s of the last fault", known.within.as_secs());
    verdict.law(&law, fresh);
    Ok(verdict)
}

fn kept(verdict: &mut Verdict, compared: &Compared) {
    let told = |names: &[&str]| {
        let wrong = names.iter().filter_map(|name| Some((name, compared.wrong.get(*name)?)));
        let shown = |(name, ids): (&&str, &Vec<String>)| {
            format!("{} {name}, such as {}", ids.len(), ids[..ids.len().min(SHOWN)].join(" "))
        };
        wrong.map(shown).collect()
    };
    verdict.law(
        "what was acknowledged is stored, or in the quarantine if it is not as it should be",
        told(&["acknowledged and lost", "in the quarantine, but as it should be", "stored, but not as it should be"]),
    );
    verdict.law("no false 2xx while something was away", told(&["false 2xx while something was away"]));
    let unclaimed = [
        "stored, but claimed by nobody",
        "in the quarantine, but claimed by nobody",
        "in the quarantine without an id",
    ];
    verdict.law("what is stored was claimed", told(&unclaimed));
    verdict.law(
        "one row for each site, id and day",
        told(&["stored twice", "stored on another day", "rows without a person"]),
    );
    verdict.law("every row says what was sent", told(&["stored, but says something else"]));
}

/// The loads of a log follow one another without a gap or an overlap, and what they received is what was sent.
async fn ledger(verdict: &mut Verdict, known: &Known<'_>, client: &Client, compared: &Compared) -> anyhow::Result<()> {
    let mut broken = Vec::new();
    let spooled = known.eye.sites().await?;
    for (no, site) in SITES.iter().enumerate() {
        let mut reached: BTreeMap<String, i64> = BTreeMap::new();
        let mut sums = [0_i64; 5];
        for row in client.query(LEDGER, &[&site.code]).await? {
            let (source, first, next): (String, i64, i64) = (row.get(0), row.get(1), row.get(2));
            let before = reached.insert(source, next).unwrap_or(0);
            if before != first {
                broken.push(format!("{}: a load from {first} follows one up to {before}", site.code));
            }
            (0..5).for_each(|i| sums[i] += i64::from(row.get::<_, i32>(3 + i)));
        }
        let [received, loaded, duplicate, quarantined, skipped] = sums;
        let (sent, acknowledged) =
            (known.oracle.sent[no].load(Ordering::Relaxed), known.oracle.acknowledged[no].load(Ordering::Relaxed));
        let appended = spooled.iter().find(|state| state.site == site.code).map_or(0, |state| state.next);
        let position: i64 = reached.values().sum();
        let mut check = |holds: bool, what: String| broken.extend((!holds).then(|| format!("{}: {what}", site.code)));
        check(
            received == loaded + duplicate + quarantined + skipped,
            format!(
                "received {received} = loaded {loaded} + duplicate {duplicate} + quarantined {quarantined} + skipped {skipped}"
            ),
        );
        check(received == appended, format!("{received} records were loaded and {appended} spooled"));
        check(position == appended, format!("the loads reach {position} and the spool {appended}"));
        check(loaded == compared.rows[no], format!("{loaded} events were loaded and {} are stored", compared.rows[no]));
        check(
            (acknowledged..=sent).contains(&u64::try_from(received)?),
            format!("{received} records were received, {acknowledged} acknowledged and {sent} sent"),
        );
        eprintln!(
            "{}: sent {sent}, acknowledged {acknowledged}, received {received} = loaded {loaded} + duplicate {duplicate} + \
             quarantined {quarantined} + skipped {skipped}",
            site.code
        );
    }
    verdict
        .law("the ledger adds up: sent = loaded + duplicate + quarantined + skipped, without gap or overlap", broken);
    Ok(())
}

/// What the product itself shows of it.
async fn health(verdict: &mut Verdict, eye: &Eye, compared: &Compared) -> anyhow::Result<()> {
    let warehouse = Warehouse::new(&eye.database_url, 1)?;
    let health = health::read(&warehouse, now()).await?;
    warehouse.close();
    let mut broken = Vec::new();
    let mut waiting = 0;
    for site in &health.sites {
        waiting += site.quarantined;
        let adds_up = site.sent == site.loaded + site.duplicate + site.quarantined + site.skipped;
        let rows = SITES.iter().position(|plan| plan.code == site.site).map(|no| compared.rows[no]);
        if !adds_up || Some(site.loaded) != rows {
            broken.push(format!("{site:?}, and {rows:?} rows are stored"));
        }
    }
    if waiting != compared.records_in_quarantine as i64 {
        broken.push(format!("{waiting} wait in the quarantine, which has {}", compared.records_in_quarantine));
    }
    verdict.law("health says the same of every site", broken);
    Ok(())
}

/// The number of events, as the owner is answered.
async fn answers(verdict: &mut Verdict, known: &Known<'_>, compared: &Compared) {
    let range = (known.until - Days::new(35), known.until + Days::new(2));
    let mut last = String::new();
    let equal = until(ANSWERED, async || {
        let answer = known.eye.answer("events", range, "site", None).await;
        last = format!("{answer:?} instead of {:?}", compared.rows);
        let answer = answer?;
        let of = |code: &str| answer.iter().find(|(site, _)| site == code).map_or(0, |(_, events)| *events);
        Ok(SITES.iter().zip(compared.rows).all(|(site, rows)| of(site.code) == rows))
    })
    .await;
    verdict.law("the owner is answered as many events as are stored", if equal { vec![] } else { vec![last] });
}

#[expect(clippy::disallowed_methods, reason = "this is where the present comes in")]
pub fn now() -> chrono::DateTime<Utc> {
    Utc::now()
}
