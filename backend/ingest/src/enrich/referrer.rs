//! Of the address an event came from the host is kept: paths and queries may hold anything.

use url::Url;

use super::{Passed, Step};
use crate::event::Reject;
use crate::load::rows::EventRow;

pub(super) struct Referrer;

impl Step for Referrer {
    fn apply(&self, row: &mut EventRow) -> Result<Passed, Reject> {
        let Some(sent) = row.event.referrer.take() else { return Ok(Passed::AsItWas) };
        row.event.referrer = host(&sent);
        Ok(Passed::Changed)
    }
}

/// The host of a web address, or of what is a host alone; in lower case, without `www.`.
fn host(sent: &str) -> Option<String> {
    let url = match Url::parse(sent) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        Ok(url) if url.has_host() => return None,
        _ => Url::parse(&format!("https://{sent}")).ok()?,
    };
    let host = url.host_str()?.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    host.contains('.').then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_is_kept() {
        for (sent, kept) in [
            ("https://www.Search.example/find?q=a%40b.ee#x", Some("search.example")),
            ("https://user:password@news.example:8443/a", Some("news.example")),
            ("news.example", Some("news.example")),
            ("kool.ee/tund/5?laps=mari", Some("kool.ee")),
            ("https://õpik.ee/", Some("xn--pik-nna.ee")),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("file:///etc/passwd", None),
            ("ftp://files.example/", None),
            ("a pupil's name", None),
            ("localhost", None),
        ] {
            assert_eq!(host(sent).as_deref(), kept, "{sent}");
        }
    }
}
