//! The second wall: what the database itself refuses, should everything before it have failed. The rights of the roles that
//! the product works as, the policies that cut rows, the views of the schema `bi`, and the accounts that read them with a
//! login of their own.
//!
//! All of it is sent by the login of the warehouse's address, on a connection of its own; the roles that load and read may
//! not change it.

pub mod accounts;
mod dimensions;
mod error;
pub mod install;
mod policies;
pub mod recorder;
mod rights;
mod statements;
mod usage;

pub use accounts::{Account, NewAccount, Own, Rows};
pub use error::WallError;
pub use install::install;
pub use recorder::{Recorder, Unrecorded};
pub use statements::statements;

use tls::Server;
use tokio_postgres::Client;

/// Connects as the login of the address, which may make roles.
pub async fn connect(url: &str) -> Result<Client, WallError> {
    let server = Server::read(url)?;
    let (client, connection) = server.config().application_name("octavo").connect(server.tls()?).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(%error, "the connection that keeps the BI accounts was lost");
        }
    });
    Ok(client)
}
