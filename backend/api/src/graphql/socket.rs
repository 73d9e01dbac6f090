//! `GET /graphql/ws`: queries and subscriptions over a WebSocket, in the protocol `graphql-transport-ws`. A connection is
//! for one caller; when that caller is no longer who they were, it ends.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use access::Caller;
use async_graphql::http::{ClientMessage, WebSocket as Protocol, WebSocketProtocols, WsMessage};
use async_graphql::{Data, Executor, Request, Response};
use axum::extract::FromRequestParts;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::header;
use axum::http::request::Parts;
use futures::future::ready;
use futures::stream::{self, BoxStream, Stream};
use futures::{SinkExt, StreamExt};
use tokio::sync::Semaphore;
use tokio::time::{interval, timeout};
use tower_sessions::Session;
use tower_sessions::session::Id;

use super::GraphqlState;
use super::error::refusal;
use crate::connections::Open;
use crate::limits::{LARGEST_BODY, LONGEST_REQUEST};
use crate::origin::Origin;
use crate::problem::Problem;
use crate::proof::Proof;
use crate::within::Within;

const PROTOCOL: &str = "graphql-transport-ws";
/// Operations at once on a connection, subscriptions included.
pub const OPERATIONS: usize = 10;
/// A connection that does not say who it is for ends after this long.
const INIT: Duration = Duration::from_secs(5);
/// How often it is looked whether the caller still is who they were, and whether the other side is there.
const CHECK: Duration = Duration::from_secs(3);
/// Checks at which the other side may have been silent, pings unanswered: a minute's.
const SILENT: u32 = 20;

type Messages = BoxStream<'static, serde_json::Result<ClientMessage>>;

pub async fn get(
    State(state): State<GraphqlState>,
    session: Session,
    shown: Shown,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<axum::response::Response, Problem> {
    let told = || Problem::new("websocket", format!("open a WebSocket here with the subprotocol {PROTOCOL}"));
    let upgrade = upgrade.map_err(|_| told())?.protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return Err(told());
    }
    let id = session.id();
    Ok(upgrade.max_message_size(LARGEST_BODY).on_upgrade(move |socket| serve(socket, state, shown, id)))
}

/// What the request that became a connection showed.
pub struct Shown {
    key: Option<Proof>,
    within: Option<Arc<str>>,
    from: Option<IpAddr>,
}

impl FromRequestParts<GraphqlState> for Shown {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &GraphqlState) -> Result<Self, Infallible> {
        let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
        let within = parts.extensions.get::<Within>().map(|Within(slug)| slug.clone());
        let from = Origin::of(parts, state.api.proxies).address;
        Ok(Self { key: authorization.and_then(Proof::bearer), within, from })
    }
}

/// Serves a connection; `shown` and the session's id are what the upgrade brought.
async fn serve(socket: WebSocket, state: GraphqlState, shown: Shown, id: Option<Id>) {
    let (mut sink, stream) = socket.split();
    let heard = Arc::new(AtomicBool::new(true));
    let mut messages = read(stream, heard.clone()).boxed();
    let init = timeout(INIT, messages.next()).await;
    let end = match init {
        Err(_) => close(4408, "say connection_init first"),
        Ok(Some(Ok(ClientMessage::ConnectionInit { payload }))) => {
            let said = payload.as_ref().and_then(|p| p["authorization"].as_str()).and_then(Proof::bearer);
            let proof = said.or(shown.key).or(id.map(Proof::session));
            let proof = proof.map(|proof| proof.within(shown.within).from(shown.from));
            match Connection::open(state, proof).await {
                Err(problem) => ended(&problem),
                Ok(connection) => {
                    let init = ClientMessage::ConnectionInit { payload: None };
                    let messages = stream::iter([Ok(init)]).chain(messages).boxed();
                    connection.run(messages, &mut sink, &heard).await
                }
            }
        }
        Ok(Some(_)) => close(4401, "say connection_init first"),
        Ok(None) => None,
    };
    if end.is_some() {
        // The other side may be gone already.
        let _ = sink.send(Message::Close(end)).await;
    }
}

