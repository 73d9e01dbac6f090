//! GraphQL on the same door, with the same validation and scope as REST.

pub mod answer;
pub mod audience;
mod book;
mod books_of_schools;
mod error;
pub mod http;
pub mod limits;
pub mod page;
mod persisted;
mod publisher;
pub mod query;
pub mod question;
mod reader;
mod region;
mod school;
pub mod socket;
pub mod subscription;
mod tokens;

use std::collections::HashMap;
use std::sync::Arc;

use access::Caller;
use async_graphql::extensions::apollo_persisted_queries::ApolloPersistedQueries;
use async_graphql::{EmptyMutation, Request, Response, SDLExportOptions, Schema};
use axum::extract::FromRef;
use futures::StreamExt;
use futures::stream::BoxStream;

use self::audience::{Audience, Cut};
use self::error::coded;
use self::limits::Limits;
use self::persisted::Persisted;
use self::query::Query;
use self::reader::Reader;
use self::subscription::Subscription;
use crate::state::ApiState;

type Octavo = Schema<Query, EmptyMutation, Subscription>;

/// What GraphQL's routes work with.
#[derive(Clone)]
pub struct GraphqlState {
    api: ApiState,
    /// One for each audience.
    schemas: Arc<HashMap<Audience, Octavo>>,
}

impl FromRef<GraphqlState> for ApiState {
    fn from_ref(state: &GraphqlState) -> Self {
        state.api.clone()
    }
}

impl GraphqlState {
    pub fn new(api: ApiState) -> Self {
        let (model, introspection) = (api.engine.model(), api.introspection);
        let persisted = Persisted::default();
        let schema = |audience| {
            Schema::build(Query, EmptyMutation, Subscription)
                .directive(Cut::new(audience, model, introspection))
                .extension(Limits)
                .extension(ApolloPersistedQueries::new(persisted.clone()))
                .finish()
        };
        let schemas = Audience::all().map(|audience| (audience, schema(audience))).collect();
        Self { schemas: Arc::new(schemas), api }
    }

    pub async fn execute(&self, caller: Arc<Caller>, request: Request) -> Response {
        let schema = self.schema(&caller);
        coded(schema.execute(request.data(Reader::new(self.api.clone(), caller))).await)
    }

    /// One response, or one after the other for a subscription.
    pub fn stream(&self, caller: Arc<Caller>, request: Request) -> BoxStream<'static, Response> {
        let schema = self.schema(&caller);
        schema.execute_stream(request.data(Reader::new(self.api.clone(), caller))).map(coded).boxed()
    }

    fn schema(&self, caller: &Caller) -> &Octavo {
        &self.schemas[&Audience::of(caller)]
    }
}

/// The whole schema in GraphQL's own language, as it is committed in `openapi/schema.graphql`.
pub fn sdl() -> String {
    let schema = Schema::build(Query, EmptyMutation, Subscription).finish();
    let options = SDLExportOptions::new().use_space_ident().prefer_single_line_descriptions();
    schema.sdl_with_options(options).trim().to_string() + "\n"
}
