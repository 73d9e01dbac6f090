//! Where and how mail is handed over.

use std::fmt;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Certificate;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::error::MailError;

/// How long a letter's delivery may take, from connecting to the server's last word.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How a connection is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrecy {
    /// TLS from the first byte (RFC 8314, section 3.3).
    Tls,
    /// TLS after the greeting, and no letter without it (RFC 3207).
    StartTls,
    /// None: the server is this machine.
    None,
}

/// A mail server, and whom letters come from.
#[derive(Clone)]
pub struct SmtpSettings {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) secrecy: Secrecy,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) from: Mailbox,
    pub(crate) authority: Option<Certificate>,
    pub(crate) timeout: Duration,
}

impl SmtpSettings {
    /// Reads `url` and `from`.
    ///
    /// * `smtps://user:password@mail.example.org` — TLS, port 465;
    /// * `smtp://user:password@mail.example.org:587` — STARTTLS, without which nothing is sent, port 587;
    /// * `smtp://127.0.0.1:2525` — to this machine in the clear; with `?tls=required` by STARTTLS there too.
    ///
    /// User and password are percent-encoded. `from` is an address, with a name if wished: `Octavo <octavo@example.org>`.
    ///
    /// # Errors
    /// [`MailError::Settings`], which names the setting and never repeats the URL.
    pub fn read(url: &str, from: &str) -> Result<Self, MailError> {
        let url =
            Url::parse(url).map_err(|e| bad_url(format!("it is no URL ({e}), such as smtps://mail.example.org")))?;
        let host = url.host().ok_or_else(|| bad_url("it names no host"))?;
        let required = match url.query() {
            None => false,
            Some("tls=required") => true,
            Some(_) => return Err(bad_url("after the ? only tls=required is known")),
        };
        let (secrecy, port) = match url.scheme() {
            "smtps" => (Secrecy::Tls, 465),
            "smtp" if is_loopback(&host) && !required => (Secrecy::None, 25),
            "smtp" => (Secrecy::StartTls, 587),
            _ => return Err(bad_url("it begins with neither smtp:// nor smtps://")),
        };
        if !matches!(url.path(), "" | "/") {
            return Err(bad_url("it has a path, which no mail server has"));
        }
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => Some(Credentials::new(decoded(user)?, decoded(password)?)),
            _ => return Err(bad_url("it has a user or a password alone; both or neither")),
        };
        Ok(Self {
            // An IPv6 address without its brackets, as sockets and certificates know it.
            host: host.to_string().trim_matches(['[', ']']).to_string(),
            port: url.port().unwrap_or(port),
            secrecy,
            credentials,
            from: sender(from)?,
            authority: None,
            timeout: TIMEOUT,
        })
    }

    /// Also trusts servers whose certificate this authority signed (a PEM file): for a mail server of the house.
    ///
    /// # Errors
    /// [`MailError::Settings`] when the file cannot be read or is no certificate.
    pub fn trust(mut self, authority: &Path) -> Result<Self, MailError> {
        let problem = |e: String| MailError::Settings {
            setting: "mail_authority",
            problem: format!("{} is no certificate in PEM that can be read ({e})", authority.display()),
        };
        let pem = std::fs::read(authority).map_err(|e| problem(e.to_string()))?;
        self.authority = Some(Certificate::from_pem(&pem).map_err(|e| problem(e.to_string()))?);
        Ok(self)
    }

    /// Gives up on a letter after this long instead of ten seconds.
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

/// Whom letters come from.
pub(crate) fn sender(from: &str) -> Result<Mailbox, MailError> {
    let bad = |problem: String| MailError::Settings { setting: "mail_from", problem };
    if from.chars().any(char::is_control) {
        return Err(bad("it holds a line break or another control character".to_string()));
    }
    from.parse().map_err(|e| bad(format!("it is no address ({e}), such as Octavo <octavo@example.org>")))
}

fn bad_url(problem: impl Into<String>) -> MailError {
    MailError::Settings { setting: "mail_url", problem: problem.into() }
}

fn decoded(part: &str) -> Result<String, MailError> {
    let text = percent_decode_str(part).decode_utf8().map_err(|_| bad_url("its user or password is no UTF-8"))?;
    match text.chars().any(char::is_control) {
        true => Err(bad_url("its user or password holds a control character")),
        false => Ok(text.into_owned()),
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        // The URL's parser knows addresses only under the schemes of the web.
        Host::Domain(name) => *name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

impl fmt::Debug for SmtpSettings {
    /// Without the user and the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpSettings({}:{}, {:?}, from {})", self.host, self.port, self.secrecy, self.from.email)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: &str = "Octavo <octavo@example.org>";

    fn read(url: &str) -> Result<SmtpSettings, MailError> {
        SmtpSettings::read(url, FROM)
    }

    #[test]
    fn the_url_says_how_the_connection_is_kept_secret() {
        for (url, host, port, secrecy) in [
            ("smtps://mail.example.org", "mail.example.org", 465, Secrecy::Tls),
            ("smtp://mail.example.org", "mail.example.org", 587, Secrecy::StartTls),
            ("smtp://mail.example.org:25/", "mail.example.org", 25, Secrecy::StartTls),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Secrecy::None),
            ("smtp://[::1]:2525", "::1", 2525, Secrecy::None),
            ("smtp://localhost", "localhost", 25, Secrecy::None),
            ("smtp://localhost?tls=required", "localhost", 587, Secrecy::StartTls),
            ("smtp://127.0.0.1.example.org", "127.0.0.1.example.org", 587, Secrecy::StartTls),
        ] {
            let settings = read(url).unwrap();
            assert_eq!((settings.host.as_str(), settings.port, settings.secrecy), (host, port, secrecy), "{url}");
        }
    }

    #[test]
    fn user_and_password_are_decoded_and_never_shown() {
        let settings = read("smtps://octavo%40example.org:p%40ss%2Fw%C3%B6rd@mail.example.org").unwrap();
        assert_eq!(settings.credentials, Some(Credentials::new("octavo@example.org".into(), "p@ss/wörd".into())));
        let shown = format!("{settings:?}");
        assert!(!shown.contains("ss/w") && !shown.contains("p%40"), "{shown}");
    }

    #[test]
    fn a_bad_setting_is_named_and_its_secret_is_not() {
        for url in [
            "http://secret:secret@mail.example.org",
            "mail.example.org",
            "smtp://",
            "smtps://secret@mail.example.org",
            "smtps://:secret@mail.example.org",
            "smtps://u:secret@mail.example.org/path",
            "smtps://u:secret@mail.example.org?tls=none",
            "smtps://u:secret%0d%0a@mail.example.org",
            "smtps://u:secret%ff@mail.example.org",
            "smtps://u:secret@mail.example.org:port",
        ] {
            let error = read(url).unwrap_err().to_string();
            assert!(error.starts_with("mail_url: ") && !error.contains("secret"), "{url}: {error}");
        }
        for from in ["", "nobody", "Octavo <octavo@example.org>\r\nBcc: a@example.org"] {
            let error = SmtpSettings::read("smtps://mail.example.org", from).unwrap_err().to_string();
            assert!(error.starts_with("mail_from: "), "{error}");
        }
    }
}
