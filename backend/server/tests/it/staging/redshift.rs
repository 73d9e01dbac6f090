//! What is staged fits the table that Redshift's COPY fills. PostgreSQL reads the same form of CSV; whether Redshift reads each text
//! as it is meant only a cluster can tell.

use std::io::Read;
use std::pin::pin;

use bytes::Bytes;
use flate2::read::GzDecoder;
use futures::SinkExt;
use testkit::FaultyStore;

use super::same::staged;
use super::stream::{open, read, records, rng};
use crate::sql::printed;

const STAGED: &str = "SELECT DISTINCT ON (day, event_id) site_id, day, CAST(event_id AS uuid), at, offset_min, received_at, pseudonym,
        kind, role, device, school_id, book_id, chapter_id, duration_ms, session, query, placement, campaign, variant, x, y,
        CAST(props AS jsonb), robot, referrer FROM event_stage ORDER BY day, event_id, record_offset";
const STORED: &str = "SELECT e.site_id, day, event_id, at, offset_min, received_at, encode(p.pseudonym, 'hex') AS pseudonym, kind, role,
        device, school_id, book_id, chapter_id, duration_ms, session, query, placement, campaign, variant, x, y, props, robot, referrer
        FROM core.event AS e JOIN core.person AS p USING (site_id, person_no) ORDER BY day, CAST(event_id AS text)";

#[tokio::test]
async fn what_is_staged_fits_redshifts_stage_table() {
    let db = staged().await;
    let store = FaultyStore::new();
    let objects = store.objects(1);
    let mut records = records(50, 600);
    records.iter_mut().for_each(|record| record.statement = None);
    read(&mut open(&db, Some(&objects), 200).await, &records, &mut rng(50), 100).await.unwrap();
    let mut client = db.warehouse.client().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let create = printed("redshift").into_iter().find(|s| s.name == "ingest: stage events").unwrap().sql;
    tx.batch_execute(&create).await.unwrap();
    let mut sink = pin!(tx.copy_in::<_, Bytes>(r"COPY event_stage FROM STDIN (FORMAT csv, NULL '\N')").await.unwrap());
    for object in objects.list("stage").await.unwrap().iter().filter(|object| object.name.ends_with(".csv.gz")) {
        let mut text = Vec::new();
        GzDecoder::new(&objects.get(&object.name).await.unwrap()[..]).read_to_end(&mut text).unwrap();
        sink.send(text.into()).await.unwrap();
    }
    assert!(sink.finish().await.unwrap() > 400);
    let rows = async |sql: &str| {
        let rows = tx.query(&format!("SELECT t::text FROM ({sql}) AS t"), &[]).await.unwrap();
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    let (found, stored) = (rows(STAGED).await, rows(STORED).await);
    assert!(found == stored, "{:#?}", found.iter().filter(|row| !stored.contains(row)).take(3).collect::<Vec<_>>());
}
