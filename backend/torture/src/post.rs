//! A request to the collector, and what came of it.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use serde::Deserialize;

/// Longer than the collector has patience.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request's bytes: sent again as they are until they are acknowledged.
#[derive(Debug, Clone)]
pub struct Letter {
    pub body: Bytes,
    pub kind: &'static str,
    pub packed: bool,
    /// Absent where the body carries it.
    pub key: Option<String>,
}

/// What the collector says of the events.
#[derive(Debug, Deserialize)]
pub struct Answer {
    pub accepted: u64,
    pub duplicate: u64,
    pub rejected: Vec<serde_json::Value>,
}

/// What the sender knows afterwards.
#[derive(Debug)]
pub enum Outcome {
    Acknowledged(Answer),
    /// Not durable; to be sent again.
    Refused,
    /// The connection broke, nobody answered, or not in time.
    Cut,
    /// An answer that has no place here.
    Wrong(String),
}

/// Connections: one client keeps them, the other takes a new one for each request.
#[derive(Clone)]
pub struct Post {
    url: String,
    kept: Client,
    fresh: Client,
}

impl Post {
    pub fn new(address: &str) -> anyhow::Result<Self> {
        let client = || Client::builder().timeout(PATIENCE).no_proxy().tcp_nodelay(true);
        let url = format!("http://{address}/collect/v1/events");
        Ok(Self { url, kept: client().build()?, fresh: client().pool_max_idle_per_host(0).build()? })
    }

    pub async fn send(&self, letter: &Letter, fresh: bool) -> Outcome {
        let client = if fresh { &self.fresh } else { &self.kept };
        let mut request = client.post(&self.url).header(CONTENT_TYPE, letter.kind).body(letter.body.clone());
        if letter.packed {
            request = request.header(CONTENT_ENCODING, "gzip");
        }
        if let Some(key) = &letter.key {
            request = request.header(AUTHORIZATION, format!("Bearer {key}"));
        }
        let Ok(response) = request.send().await else { return Outcome::Cut };
        let status = response.status().as_u16();
        // Without its end an answer says nothing.
        let Ok(body) = response.bytes().await else { return Outcome::Cut };
        match (status, serde_json::from_slice(&body)) {
            (202, Ok(answer)) => Outcome::Acknowledged(answer),
            (503 | 408, _) => Outcome::Refused,
            _ => Outcome::Wrong(format!("{status} {}", String::from_utf8_lossy(&body))),
        }
    }
}
