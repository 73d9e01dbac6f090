//! A letter as a message: headers, and the words twice, as text and as HTML (RFC 5322, RFC 2046).

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use uuid::Uuid;

use crate::error::MailError;
use crate::language::Language;
use crate::letter::Letter;
use crate::page::page;

/// Longest address there can be (RFC 5321, section 4.5.3.1.3, without its brackets).
const ADDRESS: usize = 254;

/// Writes the message.
///
/// # Errors
/// [`MailError::BadAddress`] and those of [`page`].
pub(crate) fn message(
    from: &Mailbox,
    to: &str,
    language: Language,
    letter: &Letter,
    now: DateTime<Utc>,
) -> Result<Message, MailError> {
    let page = page(letter, language)?;
    let id = format!("<{}@{}>", Uuid::new_v4().simple(), from.email.domain());
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, recipient(to)?))
        .subject(page.subject)
        .date(SystemTime::from(now))
        .message_id(Some(id))
        // So that no holiday notice answers it (RFC 3834, section 5).
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", language.as_str()))
        .multipart(MultiPart::alternative_plain_html(page.text, page.html))
        .map_err(|error| MailError::Unwritable(error.to_string()))
}

/// The bare address. Quoted local parts may hold nearly anything; nobody has one, and they are refused.
fn recipient(to: &str) -> Result<Address, MailError> {
    if to.len() > ADDRESS
        || to.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '"' | '<' | '>' | ',' | ';'))
    {
        return Err(MailError::BadAddress);
    }
    to.parse().map_err(|_| MailError::BadAddress)
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_string())
}
