//! `octavo account add`.

use std::io::Read;

use access::Role;
use anyhow::{Context, bail, ensure};
use reference::Directory;

use crate::cli::AccountArgs;
use crate::connect::Installation;
use crate::secret::random_password;

pub async fn add(args: AccountArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    let done = add_to(&installation, &args).await;
    installation.close().await?;
    done
}

async fn add_to(installation: &Installation, args: &AccountArgs) -> anyhow::Result<()> {
    let directory = reference::read::directory(&installation.warehouse).await?;
    let (accounts, organisations) = (installation.store.accounts(), installation.store.organisations());
    let kind = args.role.organisation_kind();
    let organisation = match organisations.named(&args.organisation, kind).await? {
        Some(found) if args.about.is_empty() => found,
        _ => {
            let about = if args.about.is_empty() { std::slice::from_ref(&args.organisation) } else { &args.about };
            let subjects = subjects(&directory, args.role, about)?;
            organisations.keep(&args.organisation, kind, &subjects).await?
        }
    };
    let (password, made) = if args.password_stdin {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("no password on standard input")?;
        (text.trim_end_matches(['\r', '\n']).to_string(), false)
    } else {
        (random_password()?, true)
    };
    let name = args.name.as_deref().unwrap_or(&args.email);
    let account = accounts.add_account(&args.email, name, &password).await?;
    accounts.add_membership(account, organisation, args.role).await?;
    // The organisation may have been given other schools or titles: its BI accounts see them at once.
    crate::bi::follow(&installation.store, &installation.config.warehouse_url).await?;
    println!("{} is {} of {}", args.email, args.role, args.organisation);
    if made {
        println!("password: {password}");
    }
    Ok(())
}

/// The warehouse's numbers of what an organisation is about.
fn subjects(directory: &Directory, role: Role, about: &[String]) -> anyhow::Result<Vec<i32>> {
    let by_name = |name: &str| directory.publishers.values().find(|p| p.name == name).map(|p| p.id);
    let find = |code: &String| match role {
        Role::SchoolAdmin => directory.school(code).map(|s| s.id),
        Role::Publisher => directory.publisher(code).map(|p| p.id).or_else(|| by_name(code)),
        Role::Official => directory.region(code).map(|r| r.id),
        Role::Owner | Role::Operator => None,
    };
    if matches!(role, Role::Owner | Role::Operator) {
        return Ok(vec![]);
    }
    let what = match role {
        Role::SchoolAdmin => "school (as site:id)",
        Role::Publisher => "publisher",
        _ => "region (as site:code)",
    };
    ensure!(!about.is_empty(), "name at least one {what} with --about");
    let mut out = Vec::new();
    for code in about {
        match find(code) {
            Some(id) => out.push(id),
            None => bail!("there is no {what} '{code}'; name it with --about CODE"),
        }
    }
    Ok(out)
}
