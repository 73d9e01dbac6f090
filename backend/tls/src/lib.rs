//! How what goes to PostgreSQL and Redis is kept from being read on the way. To this machine it goes as it is; beyond it by TLS to a
//! server whose certificate is for the host of the address, unless the address itself says `sslmode=disable`.

mod error;
mod postgres;
mod redis;
mod roots;
mod said;

pub use error::TlsError;
pub use postgres::Server;
pub use redis::client;
pub use tokio_postgres_rustls::MakeRustlsConnect as Tls;
