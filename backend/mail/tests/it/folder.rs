//! Letters laid into a folder, and letters with nowhere to go.

use std::os::unix::fs::PermissionsExt;

use chrono::{DateTime, Duration, TimeZone, Utc};
use mail::{Language, Letter, MailError, Mailer};

use crate::letters::all;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 9, 59, 59).unwrap()
}

#[tokio::test]
async fn letters_in_a_folder_sort_by_time_and_are_for_one_user() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("data/mail");
    let mailer = Mailer::folder(&dir);
    let letters = all();
    for (n, letter) in letters.iter().enumerate() {
        let at = now() + Duration::milliseconds(700 * n as i64);
        mailer.send("mari@example.org", Language::Estonian, letter, at).await.unwrap();
    }
    let mut names: Vec<String> =
        dir.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names.len(), letters.len());
    for (name, letter) in names.iter().zip(&letters) {
        assert!(name.contains(&format!("Z-{}-", letter.kind())) && name.ends_with(".eml"), "{name}");
        let mode = dir.join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
    assert_eq!(dir.metadata().unwrap().permissions().mode() & 0o077, 0);
    let text = std::fs::read_to_string(dir.join(&names[0])).unwrap();
    assert!(text.contains("\r\nTo: mari@example.org\r\n") && text.contains("\r\nAuto-Submitted: auto-generated\r\n"));
}

#[tokio::test]
async fn without_mail_a_letter_is_an_error_that_says_what_to_set() {
    let refused = Mailer::none().send("mari@example.org", Language::English, &Letter::TwoFactorOn, now()).await;
    let error = refused.unwrap_err();
    assert!(matches!(error, MailError::NotSetUp) && error.to_string().contains("OCTAVO_MAIL_URL"));
    assert!(!Mailer::none().is_set_up());
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let mailer = Mailer::folder(place.path());
    let long = format!("{}@example.org", "a".repeat(320));
    for to in [
        "",
        "mari",
        "mari@example.org\r\nBcc: all@example.org",
        "mari@example.org, all@example.org",
        "Mari <mari@example.org>",
        "\"a b\"@example.org",
        "mari@exa mple.org",
        &long,
    ] {
        let refused = mailer.send(to, Language::English, &Letter::TwoFactorOn, now()).await;
        assert!(matches!(refused, Err(MailError::BadAddress)), "{to:?}");
    }
    mailer.send("mari+kool@example.org", Language::English, &Letter::TwoFactorOn, now()).await.unwrap();
}
