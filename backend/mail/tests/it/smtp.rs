//! Letters over the wire, against a real mail server.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeZone, Utc};
use mail::{Language, Letter, MailError, Mailer, SmtpSettings};
use peers::Peer;
use serde_json::Value;

use crate::letters::{all, invitation};

const FROM: &str = "Octavo <octavo@octavo.example>";

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 10, 0, 0).unwrap()
}

fn settings(peer: &Peer, before: &str, after: &str) -> SmtpSettings {
    let url = format!("{before}localhost:{}{after}", peer.ready()["port"]);
    SmtpSettings::read(&url, FROM).unwrap()
}

/// The settings with the server's own certificate trusted.
fn trusting(peer: &Peer, before: &str, after: &str) -> SmtpSettings {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), peer.ready()["certificate"].as_str().unwrap()).unwrap();
    settings(peer, before, after).trust(file.path()).unwrap()
}

async fn send(settings: &SmtpSettings, to: &str) -> Result<(), MailError> {
    Mailer::smtp(settings).unwrap().send(to, Language::English, &Letter::PasswordChanged, now()).await
}

fn header<'a>(letter: &'a Value, name: &str) -> &'a str {
    let headers = letter["headers"].as_array().unwrap();
    let found: Vec<_> = headers.iter().filter(|pair| pair[0] == name).collect();
    assert_eq!(found.len(), 1, "{name} in {headers:?}");
    found[0][1].as_str().unwrap().split_once(": ").unwrap().1
}

#[tokio::test]
async fn every_letter_arrives_as_it_was_written() {
    let mut peer = Peer::start("smtp.mjs", &[]).await;
    let mailer = Mailer::smtp(&settings(&peer, "smtp://", "")).unwrap();
    for language in Language::ALL {
        for letter in all() {
            mailer.send("mari@example.org", language, &letter, now()).await.unwrap();
            let received = peer.next().await;
            let page = mail::page(&letter, language).unwrap();
            assert_eq!(received["subject"], page.subject);
            assert_eq!(received["text"].as_str().unwrap().trim_end(), page.text.trim_end());
            assert_eq!(received["html"].as_str().unwrap().trim_end(), page.html.trim_end());
            assert_eq!(received["envelope"]["to"], serde_json::json!(["mari@example.org"]));
            assert_eq!(received["envelope"]["from"], "octavo@octavo.example");
            assert_eq!(received["type"], "multipart/alternative");
            assert_eq!(received["date"], "2026-11-21T10:00:00.000Z");
            assert_eq!(header(&received, "auto-submitted"), "auto-generated");
            assert_eq!(header(&received, "content-language"), language.as_str());
            let id = header(&received, "message-id");
            assert!(id.starts_with('<') && id.ends_with("@octavo.example>"), "{id}");
        }
    }
}

#[tokio::test]
async fn a_name_with_a_line_break_never_reaches_the_server() {
    let mut peer = Peer::start("smtp.mjs", &[]).await;
    let mailer = Mailer::smtp(&settings(&peer, "smtp://", "")).unwrap();
    let link = "https://octavo.example/invitation#t";
    for name in ["Kool\r\nBcc: all@example.org", "Kool =?utf-8?Q?=0D=0ABcc?="] {
        let refused = mailer.send("mari@example.org", Language::English, &invitation(name, link), now()).await;
        assert!(matches!(refused, Err(MailError::BadText("organisation"))), "{name:?}");
    }
    let honest = invitation("Kool “Täht” – A = B?", link);
    mailer.send("mari@example.org", Language::English, &honest, now()).await.unwrap();
    let received = peer.next().await;
    assert_eq!(received["subject"], "Invitation to Kool “Täht” – A = B? on Octavo");
    assert!(received["headers"].as_array().unwrap().iter().all(|pair| pair[0] != "bcc"));
}

#[tokio::test]
async fn with_starttls_and_a_password_the_letter_goes_encrypted() {
    let args = ["--starttls", "--user", "octavo@example.org", "--password", "p@ss/wörd"];
    let mut peer = Peer::start("smtp.mjs", &args).await;
    let known = "smtp://octavo%40example.org:p%40ss%2Fw%C3%B6rd@";
    send(&trusting(&peer, known, "?tls=required"), "mari@example.org").await.unwrap();
    let received = peer.next().await;
    assert_eq!((&received["secure"], &received["user"]), (&Value::Bool(true), &Value::from("octavo@example.org")));

    let refused = send(&trusting(&peer, "smtp://octavo:wrong-secret@", "?tls=required"), "mari@example.org").await;
    let error = refused.unwrap_err();
    assert!(matches!(error, MailError::Refused(_)), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("wrong-secret"));
    let untrusted = send(&settings(&peer, known, "?tls=required"), "mari@example.org").await;
    assert!(matches!(untrusted, Err(MailError::Tls(_) | MailError::Unreachable)), "{untrusted:?}");
}

#[tokio::test]
async fn with_smtps_the_connection_is_encrypted_from_the_first_byte() {
    let mut peer = Peer::start("smtp.mjs", &["--tls"]).await;
    send(&trusting(&peer, "smtps://", ""), "mari@example.org").await.unwrap();
    assert_eq!(peer.next().await["secure"], true);
}

#[tokio::test]
async fn a_server_without_starttls_gets_no_letter_when_it_is_required() {
    let peer = Peer::start("smtp.mjs", &[]).await;
    let refused = send(&settings(&peer, "smtp://", "?tls=required"), "mari@example.org").await;
    assert!(matches!(refused, Err(MailError::Tls(_))), "{refused:?}");
}

#[tokio::test]
async fn each_fault_has_its_own_error_and_none_tells_the_address() {
    let peer = Peer::start("smtp.mjs", &[]).await;
    let settings = settings(&peer, "smtp://", "").within(Duration::from_millis(700));
    let mut seen = Vec::new();
    for name in ["later", "refused", "slow", "drop"] {
        let since = Instant::now();
        let error = send(&settings, &format!("{name}@example.org")).await.unwrap_err();
        assert!(since.elapsed() < Duration::from_secs(5), "{name}");
        assert!(!format!("{error} {error:?}").contains("example.org"), "{name}: {error:?}");
        seen.push((name, error.may_pass(), error));
    }
    assert!(matches!(&seen[0], ("later", true, MailError::Later(code)) if code == "451"), "{seen:?}");
    assert!(matches!(&seen[1], ("refused", false, MailError::Refused(code)) if code == "550"), "{seen:?}");
    assert!(matches!(&seen[2], ("slow", true, MailError::Later(_))), "{seen:?}");
    assert!(matches!(&seen[3], (_, true, MailError::Unreachable | MailError::Later(_))), "{seen:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let settings = SmtpSettings::read("smtp://127.0.0.1:1", FROM).unwrap();
    assert!(matches!(send(&settings, "mari@example.org").await, Err(MailError::Unreachable)));
}
