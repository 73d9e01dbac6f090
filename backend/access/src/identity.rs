//! Identity: who calls, for which organisation, in which role.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What an account is within an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    SchoolAdmin,
    Publisher,
    Official,
    Operator,
}

impl Role {
    pub const ALL: [Role; 5] = [Role::Owner, Role::SchoolAdmin, Role::Publisher, Role::Official, Role::Operator];

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::SchoolAdmin => "school_admin",
            Role::Publisher => "publisher",
            Role::Official => "official",
            Role::Operator => "operator",
        }
    }

    /// The kind of organisation that is made for this role when none is named. See [`Role::fits`].
    pub fn organisation_kind(self) -> OrganisationKind {
        match self {
            Role::Owner | Role::Operator => OrganisationKind::Owner,
            Role::SchoolAdmin => OrganisationKind::School,
            Role::Publisher => OrganisationKind::Publisher,
            Role::Official => OrganisationKind::County,
        }
    }

    /// Whether organisations of this kind have this role.
    pub fn fits(self, kind: OrganisationKind) -> bool {
        self.organisation_kind().family() == kind.family()
    }

    /// The roles that an organisation of this kind has.
    pub fn of(kind: OrganisationKind) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| role.fits(kind))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Role::ALL
            .into_iter()
            .find(|r| r.as_str() == s)
            .ok_or_else(|| format!("'{s}' is no role; use owner, school_admin, publisher, official or operator"))
    }
}

/// What an organisation is; it fixes which rows its members may see, and where it may stand in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    Owner,
    Ministry,
    County,
    Municipality,
    PublisherGroup,
    /// A publisher by itself, or an imprint of a group.
    Publisher,
    School,
}

/// What the organisations of a family are about: the same kind of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    Owner,
    Authority,
    Publisher,
    School,
}

impl OrganisationKind {
    pub const ALL: [OrganisationKind; 7] = [
        OrganisationKind::Owner,
        OrganisationKind::Ministry,
        OrganisationKind::County,
        OrganisationKind::Municipality,
        OrganisationKind::PublisherGroup,
        OrganisationKind::Publisher,
        OrganisationKind::School,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            OrganisationKind::Owner => "owner",
            OrganisationKind::Ministry => "ministry",
            OrganisationKind::County => "county",
            OrganisationKind::Municipality => "municipality",
            OrganisationKind::PublisherGroup => "publisher_group",
            OrganisationKind::Publisher => "publisher",
            OrganisationKind::School => "school",
        }
    }

    pub fn family(self) -> Family {
        match self {
            OrganisationKind::Owner => Family::Owner,
            OrganisationKind::Ministry | OrganisationKind::County | OrganisationKind::Municipality => Family::Authority,
            OrganisationKind::PublisherGroup | OrganisationKind::Publisher => Family::Publisher,
            OrganisationKind::School => Family::School,
        }
    }

    /// Whether an organisation of this kind may stand right below one of that. Ways lead from the lower to the higher only, so
    /// the tree has no circles.
    pub fn may_stand_below(self, above: OrganisationKind) -> bool {
        use OrganisationKind::{County, Ministry, Municipality, Owner, Publisher, PublisherGroup, School};
        match (self, above) {
            (Owner, _) => false,
            (_, Owner) => true,
            (County, Ministry) | (Municipality, Ministry | County) | (Publisher, PublisherGroup) => true,
            (School, Ministry | County | Municipality) => true,
            _ => false,
        }
    }
}

impl FromStr for OrganisationKind {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        OrganisationKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == s)
            .ok_or_else(|| format!("'{s}' is no kind of organisation"))
    }
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id in the application's database (a UUID in text form).
    pub id: String,
    /// Its name in addresses; unique, and never given to another.
    pub slug: String,
    pub name: String,
    pub kind: OrganisationKind,
    /// The warehouse's numbers of the schools, publishers or regions that it and those of its family below it are about; empty
    /// for the owner.
    pub subjects: Vec<i32>,
}

/// What an API key may be used for. A key never widens its creator's rights; it only narrows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyScope {
    #[serde(rename = "usage:read")]
    UsageRead,
    #[serde(rename = "statements:read")]
    StatementsRead,
    #[serde(rename = "events:write")]
    EventsWrite,
}

impl KeyScope {
    pub const ALL: [KeyScope; 3] = [KeyScope::UsageRead, KeyScope::StatementsRead, KeyScope::EventsWrite];

    pub fn as_str(self) -> &'static str {
        match self {
            KeyScope::UsageRead => "usage:read",
            KeyScope::StatementsRead => "statements:read",
            KeyScope::EventsWrite => "events:write",
        }
    }
}

impl FromStr for KeyScope {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        KeyScope::ALL
            .into_iter()
            .find(|k| k.as_str() == s)
            .ok_or_else(|| format!("'{s}' is no key scope; use usage:read, statements:read or events:write"))
    }
}

/// How the caller proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A signed-in browser: the id of its sign-in (a UUID in text form).
    Session { sign_in: String },
    Key {
        /// The key's id (a UUID in text form).
        id: String,
        /// The part of it that is no secret.
        prefix: String,
        scopes: Vec<KeyScope>,
    },
    /// Somebody of the platform looks at what this account sees, and changes nothing.
    View {
        sign_in: String,
        /// The account of the one who looks, and its address.
        by: String,
        by_email: String,
        reason: String,
        /// Seconds since 1970.
        until: i64,
    },
    /// A command on the machine itself.
    Program,
}

/// A person or script that has proved who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account's id (a UUID in text form).
    pub account: String,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub organisation: Organisation,
    /// The part of the organisation's subjects that the membership is for; `None` for all of them.
    pub subset: Option<Vec<i32>>,
    /// The organisation asks for a second factor, and this caller has shown none.
    pub second_factor_missing: bool,
    pub via: Via,
}

impl Caller {
    /// A caller that the program makes for itself, of an organisation of the role's kind about these subjects.
    pub fn program(role: Role, subjects: Vec<i32>) -> Self {
        let kind = role.organisation_kind();
        let organisation = Organisation { id: "o".into(), slug: "o".into(), name: "O".into(), kind, subjects };
        let (account, email, name) = ("a".into(), "a@example.org".into(), "A".into());
        let via = Via::Program;
        Self { account, email, name, role, organisation, subset: None, second_factor_missing: false, via }
    }
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