/// What the other side says. Between two messages others have their turn, or a flood of them would starve the answers.
fn read(
    stream: impl Stream<Item = Result<Message, axum::Error>> + Send + 'static,
    heard: Arc<AtomicBool>,
) -> impl Stream<Item = serde_json::Result<ClientMessage>> + Send {
    stream
        .take_while(|message| ready(message.is_ok()))
        .filter_map(move |message| {
            heard.store(true, Ordering::Relaxed);
            ready(match message {
                Ok(Message::Text(text)) => Some(ClientMessage::from_bytes(text.as_str())),
                _ => None,
            })
        })
        .then(|message| async {
            tokio::task::yield_now().await;
            message
        })
}

fn close(code: u16, reason: &str) -> Option<CloseFrame> {
    // A control frame has room for 123 bytes of reason (RFC 6455, 5.5).
    Some(CloseFrame { code, reason: reason[..reason.floor_char_boundary(123)].into() })
}

/// 4403 is for good; after 1013 (try again later) clients do.
fn ended(problem: &Problem) -> Option<CloseFrame> {
    close(if problem.status == 503 { 1013 } else { 4403 }, &problem.detail)
}

/// One caller's connection.
#[derive(Clone)]
struct Connection {
    state: GraphqlState,
    proof: Proof,
    caller: Arc<Caller>,
    operations: Arc<Semaphore>,
    /// Held as long as the connection is open.
    _open: Arc<Open>,
}

impl Connection {
    async fn open(state: GraphqlState, proof: Option<Proof>) -> Result<Self, Problem> {
        let proof = proof.ok_or_else(Problem::sign_in)?;
        let caller = proof.caller(&state.api).await?;
        let open = state.api.connections.open(&caller.account)?;
        let operations = Arc::new(Semaphore::new(OPERATIONS));
        Ok(Self { state, proof, caller, operations, _open: Arc::new(open) })
    }

    /// Runs until either side ends it; why, if this one does.
    async fn run(
        self,
        messages: Messages,
        sink: &mut (impl SinkExt<Message> + Unpin),
        heard: &AtomicBool,
    ) -> Option<CloseFrame> {
        let mut protocol = Protocol::from_message_stream(self.clone(), messages, WebSocketProtocols::GraphQLWS);
        let (mut check, mut silent) = (interval(CHECK), 0);
        loop {
            let message = tokio::select! {
                said = protocol.next() => match said? {
                    WsMessage::Text(text) => Message::Text(text.into()),
                    WsMessage::Close(code, reason) => return close(code, &reason),
                },
                _ = check.tick() => {
                    if let Err(problem) = self.proof.still_proves(&self.caller, &self.state.api).await {
                        return ended(&problem);
                    }
                    silent = if heard.swap(false, Ordering::Relaxed) { 0 } else { silent + 1 };
                    if silent == SILENT {
                        return close(1001, "nothing was heard for a minute");
                    }
                    // Answered by a pong, which is heard.
                    Message::Ping(Default::default())
                }
            };
            timeout(LONGEST_REQUEST, sink.send(message)).await.ok()?.ok()?;
        }
    }

    /// The caller is looked up anew for every operation.
    async fn start(self, request: Request) -> BoxStream<'static, Response> {
        if let Err(problem) = self.proof.still_proves(&self.caller, &self.state.api).await {
            return stream::iter([refusal(problem)]).boxed();
        }
        // What is live has no turn: there are only so many on a connection.
        let _turn = match self.state.api.quotas.enter(&self.caller) {
            Ok(turn) => turn,
            Err(problem) => return stream::iter([refusal(problem)]).boxed(),
        };
        let request = request.data(self.proof.clone());
        let mut responses = self.state.stream(self.caller.clone(), request);
        // What comes later comes when it changes; the first has as long as any request.
        match timeout(LONGEST_REQUEST, responses.next()).await {
            Ok(first) => stream::iter(first).chain(responses).boxed(),
            Err(_) => stream::iter([refusal(Problem::unavailable("the warehouse"))]).boxed(),
        }
    }
}

impl Executor for Connection {
    async fn execute(&self, request: Request) -> Response {
        self.state.execute(self.caller.clone(), request).await
    }

    fn execute_stream(&self, request: Request, _: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let Ok(place) = self.operations.clone().try_acquire_owned() else {
            let detail = format!("{OPERATIONS} operations run on this connection; complete one of them first");
            return stream::iter([refusal(Problem::new("too_many_operations", detail))]).boxed();
        };
        let responses = stream::once(self.clone().start(request)).flatten();
        // The place is free again when the stream is dropped.
        responses.inspect(move |_| _ = &place).boxed()
    }
}
