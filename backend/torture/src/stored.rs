//! What the warehouse has in the end, compared with what was claimed.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use futures::TryStreamExt;
use serde_json::Value;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::digest::{Digest, Facts};
use crate::event::Fate;
use crate::oracle::{Claim, Claims};
use crate::platform::SITES;

const EVENTS: &str = "SELECT e.event_id, e.day, e.at, e.offset_min, p.pseudonym, e.kind, e.role, e.device,
        coalesce(s.external_id, ''), coalesce(b.external_id, ''), coalesce(c.code, ''), e.duration_ms, e.session, e.query,
        e.placement, e.campaign, e.variant, e.referrer, e.x, e.y, e.robot, e.props
    FROM core.event AS e
    JOIN core.person AS p ON p.site_id = e.site_id AND p.person_no = e.person_no
    LEFT JOIN core.school AS s ON s.school_id = e.school_id
    LEFT JOIN core.book AS b ON b.book_id = e.book_id
    LEFT JOIN core.chapter AS c ON c.chapter_id = e.chapter_id
    WHERE e.site_id = (SELECT site_id FROM core.site WHERE code = $1)";

/// Without the join, so that a row whose person is missing is counted, too.
const ROWS: &str = "SELECT count(*) FROM core.event WHERE site_id = (SELECT site_id FROM core.site WHERE code = $1)";

const QUARANTINED: &str = "SELECT record FROM raw.quarantine
    WHERE site_id = (SELECT site_id FROM core.site WHERE code = $1) AND settled_load_id IS NULL";

/// Ids by what is wrong with them, and how much was looked at.
#[derive(Default)]
pub struct Compared {
    pub wrong: HashMap<&'static str, Vec<String>>,
    /// Rows of each site.
    pub rows: [i64; SITES.len()],
    pub records_in_quarantine: u64,
    /// Events that are where they have to be though nobody was told that they are safe: the answer was lost.
    pub never_acknowledged: u64,
}

impl Compared {
    fn note(&mut self, what: &'static str, site: usize, id: impl std::fmt::Display) {
        self.wrong.entry(what).or_default().push(format!("{}:{id}", SITES[site].code));
    }
}

/// Reads everything.
pub async fn compare(client: &Client, claims: &Claims) -> anyhow::Result<Compared> {
    let mut compared = Compared::default();
    let mut found: HashMap<(u8, Uuid), u32> = HashMap::with_capacity(claims.len());
    for (site, plan) in SITES.iter().enumerate() {
        let bound: [&(dyn ToSql + Sync); 1] = [&plan.code];
        let mut rows = std::pin::pin!(client.query_raw(EVENTS, bound).await?);
        let mut read = 0;
        while let Some(row) = rows.try_next().await? {
            read += 1;
            let id: Uuid = row.get(0);
            let times = found.entry((site as u8, id)).or_default();
            *times += 1;
            if *times > 1 {
                compared.note("stored twice", site, id);
            }
            match claims.get(&(site as u8, id)).map(|claim| claim.fate) {
                None => compared.note("stored, but claimed by nobody", site, id),
                Some(Fate::Quarantined { .. }) => compared.note("stored, but not as it should be", site, id),
                Some(Fate::Stored(day, _)) if day != row.get::<_, NaiveDate>(1) => {
                    compared.note("stored on another day", site, id);
                }
                Some(Fate::Stored(_, digest)) if digest != digest_of(&row) => {
                    compared.note("stored, but says something else", site, id);
                }
                Some(Fate::Stored(..)) => {}
            }
        }
        compared.rows[site] = client.query_one(ROWS, &bound).await?.get(0);
        if compared.rows[site] != read {
            compared.note("rows without a person", site, compared.rows[site] - read);
        }
        let mut kept = std::pin::pin!(client.query_raw(QUARANTINED, bound).await?);
        while let Some(row) = kept.try_next().await? {
            compared.records_in_quarantine += 1;
            let record: Option<String> = row.get(0);
            let Some(id) = record.as_deref().and_then(id_of) else {
                compared.note("in the quarantine without an id", site, record.unwrap_or_default());
                continue;
            };
            *found.entry((site as u8, id)).or_default() += 1;
            match claims.get(&(site as u8, id)).map(|claim| claim.fate) {
                None => compared.note("in the quarantine, but claimed by nobody", site, id),
                Some(Fate::Stored(..)) => compared.note("in the quarantine, but as it should be", site, id),
                Some(Fate::Quarantined { .. }) => {}
            }
        }
    }
    for ((site, id), Claim { acked, during, .. }) in claims {
        let is_there = found.contains_key(&(*site, *id));
        compared.never_acknowledged += u64::from(is_there && !acked);
        if *acked && !is_there {
            compared.note("acknowledged and lost", usize::from(*site), id);
            if during.is_some() {
                compared.note("false 2xx while something was away", usize::from(*site), id);
            }
        }
    }
    Ok(compared)
}

fn digest_of(row: &Row) -> Digest {
    let props: Option<Value> = row.get(21);
    Facts {
        at: row.get::<_, DateTime<Utc>>(2),
        offset_min: row.get(3),
        pseudonym: row.get(4),
        kind: row.get(5),
        role: row.get(6),
        device: row.get(7),
        school: row.get(8),
        book: row.get(9),
        chapter: row.get(10),
        duration_ms: row.get(11),
        session: row.get(12),
        query: row.get(13),
        placement: row.get(14),
        campaign: row.get(15),
        variant: row.get(16),
        referrer: row.get(17),
        x: row.get(18),
        y: row.get(19),
        robot: row.get(20),
        props: props.as_ref(),
    }
    .digest()
}

/// The id of a record as the quarantine keeps it. Of what is no JSON it is the word after `"": `, since quoted texts are left out.
fn id_of(sealed: &str) -> Option<Uuid> {
    let sealed: Value = serde_json::from_str(sealed).ok()?;
    match &sealed["record"] {
        Value::String(text) => text.split([' ', ',']).find_map(|word| Uuid::try_parse(word).ok()),
        record => Uuid::try_parse(record["id"].as_str()?).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Maker;
    use ingest::enrich::SiteSecret;
    use ingest::sealed::{Receipt, open};

    /// The product itself says of every event what the harness says of it, down to the id that is left of a broken one.
    #[test]
    fn what_is_made_is_what_a_collector_keeps() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let secret = [3; 32];
        let maker = Maker::new(1, now, &[secret, secret]);
        let secret = SiteSecret::new(&secret);
        for number in 0..3_000 {
            let made = maker.make(0, number, true);
            let (sealed, id) = Receipt { at: now, agent: None, secret: &secret }.seal(&made.text);
            assert_eq!(id_of(&sealed), Some(made.id), "{sealed}");
            let told = made.fate == Fate::Quarantined { told: true };
            assert_eq!(id.is_err(), told, "{}", made.text);
            let kept = matches!(open(&sealed).unwrap().decoded, ingest::Decoded::Event(_));
            assert_eq!(kept, !told, "{}", made.text);
        }
    }
}
