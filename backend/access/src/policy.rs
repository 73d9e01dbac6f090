//! The policy: the one place that says who may do what and see which rows. Default is deny.

use std::fmt::Write;

use crate::identity::{Caller, KeyScope, OrganisationKind, Role, Via};
use crate::scope::{Lens, Rows, Scope, Sites};

/// Everything a caller can ask to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    UsageRead,
    ReferenceRead,
    StatementRead,
    PoolRead,
    PoolWrite,
    LoadRead,
}

impl Action {
    pub const ALL: [Action; 6] = [
        Action::UsageRead,
        Action::ReferenceRead,
        Action::StatementRead,
        Action::PoolRead,
        Action::PoolWrite,
        Action::LoadRead,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Action::UsageRead => "usage.read",
            Action::ReferenceRead => "reference.read",
            Action::StatementRead => "statement.read",
            Action::PoolRead => "pool.read",
            Action::PoolWrite => "pool.write",
            Action::LoadRead => "load.read",
        }
    }
}

/// Whether a role may do something at all; which rows it then touches is the scope's business.
fn role_permits(role: Role, action: Action) -> bool {
    match role {
        Role::Owner => true,
        Role::SchoolAdmin | Role::Official => matches!(action, Action::UsageRead | Action::ReferenceRead),
        Role::Publisher => matches!(action, Action::UsageRead | Action::ReferenceRead | Action::StatementRead),
        Role::Operator => matches!(action, Action::LoadRead),
    }
}

/// Whether a key's scope covers an action. Keys never write.
fn key_permits(scope: KeyScope, action: Action) -> bool {
    match scope {
        KeyScope::UsageRead => matches!(action, Action::UsageRead | Action::ReferenceRead),
        KeyScope::StatementsRead => matches!(action, Action::StatementRead),
    }
}

/// Whether this caller may do this: the role must permit it, and so must the key, if it is a key that calls.
pub fn permits(caller: &Caller, action: Action) -> bool {
    let by_key = match &caller.via {
        Via::Session => true,
        Via::Key { scopes, .. } => scopes.iter().any(|s| key_permits(*s, action)),
    };
    by_key && caller.role.organisation_kind() == caller.organisation.kind && role_permits(caller.role, action)
}

/// The rows this caller may see. A membership whose role does not fit its organisation sees nothing, as does one
/// whose organisation is about nothing.
pub fn scope_of(caller: &Caller) -> Scope {
    let subjects = caller.organisation.subjects.iter().copied().collect();
    let (rows, lens) = match (caller.role, caller.organisation.kind) {
        (Role::Owner, OrganisationKind::Owner) => (Rows::All, Lens::Exact),
        (Role::SchoolAdmin, OrganisationKind::School) => (Rows::Schools(subjects), Lens::Exact),
        (Role::Publisher, OrganisationKind::Publisher) => (Rows::Publishers(subjects), Lens::Exact),
        (Role::Official, OrganisationKind::Authority) => (Rows::Regions(subjects), Lens::Protected),
        _ => {
            return Scope::new(
                caller.role,
                Sites::Only(Default::default()),
                Rows::Schools(Default::default()),
                Lens::Protected,
            );
        }
    };
    Scope::new(caller.role, Sites::All, rows, lens)
}

/// The scope of publication: all rows, exactly. It serves one end, to fix which cells of the published table are hidden,
/// for a pattern that looked only at the caller's own rows would differ from caller to caller. It is never answered.
pub fn publication_scope() -> Scope {
    Scope::new(Role::Owner, Sites::All, Rows::All, Lens::Exact)
}

/// The role × action matrix as text, kept as the golden file `policy_matrix.golden`.
pub fn matrix() -> String {
    let mut out = format!("{:<16}", "action");
    for role in Role::ALL {
        let _ = write!(out, " {:<13}", role.as_str());
    }
    out = out.trim_end().to_string() + "\n";
    for action in Action::ALL {
        let mut line = format!("{:<16}", action.as_str());
        for role in Role::ALL {
            let _ = write!(line, " {:<13}", if role_permits(role, action) { "yes" } else { "-" });
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Organisation;

    fn caller(role: Role, kind: OrganisationKind, subjects: Vec<i32>, via: Via) -> Caller {
        Caller {
            account: "a".into(),
            email: "a@example.org".into(),
            name: "A".into(),
            role,
            organisation: Organisation { id: "o".into(), name: "O".into(), kind, subjects },
            via,
        }
    }

    #[test]
    fn the_matrix_is_the_one_that_was_reviewed() {
        let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/policy_matrix.golden");
        if std::env::var_os("OCTAVO_UPDATE_GOLDEN").is_some() {
            std::fs::write(golden, matrix()).unwrap();
        }
        assert_eq!(matrix(), std::fs::read_to_string(golden).unwrap(), "run `make contracts` and review the change");
    }

    #[test]
    fn a_school_sees_its_schools_and_nothing_when_it_has_none() {
        let one = scope_of(&caller(Role::SchoolAdmin, OrganisationKind::School, vec![7], Via::Session));
        assert_eq!(one.rows(), &Rows::Schools([7].into()));
        let none = scope_of(&caller(Role::SchoolAdmin, OrganisationKind::School, vec![], Via::Session));
        assert_eq!(none.rows(), &Rows::Schools(Default::default()));
    }

    #[test]
    fn a_role_in_the_wrong_organisation_may_nothing_and_sees_nothing() {
        let c = caller(Role::Owner, OrganisationKind::School, vec![7], Via::Session);
        assert!(Action::ALL.into_iter().all(|a| !permits(&c, a)));
        assert_eq!(scope_of(&c).rows(), &Rows::Schools(Default::default()));
        assert_eq!(scope_of(&c).sites(), &Sites::Only(Default::default()));
    }

    #[test]
    fn officials_see_through_the_protected_lens() {
        let c = caller(Role::Official, OrganisationKind::Authority, vec![1], Via::Session);
        assert_eq!(scope_of(&c).lens(), Lens::Protected);
    }

    #[test]
    fn a_key_narrows_and_never_widens() {
        let via = Via::Key { id: "k".into(), scopes: vec![KeyScope::StatementsRead] };
        let publisher = caller(Role::Publisher, OrganisationKind::Publisher, vec![1], via.clone());
        assert!(permits(&publisher, Action::StatementRead));
        assert!(!permits(&publisher, Action::UsageRead));
        let school = caller(Role::SchoolAdmin, OrganisationKind::School, vec![1], via);
        assert!(!permits(&school, Action::StatementRead));
        let via = Via::Key { id: "k".into(), scopes: KeyScope::ALL.to_vec() };
        let owner = caller(Role::Owner, OrganisationKind::Owner, vec![], via);
        assert!(!permits(&owner, Action::PoolWrite));
    }
}
