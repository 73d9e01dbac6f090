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

    /// The kind of organisation this role belongs to.
    pub fn organisation_kind(self) -> OrganisationKind {
        match self {
            Role::Owner | Role::Operator => OrganisationKind::Owner,
            Role::SchoolAdmin => OrganisationKind::School,
            Role::Publisher => OrganisationKind::Publisher,
            Role::Official => OrganisationKind::Authority,
        }
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

/// What an organisation is; it fixes which rows its members may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    Owner,
    School,
    Publisher,
    Authority,
}

impl OrganisationKind {
    pub fn as_str(self) -> &'static str {
        match self {
            OrganisationKind::Owner => "owner",
            OrganisationKind::School => "school",
            OrganisationKind::Publisher => "publisher",
            OrganisationKind::Authority => "authority",
        }
    }
}

impl FromStr for OrganisationKind {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "owner" => Ok(OrganisationKind::Owner),
            "school" => Ok(OrganisationKind::School),
            "publisher" => Ok(OrganisationKind::Publisher),
            "authority" => Ok(OrganisationKind::Authority),
            other => Err(format!("'{other}' is no kind of organisation")),
        }
    }
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id in the application's database (a UUID in text form).
    pub id: String,
    pub name: String,
    pub kind: OrganisationKind,
    /// The warehouse's numbers of the schools, publishers or regions it is about; empty for the owner.
    pub subjects: Vec<i32>,
}

/// What an API key may be used for. A key never widens its creator's rights; it only narrows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyScope {
    #[serde(rename = "usage:read")]
    UsageRead,
    #[serde(rename = "statements:read")]
    StatementsRead,
}

impl KeyScope {
    pub const ALL: [KeyScope; 2] = [KeyScope::UsageRead, KeyScope::StatementsRead];

    pub fn as_str(self) -> &'static str {
        match self {
            KeyScope::UsageRead => "usage:read",
            KeyScope::StatementsRead => "statements:read",
        }
    }
}

impl FromStr for KeyScope {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        KeyScope::ALL
            .into_iter()
            .find(|k| k.as_str() == s)
            .ok_or_else(|| format!("'{s}' is no key scope; use usage:read or statements:read"))
    }
}

/// How the caller proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    Session,
    /// The key's id (a UUID in text form) and what it may be used for.
    Key {
        id: String,
        scopes: Vec<KeyScope>,
    },
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
    pub via: Via,
}
