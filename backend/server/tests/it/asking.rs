//! Asking an engine without HTTP, as one who sees everything.

use std::sync::Arc;

use access::{Caller, Role};
use cache::{Answers, NoTier};
use engine::{Answer, Engine};
use query::Question;
use testkit::{TestDatabase, seed};

/// An engine with all rollups of the database's model, and no cache behind it.
pub async fn engine(db: &TestDatabase) -> Arc<Engine> {
    let answers = Answers::new(Box::new(NoTier));
    Arc::new(Engine::open(Arc::new(db.model.clone()), db.warehouse.clone(), answers).await.unwrap())
}

/// A caller of this role whose organisation is about these.
pub fn caller(role: Role, subjects: Vec<i32>) -> Caller {
    Caller::program(role, subjects)
}

pub fn question(json: &str) -> Question {
    serde_json::from_str(json).unwrap_or_else(|e| panic!("{e}: {json}"))
}

/// The owner's answer, which has to be one.
pub async fn ask(engine: &Arc<Engine>, question: &Question) -> Answer {
    let reply = engine.answer(&caller(Role::Owner, vec![]), question, seed::now()).await;
    reply.unwrap_or_else(|e| panic!("{e}: {question:?}")).answer().unwrap()
}
