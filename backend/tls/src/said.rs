//! What an address says of TLS, in the words of libpq: `sslmode` and `sslrootcert`. They are taken out of it, for each library reads
//! them in its own way, and some not at all.

use std::net::IpAddr;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::error::TlsError;

/// Whether TLS was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Nothing was said: what is right for the host.
    Nothing,
    /// Never.
    Disable,
    /// Always. The certificate is looked at in any case, so that all ways to ask for it are one.
    Require,
}

/// An address without what it says of TLS, and that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub url: String,
    pub asked: Asked,
    /// A file with the authorities to trust, in place of the system's.
    pub authorities: Option<PathBuf>,
}

pub(crate) fn read(url: &str, scheme: &'static str) -> Result<Said, TlsError> {
    if !url.contains("://") {
        return Err(TlsError::NoUrl(scheme));
    }
    let (mut mode, mut authorities) = (None, None);
    let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let mut rest = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
        let said = match name {
            "sslmode" => mode.replace(value),
            "sslrootcert" => authorities.replace(value),
            _ => {
                rest.push(pair);
                None
            }
        };
        if said.is_some() {
            return Err(TlsError::Twice);
        }
    }
    let asked = match mode.as_deref() {
        None => Asked::Nothing,
        Some("disable") => Asked::Disable,
        Some("require" | "verify-ca" | "verify-full") => Asked::Require,
        Some(mode @ ("allow" | "prefer")) => return Err(TlsError::Undecided(mode.into())),
        Some(mode) => return Err(TlsError::Mode(mode.into())),
    };
    let url =
        if rest.is_empty() { format!("{base}{fragment}") } else { format!("{base}?{}{fragment}", rest.join("&")) };
    // As libpq has it, `system` is what is trusted without a word.
    let authorities = authorities.filter(|file| file != "system").map(PathBuf::from);
    Ok(Said { url, asked, authorities })
}

/// Whether a name or address is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_of_tls_is_taken_out_of_it() {
        for (address, url, asked, file) in [
            ("postgres://u:p@h/d", "postgres://u:p@h/d", Asked::Nothing, None),
            ("postgres://h/d?sslmode=disable", "postgres://h/d", Asked::Disable, None),
            ("postgres://h/d?a=1&sslmode=require&b=2", "postgres://h/d?a=1&b=2", Asked::Require, None),
            ("postgres://h/d?sslmode=verify-ca", "postgres://h/d", Asked::Require, None),
            (
                "postgres://h/d?sslrootcert=%2Fca%20s.pem&sslmode=verify-full",
                "postgres://h/d",
                Asked::Require,
                Some("/ca s.pem"),
            ),
            ("rediss://h/1?sslrootcert=ca.pem#insecure", "rediss://h/1#insecure", Asked::Nothing, Some("ca.pem")),
            ("postgres://h/d?sslrootcert=system", "postgres://h/d", Asked::Nothing, None),
        ] {
            let said = read(address, "postgres").unwrap();
            assert_eq!(said, Said { url: url.into(), asked, authorities: file.map(PathBuf::from) }, "{address}");
        }
    }

    #[test]
    fn what_would_go_on_without_tls_and_what_is_not_understood_is_refused() {
        for wrong in [
            "host=db sslmode=disable",
            "postgres://h?sslmode=prefer",
            "postgres://h?sslmode=allow",
            "postgres://h?sslmode=",
            "postgres://h?sslmode=Disable",
            "postgres://h?sslmode=verify-full&sslmode=disable",
        ] {
            let told = read(wrong, "postgres").unwrap_err().to_string();
            assert!(!told.contains("//h"), "{told}");
        }
    }

    #[test]
    fn this_machine_is_known() {
        assert!(["localhost", "127.0.0.1", "127.9.9.9", "::1"].into_iter().all(is_loopback));
        assert!(!["db", "127.0.0.1.example.org", "10.0.0.1", "localhost.example.org", ""].into_iter().any(is_loopback));
    }
}
