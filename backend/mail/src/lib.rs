//! Letters to people: what they say, in the recipient's language, and how they are sent.
//!
//! A [`Letter`] names what is to be said; the words are in `texts/`, one file per language. A [`Mailer`] sends it over SMTP,
//! lays it into a folder, or says that no mail is set up. Neither a link nor an address is ever logged.

mod error;
mod fill;
mod language;
mod letter;
mod mailer;
mod message;
mod page;
mod settings;
mod texts;
mod words;

pub use error::MailError;
pub use language::Language;
pub use letter::Letter;
pub use mailer::Mailer;
pub use page::{Page, page};
pub use settings::SmtpSettings;
