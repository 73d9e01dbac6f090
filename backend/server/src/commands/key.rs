//! `octavo key add`.

use anyhow::Context;
use chrono::Utc;

use crate::cli::KeyArgs;
use crate::connect::Installation;

pub async fn add(args: KeyArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    let made = async {
        let account = installation.store.accounts().find_account(&args.account).await?;
        let account = account.with_context(|| format!("there is no account {}", args.account))?;
        Ok::<_, anyhow::Error>(
            installation.store.keys().create(account, &args.name, &args.scope, None, Utc::now()).await?,
        )
    }
    .await;
    installation.close().await?;
    let (_, key) = made?;
    println!("{key}");
    eprintln!("keep it safe: it is shown this once");
    Ok(())
}
