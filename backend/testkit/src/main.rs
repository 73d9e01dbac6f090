//! `testkit run -- COMMAND…`: runs a command beside a private PostgreSQL and Redis, and stops them afterwards.

use std::process::ExitCode;

use anyhow::{Context, bail};
use cluster::{Postgres, PostgresOptions, Redis};
use testkit::database::{REDIS, SERVER, make_template};

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let mut args = std::env::args().skip(1);
    let (Some("run"), Some("--")) = (args.next().as_deref(), args.next().as_deref()) else {
        bail!("usage: testkit run -- COMMAND…");
    };
    let command = args.next().context("usage: testkit run -- COMMAND…")?;
    let dir = std::env::temp_dir().join(format!("octavo-test-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let postgres = Postgres::start(&dir, PostgresOptions::for_tests()).await?;
    let redis = Redis::start(&dir).await?;
    make_template(postgres.url()).await?;
    let mut child = tokio::process::Command::new(command);
    child.args(args).env(SERVER, postgres.url());
    if let Some(redis) = &redis {
        child.env(REDIS, redis.url());
    }
    let status = child.status().await?;
    if let Some(redis) = redis {
        redis.stop().await?;
    }
    postgres.stop().await?;
    cluster::remove(&dir).await?;
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)))
}
