//! Other processes: whether one lives, what it works on, how to stop it.

use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::error::ClusterError;

/// How long a server may take to finish in order before it is told to drop everything.
pub(crate) const STOP_TIMEOUT: Duration = Duration::from_secs(30);

const POLL: Duration = Duration::from_millis(20);

/// Whether `pid` lives and works in `dir`. Numbers of processes are used again, so the number alone proves nothing;
/// both servers make their data directory their working directory.
pub(crate) fn works_in(pid: i32, dir: &Path) -> bool {
    let proc = Path::new("/proc").join(pid.to_string());
    if !Path::new("/proc/self").exists() {
        return pid > 0 && kill(Pid::from_raw(pid), None).is_ok();
    }
    match (proc.join("cwd").read_link(), dir.canonicalize()) {
        (Ok(cwd), Ok(dir)) => cwd == dir,
        _ => false,
    }
}

/// Sends a signal; that there is no such process any more is what the sender wants to hear anyway.
pub(crate) fn send(pid: i32, signal: Signal) {
    if let Err(error) = kill(Pid::from_raw(pid), signal) {
        tracing::debug!(pid, %signal, %error, "signal not delivered");
    }
}

/// Stops a server of a process that is gone: politely, then firmly.
///
/// # Errors
/// [`ClusterError::DoesNotStop`] when even that did not help.
pub(crate) async fn stop_left_over(
    server: &'static str,
    pid: i32,
    dir: &Path,
    polite: Signal,
) -> Result<(), ClusterError> {
    tracing::warn!(server, pid, dir = %dir.display(), "stopping a server that its process left behind");
    for (signal, patience) in
        [(polite, STOP_TIMEOUT), (Signal::SIGQUIT, STOP_TIMEOUT / 3), (Signal::SIGKILL, STOP_TIMEOUT / 6)]
    {
        send(pid, signal);
        let since = Instant::now();
        while since.elapsed() < patience {
            if !works_in(pid, dir) {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
    }
    Err(ClusterError::DoesNotStop { server, pid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_another_process_is_not_taken_for_ours() {
        let me = std::process::id() as i32;
        assert!(works_in(me, &std::env::current_dir().unwrap()));
        assert!(!works_in(me, Path::new("/")));
        assert!(!works_in(i32::MAX, &std::env::current_dir().unwrap()));
    }
}
