//! Keys: a hash of everything an answer depends on.

use access::Scope;
use sha2::{Digest, Sha256};

/// Goes up when the form of what is stored changes, so that an old process's entries are never read by a new one.
const FORMAT: u32 = 1;

/// The name of one answer: its plan, the scope it was answered under, and the versions of the data it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CacheKey(String);

impl CacheKey {
    pub fn new(scope: &Scope, plan: &impl std::fmt::Debug, versions: &impl std::fmt::Debug) -> Self {
        let mut hash = Sha256::new();
        hash.update(format!("{FORMAT}\0{scope:?}\0{plan:?}\0{versions:?}"));
        Self(hex::encode(hash.finalize()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::{Caller, Role, scope_of};

    fn scope(role: Role, subjects: Vec<i32>) -> Scope {
        scope_of(&Caller::program(role, subjects))
    }

    #[test]
    fn every_part_of_the_scope_makes_another_key() {
        let scopes = [
            scope(Role::Owner, vec![]),
            scope(Role::SchoolAdmin, vec![1]),
            scope(Role::SchoolAdmin, vec![2]),
            scope(Role::SchoolAdmin, vec![1, 2]),
            scope(Role::Publisher, vec![1]),
            scope(Role::Official, vec![1]),
        ];
        let keys: std::collections::HashSet<_> =
            scopes.iter().map(|s| CacheKey::new(s, &"plan", &1).as_str().to_string()).collect();
        assert_eq!(keys.len(), scopes.len());
    }

    #[test]
    fn plan_and_version_make_another_key() {
        let s = scope(Role::Owner, vec![]);
        assert_ne!(CacheKey::new(&s, &"a", &1), CacheKey::new(&s, &"b", &1));
        assert_ne!(CacheKey::new(&s, &"a", &1), CacheKey::new(&s, &"a", &2));
    }
}
