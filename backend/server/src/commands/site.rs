//! `octavo site add`.

use reference::NewSite;

use crate::cli::SiteArgs;
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
        reference::write::site(&tx, &site).await?;
        tx.commit().await?;
    }
    println!("site {} is there, in {}", args.code, args.zone);
    installation.close().await
}
