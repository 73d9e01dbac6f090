//! Who does something, for the record of it.

use uuid::Uuid;

/// Who, how, from where, and by which rule. Whatever changes something is given one.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The account; `None` for nobody signed in and for programs.
    pub account: Option<Uuid>,
    /// Its e-mail address, or the name of the program.
    pub name: Option<String>,
    /// `session`, `key oct_1a2b3c4d`, `view_as`, `cli` or `none`.
    pub via: String,
    /// The organisation acted for.
    pub organisation: Option<Uuid>,
    /// The rule of the policy by which it is done.
    pub rule: String,
    /// The IP address.
    pub from: Option<String>,
    /// The id of the HTTP request.
    pub request: Option<String>,
}

impl Actor {
    /// A command on the machine itself.
    pub fn program() -> Self {
        let rule = "whoever runs commands on the machine may do everything".to_string();
        Self { name: Some("octavo".into()), via: "cli".into(), rule, ..Self::default() }
    }
}
