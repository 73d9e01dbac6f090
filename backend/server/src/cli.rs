//! The command line.

use std::path::PathBuf;

use access::{KeyScope, Role};
use chrono::{DateTime, SubsecRound, Utc};
use chrono_tz::Tz;
use clap::{Args, Parser, Subcommand};
use ingest::load::strategy::Strategy;
use reference::Table;
use warehouse::Dialect;

use crate::commands::bi::BiCommand;

/// Usage analytics, revenue share and official statistics for digital-textbook platforms.
#[derive(Debug, Parser)]
#[command(name = "octavo", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// A lifelike platform on a private PostgreSQL and Redis, in one go
    Demo(DemoArgs),
    /// Serve the API and the pages
    Serve(ServeArgs),
    /// Load what was collected, and keep the rollups equal to the events
    Work(At),
    /// Collect events and nothing else; works on while the databases are away
    Collect,
    /// Load events from files (NDJSON, CSV; .gz, .zst; - for standard input)
    Load(LoadArgs),
    /// Load once more what the archive holds of a site, or its topic; told to again after whatever stopped it, it goes on
    Replay(ReplayArgs),
    /// Bring reference data in
    #[command(subcommand)]
    Import(ImportCommand),
    /// Sites
    #[command(subcommand)]
    Site(SiteCommand),
    /// Records that were refused
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
    /// Accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// API keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Bring both databases up to date
    Migrate(At),
    /// Recompute every rollup from the events and compare; exits with 1 on any difference
    Check(At),
    /// Say in words how a question would be answered
    Explain(ExplainArgs),
    /// Print every statement that can be sent to the warehouse
    Sql(SqlArgs),
    /// Write the contracts: openapi/openapi.json, openapi/schema.graphql and docs/METRICS.md
    Contract(ContractArgs),
}

/// Which installation.
#[derive(Debug, Clone, Default, Args)]
pub struct At {
    /// A demo's data directory, its server running or not; without it OCTAVO_APP_URL and OCTAVO_WAREHOUSE_URL say where
    #[arg(long, env = "OCTAVO_DATA")]
    pub data: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Port to serve on, on this machine only
    #[arg(long, env = "OCTAVO_PORT", default_value_t = 8080)]
    pub port: u16,
    /// Where the demo keeps its data
    #[arg(long, env = "OCTAVO_DATA", default_value = ".octavo")]
    pub data: PathBuf,
    /// Events of a year, about
    #[arg(long, env = "OCTAVO_EVENTS", default_value_t = 2_000_000)]
    pub events: u64,
    /// Forget what an earlier demo left there
    #[arg(long, env = "OCTAVO_RESET")]
    pub reset: bool,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub at: At,
    /// Do the work of `octavo work` too
    #[arg(long, env = "OCTAVO_ALL")]
    pub all: bool,
}

#[derive(Debug, Args)]
pub struct LoadArgs {
    /// Files of events
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Code of the site they belong to
    #[arg(long, env = "OCTAVO_SITE")]
    pub site: String,
    /// How to read a foreign log
    #[arg(long, env = "OCTAVO_MAPPING")]
    pub mapping: Option<PathBuf>,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// Code of the site
    pub site: String,
    /// Records that were received from this time on, such as 2026-11-01T00:00Z
    #[arg(long, env = "OCTAVO_FROM", value_parser = moment)]
    pub from: DateTime<Utc>,
    /// Remove first what they brought before: what decoding or the steps do otherwise by now takes effect
    #[arg(long, env = "OCTAVO_ANEW")]
    pub anew: bool,
    /// From the site's topic, as far as it is kept there, instead of the archive
    #[arg(long, env = "OCTAVO_KAFKA")]
    pub kafka: bool,
    #[command(flatten)]
    pub at: At,
}

/// A time with its zone, with or without seconds.
fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let whole = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z"));
    let at = whole.map_err(|_| "a time is written as 2026-11-01T00:00Z or 2026-11-01T02:00+02:00".to_owned())?;
    Ok(at.to_utc().trunc_subsecs(0))
}

#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// From a CSV file with a header line
    Csv(ImportArgs),
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    pub file: PathBuf,
    /// regions (code,name,parent), schools (id,name,region,licences,since), publishers (code,name),
    /// books (id,title,publisher,subject,grades,language,weight,since) or chapters (book,code,title)
    #[arg(long, env = "OCTAVO_OF")]
    pub of: Table,
    /// Code of the site that regions and schools belong to
    #[arg(long, env = "OCTAVO_SITE")]
    pub site: String,
    /// Only see whether it would work
    #[arg(long, env = "OCTAVO_DRY_RUN")]
    pub dry_run: bool,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// Add a site
    Add(SiteArgs),
    /// Make a write key, with which events of the site are sent
    Key(SiteKeyArgs),
    /// List the write keys of all sites
    Keys(At),
    /// End a write key: what is sent with it from now on is refused
    EndKey(EndKeyArgs),
    /// Choose how a site's events are loaded; loaders that run take it over
    Strategy(StrategyArgs),
    /// The site's topic was made anew: what was loaded from the old one stays, the new one is loaded from its beginning
    TopicAnew(TopicArgs),
    /// What the site's topic has lost before it was read is given up: it is read on from its oldest records
    TopicSkip(TopicArgs),
}

#[derive(Debug, Args)]
pub struct StrategyArgs {
    /// The site's code
    pub code: String,
    /// direct: each batch straight into the warehouse; staged: as files in the object store first, many batches at once
    pub strategy: Strategy,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Args)]
