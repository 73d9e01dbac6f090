//! The floor of serving: a bare route that returns the same bytes, in a process of its own like what it is compared with.

use std::io::Read;
use std::process::Stdio;

use anyhow::Context;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum::serve::ListenerExt;
use bytes::Bytes;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

/// The word on the command line that makes this program the bare route.
pub const WORD: &str = "floor";
pub const PATH: &str = "/answer";

/// Serves what comes on standard input, for ever; says its address first.
pub async fn run() -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    // Nothing else is going on yet.
    std::io::stdin().read_to_end(&mut bytes)?;
    let bytes = Bytes::from(bytes);
    let route = get(move || async move { ([(CONTENT_TYPE, "application/json")], bytes) });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    // As the server does: without it an answer may wait for an acknowledgement.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    Ok(axum::serve(listener, Router::new().route(PATH, route)).await?)
}

/// Starts this program anew as the bare route; returns it and its address. It ends when it is dropped.
pub async fn start(bytes: &[u8]) -> anyhow::Result<(Child, String)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(WORD).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().context("the bare route cannot be started")?;
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(bytes).await?;
    drop(stdin);
    let stdout = child.stdout.take().expect("it is piped");
    let line = BufReader::new(stdout).lines().next_line().await?.context("the bare route ended")?;
    Ok((child, line))
}
