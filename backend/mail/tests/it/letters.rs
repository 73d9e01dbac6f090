//! What letters say, in both languages.

use chrono::{TimeZone, Utc};
use mail::{Language, Letter, MailError, page};
use proptest::prelude::*;

pub fn invitation(organisation: &str, link: &str) -> Letter {
    Letter::Invitation {
        organisation: organisation.to_string(),
        role: "school_admin".to_string(),
        invited_by: "Mari Maasikas".to_string(),
        link: link.to_string(),
        expires_at: Utc.with_ymd_and_hms(2026, 11, 28, 12, 30, 0).unwrap().with_timezone(&chrono_tz::Europe::Tallinn),
    }
}

const LINK: &str = "https://octavo.example.org/invitation#token";

/// One of each kind.
pub fn all() -> Vec<Letter> {
    let (link, address) = (LINK.to_string(), "new@example.org".to_string());
    vec![
        invitation("Tallinna Kool", LINK),
        Letter::PasswordReset { link: link.clone(), minutes: 60 },
        Letter::EmailChange { link },
        Letter::EmailChangeAsked { address: address.clone() },
        Letter::EmailChanged { address },
        Letter::PasswordChanged,
        Letter::TwoFactorOn,
        Letter::TwoFactorOff,
        Letter::RecoveryCodeUsed { left: 4 },
        Letter::AccountDeactivated,
    ]
}

#[test]
fn every_letter_can_be_read_in_every_language() {
    for language in Language::ALL {
        for letter in all() {
            let page = page(&letter, language).unwrap();
            let html = page.html.split_once("</style>").unwrap().1;
            for part in [&page.subject, &page.text, html] {
                assert!(!part.contains(['{', '}']), "a placeholder is left in {letter:?}: {part}");
            }
            assert_eq!(letter.link().is_some(), page.text.contains(LINK), "{letter:?}");
            assert_eq!(letter.link().is_some(), page.html.contains("class=\"go\""), "{letter:?}");
            assert!(page.html.contains(&format!("<html lang=\"{}\">", language.as_str())));
            assert!(!page.html.contains("<img") && !page.html.contains("url(") && !page.html.contains("@import"));
        }
    }
}

#[test]
fn an_invitation_says_who_what_and_until_when() {
    let letter = invitation("Tallinna Kool", LINK);
    let english = page(&letter, Language::English).unwrap();
    assert_eq!(english.subject, "Invitation to Tallinna Kool on Octavo");
    assert!(
        english.text.contains("Mari Maasikas invites you") && english.text.contains("Your role: school administrator")
    );
    assert!(english.text.contains("expires on 28 November 2026 at 14:30 (EET)."), "{}", english.text);
    let estonian = page(&letter, Language::Estonian).unwrap();
    assert_eq!(estonian.subject, "Kutse Octavosse: Tallinna Kool");
    assert!(estonian.text.contains("aegub 28. novembril 2026 kell 14.30 (EET)."), "{}", estonian.text);
}

#[test]
fn a_letter_to_the_old_address_does_not_tell_the_new_one() {
    let letter = Letter::EmailChanged { address: "mari.maasikas@example.org".to_string() };
    let page = page(&letter, Language::English).unwrap();
    assert!(page.text.contains("m•••@example.org") && !page.text.contains("mari"));
}

#[test]
fn a_name_is_text_and_never_html() {
    let page = page(&invitation("<script>alert('x')</script> & \"Co\"", LINK), Language::English).unwrap();
    assert!(page.text.contains("<script>alert('x')</script> & \"Co\""));
    assert!(page.html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;Co&quot;"));
    assert!(!page.html.contains("<script"));
}

#[test]
fn a_name_that_would_begin_a_header_or_turn_the_line_is_refused() {
    let long = "k".repeat(301);
    for name in ["Kool\r\nBcc: all@example.org", "Kool\nX: y", "Kool\0", "Kool\u{202e}gro.evil", "Kool\u{2028}x", &long]
    {
        let refused = page(&invitation(name, LINK), Language::English);
        assert!(matches!(refused, Err(MailError::BadText("organisation"))), "{name:?}");
    }
}

#[test]
fn a_link_leads_to_the_web_or_nowhere() {
    for link in [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/invitation",
        "mailto:a@example.org",
        "https://",
        "https://example.org/\r\nBcc: x",
        "https://example.org/ x",
    ] {
        let refused = page(&invitation("Kool", link), Language::English);
        assert!(matches!(refused, Err(MailError::BadLink)), "{link:?}");
    }
    let page = page(&invitation("Kool", "https://example.org/a?b=1&c='2\"><b>"), Language::English).unwrap();
    assert!(page.html.contains("href=\"https://example.org/a?b=1&amp;c=%272%22%3E%3Cb%3E\""), "{}", page.html);
}

#[test]
fn what_is_printed_of_a_letter_is_its_kind_alone() {
    assert_eq!(format!("{:?}", invitation("Kool", LINK)), "Letter(invitation)");
}

proptest! {
    /// Whatever stands in a name, it adds no element to the HTML and no line to the subject.
    #[test]
    fn no_name_adds_an_element(name in "\\PC{0,60}") {
        let plain = page(&invitation("Kool", LINK), Language::English).unwrap();
        if let Ok(page) = page(&invitation(&name, LINK), Language::English) {
            prop_assert_eq!(page.html.matches('<').count(), plain.html.matches('<').count());
            prop_assert_eq!(page.html.matches('"').count(), plain.html.matches('"').count());
            prop_assert!(!page.subject.chars().any(char::is_control));
        }
    }
}