pub struct SiteKeyArgs {
    /// The site's code
    pub code: String,
    /// What it is for
    #[arg(long, env = "OCTAVO_NAME", default_value = "key")]
    pub name: String,
    /// A web origin whose pages may send with it, such as https://book.example; may be given several times; without one, any
    #[arg(long, env = "OCTAVO_ORIGIN")]
    pub origin: Vec<String>,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Args)]
pub struct TopicArgs {
    /// The site's code
    pub code: String,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Args)]
pub struct EndKeyArgs {
    pub key: String,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// Why records wait, with samples
    List(At),
    /// Take what waits in a site through the steps once more
    Release(ReleaseArgs),
    /// Say what an id that is not known means; release what waits for it then
    Alias(AliasArgs),
    /// List what ids mean
    Aliases(At),
    /// An id means nothing again; what was loaded by it stays
    Unalias(UnaliasArgs),
}

/// An id of one thing.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct GivenArgs {
    /// A book's id in the events
    #[arg(long, env = "OCTAVO_BOOK")]
    pub book: Option<String>,
    /// A school's id in the events
    #[arg(long, env = "OCTAVO_SCHOOL")]
    pub school: Option<String>,
    /// A chapter's id in the events with its book's code before it, as BOOK:CHAPTER
    #[arg(long, env = "OCTAVO_CHAPTER")]
    pub chapter: Option<String>,
}

#[derive(Debug, Args)]
pub struct AliasArgs {
    /// The site's code
    pub site: String,
    #[command(flatten)]
    pub given: GivenArgs,
    /// The code of the book or school that is meant; of a chapter BOOK:CHAPTER
    #[arg(long, env = "OCTAVO_MEANS")]
    pub means: String,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Args)]
pub struct UnaliasArgs {
    /// The site's code
    pub site: String,
    #[command(flatten)]
    pub given: GivenArgs,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Args)]
pub struct ReleaseArgs {
    /// The site's code
    pub site: String,
    /// Only what waits for this reason
    #[arg(long, env = "OCTAVO_REASON")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Args)]
pub struct SiteArgs {
    /// Short and unique, such as ee
    pub code: String,
    #[arg(long, env = "OCTAVO_NAME")]
    pub name: String,
    /// IANA time zone, such as Europe/Tallinn; it cannot change later
    #[arg(long, env = "OCTAVO_ZONE")]
    pub zone: Tz,
    /// ISO 4217, such as EUR
    #[arg(long, env = "OCTAVO_CURRENCY")]
    pub currency: String,
    /// BCP 47, such as et-EE
    #[arg(long, env = "OCTAVO_LOCALE", default_value = "en")]
    pub locale: String,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Add an account; prints its password unless one is given
    Add(AccountArgs),
    /// Accounts for Power BI, Superset, Grafana, Looker and psql: a login in the database that sees one organisation's rows
    #[command(subcommand)]
    Bi(BiCommand),
}

#[derive(Debug, Args)]
pub struct AccountArgs {
    #[arg(long, env = "OCTAVO_EMAIL")]
    pub email: String,
    /// owner, school_admin, publisher, official or operator
    #[arg(long, env = "OCTAVO_ROLE")]
    pub role: Role,
    /// Name of the organisation; it is made if there is none
    #[arg(long, env = "OCTAVO_ORGANISATION")]
    pub organisation: String,
    /// What a new organisation is about: a school, publisher or region by code; its name when left out
    #[arg(long, env = "OCTAVO_ABOUT")]
    pub about: Vec<String>,
    /// The person's name
    #[arg(long, env = "OCTAVO_NAME")]
    pub name: Option<String>,
    /// Read the password from standard input
    #[arg(long, env = "OCTAVO_PASSWORD_STDIN")]
    pub password_stdin: bool,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make an API key; it is shown once
    Add(KeyArgs),
}

#[derive(Debug, Args)]
pub struct KeyArgs {
    /// The account's e-mail
    #[arg(long, env = "OCTAVO_ACCOUNT")]
    pub account: String,
    /// usage:read, statements:read or events:write; may be given several times
    #[arg(long, env = "OCTAVO_SCOPE", required = true)]
    pub scope: Vec<KeyScope>,
    /// What it is for
    #[arg(long, env = "OCTAVO_KEY_NAME", default_value = "key")]
    pub name: String,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The question, as POST /api/v1/query takes it
    pub question: String,
    /// E-mail of the account that asks
    #[arg(long, env = "OCTAVO_ACCOUNT")]
    pub account: String,
    /// With the statements that would be sent
    #[arg(long, env = "OCTAVO_SQL")]
    pub sql: bool,
    #[command(flatten)]
    pub at: At,
}

#[derive(Debug, Args)]
pub struct SqlArgs {
    /// postgres or redshift
    #[arg(long, env = "OCTAVO_DIALECT", default_value = "postgres")]
    pub dialect: Dialect,
}

#[derive(Debug, Args)]
pub struct ContractArgs {
    /// The checkout to write into
    #[arg(long, env = "OCTAVO_ROOT", default_value = ".")]
    pub root: PathBuf,
    /// Only compare with what is committed; a difference is an error
    #[arg(long, env = "OCTAVO_CHECK")]
    pub check: bool,
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn a_moment_has_its_zone_and_may_have_seconds() {
        for text in ["2026-11-01T00:00Z", "2026-11-01T02:00+02:00", "2026-11-01T00:00:00.9Z"] {
            assert_eq!(moment(text).unwrap().to_rfc3339(), "2026-11-01T00:00:00+00:00", "{text}");
        }
        for bad in ["2026-11-01", "2026-11-01T00:00", "yesterday"] {
            assert!(moment(bad).unwrap_err().contains("2026-11-01T00:00Z"), "{bad}");
        }
    }
}
