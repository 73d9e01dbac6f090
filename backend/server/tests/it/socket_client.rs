//! A client of the protocol `graphql-transport-ws`.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use testkit::TestApp;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);
/// Long enough for what does not come to have come.
pub const QUIET: Duration = Duration::from_millis(700);

pub struct Client(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    /// Upgrades with these headers beside the protocol's.
    pub async fn upgrade(app: &TestApp, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = format!("{}/graphql/ws", app.url.replace("http", "ws")).into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        connect_async(request).await.map(|(stream, _)| Client(stream))
    }

    /// A connection of the user, by its key.
    pub async fn connect(app: &TestApp, user: &str) -> Self {
        let mut client = Self::upgrade(app, &[]).await.unwrap();
        let authorization = format!("Bearer {}", app.users[user].key);
        client.say(json!({"type": "connection_init", "payload": {"authorization": authorization}})).await;
        assert_eq!(client.hear().await, Ok(json!({"type": "connection_ack"})));
        client
    }

    pub async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, document: &str, question: &Value) {
        let payload = json!({"query": document, "variables": {"question": question}});
        self.say(json!({"type": "subscribe", "id": id, "payload": payload})).await;
    }

    /// The next message, or the code and reason of the end.
    pub async fn hear(&mut self) -> Result<Value, (u16, String)> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("something is said in time") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(text.as_str()).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => return Err((frame.code.into(), frame.reason.to_string())),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The next answer of a subscription.
    pub async fn next(&mut self, id: &str) -> Value {
        let message = self.hear().await.unwrap();
        assert_eq!((&message["type"], &message["id"]), (&"next".into(), &id.into()), "{message}");
        message["payload"].clone()
    }

    pub async fn is_quiet(&mut self) -> bool {
        timeout(QUIET, self.hear()).await.is_err()
    }
}
