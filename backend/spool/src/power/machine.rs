//! A machine with such a disk, as a file system for SQLite.
//!
//! It syncs what SQLite's own file system for Unix syncs and no more: a file when it is told to, and with the first sync of a new
//! journal or log the directory.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Error, ErrorKind, Result};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sqlite_vfs::wip::{WalIndex, WalIndexLock};
use sqlite_vfs::{DatabaseHandle, LockKind, OpenAccess, OpenKind, OpenOptions, Vfs};

use super::disk::Disk;

/// What can be planned to go wrong next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The power goes before this change: nothing works until it is back.
    Power,
    /// This sync fails, as `fsync` does on Linux; other changes pass it.
    Sync,
}

#[derive(Debug)]
pub(super) struct Machine {
    pub(super) disk: Disk,
    pub(super) chance: ChaCha8Rng,
    /// After so many changes the fault happens.
    pub(super) plan: Option<(u64, Fault)>,
    /// Whether the power is gone.
    pub(super) dark: bool,
    /// Bytes of all files after which the disk is full.
    pub(super) capacity: usize,
    /// Changes so far: writes, lengths, deletions and syncs.
    pub(super) changes: u64,
}

pub(super) type Shared = Arc<Mutex<Machine>>;

/// Machines by the directory they have; a test makes as many as it likes.
static MACHINES: LazyLock<Mutex<HashMap<String, Shared>>> = LazyLock::new(|| {
    sqlite_vfs::register(super::VFS, Machines, false).expect("registers");
    Mutex::default()
});

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Machine {
    /// A machine with an empty disk under a directory's name.
    pub(super) fn start(dir: &str, seed: u64) -> Shared {
        let machine = Arc::new(Mutex::new(Self {
            disk: Disk::default(),
            chance: ChaCha8Rng::seed_from_u64(seed),
            plan: None,
            dark: false,
            capacity: usize::MAX,
            changes: 0,
        }));
        lock(&MACHINES).insert(dir.to_owned(), Arc::clone(&machine));
        machine
    }

    pub(super) fn scrap(dir: &str) {
        lock(&MACHINES).remove(dir);
    }

    /// Before each change: does it come to pass?
    fn step(&mut self, sync: bool) -> Result<bool> {
        if self.dark {
            return Err(Error::other("no power"));
        }
        self.changes += 1;
        match &mut self.plan {
            Some((0, Fault::Power)) => {
                self.dark = true;
                Err(Error::other("no power"))
            }
            Some((0, Fault::Sync)) if sync => {
                self.plan = None;
                Ok(false)
            }
            Some((left, _)) => {
                *left = left.saturating_sub(1);
                Ok(true)
            }
            None => Ok(true),
        }
    }

    /// Power is back; the disk has what it has.
    pub(super) fn restart(&mut self) {
        let Self { disk, chance, .. } = self;
        disk.lose_power(chance);
        self.dark = false;
        self.plan = None;
    }

    pub(super) fn forget(&mut self, path: &str) -> Result<()> {
        if let Some(file) = self.disk.find(path) {
            self.step(false)?;
            self.disk.sync(file);
            self.disk.forget(file);
        }
        Ok(())
    }

    pub(super) fn sync_directory(&mut self) -> Result<()> {
        self.step(false)?;
        self.disk.sync_directory();
        Ok(())
    }
}

pub(super) fn of(path: &str) -> Result<Shared> {
    let dir = Path::new(path).parent().and_then(Path::to_str).unwrap_or_default();
    lock(&MACHINES).get(dir).cloned().ok_or_else(|| ErrorKind::NotFound.into())
}

pub(super) fn in_directory(dir: &Path) -> Result<Shared> {
    of(dir.join("any").to_str().unwrap_or_default())
}

struct Machines;

impl Vfs for Machines {
    type Handle = Handle;

