//! The policy: the one place that says who may do what and see which rows. Default is deny.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::identity::{Caller, Family, KeyScope, Role, Via};
use crate::scope::{Lens, Reach, Rows, Scope, Sites};

/// Everything a caller can ask to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    UsageRead,
    ReferenceRead,
    StatementRead,
    PoolRead,
    PoolWrite,
    LoadRead,
    /// Releasing what was refused, saying what unknown ids mean, and the keys that pages send with.
    LoadWrite,
    EventWrite,
    OrganisationRead,
    /// Making and changing organisations.
    OrganisationWrite,
    /// What an organisation asks of its own people, such as a second factor.
    OrganisationSecure,
    PeopleRead,
    PeopleWrite,
    KeyRead,
    KeyWrite,
    AuditRead,
    /// Why somebody sees what they see.
    AccessRead,
    /// One's own account.
    AccountWrite,
    /// Other people's accounts, as a whole: to let them in or not.
    AccountSwitch,
    ViewAs,
}

impl Action {
    pub const ALL: [Action; 20] = [
        Action::UsageRead,
        Action::ReferenceRead,
        Action::StatementRead,
        Action::PoolRead,
        Action::PoolWrite,
        Action::LoadRead,
        Action::LoadWrite,
        Action::EventWrite,
        Action::OrganisationRead,
        Action::OrganisationWrite,
        Action::OrganisationSecure,
        Action::PeopleRead,
        Action::PeopleWrite,
        Action::KeyRead,
        Action::KeyWrite,
        Action::AuditRead,
        Action::AccessRead,
        Action::AccountWrite,
        Action::AccountSwitch,
        Action::ViewAs,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Action::UsageRead => "usage.read",
            Action::ReferenceRead => "reference.read",
            Action::StatementRead => "statement.read",
            Action::PoolRead => "pool.read",
            Action::PoolWrite => "pool.write",
            Action::LoadRead => "load.read",
            Action::LoadWrite => "load.write",
            Action::EventWrite => "event.write",
            Action::OrganisationRead => "organisation.read",
            Action::OrganisationWrite => "organisation.write",
            Action::OrganisationSecure => "organisation.secure",
            Action::PeopleRead => "people.read",
            Action::PeopleWrite => "people.write",
            Action::KeyRead => "key.read",
            Action::KeyWrite => "key.write",
            Action::AuditRead => "audit.read",
            Action::AccessRead => "access.read",
            Action::AccountWrite => "account.write",
            Action::AccountSwitch => "account.switch",
            Action::ViewAs => "view_as",
        }
    }

    /// Whether it changes nothing.
    fn reads(self) -> bool {
        matches!(
            self,
            Action::UsageRead
                | Action::ReferenceRead
                | Action::StatementRead
                | Action::PoolRead
                | Action::LoadRead
                | Action::OrganisationRead
                | Action::PeopleRead
                | Action::KeyRead
                | Action::AuditRead
                | Action::AccessRead
        )
    }
}

/// What any member of an organisation does for it and for themselves.
fn is_of_members(action: Action) -> bool {
    matches!(
        action,
        Action::OrganisationRead
            | Action::OrganisationSecure
            | Action::PeopleRead
            | Action::PeopleWrite
            | Action::KeyRead
            | Action::KeyWrite
            | Action::AuditRead
            | Action::AccessRead
            | Action::AccountWrite
    )
}

/// Whether a role may do something at all; which rows it then touches is the scope's business.
fn role_permits(role: Role, action: Action) -> bool {
    match role {
        Role::Owner => true,
        Role::SchoolAdmin | Role::Official => {
            matches!(action, Action::UsageRead | Action::ReferenceRead) || is_of_members(action)
        }
        Role::Publisher => {
            matches!(action, Action::UsageRead | Action::ReferenceRead | Action::StatementRead) || is_of_members(action)
        }
        Role::Operator => matches!(
            action,
            Action::LoadRead
                | Action::OrganisationRead
                | Action::PeopleRead
                | Action::AccessRead
                | Action::AccountWrite
                | Action::ViewAs
        ),
    }
}

/// Whether a key's scope covers an action. Keys change nothing but by sending events.
fn key_permits(scope: KeyScope, action: Action) -> bool {
    match scope {
        KeyScope::UsageRead => matches!(action, Action::UsageRead | Action::ReferenceRead),
        KeyScope::StatementsRead => matches!(action, Action::StatementRead),
        KeyScope::EventsWrite => matches!(action, Action::EventWrite),
    }
}

/// Whether a role may make a key of this scope: one that could do nothing would only mislead.
pub fn may_have_key(role: Role, scope: KeyScope) -> bool {
    Action::ALL.into_iter().any(|action| key_permits(scope, action) && role_permits(role, action))
}

