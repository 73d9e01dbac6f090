//! A letter's words laid out, as plain text and as HTML.

use std::fmt::Write;

use crate::error::MailError;
use crate::fill::fill;
use crate::language::Language;
use crate::letter::Letter;
use crate::texts;

/// A letter as its recipient reads it.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    /// One line, without control characters.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// One simple column that follows the reader's light or dark colours. No pictures, no fonts, nothing that is fetched.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;padding:24px 12px;background:#f4f5f7;color:#1b1f24;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\
main{max-width:560px;margin:0 auto;padding:28px;background:#fff;border-radius:8px}\
h1{margin:0 0 16px;font-size:20px;line-height:1.3}p{margin:0 0 14px;overflow-wrap:anywhere}\
.go{display:inline-block;padding:10px 20px;border-radius:6px;background:#0b5d7a;color:#fff;font-weight:600;text-decoration:none}\
.small{font-size:13px;color:#57606a}\
@media (prefers-color-scheme:dark){body{background:#15181c;color:#e6e8eb}main{background:#1f2429}\
.go{background:#8fd3ec;color:#10242c}.small,.small a{color:#a9b1ba}}";

/// Lays a letter out.
///
/// # Errors
/// [`MailError::BadText`] when a value holds control characters (a line break in a name would begin a header of its own) or
/// turns the direction of writing, is too long, or would be decoded in a header; and [`MailError::BadLink`] when the link is neither http nor https.
pub fn page(letter: &Letter, language: Language) -> Result<Page, MailError> {
    let (texts, wording, values) = (texts::of(language), letter.wording(language), letter.values(language));
    if let Some((name, _)) = values.iter().find(|(_, value)| is_unfit_text(value)) {
        return Err(MailError::BadText(name));
    }
    let link = letter.link().map(checked).transpose()?;
    let filled = |text: &String| fill(text, &values);
    let subject = filled(&wording.subject);
    let before: Vec<String> = wording.before.iter().map(filled).collect();
    let after: Vec<String> = wording.after.iter().map(filled).collect();

    let mut text = String::new();
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
        lang = language.as_str(),
        title = escaped(&subject),
    );
    for line in &before {
        let _ = write!(text, "{line}\n\n");
        let _ = writeln!(html, "<p>{}</p>", escaped(line));
    }
    if let (Some(link), Some(button)) = (&link, &wording.button) {
        let (href, hint) = (escaped(link), &texts.frame.link);
        let _ = write!(text, "{button}:\n{link}\n\n");
        let _ = writeln!(html, "<p><a class=\"go\" href=\"{href}\">{}</a></p>", escaped(button));
        let _ = writeln!(html, "<p class=\"small\">{}<br><a href=\"{href}\">{href}</a></p>", escaped(hint));
    }
    for line in &after {
        let _ = write!(text, "{line}\n\n");
        let _ = writeln!(html, "<p>{}</p>", escaped(line));
    }
    let footer = &texts.frame.footer;
    let _ = write!(text, "-- \n{footer}\n");
    let _ = write!(html, "<p class=\"small\">{}</p>\n</main>\n</body>\n</html>\n", escaped(footer));
    Ok(Page { subject, text, html })
}

/// Longest value in a letter, in characters: names are shorter, and a letter is no place for others' sermons.
const LONGEST: usize = 300;

/// `=?` begins what a mail program decodes in a header (RFC 2047, section 2), and would smuggle in what is refused here.
fn is_unfit_text(value: &str) -> bool {
    value.contains("=?") || value.chars().count() > LONGEST || value.chars().any(is_unfit)
}

/// Control characters, line and paragraph separators, and the marks that turn the direction of writing, with which a name
/// can make a sentence read as another.
fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
}

/// The link as a URL is written: with nothing in it that could end an attribute or a line.
fn checked(link: &str) -> Result<String, MailError> {
    if link.chars().any(|c| is_unfit(c) || c.is_whitespace()) {
        return Err(MailError::BadLink);
    }
    match url::Url::parse(link) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url.into()),
        _ => Err(MailError::BadLink),
    }
}

/// Text as HTML's, in content and in attributes alike.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
