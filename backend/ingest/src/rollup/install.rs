//! The tables of the declared rollups. A rollup whose declaration changed is dropped and computed anew from the events.

use model::{Grain, Key, Measure, Model, Rollup};
use warehouse::{Warehouse, WarehouseError};

/// Statements that make the tables of one rollup, one table per grain.
pub fn ddl(model: &Model, rollup: &Rollup) -> String {
    Grain::ALL.iter().map(|grain| table(model, rollup, *grain)).collect()
}

fn table(model: &Model, rollup: &Rollup, grain: Grain) -> String {
    let table = rollup.table(grain);
    let name = table.trim_start_matches("mart.");
    let keys: Vec<&str> = rollup.keys.iter().map(|k| k.column()).collect();
    let key_columns: String = keys.iter().map(|k| format!(", {k} integer NOT NULL")).collect();
    let measures: String = model
        .measures
        .iter()
        .map(|m| format!(", {} {} NOT NULL", m.name, if m.is_set() { "bytea" } else { "bigint" }))
        .collect();
    let mut out = format!(
        "CREATE TABLE {table} (site_id smallint NOT NULL, period date NOT NULL{key_columns}{measures}, \
         PRIMARY KEY (site_id, period, {}));\n",
        keys.join(", ")
    );
    for key in &rollup.indexed {
        let column = key.column();
        out += &format!("CREATE INDEX {name}_{column} ON {table} ({column}, period);\n");
    }
    for set in model.measures.iter().filter(|m| m.is_set()) {
        // Sets do not shrink by the server's compression; trying would only cost time.
        out += &format!("ALTER TABLE {table} ALTER COLUMN {} SET STORAGE EXTERNAL;\n", set.name);
    }
    out += &comment(&table, "", &format!("{} One row per {} and keys.", rollup.description, grain.as_str()));
    out += &comment(&table, "site_id", "The site.");
    out += &comment(&table, "period", &format!("First day of the {}.", grain.as_str()));
    for key in &rollup.keys {
        out += &comment(&table, key.column(), key_comment(*key));
    }
    for measure in &model.measures {
        out += &comment(&table, &measure.name, &measure.description);
    }
    out
}

fn comment(table: &str, column: &str, text: &str) -> String {
    let text = text.replace('\'', "''");
    if column.is_empty() {
        format!("COMMENT ON TABLE {table} IS '{text}';\n")
    } else {
        format!("COMMENT ON COLUMN {table}.{column} IS '{text}';\n")
    }
}

fn key_comment(key: Key) -> &'static str {
    match key {
        Key::Site => "The site.",
        Key::School => "The school (core.school), 0 for none.",
        Key::Book => "The book (core.book), 0 for none.",
        Key::Chapter => "The chapter (core.chapter), 0 for none.",
        Key::Role => "1 student, 2 teacher, 3 other.",
        Key::Kind => "Kind of event, as in core.event.",
        Key::Device => "Device, as in core.event.",
    }
}

const DEFINITIONS: &str = "CREATE TABLE IF NOT EXISTS mart.definition (rollup text PRIMARY KEY, ddl text NOT NULL);
COMMENT ON TABLE mart.definition IS 'The rollups that exist and the statements that made them.';
COMMENT ON COLUMN mart.definition.rollup IS 'Name of the rollup.';
COMMENT ON COLUMN mart.definition.ddl IS 'The statements.';";

/// Makes the tables that are missing or of another declaration, and marks every day that has events for computing.
/// Returns the names of the rollups that were made.
pub async fn install(warehouse: &Warehouse, model: &Model) -> Result<Vec<String>, WarehouseError> {
    let mut client = warehouse.client().await?;
    let tx = client.transaction().await?;
    tx.batch_execute(DEFINITIONS).await?;
    tx.batch_execute("LOCK TABLE mart.definition").await?;
    let mut made = Vec::new();
    for rollup in &model.rollups {
        let ddl = ddl(model, rollup);
        let row = tx.query_opt("SELECT ddl FROM mart.definition WHERE rollup = $1", &[&rollup.name]).await?;
        if row.is_some_and(|r| r.get::<_, String>(0) == ddl) {
            continue;
        }
        for grain in Grain::ALL {
            tx.batch_execute(&format!("DROP TABLE IF EXISTS {}", rollup.table(grain))).await?;
        }
        tx.batch_execute(&ddl).await?;
        tx.execute(
            "INSERT INTO mart.definition (rollup, ddl) VALUES ($1, $2) ON CONFLICT (rollup) DO UPDATE SET ddl = excluded.ddl",
            &[&rollup.name, &ddl],
        )
        .await?;
        made.push(rollup.name.clone());
    }
    if !made.is_empty() {
        tx.execute("INSERT INTO raw.dirty (site_id, day) SELECT DISTINCT site_id, day FROM core.event", &[]).await?;
    }
    tx.commit().await?;
    Ok(made)
}

/// The stored columns of a rollup's rows beside site and period: keys, then measures.
pub fn columns(rollup: &Rollup, measures: &[Measure]) -> Vec<String> {
    rollup.keys.iter().map(|k| k.column().to_string()).chain(measures.iter().map(|m| m.name.clone())).collect()
}
