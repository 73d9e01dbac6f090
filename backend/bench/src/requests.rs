//! HTTP load with next to no work of its own: whole requests are written, responses are cut by their content-length.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// A keep-alive connection (RFC 9112) that waits for each response before the next request.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Bytes of the last response's head, with the empty line.
    head: usize,
}

impl Connection {
    pub async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024), head: 0 })
    }

    /// Sends a request and returns the status of its response.
    pub async fn send(&mut self, request: &[u8]) -> anyhow::Result<u16> {
        self.exchange(request).await?;
        let status = self.buffer.get(9..12).and_then(|text| std::str::from_utf8(text).ok());
        status.and_then(|text| text.parse().ok()).context("not a response")
    }

    /// Sends a request and returns the body of its response, which has to be a 200 with a content-length.
    pub async fn ask(&mut self, request: &str) -> anyhow::Result<&[u8]> {
        self.exchange(request.as_bytes()).await?;
        let answered = self.buffer.starts_with(b"HTTP/1.1 200 ");
        ensure!(answered, "not answered: {}", String::from_utf8_lossy(&self.buffer));
        Ok(&self.buffer[self.head..])
    }

    /// Sends a request and reads its whole response, which has to have a content-length.
    async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<()> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        self.head = 0;
        let mut whole = usize::MAX;
        while self.buffer.len() < whole {
            let searched = self.buffer.len().saturating_sub(3);
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the connection was closed");
            if self.head == 0
                && let Some(end) = self.buffer[searched..].windows(4).position(|bytes| bytes == b"\r\n\r\n")
            {
                self.head = searched + end + 4;
                whole = self.head + self.header("content-length").context("no content-length")?.parse::<usize>()?;
            }
        }
        ensure!(self.buffer.len() == whole, "more than one response: {}", String::from_utf8_lossy(&self.buffer));
        Ok(())
    }

    /// A header of the last response.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = std::str::from_utf8(&self.buffer[..self.head]).ok()?;
        let mut headers = head.lines().filter_map(|line| line.split_once(':'));
        headers.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// Asks the same over and over on so many connections; every response has to have this body.
pub async fn requests_per_second(
    address: String,
    request: String,
    body: Bytes,
    connections: usize,
    turn: Duration,
) -> anyhow::Result<f64> {
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(Connection::open(&address).await?);
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for mut connection in open {
        let (request, body) = (request.clone(), body.clone());
        tasks.spawn(async move {
            let mut count = 0u64;
            while started.elapsed() < turn {
                ensure!(connection.ask(&request).await? == body, "a response differs");
                count += 1;
            }
            Ok(count)
        });
    }
    let mut count = 0;
    while let Some(done) = tasks.join_next().await {
        count += done??;
    }
    Ok(count as f64 / started.elapsed().as_secs_f64())
}
