//! `octavo import csv`: reference data, all of a file or nothing.

use anyhow::Context;

use crate::cli::ImportArgs;
use crate::connect::Installation;

pub async fn csv(args: ImportArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    let done = bring_in(&installation, &args).await;
    installation.close().await?;
    let rows = done?;
    println!("{rows} rows{}", if args.dry_run { " would be brought in; nothing was changed" } else { " brought in" });
    Ok(())
}

async fn bring_in(installation: &Installation, args: &ImportArgs) -> anyhow::Result<usize> {
    let directory = reference::read::directory(&installation.warehouse).await?;
    let site = directory.site(&args.site).with_context(|| format!("there is no site {}", args.site))?;
    let file = std::fs::File::open(&args.file).with_context(|| format!("{} cannot be read", args.file.display()))?;
    let mut client = installation.warehouse.client().await?;
    let tx = client.transaction().await?;
    let rows = reference::tables::bring_in(&tx, installation.warehouse.dialect(), args.of, site.id, file).await?;
    if !args.dry_run {
        tx.commit().await?;
    }
    Ok(rows)
}
