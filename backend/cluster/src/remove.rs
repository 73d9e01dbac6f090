//! Forgetting what a data directory holds.

use std::fs;
use std::path::Path;

use nix::sys::signal::Signal;

use crate::error::ClusterError;
use crate::place::{LOCATION, POSTGRES_DATA, Place, REDIS_DATA};
use crate::{postgres, process, redis};

/// Removes everything the servers keep for a data directory. What else is in the directory stays, and so does the
/// directory; one that does not exist is fine.
///
/// # Errors
/// [`ClusterError::AlreadyRunning`] while a server runs on it; input and output errors.
pub async fn remove(dir: &Path) -> Result<(), ClusterError> {
    let Some(place) = Place::find(dir) else { return Ok(()) };
    let locks = [place.lock(postgres::NAME)?, place.lock(redis::NAME)?];
    let left_over = [(postgres::NAME, postgres::live(&place)), (redis::NAME, redis::live(&place))];
    for (name, live) in left_over {
        if let Some((pid, data)) = live {
            process::stop_left_over(name, pid, &data, Signal::SIGINT).await?;
        }
    }
    let sockets = place.sockets();
    for path in
        [place.home.join(POSTGRES_DATA), place.home.join(postgres::UNFINISHED), place.home.join(REDIS_DATA), sockets]
    {
        gone(fs::remove_dir_all(&path), &path)?;
    }
    if place.home != place.dir {
        gone(fs::remove_dir_all(&place.home), &place.home)?;
    }
    for name in [LOCATION, "postgres.log", "redis.log", "postgres.lock", "redis.lock"] {
        let path = place.dir.join(name);
        gone(fs::remove_file(&path), &path)?;
    }
    drop(locks);
    Ok(())
}

/// That something is not there is no error for who wants it gone.
fn gone(result: std::io::Result<()>, path: &Path) -> Result<(), ClusterError> {
    match result {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(ClusterError::io(path)(e)),
        _ => Ok(()),
    }
}
