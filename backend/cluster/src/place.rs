//! Where the servers of a data directory live: their files, their sockets, their lock.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::error::ClusterError;
use crate::user::ServerUser;

/// The longest path of a Unix socket, in bytes, on Linux.
const LONGEST_SOCKET: usize = 107;

/// The longer of the two sockets' names.
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// The servers' own directories within a place.
pub(crate) const POSTGRES_DATA: &str = "postgres";
pub(crate) const REDIS_DATA: &str = "redis";

/// Remembers, in the data directory, that the servers' files are elsewhere.
pub(crate) const LOCATION: &str = "location";

#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The data directory, as named by the caller but canonical. Logs and locks are here.
    pub dir: PathBuf,
    /// Where the servers' files are: the data directory, unless their user cannot get there.
    pub home: PathBuf,
    pub user: ServerUser,
}

impl Place {
    /// The place of a data directory, which is made if there is none.
    pub fn open(dir: &Path) -> Result<Self, ClusterError> {
        fs::create_dir_all(dir).map_err(ClusterError::io(dir))?;
        let dir = dir.canonicalize().map_err(ClusterError::io(dir))?;
        if let Some(place) = Self::find(&dir) {
            return Ok(place);
        }
        let user = ServerUser::choose(None)?;
        let home = if user.can_enter(&dir) { dir.clone() } else { elsewhere(&dir)? };
        Ok(Self { dir, home, user })
    }

    /// The place of a data directory that servers were started in before; nothing is made.
    pub fn find(dir: &Path) -> Option<Self> {
        let dir = dir.canonicalize().ok()?;
        let home = match fs::read_to_string(dir.join(LOCATION)) {
            Ok(text) => PathBuf::from(text.trim_end_matches('\n')),
            Err(_) => dir.clone(),
        };
        let existing = home.join(POSTGRES_DATA).metadata().or_else(|_| home.join(REDIS_DATA).metadata()).ok()?;
        let user = ServerUser::choose(Some(&existing)).ok()?;
        Some(Self { dir, home, user })
    }

    /// The directory of the sockets: beside the data, or a short one where that path cannot be a socket's.
    pub fn sockets(&self) -> PathBuf {
        let beside = self.home.join("run");
        let path = beside.as_os_str().as_bytes();
        // libpq reads a comma as the end of one host and the start of another, however it is written.
        if path.len() + 1 + SOCKET_NAME.len() <= LONGEST_SOCKET && !path.contains(&b',') {
            return beside;
        }
        // Not the temporary directory of the environment: whoever attaches later may have another environment.
        Path::new("/tmp").join(format!("octavo-{:016x}", fnv(self.home.as_os_str().as_bytes())))
    }

    /// Makes the directory of the sockets. Whoever can enter it can sign in, so it must be the server's user's alone.
    pub fn make_sockets(&self) -> Result<PathBuf, ClusterError> {
        let path = self.sockets();
        self.make_private(&path)?;
        Ok(path)
    }

    /// Makes a directory that only the servers' user may enter, or checks that it is one. The check is not on what a
    /// link points to: in a directory that anyone writes to, the link could be anyone's.
    pub fn make_private(&self, path: &Path) -> Result<(), ClusterError> {
        match DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => self.user.give(path),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                let meta = path.symlink_metadata().map_err(ClusterError::io(path))?;
                match meta.is_dir() && meta.uid() == self.user.uid() && meta.mode() & 0o077 == 0 {
                    true => Ok(()),
                    false => Err(ClusterError::UnsafeDirectory { path: path.to_path_buf() }),
                }
            }
            Err(e) => Err(ClusterError::io(path)(e)),
        }
    }

    /// Locks the data directory for one kind of server. The kernel releases the lock when we are gone, however we went.
    ///
    /// # Errors
    /// [`ClusterError::AlreadyRunning`] when another handle holds it, in this process or another.
    pub fn lock(&self, server: &'static str) -> Result<File, ClusterError> {
        let path = self.dir.join(format!("{server}.lock"));
        let file = File::create(&path).map_err(ClusterError::io(&path))?;
        // A process that is just being started holds what was open here until it runs, so once is not enough.
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
                Err(TryLockError::Error(e)) => return Err(ClusterError::io(&path)(e)),
            }
        }
        Err(ClusterError::AlreadyRunning { server, dir: self.dir.clone() })
    }
}

/// Half a second in all.
const LOCK_TRIES: usize = 25;

/// A new home for servers whose user cannot get into the data directory, such as one below /root.
fn elsewhere(dir: &Path) -> Result<PathBuf, ClusterError> {
    // Never one that was used before: with its data directory gone, nobody asked for the old data.
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |d| d.as_nanos());
    let name = format!("{:016x}-{now:x}", fnv(dir.as_os_str().as_bytes()));
    let open = |path: &Path| DirBuilder::new().mode(0o711).recursive(false).create(path).is_ok();
    let library = Path::new("/var/lib/octavo");
    let home = match library.is_dir() || open(library) {
        true => library.join(name),
        false => std::env::temp_dir().join(format!("octavo-{name}")),
    };
    DirBuilder::new().mode(0o711).create(&home).map_err(ClusterError::io(&home))?;
    let note = dir.join(LOCATION);
    fs::write(&note, format!("{}\n", home.display())).map_err(ClusterError::io(&note))?;
    tracing::info!(dir = %dir.display(), home = %home.display(), "the servers' user cannot enter the data directory");
    Ok(home)
}

/// FNV-1a, 64 bits: short names that are the same in every build.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

/// Percent-encodes all but unreserved characters (RFC 3986, 2.3) and those in `keep`.
pub(crate) fn encode(path: &Path, keep: &[u8]) -> String {
    let mut out = String::new();
    for b in path.as_os_str().as_bytes() {
        match b {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(b) || keep.contains(b) => out.push(char::from(*b)),
            b => out += &format!("%{b:02X}"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_stay_within_what_a_socket_may_be() {
        let place = |home: &str| Place { dir: home.into(), home: home.into(), user: ServerUser::choose(None).unwrap() };
        assert_eq!(place("/srv/octavo").sockets(), Path::new("/srv/octavo/run"));
        let long = place(&format!("/srv/{}", "a".repeat(85)));
        assert!(long.sockets().starts_with("/tmp"));
        assert_ne!(long.sockets(), place(&format!("/srv/{}", "b".repeat(85))).sockets());
        // 89 bytes of home, "/run", "/" and 13 of the name: exactly the limit.
        assert!(place(&format!("/{}", "a".repeat(88))).sockets().ends_with("run"));
        assert!(!place(&format!("/{}", "a".repeat(89))).sockets().ends_with("run"));
    }

    #[test]
    fn encoded_paths_keep_only_plain_characters() {
        assert_eq!(encode(Path::new("/a b/ü,:@%"), b""), "%2Fa%20b%2F%C3%BC%2C%3A%40%25");
        assert_eq!(encode(Path::new("/a b/c.sock"), b"/"), "/a%20b/c.sock");
    }
}
