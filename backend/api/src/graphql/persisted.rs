//! Automatic persisted queries: a document sent once is called by the SHA-256 of its text from then on. What is kept is the
//! text's meaning alone; whoever calls it has it run under their own schema and scope.

use async_graphql::extensions::apollo_persisted_queries::CacheStorage;
use async_graphql::parser::types::ExecutableDocument;
use async_trait::async_trait;
use moka::future::Cache;

/// Documents kept by a process; each is within the limits, so this bounds the memory.
const DOCUMENTS: u64 = 200;

#[derive(Clone)]
pub struct Persisted(Cache<String, ExecutableDocument>);

impl Default for Persisted {
    fn default() -> Self {
        Self(Cache::new(DOCUMENTS))
    }
}

#[async_trait]
impl CacheStorage for Persisted {
    async fn get(&self, key: String) -> Option<ExecutableDocument> {
        self.0.get(&key).await
    }

    async fn set(&self, key: String, query: ExecutableDocument) {
        self.0.insert(key, query).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    #[tokio::test]
    async fn only_so_many_documents_are_kept() {
        let persisted = Persisted::default();
        for i in 0..2 * DOCUMENTS {
            persisted.set(i.to_string(), parse_query("{me{role}}").unwrap()).await;
        }
        persisted.0.run_pending_tasks().await;
        assert!(persisted.0.entry_count() <= DOCUMENTS);
    }
}
