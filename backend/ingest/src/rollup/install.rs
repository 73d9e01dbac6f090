//! The tables of the declared rollups and the views of their summaries. A rollup whose declaration changed is dropped and
//! computed anew from the events.

use model::{Grain, Key, Measure, Model, Rollup};
use tokio_postgres::Transaction;
use warehouse::roles::READER;
use warehouse::{Dialect, Warehouse, WarehouseError};

use super::summary;

/// Statements that make the tables of one rollup, one table per grain.
pub fn tables(model: &Model, rollup: &Rollup, dialect: Dialect) -> Vec<String> {
    Grain::ALL.iter().flat_map(|grain| table(model, rollup, *grain, dialect)).collect()
}

fn table(model: &Model, rollup: &Rollup, grain: Grain, dialect: Dialect) -> Vec<String> {
    let table = rollup.table(grain);
    let keys: Vec<&str> = rollup.keys.iter().map(|k| k.column()).collect();
    let key_columns: String = keys.iter().map(|k| format!(", {k} integer NOT NULL")).collect();
    let measures: String = model
        .measures
        .iter()
        .map(|m| format!(", {} {} NOT NULL", m.name, if m.is_set() { dialect.set() } else { "bigint" }))
        .collect();
    let counted: String = counts(&model.measures).map(|(_, count)| format!(", {count} integer NOT NULL")).collect();
    let placed = dialect.placed(rollup.indexed.first().map(|k| k.column()), &["period", "site_id"]);
    let mut out = vec![format!(
        "CREATE TABLE {table} (site_id smallint NOT NULL, period date NOT NULL{key_columns}{measures}{counted}, \
         PRIMARY KEY (site_id, period, {})){placed}",
        keys.join(", ")
    )];
    if dialect == Dialect::Postgres {
        let name = table.trim_start_matches("mart.");
        for column in rollup.indexed.iter().map(|k| k.column()) {
            out.push(format!("CREATE INDEX {name}_{column} ON {table} ({column}, period)"));
        }
        for set in model.measures.iter().filter(|m| m.is_set()) {
            // Sets do not shrink by the server's compression; trying would only cost time.
            out.push(format!("ALTER TABLE {table} ALTER COLUMN {} SET STORAGE EXTERNAL", set.name));
        }
    }
    let description = format!("{} One row per {} and keys.", rollup.description, grain.as_str());
    out.push(format!("COMMENT ON TABLE {table} IS {}", quoted(&description)));
    out.push(comment(&table, "site_id", "The site."));
    out.push(comment(&table, "period", &format!("First day of the {}.", grain.as_str())));
    out.extend(rollup.keys.iter().map(|k| comment(&table, k.column(), key_comment(*k))));
    out.extend(model.measures.iter().map(|m| comment(&table, &m.name, &m.description)));
    out.extend(counts(&model.measures).map(|(set, count)| {
        let text = format!("How many persons {} holds. Not to be added up: unite the sets.", set.name);
        comment(&table, &count, &text)
    }));
    out.extend(read_by(&table, dialect));
    out
}

/// Whoever reads for answers may read what was made, from the moment it is there.
pub(super) fn read_by(table: &str, dialect: Dialect) -> Option<String> {
    (dialect == Dialect::Postgres).then(|| format!("GRANT SELECT ON {table} TO {READER}"))
}

/// For each set the column that says how many persons it holds, for those who may not read the set itself.
pub fn counts(measures: &[Measure]) -> impl Iterator<Item = (&Measure, String)> {
    measures.iter().filter(|m| m.is_set()).map(|m| (m, m.count_column()))
}

pub(super) fn comment(table: &str, column: &str, text: &str) -> String {
    format!("COMMENT ON COLUMN {table}.{column} IS {}", quoted(text))
}

/// A text of the model as a literal; what makes and comments on a table takes no binds.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

pub(super) fn key_comment(key: Key) -> &'static str {
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

/// What keeps in mind what was made.
pub(super) fn definitions(dialect: Dialect) -> [String; 4] {
    let text = dialect.text();
    [
        format!("CREATE TABLE IF NOT EXISTS mart.definition (rollup {text} PRIMARY KEY, ddl {text} NOT NULL)"),
        "COMMENT ON TABLE mart.definition IS 'The rollups that exist and the statements that made them.'".into(),
        "COMMENT ON COLUMN mart.definition.rollup IS 'Name of the rollup, of the view of its summary, or wall for the rights and views on them.'".into(),
        "COMMENT ON COLUMN mart.definition.ddl IS 'The statements.'".into(),
    ]
}

