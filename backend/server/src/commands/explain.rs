//! `octavo explain`: how a question would be answered, in words.

use anyhow::Context;
use chrono::Utc;
use engine::Explanation;
use query::Question;

use crate::cli::ExplainArgs;
use crate::connect::Installation;

pub async fn run(args: ExplainArgs) -> anyhow::Result<()> {
    let question: Question = serde_json::from_str(&args.question).context("the question cannot be read")?;
    let installation = Installation::open(&args.at).await?;
    let explained = explain(&installation, &args.account, &question).await;
    installation.close().await?;
    let explained = explained?;
    explained.words.iter().for_each(|sentence| println!("{sentence}"));
    if args.sql {
        explained.statements.iter().for_each(|sql| println!("\n{sql};"));
    }
    Ok(())
}

async fn explain(installation: &Installation, email: &str, question: &Question) -> anyhow::Result<Explanation> {
    let accounts = installation.store.accounts();
    let account = accounts.find_account(email).await?.with_context(|| format!("there is no account {email}"))?;
    let caller = accounts.caller_by_account(account, Utc::now()).await?;
    let caller = caller.with_context(|| format!("{email} is not active, or belongs to no organisation"))?;
    Ok(installation.engine().await?.explain(&caller, question, Utc::now())?)
}
