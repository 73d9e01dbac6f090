//! Sending.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use lettre::message::Mailbox;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::fs;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::error::MailError;
use crate::language::Language;
use crate::letter::Letter;
use crate::message::message;
use crate::settings::{Secrecy, SmtpSettings, sender};

/// Whom letters in a folder come from: nobody can be written to there (RFC 2606).
const FOLDER_FROM: &str = "Octavo <octavo@octavo.invalid>";

/// What letters are given to. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Way);

#[derive(Clone)]
enum Way {
    Smtp { transport: AsyncSmtpTransport<Tokio1Executor>, from: Mailbox, timeout: Duration, host: String },
    Folder { dir: PathBuf, from: Mailbox },
    None,
}

impl Mailer {
    /// Sends over SMTP, each letter on a connection of its own. Connects to nothing yet.
    ///
    /// # Errors
    /// [`MailError::Settings`] when no TLS can be had with these settings.
    pub fn smtp(settings: &SmtpSettings) -> Result<Self, MailError> {
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
            .port(settings.port)
            .timeout(Some(settings.timeout));
        builder = match settings.secrecy {
            Secrecy::Tls => builder.tls(Tls::Wrapper(parameters(settings)?)),
            Secrecy::StartTls => builder.tls(Tls::Required(parameters(settings)?)),
            Secrecy::None => builder.tls(Tls::None),
        };
        if let Some(credentials) = &settings.credentials {
            builder = builder.credentials(credentials.clone());
        }
        let (transport, from, timeout) = (builder.build(), settings.from.clone(), settings.timeout);
        Ok(Self(Way::Smtp { transport, from, timeout, host: settings.host.clone() }))
    }

    /// Lays letters into a folder, one `.eml` file each, whose names sort by time. The folder is made when it is needed, and
    /// only this user may read what is in it: letters hold links that are keys.
    pub fn folder(dir: &Path) -> Self {
        let from = sender(FOLDER_FROM).expect("it is an address");
        Self(Way::Folder { dir: dir.to_path_buf(), from })
    }

    /// Sends nothing: every letter is [`MailError::NotSetUp`].
    pub fn none() -> Self {
        Self(Way::None)
    }

    /// Whether letters go anywhere at all.
    pub fn is_set_up(&self) -> bool {
        !matches!(self.0, Way::None)
    }

    /// Sends a letter to the address `to`. It is sent once the mail server, or the disk, has said so.
    ///
    /// # Errors
    /// Any [`MailError`]; with [`MailError::may_pass`] the same letter can be sent again later.
    pub async fn send(
        &self,
        to: &str,
        language: Language,
        letter: &Letter,
        now: DateTime<Utc>,
    ) -> Result<(), MailError> {
        let sent = match &self.0 {
            Way::None => Err(MailError::NotSetUp),
            Way::Smtp { transport, from, timeout, .. } => {
                deliver(transport, message(from, to, language, letter, now)?, *timeout).await
            }
            Way::Folder { dir, from } => {
                let message = message(from, to, language, letter, now)?;
                let name = format!("{}-{}", now.format("%Y%m%dT%H%M%S%.6fZ"), letter.kind());
                lay(dir, &name, &message.formatted())
                    .await
                    .map_err(|source| MailError::Folder { path: dir.clone(), source })
            }
        };
        match &sent {
            Ok(()) => tracing::info!(letter = letter.kind(), "a letter was sent"),
            Err(error) => tracing::warn!(letter = letter.kind(), %error, "a letter was not sent"),
        }
        sent
    }
}

async fn deliver(
    transport: &AsyncSmtpTransport<Tokio1Executor>,
    message: Message,
    timeout: Duration,
) -> Result<(), MailError> {
    // The transport's own timeout is for each command; a server that dawdles at every one would have us wait for minutes.
    match tokio::time::timeout(timeout, transport.send(message)).await {
        Ok(sent) => Ok(sent.map(drop)?),
        Err(_) => Err(MailError::Later("it is too slow".to_string())),
    }
}

fn parameters(settings: &SmtpSettings) -> Result<TlsParameters, MailError> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(authority) = &settings.authority {
        builder = builder.add_root_certificate(authority.clone());
    }
    builder.build().map_err(|error| MailError::Settings { setting: "mail_url", problem: error.to_string() })
}

/// Writes beside and renames, so that nobody reads half a letter.
async fn lay(dir: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut make = fs::DirBuilder::new();
    make.recursive(true).mode(0o700).create(dir).await?;
    let unique = Uuid::new_v4().simple().to_string();
    let (part, whole) = (dir.join(format!(".{unique}")), dir.join(format!("{name}-{}.eml", &unique[..8])));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).await?;
    file.write_all(bytes).await?;
    file.flush().await?;
    fs::rename(&part, &whole).await
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Way::Smtp { host, .. } => write!(f, "Mailer(smtp, {host})"),
            Way::Folder { dir, .. } => write!(f, "Mailer(folder, {})", dir.display()),
            Way::None => f.write_str("Mailer(none)"),
        }
    }
}
