//! A bucket in memory, with as much of Amazon S3's protocol as a load needs: objects are put once, read and removed. Nobody's signature
//! is looked at; `peers::ObjectServer` does that, where the store itself is tested.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use stage::Objects;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What all who read and write it are told.
pub const ADDRESS: &str = "s3://octavo/some/prefix";

type Held = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// A served bucket; it ends when this is dropped.
pub struct Bucket {
    endpoint: String,
    task: JoinHandle<()>,
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Bucket {
    pub async fn serve() -> Bucket {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let one = get(read).put(write).delete(remove);
        let router = Router::new().route("/{*name}", one).with_state(Held::default());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Bucket { endpoint, task }
    }

    /// The variables with which a program finds it.
    pub fn settings(&self) -> [(&'static str, &str); 5] {
        [
            ("AWS_ENDPOINT", &self.endpoint),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ]
    }

    pub fn objects(&self) -> Objects {
        Objects::with(ADDRESS, self.settings()).unwrap()
    }
}

async fn read(State(held): State<Held>, Path(name): Path<String>) -> Response {
    let found = held.lock().unwrap().get(&name).cloned();
    let about = [(header::ETAG, "\"one\""), (header::LAST_MODIFIED, "Sun, 01 Mar 2026 10:00:00 GMT")];
    found.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |bytes| (about, bytes).into_response())
}

async fn write(State(held): State<Held>, Path(name): Path<String>, bytes: Bytes) -> Response {
    let mut held = held.lock().unwrap();
    if held.contains_key(&name) {
        return StatusCode::PRECONDITION_FAILED.into_response();
    }
    held.insert(name, bytes);
    [(header::ETAG, "\"one\"")].into_response()
}

async fn remove(State(held): State<Held>, Path(name): Path<String>) -> StatusCode {
    held.lock().unwrap().remove(&name);
    StatusCode::NO_CONTENT
}
