//! `octavo`: one binary for all of it.

#![expect(clippy::disallowed_methods, reason = "here the time is read, for everything below")]

mod again;
mod bi;
mod cli;
mod collecting;
mod commands;
mod config;
mod connect;
mod demo;
mod drain;
mod http;
mod metrics_page;
mod pages;
mod secret;
mod secrets;
mod silence;
mod topics;
mod work;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The whole chain in one line; it is for the person who typed the command.
            eprintln!("octavo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let cli = cli::Cli::parse();
    let filter = EnvFilter::try_from_env("OCTAVO_LOG").unwrap_or_else(|_| EnvFilter::new("warn,octavo=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(commands::run(cli))
}
