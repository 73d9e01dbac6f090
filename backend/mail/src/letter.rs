//! The kinds of letters and what each tells.

use std::fmt;

use chrono::DateTime;
use chrono_tz::Tz;

use crate::language::Language;
use crate::texts::{self, Wording};
use crate::words;

/// What a letter tells its recipient.
#[derive(Clone, PartialEq)]
pub enum Letter {
    /// `role` as the policy names it (`school_admin`); `invited_by` is a name or an address; `expires_at` in the zone it is
    /// told in.
    Invitation {
        organisation: String,
        role: String,
        invited_by: String,
        link: String,
        expires_at: DateTime<Tz>,
    },
    /// `minutes` for which the link holds.
    PasswordReset {
        link: String,
        minutes: u32,
    },
    /// To the new address: it becomes the account's with this link.
    EmailChange {
        link: String,
    },
    /// To the old address, when the change was asked for. `address` is the new one, and is told masked.
    EmailChangeAsked {
        address: String,
    },
    /// To the old address, when the change was made. `address` is the new one, and is told masked.
    EmailChanged {
        address: String,
    },
    PasswordChanged,
    TwoFactorOn,
    TwoFactorOff,
    /// `left` recovery codes remain.
    RecoveryCodeUsed {
        left: u32,
    },
    AccountDeactivated,
}

/// A value in a letter's text: the placeholder's name and what stands there.
pub(crate) type Value = (&'static str, String);

impl Letter {
    /// Its name in the texts and in the names of files.
    pub fn kind(&self) -> &'static str {
        match self {
            Letter::Invitation { .. } => "invitation",
            Letter::PasswordReset { .. } => "password_reset",
            Letter::EmailChange { .. } => "email_change",
            Letter::EmailChangeAsked { .. } => "email_change_asked",
            Letter::EmailChanged { .. } => "email_changed",
            Letter::PasswordChanged => "password_changed",
            Letter::TwoFactorOn => "two_factor_on",
            Letter::TwoFactorOff => "two_factor_off",
            Letter::RecoveryCodeUsed { .. } => "recovery_code_used",
            Letter::AccountDeactivated => "account_deactivated",
        }
    }

    /// Where its button leads.
    pub fn link(&self) -> Option<&str> {
        match self {
            Letter::Invitation { link, .. } | Letter::PasswordReset { link, .. } | Letter::EmailChange { link } => {
                Some(link)
            }
            _ => None,
        }
    }

    pub(crate) fn wording(&self, language: Language) -> &'static Wording {
        texts::of(language).letter(self.kind())
    }

    /// What stands for the placeholders of its texts.
    pub(crate) fn values(&self, language: Language) -> Vec<Value> {
        let texts = texts::of(language);
        match self {
            Letter::Invitation { organisation, role, invited_by, expires_at, .. } => vec![
                ("organisation", organisation.clone()),
                ("role", texts.role(role).to_string()),
                ("invited_by", invited_by.clone()),
                ("expires_at", words::moment(texts, expires_at)),
            ],
            Letter::PasswordReset { minutes, .. } => vec![("duration", words::duration(texts, *minutes))],
            Letter::EmailChangeAsked { address } | Letter::EmailChanged { address } => {
                vec![("address", words::masked(address))]
            }
            Letter::RecoveryCodeUsed { left } => vec![("left", left.to_string())],
            Letter::EmailChange { .. }
            | Letter::PasswordChanged
            | Letter::TwoFactorOn
            | Letter::TwoFactorOff
            | Letter::AccountDeactivated => Vec::new(),
        }
    }
}

impl fmt::Debug for Letter {
    /// Its kind alone: a letter holds addresses, and links that are keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({})", self.kind())
    }
}
