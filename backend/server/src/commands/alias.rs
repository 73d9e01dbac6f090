//! `octavo quarantine alias`: what ids mean that are not known by themselves.

use anyhow::{Context, ensure};
use chrono::Utc;
use ingest::load::batch::LoadError;
use reference::{NewAlias, Site, What, alias};
use serde_json::json;
use store::{Audited, Entry};

use crate::cli::{AliasArgs, At, GivenArgs, UnaliasArgs};
use crate::connect::Installation;

pub async fn make(args: AliasArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    let site = site(&installation, &args.site).await?;
    let (what, given) = named(args.given)?;
    let new = NewAlias { what, given, means: args.means, made_by: "octavo".into() };
    let mut client = installation.warehouse.client().await?;
    let tx = client.transaction().await?;
    let means = alias::make(&tx, installation.warehouse.dialect(), &site, &new, Utc::now()).await?;
    let detail = json!({ "site": site.code, "what": what.as_str(), "means": means });
    installation.store.audit().record(None, Entry::of(Audited::AliasMade, &new.given).with(detail)).await?;
    tx.commit().await?;
    drop(client);
    println!("{} '{}' means {means} from now on; `octavo quarantine release {}`", what.as_str(), new.given, site.code);
    installation.close().await
}

pub async fn list(at: &At) -> anyhow::Result<()> {
    let installation = Installation::open(at).await?;
    let directory = reference::read::directory(&installation.warehouse).await?;
    for alias in &directory.aliases {
        let Some(site) = directory.sites.get(&alias.site_id) else { continue };
        let idle = alias.what.of(&directory, site, &alias.given).map(|_| ", but it is known by itself now");
        println!(
            "{:<6} {:<8} {} means {}{}  ({}, {})",
            site.code,
            alias.what.as_str(),
            alias.given,
            alias.means,
            idle.unwrap_or_default(),
            alias.made_by,
            alias.made_at.format("%Y-%m-%d"),
        );
    }
    installation.close().await
}

pub async fn remove(args: UnaliasArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    let site = site(&installation, &args.site).await?;
    let (what, given) = named(args.given)?;
    let mut client = installation.warehouse.client().await?;
    let tx = client.transaction().await?;
    let meant = alias::remove(&tx, site.id, what, &given).await?;
    ensure!(
        meant,
        "{} '{given}' means nothing in site {}; `octavo quarantine aliases` lists",
        what.as_str(),
        site.code
    );
    let detail = json!({ "site": site.code, "what": what.as_str() });
    installation.store.audit().record(None, Entry::of(Audited::AliasRemoved, &given).with(detail)).await?;
    tx.commit().await?;
    drop(client);
    println!("{} '{given}' means nothing from now on; what was loaded by it stays", what.as_str());
    installation.close().await
}

async fn site(installation: &Installation, code: &str) -> anyhow::Result<Site> {
    let directory = reference::read::directory(&installation.warehouse).await?;
    Ok(directory.site(code).ok_or_else(|| LoadError::NoSite(code.to_owned()))?.clone())
}

fn named(given: GivenArgs) -> anyhow::Result<(What, String)> {
    let book = given.book.map(|id| (What::Book, id));
    let school = given.school.map(|id| (What::School, id));
    let chapter = given.chapter.map(|id| (What::Chapter, id));
    book.or(school).or(chapter).context("name the id: --book, --school or --chapter")
}
