//! Sending the merges: the rows of each kind as Redshift takes them.

use std::collections::HashSet;

use tokio_postgres::Transaction;
use tokio_postgres::types::ToSql;
use warehouse::binds::Value;

use crate::entity::{NewBook, NewChapter, NewPublisher, NewRegion, NewSchool, NewSite};
use crate::merge::{self, Merge};
use crate::read::ReferenceError;

/// Rows of one statement. Redshift takes 32,767 binds.
const ROWS: usize = 1_000;

type Row = Vec<Value>;

/// Adds or updates a site; returns its number and its zone.
pub(crate) async fn site(tx: &Transaction<'_>, site: &NewSite) -> Result<(i16, String), ReferenceError> {
    tx.batch_execute(merge::LOCK).await?;
    if let Some(row) = tx.query_opt(merge::SITE_ZONE, &[&site.code]).await?
        && row.get::<_, &str>(1) != site.zone.name()
    {
        return Ok((row.get(0), row.get(1)));
    }
    let next: i32 = tx.query_one(merge::NEXT_SITE, &[]).await?.get(0);
    let next = i16::try_from(next).map_err(|_| ReferenceError::Invalid("there are 32,767 sites already".into()))?;
    let NewSite { code, name, zone, currency, locale } = site;
    let row: Row = vec![
        Box::new(next),
        Box::new(code.clone()),
        Box::new(name.clone()),
        Box::new(zone.name().to_owned()),
        Box::new(currency.clone()),
        Box::new(locale.clone()),
    ];
    send(tx, &merge::SITES, vec![row]).await?;
    let row = tx.query_one(merge::SITE_ZONE, &[code]).await?;
    Ok((row.get(0), row.get(1)))
}

pub(crate) async fn regions(tx: &Transaction<'_>, site: i16, regions: &[NewRegion]) -> Result<(), ReferenceError> {
    once(regions.iter().map(|region| region.code.as_str()))?;
    let row = |r: &NewRegion| -> Row {
        vec![Box::new(site), Box::new(r.code.clone()), Box::new(r.name.clone()), Box::new(r.parent.clone())]
    };
    send(tx, &merge::REGIONS, regions.iter().map(row).collect()).await?;
    Ok(())
}

/// Returns how many of the schools were put into a region.
pub(crate) async fn schools(tx: &Transaction<'_>, site: i16, schools: &[NewSchool]) -> Result<u64, ReferenceError> {
    once(schools.iter().map(|school| school.external_id.as_str()))?;
    let row = |s: &NewSchool| -> Row {
        vec![
            Box::new(site),
            Box::new(s.external_id.clone()),
            Box::new(s.name.clone()),
            Box::new(s.licences),
            Box::new(s.region.clone()),
            Box::new(s.since),
        ]
    };
    Ok(send(tx, &merge::SCHOOLS, schools.iter().map(row).collect()).await?[1])
}

pub(crate) async fn publishers(tx: &Transaction<'_>, publishers: &[NewPublisher]) -> Result<(), ReferenceError> {
    once(publishers.iter().map(|publisher| publisher.code.as_str()))?;
    let row = |p: &NewPublisher| -> Row { vec![Box::new(p.code.clone()), Box::new(p.name.clone())] };
    send(tx, &merge::PUBLISHERS, publishers.iter().map(row).collect()).await?;
    Ok(())
}

/// Returns how many of the books were given to a publisher.
pub(crate) async fn books(tx: &Transaction<'_>, books: &[NewBook]) -> Result<u64, ReferenceError> {
    once(books.iter().map(|book| book.external_id.as_str()))?;
    let row = |b: &NewBook| -> Row {
        vec![
            Box::new(b.external_id.clone()),
            Box::new(b.title.clone()),
            Box::new(b.subject.clone()),
            Box::new(b.grades.join(",")),
            Box::new(b.language.clone()),
            Box::new(b.weight_milli),
            Box::new(b.publisher.clone()),
            Box::new(b.since),
        ]
    };
    Ok(send(tx, &merge::BOOKS, books.iter().map(row).collect()).await?[1])
}

/// Returns how many of the chapters have a book.
pub(crate) async fn chapters(tx: &Transaction<'_>, chapters: &[(String, NewChapter)]) -> Result<u64, ReferenceError> {
    once(chapters.iter().map(|(book, chapter)| (book, &chapter.code)))?;
    let row = |(book, c): &(String, NewChapter)| -> Row {
        vec![Box::new(book.clone()), Box::new(c.code.clone()), Box::new(c.title.clone())]
    };
    Ok(send(tx, &merge::CHAPTERS, chapters.iter().map(row).collect()).await?[0])
}

/// Stages the rows and merges them; returns how many each step took.
async fn send(tx: &Transaction<'_>, merge: &Merge, rows: Vec<Row>) -> Result<Vec<u64>, ReferenceError> {
    tx.batch_execute(merge::LOCK).await?;
    for stage in merge.stages {
        tx.batch_execute(&stage.create()).await?;
    }
    for some in rows.chunks(ROWS) {
        let values: Vec<&(dyn ToSql + Sync)> = some.iter().flatten().map(|value| value.as_ref() as _).collect();
        tx.execute(&merge.stages[0].insert(some.len()), &values).await?;
    }
    let mut taken = Vec::new();
    for step in merge.steps {
        taken.push(tx.execute(*step, &[]).await?);
    }
    for stage in merge.stages {
        tx.batch_execute(&stage.drop()).await?;
    }
    Ok(taken)
}

/// Nothing is merged twice at once: where no key is enforced it would be there twice.
fn once<K: Eq + std::hash::Hash + std::fmt::Debug>(keys: impl Iterator<Item = K>) -> Result<(), ReferenceError> {
    let mut seen = HashSet::new();
    for key in keys {
        if seen.contains(&key) {
            return Err(ReferenceError::Invalid(format!("{key:?} stands there twice; give it once")));
        }
        seen.insert(key);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_there_twice_is_refused() {
        assert!(once(["a", "b"].into_iter()).is_ok());
        let told = once(["a", "b", "a"].into_iter()).unwrap_err().to_string();
        assert_eq!(told, "\"a\" stands there twice; give it once");
    }
}
