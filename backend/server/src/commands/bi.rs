//! `octavo account bi`: accounts that read with a login of their own in the database.

use access::OrganisationKind;
use anyhow::{Context, bail};
use chrono::{DateTime, Days, Utc};
use clap::{Args, Subcommand};
use store::Tenant;
use tls::Server;
use tokio_postgres::config::Host;
use uuid::Uuid;
use wall::{Account, NewAccount, accounts};

use crate::bi::Record;
use crate::cli::At;
use crate::connect::Installation;
use crate::secret::random_password;

#[derive(Debug, Subcommand)]
pub enum BiCommand {
    /// Make one; prints how to connect, the password once
    Add(BiAddArgs),
    /// Show them, also those that ended
    List(At),
    /// End one: it sees nothing from now on, and its role is removed
    End(BiEndArgs),
}

#[derive(Debug, Args)]
pub struct BiAddArgs {
    /// Name of the organisation whose rows it sees
    #[arg(long, env = "OCTAVO_ORGANISATION")]
    pub organisation: String,
    /// owner, school or publisher, where several organisations have this name
    #[arg(long, env = "OCTAVO_KIND")]
    pub kind: Option<OrganisationKind>,
    /// What it is for; the organisation's name when left out
    #[arg(long, env = "OCTAVO_NAME")]
    pub name: Option<String>,
    /// Days until it ends; never when left out
    #[arg(long, env = "OCTAVO_DAYS", value_parser = clap::value_parser!(u16).range(1..))]
    pub days: Option<u16>,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Args)]
pub struct BiEndArgs {
    /// Its user, as it was printed
    pub user: String,
    #[command(flatten)]
    pub at: At,
}

pub async fn run(command: BiCommand) -> anyhow::Result<()> {
    match command {
        BiCommand::Add(args) => {
            let installation = Installation::open(&args.at).await?;
            installation.refuse_on_redshift("BI accounts read")?;
            let done = add(&installation, &args).await;
            installation.close().await?;
            done
        }
        BiCommand::List(at) => list(&at).await,
        BiCommand::End(args) => end(&args).await,
    }
}

async fn add(installation: &Installation, args: &BiAddArgs) -> anyhow::Result<()> {
    let tenants = installation.store.tenants().await?;
    let tenant = named(&tenants, &args.organisation, args.kind)?;
    let Some(own) = crate::bi::own(tenant) else {
        bail!(
            "'{}' is an authority: officials see protected numbers only, whose small cells are hidden per table, and a BI \
             account could subtract them back; let them take the published table as CSV instead \
             (GET /api/v1/query with `Accept: text/csv`, dimensions region and school)",
            tenant.name
        );
    };
    let now = Utc::now();
    let ends_at = args.days.map(|days| now + Days::new(days.into()));
    // The name says nothing: every role of a server can read the names of all.
    let user = format!("octavo_bi_{}", &Uuid::new_v4().simple().to_string()[..12]);
    let password = random_password()?;
    let url = &installation.config.warehouse_url;
    let mut client = wall::connect(url).await?;
    let name = args.name.as_deref().unwrap_or(&tenant.name);
    let new = NewAccount { user: &user, password: &password, name, own: &own, ends_at };
    accounts::add(&mut client, new, now, &Record(&installation.store)).await?;
    println!("{user} reads {} of {}, in the schema bi", own.rows.as_str(), tenant.name);
    if let Some(end) = ends_at {
        println!("until    {}", day(end));
    }
    print!("{}", reached(url)?);
    println!("user     {user}\npassword {password}   (shown once)");
    Ok(())
}

/// The organisation of a name; of several kinds, the one that was said.
fn named<'a>(tenants: &'a [Tenant], name: &str, kind: Option<OrganisationKind>) -> anyhow::Result<&'a Tenant> {
    let found: Vec<&Tenant> =
        tenants.iter().filter(|t| t.name == name && kind.is_none_or(|kind| kind == t.kind)).collect();
    match found[..] {
        [] => bail!("there is no organisation '{name}'; `octavo account add` makes one"),
        [one] => Ok(one),
        _ => bail!("there are several organisations '{name}'; say which with --kind owner, school or publisher"),
    }
}

/// Where the database is, a line each.
fn reached(url: &str) -> anyhow::Result<String> {
    let config = Server::read(url).context("the warehouse's address is not understood")?.config();
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".into(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let database = config.get_dbname().or(config.get_user()).unwrap_or("octavo");
    Ok(format!("host     {host}\nport     {port}\ndatabase {database}\n"))
}

async fn list(at: &At) -> anyhow::Result<()> {
    let installation = Installation::open(at).await?;
    installation.refuse_on_redshift("BI accounts read")?;
    let client = wall::connect(&installation.config.warehouse_url).await?;
    let (all, now) = (accounts::list(&client).await?, Utc::now());
    installation.close().await?;
    for Account { user, name, own, created_at, ended_at } in &all {
        let state = match ended_at {
            Some(end) if *end <= now => format!("ended {}", day(*end)),
            Some(end) => format!("until {}", day(*end)),
            None => "no end".into(),
        };
        println!("{user}  {}  {}  {name}  since {}, {state}", own.organisation, own.rows.as_str(), day(*created_at));
    }
    if all.is_empty() {
        println!("no BI accounts; `octavo account bi add --organisation NAME` makes one");
    }
    Ok(())
}

async fn end(args: &BiEndArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    installation.refuse_on_redshift("BI accounts read")?;
    let mut client = wall::connect(&installation.config.warehouse_url).await?;
    let ended = accounts::end(&mut client, &args.user, Utc::now(), &Record(&installation.store)).await;
    installation.close().await?;
    if !ended? {
        bail!("there is no BI account '{}'; `octavo account bi list` shows them", args.user);
    }
    println!("{} has ended: it is disconnected and its role is gone", args.user);
    Ok(())
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}
