//! Who asks, and what they see, for the time of one request. Resolvers have nothing else to read with.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use access::Caller;
use async_graphql::Context;
use async_graphql::dataloader::DataLoader;
use futures::future::BoxFuture;
use query::Question;
use tokio::task::JoinSet;

use super::answer::Answer;
use super::books_of_schools::BooksOfSchools;
use super::question::QuestionInput;
use crate::problem::Problem;
use crate::state::ApiState;
use crate::view::View;

pub struct Reader {
    pub state: ApiState,
    pub caller: Arc<Caller>,
    /// Made for this request and caller; another's batch can never hold this one's keys.
    pub books_of_schools: DataLoader<BooksOfSchools>,
    view: OnceLock<View>,
}

impl Reader {
    pub fn new(state: ApiState, caller: Arc<Caller>) -> Self {
        let books = BooksOfSchools { state: state.clone(), caller: caller.clone() };
        let books_of_schools = DataLoader::new(books, spawner());
        Self { state, caller, books_of_schools, view: OnceLock::new() }
    }

    pub fn of<'a>(ctx: &Context<'a>) -> &'a Reader {
        ctx.data_unchecked()
    }

    /// The things as they are when the first is looked at. A subscription, which looks at none, holds none for hours.
    pub fn view(&self) -> &View {
        self.view.get_or_init(|| View::new(&self.state, &self.caller))
    }

    pub async fn ask(&self, question: QuestionInput) -> Result<Answer, Problem> {
        Answer::ask(&self.state, &self.caller, &Question::try_from(question)?).await
    }
}

/// Runs what it is given until it is dropped itself: loading ends with the request it is for.
fn spawner() -> impl Fn(BoxFuture<'static, ()>) + Send + Sync {
    let tasks = Mutex::new(JoinSet::new());
    move |load| {
        tasks.lock().unwrap_or_else(PoisonError::into_inner).spawn(load);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::channel::oneshot;

    #[tokio::test]
    async fn loading_ends_with_its_request() {
        let (runs, running) = oneshot::channel();
        let (held, ended) = oneshot::channel::<()>();
        let spawn = spawner();
        spawn(Box::pin(async move {
            let _ = runs.send(());
            std::future::pending::<()>().await;
            drop(held);
        }));
        running.await.unwrap();
        drop(spawn);
        assert!(ended.await.is_err(), "it was dropped where it stood");
    }
}
