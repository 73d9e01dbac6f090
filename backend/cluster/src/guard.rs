//! The guard: stops a server when the process that started it is gone, however that died.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::error::ClusterError;
use crate::user::ServerUser;

/// A shell that waits at the end of a pipe. The kernel closes our end when we die, even by SIGKILL; then the shell sends
/// SIGINT to the server, after having made sure that the number still belongs to a process in that directory.
const SCRIPT: &str = r#"read -r word && exit 0
[ ! -e /proc/self ] || [ "$(readlink "/proc/$1/cwd")" = "$2" ] || exit 0
kill -INT "$1""#;

/// Holds our end of the pipe.
#[derive(Debug)]
pub(crate) struct Guard(Child);

impl Guard {
    /// Guards the server `pid` whose working directory is `dir`.
    pub fn watch(user: ServerUser, pid: u32, dir: &Path) -> Result<Self, ClusterError> {
        let dir = dir.canonicalize().map_err(ClusterError::io(dir))?;
        let shell = Path::new("/bin/sh");
        user.command(shell, Path::new("/"))
            .args(["-c", SCRIPT, "octavo-guard"])
            .arg(pid.to_string())
            .arg(&dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Out of our process group: a Ctrl-C is for us to handle.
            .process_group(0)
            .spawn()
            .map(Self)
            .map_err(ClusterError::io(shell))
    }
}

impl Drop for Guard {
    /// Releases the server: a word through the pipe says that all is well.
    fn drop(&mut self) {
        let released = self.0.stdin.take().is_some_and(|mut pipe| pipe.write_all(b"done\n").is_ok());
        if !released {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}
