//! Questions through the engine, nothing cached, beside the same questions in SQL over the events. Both give the same
//! rows, or there is no table.

use std::time::Instant;

use anyhow::{Context, ensure};
use cache::{Answers, NoTier};
use chrono::NaiveDate;
use demo::Platform;
use engine::{Answer, Engine};
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::asked::{Asked, six};
use crate::platform::{Database, now};
use crate::table::{Progress, Table, median_of, millis, times, whole};

const ROUNDS: usize = 9;

/// Seconds of one round.
struct Took {
    engine: f64,
    sql: f64,
}

pub async fn measure(database: &Database, platform: &Platform, progress: &Progress) -> anyhow::Result<Table> {
    let events: i64 =
        database.warehouse.client().await?.query_one("SELECT count(*) FROM core.event", &[]).await?.get(0);
    let header = ["question", "rows given", "rollup rows read", "Octavo, ms", "SQL, ms", "SQL ÷ Octavo"];
    let mut table = Table::new(format!("Questions, nothing cached, {} events", whole(events as f64)), &header);
    // One connection for both sides, so that what is prepared in the first round is prepared in all.
    let database = &database.with_connections(1)?;
    let snapshot = engine(database).await?.snapshot();
    for asked in six(platform, &snapshot)? {
        // Not counted: both sides are prepared and their pages read, and the results are compared.
        let (answer, _) = ask(database, &asked).await?;
        let (rows, _) = select(database, &asked).await?;
        same(&asked, &answer, &rows)?;
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let (_, engine) = ask(database, &asked).await?;
            let (_, sql) = select(database, &asked).await?;
            rounds.push(Took { engine, sql });
        }
        progress.say(&format!("asked for {}", asked.title));
        table.row(vec![
            asked.title.into(),
            whole(answer.body.rows.len() as f64),
            whole(answer.body.plan.rows_read as f64),
            millis(median_of(&rounds, |r| r.engine)),
            millis(median_of(&rounds, |r| r.sql)),
            times(median_of(&rounds, |r| r.sql / r.engine)),
        ]);
    }
    table.note(format!(
        "Octavo: from the caller and the question to the answer as JSON, with an empty cache. SQL: until the last row is \
         there, over core.event with its index, analysed and in memory. Medians of {ROUNDS} rounds; the rows of both are \
         compared. The rollups it reads were computed when the events came."
    ));
    Ok(table)
}

/// An engine that has answered nothing yet.
async fn engine(database: &Database) -> anyhow::Result<Engine> {
    let answers = Answers::new(Box::new(NoTier));
    Ok(Engine::open(database.model.clone(), database.warehouse.clone(), answers).await?)
}

async fn ask(database: &Database, asked: &Asked) -> anyhow::Result<(Answer, f64)> {
    let engine = engine(database).await?;
    let started = Instant::now();
    let reply = engine.answer(&asked.caller, &asked.question, now()).await?;
    let seconds = started.elapsed().as_secs_f64();
    ensure!(!reply.hit, "an answer was cached");
    Ok((reply.answer()?, seconds))
}

async fn select(database: &Database, asked: &Asked) -> anyhow::Result<(Vec<Row>, f64)> {
    let (from, to): (NaiveDate, NaiveDate) = (asked.question.from.parse()?, asked.question.to.parse()?);
    let client = database.warehouse.client().await?;
    let statement = client.prepare_cached(asked.sql).await?;
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
    let metrics = asked.question.metrics.len();
    let counted = |row: &Vec<String>| row.iter().rev().take(metrics).any(|count| count != "0");
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