    fn open(&self, path: &str, options: OpenOptions) -> Result<Handle> {
        let machine = of(path)?;
        let mut held = lock(&machine);
        if held.dark {
            return Err(Error::other("no power"));
        }
        let creates = matches!(options.access, OpenAccess::Create | OpenAccess::CreateNew);
        let (file, new) = match held.disk.find(path) {
            Some(file) => (file, false),
            None if creates => {
                held.step(false)?;
                (held.disk.make(path), true)
            }
            None => return Err(ErrorKind::NotFound.into()),
        };
        let syncs_directory =
            new && matches!(options.kind, OpenKind::MainJournal | OpenKind::SuperJournal | OpenKind::Wal);
        drop(held);
        Ok(Handle { machine, file, syncs_directory, lock: LockKind::None })
    }

    fn delete(&self, path: &str) -> Result<()> {
        let machine = of(path)?;
        let mut held = lock(&machine);
        held.step(false)?;
        if held.disk.delete(path) { Ok(()) } else { Err(ErrorKind::NotFound.into()) }
    }

    fn exists(&self, path: &str) -> Result<bool> {
        Ok(lock(&*of(path)?).disk.find(path).is_some())
    }

    fn temporary_name(&self) -> String {
        unreachable!("temporary files are kept in memory")
    }

    fn random(&self, buffer: &mut [i8]) {
        buffer.fill(7);
    }

    fn sleep(&self, duration: Duration) -> Duration {
        duration
    }

    fn full_pathname<'a>(&self, path: &'a str) -> Result<Cow<'a, str>> {
        Ok(path.into())
    }
}

pub(super) struct Handle {
    machine: Shared,
    file: usize,
    syncs_directory: bool,
    lock: LockKind,
}

impl DatabaseHandle for Handle {
    type WalIndex = NoSharedMemory;

    fn size(&self) -> Result<u64> {
        Ok(lock(&self.machine).disk.length(self.file) as u64)
    }

    fn read_exact_at(&mut self, buffer: &mut [u8], offset: u64) -> Result<()> {
        let machine = lock(&self.machine);
        if machine.dark {
            return Err(Error::other("no power"));
        }
        let count = machine.disk.read(self.file, offset as usize, buffer);
        buffer[count..].fill(0);
        if count < buffer.len() { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    fn write_all_at(&mut self, buffer: &[u8], offset: u64) -> Result<()> {
        let mut machine = lock(&self.machine);
        let grows = (offset as usize + buffer.len()).saturating_sub(machine.disk.length(self.file));
        if grows > 0 && machine.disk.used() + grows > machine.capacity {
            return Err(ErrorKind::WriteZero.into());
        }
        machine.step(false)?;
        machine.disk.write(self.file, offset as usize, buffer);
        Ok(())
    }

    fn sync(&mut self, _data_only: bool) -> Result<()> {
        let mut machine = lock(&self.machine);
        if !machine.step(true)? {
            let Machine { disk, chance, .. } = &mut *machine;
            disk.sync_failed(self.file, chance);
            return Err(Error::other("the disk"));
        }
        machine.disk.sync(self.file);
        if std::mem::take(&mut self.syncs_directory) {
            machine.sync_directory()?;
        }
        Ok(())
    }

    fn set_len(&mut self, length: u64) -> Result<()> {
        let mut machine = lock(&self.machine);
        // A longer length is only a hint, which SQLite's own file system for Unix does not follow.
        if length as usize > machine.disk.length(self.file) {
            return Ok(());
        }
        machine.step(false)?;
        machine.disk.set_length(self.file, length as usize);
        Ok(())
    }

    fn lock(&mut self, lock: LockKind) -> Result<bool> {
        self.lock = lock;
        Ok(true)
    }

    fn reserved(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn current_lock(&self) -> Result<LockKind> {
        Ok(self.lock)
    }

    fn wal_index(&self, _readonly: bool) -> Result<NoSharedMemory> {
        Err(ErrorKind::Unsupported.into())
    }
}

/// One connection locks the database for itself and keeps the log's index in its own memory.
pub(super) struct NoSharedMemory;

impl WalIndex for NoSharedMemory {
    fn enabled() -> bool {
        false
    }

    fn map(&mut self, _region: u32) -> Result<[u8; 32_768]> {
        Err(ErrorKind::Unsupported.into())
    }

    fn lock(&mut self, _locks: Range<u8>, _lock: WalIndexLock) -> Result<bool> {
        Err(ErrorKind::Unsupported.into())
    }

    fn delete(self) -> Result<()> {
        Ok(())
    }
}
