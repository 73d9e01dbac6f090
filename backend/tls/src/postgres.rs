//! PostgreSQL: what tokio-postgres and sqlx need to know.

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::Tls;
use crate::error::TlsError;
use crate::roots::{self, Authorities};
use crate::said::{self, Asked, is_loopback};

/// A PostgreSQL server as an address names it.
pub struct Server {
    url: String,
    config: Config,
    /// Whom to trust with TLS; `None` for no TLS.
    authorities: Option<Authorities>,
}

impl Server {
    /// Reads an address and the authorities that it names.
    ///
    /// # Errors
    /// When it is not understood, names a file that holds no certificate, or asks for what may go on without TLS.
    pub fn read(address: &str) -> Result<Self, TlsError> {
        let said = said::read(address, "postgres")?;
        let mut config: Config = said.url.parse()?;
        let by_tls = match said.asked {
            Asked::Nothing => !is_here(&config),
            Asked::Disable => false,
            Asked::Require => true,
        };
        let authorities = match (by_tls, &said.authorities) {
            (true, file) => Some(roots::read(file.as_deref())?),
            (false, None) => None,
            (false, Some(_)) => return Err(TlsError::Needless),
        };
        config.ssl_mode(if by_tls { SslMode::Require } else { SslMode::Disable });
        Ok(Self { url: said.url, config, authorities })
    }

    /// The address without what it says of TLS.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// For tokio-postgres, which together with [`Server::tls`] does what the address says.
    pub fn config(&self) -> Config {
        self.config.clone()
    }

    pub fn tls(&self) -> Result<Tls, TlsError> {
        // Without TLS there is nobody to trust.
        Ok(Tls::new(roots::trusting(self.authorities.as_deref().unwrap_or_default())?))
    }

    /// Whom to trust, for libraries with a TLS of their own; `None`: it goes without.
    pub fn authorities(&self) -> Option<Vec<u8>> {
        self.authorities.as_deref().map(roots::pem)
    }
}

/// Whether everywhere it could connect to is this machine.
fn is_here(config: &Config) -> bool {
    // A numeric address beside a host is where it really goes.
    if !config.get_hostaddrs().is_empty() {
        return config.get_hostaddrs().iter().all(|address| address.is_loopback());
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => is_loopback(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goes_by_tls(address: &str) -> bool {
        let server = Server::read(address).unwrap();
        let by_tls = server.config().get_ssl_mode() == SslMode::Require;
        assert_eq!(by_tls, server.authorities().is_some(), "{address}");
        by_tls
    }

    #[test]
    fn beyond_this_machine_there_is_tls_unless_the_address_itself_says_otherwise() {
        for here in [
            "postgres://u@localhost/d",
            "postgres://u@127.0.0.1:5433/d",
            "postgres://u@[::1]/d",
            "postgres://u@%2Frun%2Fpostgresql/d",
            "postgres://u@localhost,127.0.0.1/d",
            "postgres://u@db/d?hostaddr=127.0.0.1",
        ] {
            assert!(!goes_by_tls(here), "{here}");
        }
        let file = authority();
        for beyond in [
            "postgres://u@db/d?",
            "postgres://u@10.0.0.7/d?",
            "postgresql://u@localhost,db/d?",
            "postgres://u@localhost/d?hostaddr=10.0.0.7&",
            "postgres://u@localhost/d?sslmode=require&",
            "postgres://u@127.0.0.1.example.org/d?sslmode=verify-full&",
        ] {
            assert!(goes_by_tls(&format!("{beyond}sslrootcert={}", file.path().display())), "{beyond}");
        }
        assert!(!goes_by_tls("postgres://u@db/d?sslmode=disable"));
    }

    #[test]
    fn authorities_that_are_none_are_refused_with_the_files_name() {
        let empty = tempfile::NamedTempFile::new().unwrap();
        for file in [empty.path().to_str().unwrap(), "/nowhere/ca.pem"] {
            let told = Server::read(&format!("postgres://u:secret@db/d?sslrootcert={file}")).err().unwrap().to_string();
            assert!(told.contains(file) && !told.contains("secret"), "{told}");
        }
        assert!(Server::read("postgres://u@localhost/d?sslrootcert=/nowhere/ca.pem").is_err(), "it would say nothing");
    }

    /// Any certificate: what it is worth is found out when connecting.
    fn authority() -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
        file
    }
}
