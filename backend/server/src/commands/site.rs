//! `octavo site`: sites, and the keys their events are sent with.

use chrono::Utc;
use ingest::load::batch::LoadError;
use ingest::load::strategy::Strategy;
use reference::NewSite;

use crate::cli::{At, EndKeyArgs, SiteArgs, SiteKeyArgs, StrategyArgs};
use crate::connect::Installation;

pub async fn add(args: SiteArgs) -> anyhow::Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    anyhow::ensure!(
        (1..=16).contains(&args.code.len()) && args.code.chars().all(plain),
        "a site's code has 1 to 16 small letters, digits or hyphens"
    );
    revenue::Currency::of(&args.currency)?;
    let installation = Installation::open(&args.at).await?;
    let site = NewSite {
        code: args.code.clone(),
        name: args.name,
        zone: args.zone,
        currency: args.currency,
        locale: args.locale,
    };
    {
        let mut client = installation.warehouse.client().await?;
        let tx = client.transaction().await?;
        reference::write::site(&tx, installation.warehouse.dialect(), &site).await?;
        tx.commit().await?;
    }
    // From now on a collector knows the site.
    installation.secret(&args.code).await?;
    println!("site {} is there, in {}", args.code, args.zone);
    installation.close().await
}

pub async fn key(args: SiteKeyArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    let directory = reference::read::directory(&installation.warehouse).await?;
    directory.site(&args.code).ok_or_else(|| LoadError::NoSite(args.code.clone()))?;
    let key = installation.store.write_keys().make(&args.code, &args.name, &args.origin, Utc::now()).await?;
    println!("{}", key.key);
    installation.close().await
}

pub async fn keys(at: &At) -> anyhow::Result<()> {
    let installation = Installation::open(at).await?;
    for key in installation.store.write_keys().list().await? {
        let ended = key.ended_at.map(|at| format!("  ended {at}")).unwrap_or_default();
        println!("{}  {:<6} {:<20} {}{ended}", key.key, key.site_code, key.name, key.origins.join(" "));
    }
    installation.close().await
}

pub async fn end_key(args: EndKeyArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    installation.store.write_keys().end(&args.key, Utc::now()).await?;
    println!("{} is refused from now on", args.key);
    installation.close().await
}

pub async fn strategy(args: StrategyArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    let StrategyArgs { code, strategy, .. } = args;
    let directory = reference::read::directory(&installation.warehouse).await?;
    directory.site(&code).ok_or_else(|| LoadError::NoSite(code.clone()))?;
    // Where files would have to go is asked for here, and not first by a loader that then cannot go on.
    if strategy == Strategy::Staged {
        installation.stage()?.ok_or_else(|| LoadError::NoStage(code.clone()))?;
    }
    if !strategy.choose(&installation.warehouse, &code).await? {
        return Err(LoadError::NoSite(code).into());
    }
    println!("site {code} is loaded {strategy} from now on");
    installation.close().await
}
