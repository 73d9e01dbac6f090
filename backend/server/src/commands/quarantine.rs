//! `octavo quarantine`: what was refused, and trying it again.

use chrono::Utc;
use ingest::load::batch::LoadError;
use ingest::load::intake::{Intake, Rules};
use ingest::quarantine;
use serde_json::json;
use store::{Audited, Entry};

use crate::cli::{At, ReleaseArgs};
use crate::connect::Installation;

pub async fn list(at: &At) -> anyhow::Result<()> {
    let installation = Installation::open(at).await?;
    let groups = quarantine::groups(&installation.warehouse).await?;
    if groups.is_empty() {
        println!("nothing waits in the quarantine");
    }
    for group in groups {
        let elsewhere = match group.count - group.kept {
            0 => String::new(),
            files => format!(", {files} of them in their files only"),
        };
        println!("{}  {}  {} records{elsewhere}", group.site, group.reason, group.count);
        for (given, count) in group.unknown {
            println!("    '{given}' is not known: {count} records");
        }
        for sample in group.samples {
            println!("    {}: {}", sample.id, sample.detail);
            if let Some(record) = sample.record {
                println!("        {record}");
            }
        }
    }
    installation.close().await
}

pub async fn release(args: ReleaseArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    let rules = Rules { robots: installation.robots()?, latest: None };
    // Only a site that exists gets a secret.
    let directory = reference::read::directory(&installation.warehouse).await?;
    directory.site(&args.site).ok_or_else(|| LoadError::NoSite(args.site.clone()))?;
    let secret = installation.secret(&args.site).await?;
    let mut intake = Intake::open(&installation.warehouse, &args.site, &secret, rules).await?;
    let detail = json!({ "site": args.site, "reason": args.reason });
    let entry = Entry::of(Audited::QuarantineReleased, &args.site).with(detail);
    installation.store.audit().record(None, entry).await?;
    let reason = args.reason.as_deref();
    let counts = quarantine::release(&mut intake, &installation.warehouse, reason, Utc::now()).await?;
    println!("{counts}");
    installation.close().await
}
