//! What can be wrong with an address. No message repeats it: it holds a password.

use std::path::PathBuf;

use thiserror::Error;

#[derive(Debug, Error)]
pub enum TlsError {
    #[error("it is no URL; begin it with {0}://")]
    NoUrl(&'static str),
    #[error("sslmode={0} would go on without TLS; say sslmode=verify-full, or disable where nobody can listen")]
    Undecided(String),
    #[error("sslmode={0} is not known; say verify-full, or disable where nobody can listen")]
    Mode(String),
    #[error("sslmode and sslrootcert are said once each")]
    Twice,
    #[error(
        "sslrootcert names whom to trust with TLS, and there is none; say sslmode=verify-full too, or leave it out"
    )]
    Needless,
    #[error("Redis beyond this machine is reached with rediss://; say sslmode=disable where nobody can listen")]
    Readable,
    #[error("rediss:// is TLS, which sslmode=disable takes back; begin the address with redis://")]
    Contradiction,
    #[error("#insecure trusts whoever answers; name the authority with sslrootcert=FILE")]
    Insecure,
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("{} holds no certificate of an authority (PEM)", .0.display())]
    NoCertificate(PathBuf),
    #[error("this system trusts no authority: install its ca-certificates, or name one with sslrootcert=FILE")]
    NoRoots,
    #[error("{0}")]
    Tls(#[from] rustls::Error),
    #[error("{0}")]
    Postgres(#[from] tokio_postgres::Error),
    #[error("{0}")]
    Redis(#[from] redis::RedisError),
}