pub(super) const LOCK: &str = "LOCK TABLE mart.definition";
pub(super) const DEFINED: &str = "SELECT ddl FROM mart.definition WHERE rollup = $1";
pub(super) const FORGET: &str = "DELETE FROM mart.definition WHERE rollup = $1";
pub(super) const DEFINE: &str = "INSERT INTO mart.definition (rollup, ddl) VALUES ($1, $2)";
pub(super) const MARK_ALL: &str =
    r#"INSERT INTO "raw".dirty (site_id, day) SELECT DISTINCT site_id, day FROM core.event"#;
pub(super) const FORGET_UNREADY: &str = "DELETE FROM mart.unready WHERE rollup = $1";
/// Until the days that are marked now are computed, the rollup answers nothing for their sites.
pub(super) const UNREADY: &str = r#"INSERT INTO mart.unready (site_id, rollup, last_mark)
    SELECT site_id, CAST($1 AS varchar(256)), max(dirty_id) FROM "raw".dirty GROUP BY site_id"#;

/// The views for BI accounts go with the table; whoever makes it anew makes them anew ([`WALL`]).
pub(super) fn drop_table(table: &str) -> String {
    format!("DROP TABLE IF EXISTS {table} CASCADE")
}

/// The name under which the rights, policies and views that stand on the rollups are noted.
pub const WALL: &str = "wall";

/// Makes the tables and views that are missing or of another declaration, and marks every day that has events for computing.
/// Until then a rollup that was made is not ready. Returns the names of the rollups that were made.
pub async fn install(warehouse: &Warehouse, model: &Model) -> Result<Vec<String>, WarehouseError> {
    let dialect = warehouse.dialect();
    let mut client = warehouse.client().await?;
    let tx = client.transaction().await?;
    tx.batch_execute(&script(&definitions(dialect))).await?;
    tx.batch_execute(LOCK).await?;
    let mut made = Vec::new();
    for rollup in &model.rollups {
        let ddl = script(&tables(model, rollup, dialect));
        if defined(&tx, &rollup.name).await?.as_ref() != Some(&ddl) {
            define(&tx, &rollup.summary_view(), &summary::drop_view(rollup), None).await?;
            let drops: Vec<String> = Grain::ALL.iter().map(|grain| drop_table(&rollup.table(*grain))).collect();
            define(&tx, &rollup.name, &script(&drops), Some(&ddl)).await?;
            made.push(rollup.name.clone());
        }
        let view = rollup.summary_view();
        let ddl = rollup.summary.as_ref().map(|keys| script(&summary::view(model, rollup, keys, dialect)));
        if defined(&tx, &view).await? != ddl {
            define(&tx, &view, &summary::drop_view(rollup), ddl.as_deref()).await?;
        }
    }
    if !made.is_empty() {
        tx.execute(FORGET, &[&WALL]).await?;
        tx.execute(MARK_ALL, &[]).await?;
        for rollup in &made {
            tx.execute(FORGET_UNREADY, &[rollup]).await?;
            tx.execute(UNREADY, &[rollup]).await?;
        }
    }
    tx.commit().await?;
    Ok(made)
}

/// Statements as one text.
fn script(statements: &[String]) -> String {
    statements.iter().map(|sql| format!("{sql};\n")).collect()
}

async fn defined(tx: &Transaction<'_>, name: &str) -> Result<Option<String>, WarehouseError> {
    Ok(tx.query_opt(DEFINED, &[&name]).await?.map(|row| row.get(0)))
}

/// Drops what goes by the name, and makes it anew if there are statements for that.
async fn define(tx: &Transaction<'_>, name: &str, drop: &str, ddl: Option<&str>) -> Result<(), WarehouseError> {
    tx.batch_execute(drop).await?;
    tx.execute(FORGET, &[&name]).await?;
    if let Some(ddl) = ddl {
        tx.batch_execute(ddl).await?;
        tx.execute(DEFINE, &[&name, &ddl]).await?;
    }
    Ok(())
}

/// The stored columns of a rollup's rows beside site and period: keys, then measures.
pub fn columns(rollup: &Rollup, measures: &[Measure]) -> Vec<String> {
    rollup.keys.iter().map(|k| k.column().to_string()).chain(measures.iter().map(|m| m.name.clone())).collect()
}

/// The same with the counts of the sets, as rows are written.
pub fn written(rollup: &Rollup, measures: &[Measure]) -> Vec<String> {
    columns(rollup, measures).into_iter().chain(counts(measures).map(|(_, count)| count)).collect()
}
