//! The live numbers: answers that come again when they change.

use std::sync::Arc;

use access::Caller;
use async_graphql::{Context, Result, Subscription as Root};
use engine::Versions;
use futures::{Stream, StreamExt, stream};
use query::Question;
use tokio::sync::watch;

use super::answer::Answer;
use super::limits::ANSWER;
use super::question::QuestionInput;
use super::reader::Reader;
use crate::problem::Problem;
use crate::proof::Proof;
use crate::state::ApiState;
use crate::{live, live_items};

pub struct Subscription;

#[Root]
impl Subscription {
    /// The answer at once, and again whenever the data it is made of has changed and it says something else.
    #[graphql(complexity = "ANSWER + child_complexity")]
    async fn answer(
        &self,
        ctx: &Context<'_>,
        question: QuestionInput,
    ) -> Result<impl Stream<Item = Result<Answer>> + use<>> {
        let reader = Reader::of(ctx);
        let live = Live {
            question: question.try_into()?,
            // Before the first answer, so that no change after it is missed.
            renewals: reader.state.engine.renewals(),
            state: reader.state.clone(),
            caller: reader.caller.clone(),
            proof: ctx.data::<Proof>()?.clone(),
            said: None,
        };
        Ok(live.answers())
    }

    /// What is happening now, at once and again as it changes.
    #[graphql(complexity = "ANSWER + child_complexity")]
    async fn live(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = Result<live_items::Live>> + use<>> {
        let reader = Reader::of(ctx);
        let watched = live::watch(reader.state.clone(), reader.caller.clone(), ctx.data::<Proof>()?.clone());
        Ok(watched.map(|said| said.map_err(Into::into)))
    }
}

struct Live {
    state: ApiState,
    caller: Arc<Caller>,
    proof: Proof,
    question: Question,
    renewals: watch::Receiver<Versions>,
    said: Option<Answer>,
}

impl Live {
    /// Ends with the first error, and when the engine does.
    fn answers(self) -> impl Stream<Item = Result<Answer>> {
        stream::unfold(Some(self), |live| async {
            let mut live = live?;
            match live.next().await? {
                Ok(answer) => Some((Ok(answer), Some(live))),
                Err(problem) => Some((Err(problem.into()), None)),
            }
        })
    }

    async fn next(&mut self) -> Option<Result<Answer, Problem>> {
        loop {
            if self.said.is_some() {
                self.renewals.changed().await.ok()?;
                if let Err(problem) = self.proof.still_proves(&self.caller, &self.state).await {
                    return Some(Err(problem));
                }
            }
            let answer = match Answer::ask(&self.state, &self.caller, &self.question).await {
                Ok(answer) => answer,
                Err(problem) => return Some(Err(problem)),
            };
            if self.said.as_ref().is_none_or(|said| !said.says_the_same(&answer)) {
                self.said = Some(answer.clone());
                return Some(Ok(answer));
            }
        }
    }
}
