//! `octavo`: one binary for all of it.

mod cli;
mod commands;
mod config;
mod connect;
mod demo;
mod http;
mod pages;
mod work;

use clap::Parser;
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let cli = cli::Cli::parse();
    let filter = EnvFilter::try_from_env("OCTAVO_LOG").unwrap_or_else(|_| EnvFilter::new("warn,octavo=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(commands::run(cli))
}
