//! Putting the wall up: when the program first meets a database, and whenever what stands there is not what it should be.

use model::Model;
use tokio_postgres::Transaction;

use crate::error::WallError;
use crate::{connect, dimensions, policies, rights, usage};

pub(crate) const LOCK: &str = "LOCK TABLE mart.definition";
pub(crate) const DEFINED: &str = "SELECT ddl FROM mart.definition WHERE rollup = 'wall'";
pub(crate) const FORGET: &str = "DELETE FROM mart.definition WHERE rollup = 'wall'";
pub(crate) const LOCKS_ARE_OPEN: &str =
    "SELECT has_function_privilege('public', 'pg_try_advisory_lock(integer, integer)', 'EXECUTE')";
pub(crate) const DEFINE: &str = "INSERT INTO mart.definition (rollup, ddl) VALUES ('wall', $1)";

/// Every right, policy and view, in order.
pub(crate) fn script(model: &Model) -> Vec<String> {
    let usage = usage::all(model);
    let mut out = rights::reader();
    out.extend(rights::views());
    for (table, condition) in policies::of_dimensions() {
        out.extend(policies::on(table, &condition));
    }
    for one in &usage {
        out.extend(policies::on(&one.table, &one.condition));
        out.push(one.grant.clone());
    }
    out.extend(dimensions::views().iter().flat_map(dimensions::View::statements));
    out.extend(usage.iter().flat_map(|one| one.view.statements()));
    out
}

/// Puts up what is missing or of another definition. It comes after the rollups' tables are made.
///
/// # Errors
/// [`WallError::MayNot`] when the login may not grant or make what is needed.
pub async fn install(url: &str, model: &Model) -> Result<(), WallError> {
    let mut client = connect(url).await?;
    let tx = client.transaction().await?;
    // One at a time, and not while rollups are made.
    tx.batch_execute(LOCK).await?;
    tx.batch_execute(rights::DATABASE).await?;
    let script: String = script(model).iter().map(|sql| format!("{sql};\n")).collect();
    if defined(&tx).await?.as_ref() != Some(&script) {
        tx.batch_execute(&script).await?;
        tx.execute(FORGET, &[]).await?;
        tx.execute(DEFINE, &[&script]).await?;
        if tx.query_one(LOCKS_ARE_OPEN, &[]).await?.get(0) {
            tracing::warn!(
                "a BI account could hold up refreshers by advisory locks: only a superuser can shut that, see docs/BI.md"
            );
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn defined(tx: &Transaction<'_>) -> Result<Option<String>, WallError> {
    Ok(tx.query_opt(DEFINED, &[]).await?.map(|row| row.get(0)))
}
