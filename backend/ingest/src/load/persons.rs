//! Pseudonyms to numbers. Numbers are dense per site, so that sets of them are small.

use std::collections::{BTreeSet, HashMap};

use tokio_postgres::Transaction;
use warehouse::Statement;

use super::rows::EventRow;
use crate::event::Pseudonym;

const FIND: &str = "SELECT pseudonym, person_no FROM core.person WHERE site_id = $1 AND pseudonym = ANY($2)";
const COUNTER: &str = "SELECT given FROM core.person_counter WHERE site_id = $1";
const NEW_COUNTER: &str = "INSERT INTO core.person_counter (site_id, given) VALUES ($1, 0) ON CONFLICT DO NOTHING";
const LOCKED_COUNTER: &str = "SELECT given FROM core.person_counter WHERE site_id = $1 FOR UPDATE";
const ADD: &str =
    "INSERT INTO core.person (site_id, pseudonym, person_no) SELECT $1, * FROM unnest($2::bytea[], $3::int[])";
const COUNT: &str = "UPDATE core.person_counter SET given = $2 WHERE site_id = $1";

pub(super) fn statements() -> [Statement; 6] {
    [
        Statement::new("ingest: find persons", FIND),
        Statement::new("ingest: read the counter of persons", COUNTER),
        Statement::new("ingest: make the counter of persons", NEW_COUNTER),
        Statement::new("ingest: lock the counter of persons", LOCKED_COUNTER),
        Statement::new("ingest: add persons", ADD),
        Statement::new("ingest: count persons", COUNT),
    ]
}

/// The numbers known to be committed.
#[derive(Debug, Default)]
pub struct Persons {
    known: HashMap<Pseudonym, i32>,
}

impl Persons {
    /// Gives every row its person's number, given out where needed. Returns those that were not known yet: the caller takes them
    /// over with [`Persons::learn`] once the transaction is committed.
    pub async fn number(
        &self,
        tx: &Transaction<'_>,
        site: i16,
        rows: &mut [EventRow],
    ) -> Result<HashMap<Pseudonym, i32>, tokio_postgres::Error> {
        let mut unknown = Vec::new();
        for (index, row) in rows.iter_mut().enumerate() {
            match self.known.get(&row.pseudonym()) {
                Some(number) => row.person_no = *number,
                None => unknown.push(index),
            }
        }
        let new = self.resolve(tx, site, unknown.iter().map(|index| rows[*index].pseudonym())).await?;
        for index in unknown {
            rows[index].person_no = new[&rows[index].pseudonym()];
        }
        Ok(new)
    }

    /// Numbers for those not known yet, given out where needed; to be learned as those of [`Persons::number`].
    pub async fn resolve(
        &self,
        tx: &Transaction<'_>,
        site: i16,
        pseudonyms: impl Iterator<Item = Pseudonym>,
    ) -> Result<HashMap<Pseudonym, i32>, tokio_postgres::Error> {
        let mut missing: BTreeSet<Pseudonym> = pseudonyms.filter(|p| !self.known.contains_key(p)).collect();
        let mut found = HashMap::new();
        if missing.is_empty() {
            return Ok(found);
        }
        let before: i32 = tx.query_opt(COUNTER, &[&site]).await?.map_or(0, |row| row.get(0));
        find(tx, site, &mut missing, &mut found).await?;
        if missing.is_empty() {
            return Ok(found);
        }
        // Holding the counter keeps every other loader of the site from giving out numbers. Those that were given out since it was
        // read have not all been seen.
        tx.execute(NEW_COUNTER, &[&site]).await?;
        let given: i32 = tx.query_one(LOCKED_COUNTER, &[&site]).await?.get(0);
        if given != before {
            find(tx, site, &mut missing, &mut found).await?;
        }
        let new: Vec<&[u8]> = missing.iter().map(|p| p.as_slice()).collect();
        let numbers: Vec<i32> = (given + 1..).take(new.len()).collect();
        tx.execute(ADD, &[&site, &new, &numbers]).await?;
        let given = given + new.len() as i32;
        tx.execute(COUNT, &[&site, &given]).await?;
        found.extend(missing.into_iter().zip(numbers));
        Ok(found)
    }

    pub fn learn(&mut self, committed: HashMap<Pseudonym, i32>) {
        self.known.extend(committed);
    }
}

async fn find(
    tx: &Transaction<'_>,
    site: i16,
    missing: &mut BTreeSet<Pseudonym>,
    found: &mut HashMap<Pseudonym, i32>,
) -> Result<(), tokio_postgres::Error> {
    let wanted: Vec<&[u8]> = missing.iter().map(|p| p.as_slice()).collect();
    for row in tx.query(FIND, &[&site, &wanted]).await? {
        let pseudonym: Pseudonym = row.get::<_, &[u8]>(0).try_into().expect("the table's own check: 16 bytes");
        missing.remove(&pseudonym);
        found.insert(pseudonym, row.get(1));
    }
    Ok(())
}
