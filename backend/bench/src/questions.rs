//! Questions over HTTP, nothing cached, beside the same questions in SQL over the events. Both give the same rows, or
//! there is no table.

use std::time::Instant;

use anyhow::{Context, ensure};
use chrono::NaiveDate;
use demo::Platform;
use engine::Answer;
use serde_json::Value;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row};

use crate::asked::{Asked, six};
use crate::database::Database;
use crate::requests::Connection;
use crate::serving::Serving;
use crate::table::{Progress, Table, median, millis, quantile, times, whole};

/// Requests for each question.
const ROUNDS: usize = 100;
/// Requests for each question before they count: connections are made, statements prepared, pages read.
const UNCOUNTED: usize = 10;
/// Statements for each question; they take seconds.
const SQL_ROUNDS: usize = 3;

/// What a question took over HTTP.
pub struct Took {
    pub title: &'static str,
    /// What answered.
    pub rollup: String,
    /// Seconds of each request, ascending.
    pub seconds: Vec<f64>,
    pub rows: usize,
    /// The median over the requests.
    pub rows_read: f64,
}

pub async fn measure(
    database: &Database,
    serving: &Serving,
    platform: &Platform,
    progress: &Progress,
) -> anyhow::Result<Table> {
    let events: i64 =
        database.warehouse.client().await?.query_one("SELECT count(*) FROM core.event", &[]).await?.get(0);
    let header = ["question", "rows given", "rows read", "target, ms", "p50, ms", "p95, ms", "SQL, ms", "SQL ÷ p50"];
    let mut table =
        Table::new(format!("Questions over HTTP, nothing cached, {} events", whole(events as f64)), &header);
    let analyst = analyst(database).await?;
    for asked in six(platform, &database.directory().await?)? {
        let took = ask(serving, &asked).await?;
        let mut seconds = Vec::new();
        for round in 0..SQL_ROUNDS {
            let range = asked.range(round);
            let (rows, took) = select(&analyst, &asked, range).await?;
            seconds.push(took);
            let request = serving.request(asked.role, &asked.path(range, asked.limit));
            let body = Connection::open(&serving.address).await?.ask(&request).await?.to_vec();
            same(&asked, &serde_json::from_slice(&body)?, &rows)?;
        }
        let (p50, sql) = (quantile(&took.seconds, 0.5), median(seconds));
        progress.say(&format!("asked for {}: {} ms, SQL {} ms", asked.title, millis(p50), millis(sql)));
        table.row(vec![
            asked.title.into(),
            whole(took.rows as f64),
            whole(took.rows_read),
            format!("≤ {}", asked.target),
            millis(p50),
            millis(quantile(&took.seconds, 0.95)),
            millis(sql),
            times(sql / p50),
        ]);
    }
    table.note(format!(
        "Over HTTP: `octavo serve` in a process of its own, one connection, with an API key; from the request until the \
         last byte of the answer. No answer comes from a cache: every request has another limit, and the 90 days begin on \
         another day. {ROUNDS} requests each, after {UNCOUNTED} that do not count. SQL: until the last row is there, over \
         core.event with its indexes, analysed and in memory, with 256 MB to sort and hash in; median of {SQL_ROUNDS}. The \
         rows of both are compared. The rollups were computed when the events came."
    ));
    Ok(table)
}

/// Asks over and over, each time with another limit, so that no answer is cached.
pub async fn ask(serving: &Serving, asked: &Asked) -> anyhow::Result<Took> {
    let mut connection = Connection::open(&serving.address).await?;
    let (mut seconds, mut rows, mut rows_read, mut rollup) = (Vec::new(), 0, Vec::new(), String::new());
    for round in 0..UNCOUNTED + ROUNDS {
        let request = serving.request(asked.role, &asked.path(asked.range(round), asked.limit + round + 1));
        let started = Instant::now();
        let body = connection.ask(&request).await?.to_vec();
        let took = started.elapsed().as_secs_f64();
        ensure!(connection.header("x-octavo-cache") == Some("miss"), "{}: an answer was cached", asked.title);
        if round >= UNCOUNTED {
            let answer: Answer = serde_json::from_slice(&body)?;
            seconds.push(took);
            rows_read.push(answer.body.plan.rows_read as f64);
            rows = answer.body.rows.len().min(asked.limit);
            rollup = answer.body.plan.rollup;
        }
    }
    seconds.sort_by(f64::total_cmp);
    Ok(Took { title: asked.title, rollup, seconds, rows, rows_read: median(rows_read) })
}

/// A connection for the statements, with room to work in.
async fn analyst(database: &Database) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(&database.url, NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute("SET work_mem = '256MB'").await?;
    Ok(client)
}

async fn select(client: &Client, asked: &Asked, (from, to): (NaiveDate, NaiveDate)) -> anyhow::Result<(Vec<Row>, f64)> {
    let statement = client.prepare(asked.sql).await?;
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&from, &to];
    params.extend(asked.subject.as_ref().map(|subject| subject as &(dyn ToSql + Sync)));
    let started = Instant::now();
    let rows = client.query(&statement, &params).await?;
    Ok((rows, started.elapsed().as_secs_f64()))
}

/// Compares an answer with the rows of the SQL, whatever their order. Rows in which nothing was counted are left out: Octavo
/// gives them for periods in which nothing happened.
fn same(asked: &Asked, answer: &Answer, rows: &[Row]) -> anyhow::Result<()> {
    let names: Vec<bool> = answer.body.columns.iter().map(|column| column.name.ends_with("_name")).collect();
    let text = |value: &Value| match value {
        Value::Null => "-".to_string(),
        Value::String(text) => plain(text),
        other => plain(&other.to_string()),
    };
    let ours = answer.body.rows.iter().map(|row| {
        let values = row.iter().zip(&names).filter(|(_, is_name)| !**is_name);
        values.map(|(value, _)| text(value)).collect::<Vec<_>>()
    });
    let theirs = rows
        .iter()
        .map(|row| (0..row.len()).map(|i| row.get::<_, Option<&str>>(i).map_or("-".into(), plain)).collect::<Vec<_>>());
    let counted = |row: &Vec<String>| row.iter().rev().take(asked.metrics()).any(|count| count != "0");
    let mut ours: Vec<_> = ours.filter(counted).collect();
    let mut theirs: Vec<_> = theirs.filter(counted).collect();
    ours.sort();
    theirs.sort();
    ensure!(!ours.is_empty(), "{}: nothing was counted", asked.title);
    if ours != theirs {
        let differs = ours.iter().zip(&theirs).find(|(a, b)| a != b);
        let counts = format!("{} rows, SQL gives {}", ours.len(), theirs.len());
        return Err(anyhow::anyhow!("{differs:?}")).context(counts).context(format!("{}: not the same", asked.title));
    }
    Ok(())
}

/// `3.0` and `3` are the same number.
fn plain(text: &str) -> String {
    text.parse::<f64>().map_or_else(|_| text.to_string(), |number| number.to_string())
}
