//! What each command does.

mod account;
mod alias;
pub mod bi;
mod check;
mod collect;
mod contract;
mod explain;
mod import;
mod key;
mod load;
mod quarantine;
mod replay;
pub mod serve;
mod site;
mod sql;
mod topic;

use crate::cli::{AccountCommand, Cli, Command, ImportCommand, KeyCommand, QuarantineCommand, SiteCommand};
use crate::connect::Installation;

pub async fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Demo(args) => crate::demo::run(args).await,
        Command::Serve(args) => serve::serve(args).await,
        Command::Work(at) => serve::work(&at).await,
        Command::Collect => collect::run().await,
        Command::Load(args) => load::run(args).await,
        Command::Replay(args) => replay::run(args).await,
        Command::Import(ImportCommand::Csv(args)) => import::csv(args).await,
        Command::Site(SiteCommand::Add(args)) => site::add(args).await,
        Command::Site(SiteCommand::Key(args)) => site::key(args).await,
        Command::Site(SiteCommand::Keys(at)) => site::keys(&at).await,
        Command::Site(SiteCommand::EndKey(args)) => site::end_key(args).await,
        Command::Site(SiteCommand::Strategy(args)) => site::strategy(args).await,
        Command::Site(SiteCommand::TopicAnew(args)) => topic::anew(args).await,
        Command::Site(SiteCommand::TopicSkip(args)) => topic::skip(args).await,
        Command::Quarantine(QuarantineCommand::List(at)) => quarantine::list(&at).await,
        Command::Quarantine(QuarantineCommand::Release(args)) => quarantine::release(args).await,
        Command::Quarantine(QuarantineCommand::Alias(args)) => alias::make(args).await,
        Command::Quarantine(QuarantineCommand::Aliases(at)) => alias::list(&at).await,
        Command::Quarantine(QuarantineCommand::Unalias(args)) => alias::remove(args).await,
        Command::Account(AccountCommand::Add(args)) => account::add(args).await,
        Command::Account(AccountCommand::Bi(command)) => bi::run(command).await,
        Command::Key(KeyCommand::Add(args)) => key::add(args).await,
        Command::Migrate(at) => {
            Installation::open(&at).await?.close().await?;
            println!("both databases are up to date");
            Ok(())
        }
        Command::Check(at) => check::run(&at).await,
        Command::Explain(args) => explain::run(args).await,
        Command::Sql(args) => sql::run(&args),
        Command::Contract(args) => contract::run(&args),
    }
}
