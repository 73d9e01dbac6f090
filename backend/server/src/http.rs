//! Serving HTTP: time limits on slow senders, and a clean end.

use std::future::Future;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tower::ServiceBuilder;

/// A sender of headers has this long (slowloris).
const HEADERS: Duration = Duration::from_secs(10);
/// Requests at work when the end comes have this long.
const DRAIN: Duration = Duration::from_secs(25);

pub async fn bind(address: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} cannot be served on; is it in use? choose another port"))
}

/// Serves until `end`, then finishes what is at work.
pub async fn serve(listener: TcpListener, router: Router, end: impl Future<Output = ()>) -> anyhow::Result<()> {
    // HTTP/1.1 only: a proxy before it speaks the others to browsers, and what tells versions apart waits for the first bytes
    // without a limit.
    let mut builder = Builder::new();
    // Without a timer hyper's limits do nothing.
    builder.timer(TokioTimer::new()).header_read_timeout(HEADERS);
    // Told of the end; and gone when the last connection is.
    let (ended, ending) = watch::channel(());
    let (open, mut none_open) = mpsc::channel::<()>(1);
    let mut end = std::pin::pin!(end);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: wait instead of spinning.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut end => break,
        };
        let _ = stream.set_nodelay(true);
        let from_there = move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        };
        let service = TowerToHyperService::new(ServiceBuilder::new().map_request(from_there).service(router.clone()));
        let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let (mut ending, open) = (ending.clone(), open.clone());
        tokio::spawn(async move {
            let mut connection = std::pin::pin!(connection);
            let done = tokio::select! {
                done = connection.as_mut() => done,
                _ = ending.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = done {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(open);
        });
    }
    drop((listener, open));
    let _ = ended.send(());
    if tokio::time::timeout(DRAIN, none_open.recv()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    Ok(())
}

/// Ctrl-C or SIGTERM.
pub async fn told_to_stop() {
    let mut terminate =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("signals can be heard");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    /// Who sends nothing, or a request bit by bit, or keeps a connection for nothing, does not keep it.
    #[tokio::test]
    async fn slow_senders_of_headers_are_cut_and_others_are_served() {
        let listener = bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", axum::routing::get(|| async { "served" }));
        tokio::spawn(serve(listener, router, std::future::pending()));
        let mut slow = Vec::new();
        for begun in
            ["", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"]
        {
            slow.push(tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(begun.as_bytes()).await.unwrap();
                let mut said = Vec::new();
                let end = tokio::time::timeout(HEADERS + Duration::from_secs(5), stream.read_to_end(&mut said)).await;
                assert!(end.is_ok(), "{begun:?} keeps its connection");
                said
            }));
        }
        let mut quick = TcpStream::connect(address).await.unwrap();
        quick.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut said = String::new();
        quick.read_to_string(&mut said).await.unwrap();
        assert!(said.ends_with("served"), "{said}");
        for task in slow {
            task.await.unwrap();
        }
    }
}
