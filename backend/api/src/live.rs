//! What is happening now, as a stream of server-sent events. The same stream serves GraphQL's subscription.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use access::Caller;
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::{Stream, StreamExt, stream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::caller::{Can, UsageRead};
use crate::live_items::Live;
use crate::problem::{Problem, Refused};
use crate::proof::Proof;
use crate::state::ApiState;

/// No more often than this, however much happens.
const SOONEST: Duration = Duration::from_millis(400);
/// At least as often as this: what is five minutes old goes, whether anything comes or not.
const LATEST: Duration = Duration::from_secs(2);
/// How often it is looked whether the caller still is who they were; with [`LATEST`] after it, it is known within five seconds.
const CHECK: Duration = Duration::from_secs(2);

/// What is happening now, again and again as it changes: server-sent events named `live`, each the whole picture. When the caller
/// may no longer see it, an event `end` with the problem is the last. An official's numbers are protected; this is not for them.
#[utoipa::path(
    get,
    operation_id = "watchLive",
    path = "/api/v1/live",
    responses((status = 200, description = "Events named `live`, and `end`.", body = Live, content_type = "text/event-stream"), Refused)
)]
pub async fn stream(
    State(state): State<ApiState>,
    can: Can<UsageRead>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let open = state.connections.open(&can.caller.account)?;
    // Asked once before the stream begins, so that a refusal is one.
    state.engine.live(&can.caller, state.now()).await?;
    let events = watch(state.clone(), can.caller.clone(), can.proof.clone()).map(move |said| {
        let _ = &open;
        let event = match &said {
            Ok(live) => Event::default().event("live").json_data(live),
            Err(problem) => Event::default().event("end").json_data(problem),
        };
        Ok(event.unwrap_or_else(|_| Event::default().comment("cannot be written")))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// What a caller may see of the present, as it changes. Ends after the first problem.
pub fn watch(state: ApiState, caller: Arc<Caller>, proof: Proof) -> impl Stream<Item = Result<Live, Problem>> {
    let happenings = state.engine.happenings();
    let watching = Watching { state, caller, proof, happenings, checked: Instant::now(), said: None };
    stream::unfold(Some(watching), |watching| async {
        let mut watching = watching?;
        match watching.next().await {
            Ok(live) => Some((Ok(live), Some(watching))),
            Err(problem) => Some((Err(problem), None)),
        }
    })
}

struct Watching {
    state: ApiState,
    caller: Arc<Caller>,
    proof: Proof,
    happenings: watch::Receiver<u64>,
    checked: Instant,
    said: Option<Live>,
}

impl Watching {
    async fn next(&mut self) -> Result<Live, Problem> {
        loop {
            if self.said.is_some() {
                sleep(SOONEST).await;
                // The engine ends with the process.
                let _ = timeout(LATEST - SOONEST, self.happenings.changed()).await;
            }
            if self.checked.elapsed() >= CHECK {
                self.proof.still_proves(&self.caller, &self.state).await?;
                self.checked = Instant::now();
            }
            let now = Live::from(self.state.engine.live(&self.caller, self.state.now()).await?);
            if self.said.as_ref().is_none_or(|said| !same(said, &now)) {
                self.said = Some(now.clone());
                return Ok(now);
            }
        }
    }
}

/// Whether nothing but the moment differs.
fn same(said: &Live, now: &Live) -> bool {
    Live { as_of: now.as_of, ..said.clone() } == *now
}
