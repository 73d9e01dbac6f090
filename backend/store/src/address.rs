//! The address of a database, as sqlx has to be told of it.

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use tls::Server;

use crate::error::StoreError;

/// With TLS or without, as [`Server`] reads the address. Beside the authorities to trust, sqlx trusts the public ones in any case.
pub(crate) fn read(address: &str) -> Result<PgConnectOptions, StoreError> {
    let server = Server::read(address)?;
    let options: PgConnectOptions = server.url().parse()?;
    Ok(match server.authorities() {
        Some(pem) => options.ssl_mode(PgSslMode::VerifyFull).ssl_root_cert_from_pem(pem),
        None => options.ssl_mode(PgSslMode::Disable),
    })
}