/// What the policy says of a caller and an action, and which of its rules says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Permitted,
    /// The role is none of the organisation's kind.
    RoleDoesNotFit,
    NotOfTheRole,
    NotOfTheKey,
    ViewingReadsOnly,
    SecondFactorMissing,
}

impl Verdict {
    /// The rule in words.
    pub fn because(self) -> &'static str {
        match self {
            Verdict::Permitted => "the role permits it",
            Verdict::RoleDoesNotFit => "the role does not belong to an organisation of this kind",
            Verdict::NotOfTheRole => "this action is not part of the role",
            Verdict::NotOfTheKey => "this action is not part of the key's scopes",
            Verdict::ViewingReadsOnly => "who views as another changes nothing",
            Verdict::SecondFactorMissing => "the organisation asks for a second factor first",
        }
    }
}

/// Whether this caller may do this, and why or why not: the role must permit it, and so must the way they came.
pub fn judge(caller: &Caller, action: Action) -> Verdict {
    if !caller.role.fits(caller.organisation.kind) {
        return Verdict::RoleDoesNotFit;
    }
    if !role_permits(caller.role, action) {
        return Verdict::NotOfTheRole;
    }
    match &caller.via {
        Via::Key { scopes, .. } if !scopes.iter().any(|s| key_permits(*s, action)) => return Verdict::NotOfTheKey,
        Via::View { .. } if !action.reads() => return Verdict::ViewingReadsOnly,
        _ => {}
    }
    // One's own account is where the second factor is set up.
    if caller.second_factor_missing && action != Action::AccountWrite {
        return Verdict::SecondFactorMissing;
    }
    Verdict::Permitted
}

/// Whether this caller may do this.
pub fn permits(caller: &Caller, action: Action) -> bool {
    judge(caller, action) == Verdict::Permitted
}

/// The rows this caller may see. A membership whose role does not fit its organisation sees nothing, nor does one whose
/// organisation is about nothing, nor one who has yet to show a second factor. A membership for a part of what the
/// organisation is about sees that part and never more.
pub fn scope_of(caller: &Caller) -> Scope {
    let mut subjects: BTreeSet<i32> = caller.organisation.subjects.iter().copied().collect();
    if let Some(subset) = &caller.subset {
        subjects.retain(|subject| subset.contains(subject));
    }
    let (rows, lens) = match (caller.role, caller.organisation.kind.family()) {
        _ if caller.second_factor_missing => return nothing(caller.role),
        (Role::Owner, Family::Owner) => (Rows::All, Lens::Exact),
        (Role::SchoolAdmin, Family::School) => (Rows::Schools(subjects), Lens::Exact),
        (Role::Publisher, Family::Publisher) => (Rows::Publishers(subjects), Lens::Exact),
        (Role::Official, Family::Authority) => (Rows::Regions(subjects), Lens::Protected),
        _ => return nothing(caller.role),
    };
    Scope::new(caller.role, Sites::All, rows, lens)
}

/// The sites whose events this caller may send; `None`: of none. An event may be of any school and book of its site, so whoever sees
/// a part of the rows sends none.
pub fn sends_for(caller: &Caller) -> Option<Sites> {
    let scope = scope_of(caller);
    (permits(caller, Action::EventWrite) && *scope.rows() == Rows::All).then(|| scope.sites().clone())
}

fn nothing(role: Role) -> Scope {
    Scope::new(role, Sites::Only(BTreeSet::new()), Rows::Schools(BTreeSet::new()), Lens::Protected)
}

/// The organisations whose people, keys and records this caller may deal with: the owner's all, anybody else's their own and
/// those below it.
pub fn reach_of(caller: &Caller) -> Reach {
    match (caller.role, caller.organisation.kind.family()) {
        (Role::Owner | Role::Operator, Family::Owner) => Reach::all(),
        _ => Reach::below(caller.organisation.id.clone()),
    }
}

/// The scope of publication: all rows, exactly. It serves one end, to fix which cells of the published table are hidden,
/// for a pattern that looked only at the caller's own rows would differ from caller to caller. It is never answered.
pub fn publication_scope() -> Scope {
    Scope::new(Role::Owner, Sites::All, Rows::All, Lens::Exact)
}

/// The role × action matrix as text, kept as the golden file `policy_matrix.golden`.
pub fn matrix() -> String {
    let mut out = format!("{:<20}", "action");
    for role in Role::ALL {
        let _ = write!(out, " {:<13}", role.as_str());
    }
    out = out.trim_end().to_string() + "\n";
    for action in Action::ALL {
        let mut line = format!("{:<20}", action.as_str());
        for role in Role::ALL {
            let _ = write!(line, " {:<13}", if role_permits(role, action) { "yes" } else { "-" });
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
