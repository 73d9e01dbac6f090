//! Redis: a client that does what the address says.

use redis::{Client, ConnectionAddr, IntoConnectionInfo, TlsCertificates};

use crate::error::TlsError;
use crate::roots;
use crate::said::{self, Asked, is_loopback};

/// Connects to nothing yet.
///
/// # Errors
/// When the address is not understood, or what goes there could be read on the way.
pub fn client(address: &str) -> Result<Client, TlsError> {
    let said = said::read(address, "redis")?;
    let info = said.url.as_str().into_connection_info()?;
    match (info.addr(), said.asked) {
        (ConnectionAddr::TcpTls { insecure: true, .. }, _) => Err(TlsError::Insecure),
        (ConnectionAddr::TcpTls { .. }, Asked::Disable) => Err(TlsError::Contradiction),
        (ConnectionAddr::TcpTls { .. }, _) => {
            let authorities = roots::read(said.authorities.as_deref())?;
            let certificates = TlsCertificates { client_tls: None, root_cert: Some(roots::pem(&authorities)) };
            Ok(Client::build_with_tls(info, certificates)?)
        }
        (_, Asked::Require) => Err(TlsError::Readable),
        _ if said.authorities.is_some() => Err(TlsError::Needless),
        (ConnectionAddr::Tcp(host, _), Asked::Nothing) if !is_loopback(host) => Err(TlsError::Readable),
        _ => Ok(Client::open(info)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redis_beyond_this_machine_is_reached_by_tls_unless_the_address_itself_says_otherwise() {
        for sound in [
            "redis://127.0.0.1:6379/1",
            "redis://[::1]",
            "redis://localhost",
            "redis+unix:///run/redis.sock",
            "unix:///run/redis.sock",
            "redis://:secret@cache?sslmode=disable",
        ] {
            assert!(client(sound).is_ok(), "{sound}");
        }
        for readable in [
            "redis://:secret@cache",
            "redis://10.0.0.7:6379",
            "redis://localhost.example.org",
            "redis://localhost?sslmode=require",
            "redis://cache?sslmode=prefer",
            "rediss://cache#insecure",
            "rediss://cache?sslmode=disable",
            "redis://localhost?sslrootcert=/nowhere/ca.pem",
            "rediss://cache?sslrootcert=/nowhere/ca.pem",
            "cache:6379",
        ] {
            let told = client(readable).map(drop).unwrap_err().to_string();
            assert!(!told.contains("secret"), "{told}");
        }
    }
}
