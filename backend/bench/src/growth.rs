//! What a question costs as the platform grows: with the answer, not with the events.

use std::collections::BTreeSet;
use std::sync::Arc;

use demo::Platform;

use crate::asked::six;
use crate::database::{Database, SEED, filled};
use crate::questions::{Took, ask};
use crate::rollups_only::rolled_up;
use crate::servers::Servers;
use crate::serving::Serving;
use crate::table::{Progress, Table, millis, quantile, whole};

/// One size of platform, asked all six.
struct Column {
    events: u64,
    schools: usize,
    took: Vec<Took>,
}

pub async fn measure(servers: &Servers, events: u64, progress: &Progress) -> anyhow::Result<Table> {
    let mut columns = Vec::new();
    for events in [events / 10, events] {
        let platform = Arc::new(Platform::new(SEED, events));
        let database = filled(servers, &platform, events, progress).await?;
        columns.push(column(servers, &database, &platform, events, progress).await?);
    }
    let used: BTreeSet<String> = columns.iter().flat_map(|c| &c.took).map(|took| took.rollup.clone()).collect();
    let platform = Arc::new(Platform::new(SEED, events * 10));
    let database = rolled_up(servers, &platform, events * 10, &used, progress).await?;
    columns.push(column(servers, &database, &platform, events * 10, progress).await?);
    table(&columns, &used)
}

async fn column(
    servers: &Servers,
    database: &Database,
    platform: &Platform,
    events: u64,
    progress: &Progress,
) -> anyhow::Result<Column> {
    let serving = Serving::start(servers, database, platform).await?;
    let mut took = Vec::new();
    for asked in six(platform, &database.directory().await?)? {
        took.push(ask(&serving, &asked).await?);
    }
    serving.stop().await?;
    progress.say(&format!("asked the six of {} events", whole(events as f64)));
    let schools = platform.sites().iter().map(|site| site.schools.len()).sum();
    Ok(Column { events, schools, took })
}

fn table(columns: &[Column], used: &BTreeSet<String>) -> anyhow::Result<Table> {
    let header = [
        "question",
        "tenth: rows",
        "read",
        "p50, ms",
        "whole: rows",
        "read",
        "p50, ms",
        "ten times: rows",
        "read",
        "p50, ms",
    ];
    let sizes: Vec<String> = columns.iter().map(|column| whole(column.events as f64)).collect();
    let mut table = Table::new(format!("The same questions of {} events a year", sizes.join(", ")), &header);
    for (i, title) in columns[0].took.iter().map(|took| took.title).enumerate() {
        let mut row = vec![title.to_string()];
        for took in columns.iter().map(|column| &column.took[i]) {
            row.extend([whole(took.rows as f64), whole(took.rows_read), millis(quantile(&took.seconds, 0.5))]);
        }
        table.row(row);
    }
    let schools: Vec<String> = columns.iter().map(|column| whole(column.schools as f64)).collect();
    let used: Vec<&str> = used.iter().map(String::as_str).collect();
    table.note(format!(
        "Schools: {}. The largest has no events: those of its year were made by the same generator, with as many more persons \
         and schools, counted into the rollups that the six read ({}) by the code that counts stored events, days merged into \
         weeks and months, and forgotten. So rows and sets are those that its events would give; the other rollups answer nothing.",
        schools.join(", "),
        used.join(", ")
    ));
    Ok(table)
}
