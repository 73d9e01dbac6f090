//! Whom to trust: the authorities of a file, or else those of this system.

use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::error::TlsError;

pub(crate) type Authorities = Vec<CertificateDer<'static>>;

pub(crate) fn read(file: Option<&Path>) -> Result<Authorities, TlsError> {
    let Some(path) = file else {
        // What of the system's list cannot be read is passed over, as everybody does; it trusts the less.
        let found = rustls_native_certs::load_native_certs().certs;
        return if found.is_empty() { Err(TlsError::NoRoots) } else { Ok(found) };
    };
    let text = std::fs::read(path).map_err(|source| TlsError::File { path: path.into(), source })?;
    let found: Result<Authorities, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(TlsError::NoCertificate(path.into())),
    }
}

/// TLS 1.2 or newer to a server whose certificate comes from one of these; nobody when there are none.
pub(crate) fn trusting(authorities: &[CertificateDer<'static>]) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(authorities.iter().cloned());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

pub(crate) fn pem(authorities: &[CertificateDer]) -> Vec<u8> {
    let block = |certificate: &CertificateDer| {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(certificate))
    };
    authorities.iter().map(block).collect::<String>().into_bytes()
}
