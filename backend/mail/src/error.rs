//! Why a letter was not sent.

use std::path::PathBuf;

use thiserror::Error;

/// Why a letter was not sent. None of these sentences holds an address, a link, a password or what the server answered.
#[derive(Debug, Error)]
pub enum MailError {
    #[error("mail is not set up: set OCTAVO_MAIL_URL and OCTAVO_MAIL_FROM")]
    NotSetUp,
    #[error("{setting}: {problem}")]
    Settings { setting: &'static str, problem: String },
    #[error("the address is no e-mail address that a letter can be sent to")]
    BadAddress,
    #[error("the letter's {0} holds characters that no letter may have, such as a line break")]
    BadText(&'static str),
    #[error("the letter's link is neither http nor https")]
    BadLink,
    #[error("the letter could not be written: {0}")]
    Unwritable(String),
    /// A reply of 4xx, or none in time: it may be sent later (RFC 5321, section 4.2.1).
    #[error("the mail server does not take the letter now ({0})")]
    Later(String),
    /// A reply of 5xx: sending it again would not help.
    #[error("the mail server refuses the letter ({0})")]
    Refused(String),
    #[error("the mail server cannot be reached safely: {0}")]
    Tls(String),
    #[error("the mail server cannot be reached, or broke off")]
    Unreachable,
    #[error("{}: {source}", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
}

impl MailError {
    /// Whether the same letter may well be sent later.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Later(_) | Self::Unreachable | Self::Folder { .. })
    }
}

impl From<lettre::transport::smtp::Error> for MailError {
    /// The server's own words are left out: they often repeat the address.
    fn from(error: lettre::transport::smtp::Error) -> Self {
        match error.status() {
            Some(code) if error.is_permanent() => Self::Refused(code.to_string()),
            Some(code) => Self::Later(code.to_string()),
            None if error.is_timeout() => Self::Later("it is too slow".to_string()),
            None if error.is_tls() => Self::Tls("its certificate is not trusted".to_string()),
            // What the client finds missing, such as STARTTLS or a way to sign in.
            None if error.is_client() => Self::Tls("it does not offer what is required of it".to_string()),
            None => Self::Unreachable,
        }
    }
}
