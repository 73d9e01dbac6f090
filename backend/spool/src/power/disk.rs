//! A disk that loses what was not synced.
//!
//! Each file has what a process sees and what the platter has; between the two lie the writes since the file's last sync. When the
//! power goes, any subset of them has reached the platter, sector by sector, and a sector may be torn within the bytes that were
//! written. The same goes for a file's length, and for the entries of the directory. Bytes that nobody wrote do not change: disks
//! write a sector whole or not at all, which SQLite calls powersafe overwrite and assumes on Linux by default.

use std::collections::BTreeMap;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// The least a disk writes at once.
const SECTOR: usize = 512;

type Inode = usize;

#[derive(Debug, Default)]
struct File {
    seen: Vec<u8>,
    platter: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Debug)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

#[derive(Debug, Default)]
pub(super) struct Disk {
    files: Vec<File>,
    /// The directory as a process sees it, and as the platter has it.
    seen: BTreeMap<String, Inode>,
    platter: BTreeMap<String, Inode>,
    /// Entries changed since the directory's last sync: made (with the file) or deleted.
    pending: Vec<(String, Option<Inode>)>,
}

impl Disk {
    pub(super) fn find(&self, name: &str) -> Option<Inode> {
        self.seen.get(name).copied()
    }

    pub(super) fn make(&mut self, name: &str) -> Inode {
        self.files.push(File::default());
        let inode = self.files.len() - 1;
        self.seen.insert(name.to_owned(), inode);
        self.pending.push((name.to_owned(), Some(inode)));
        inode
    }

    pub(super) fn delete(&mut self, name: &str) -> bool {
        let there = self.seen.remove(name).is_some();
        if there {
            self.pending.push((name.to_owned(), None));
        }
        there
    }

    pub(super) fn length(&self, file: Inode) -> usize {
        self.files[file].seen.len()
    }

    /// Bytes of all files together, as `df` would count them.
    pub(super) fn used(&self) -> usize {
        self.seen.values().map(|file| self.files[*file].seen.len()).sum()
    }

    pub(super) fn read(&self, file: Inode, at: usize, into: &mut [u8]) -> usize {
        let from = self.files[file].seen.get(at..).unwrap_or_default();
        let count = from.len().min(into.len());
        into[..count].copy_from_slice(&from[..count]);
        count
    }

    pub(super) fn write(&mut self, file: Inode, at: usize, bytes: &[u8]) {
        let file = &mut self.files[file];
        put(&mut file.seen, at, bytes);
        file.pending.push(Change::Write { at, bytes: bytes.to_vec() });
    }

    pub(super) fn set_length(&mut self, file: Inode, length: usize) {
        let file = &mut self.files[file];
        file.seen.resize(length, 0);
        file.pending.push(Change::Length(length));
    }

    pub(super) fn sync(&mut self, file: Inode) {
        let file = &mut self.files[file];
        for change in file.pending.drain(..) {
            match change {
                Change::Write { at, bytes } => put(&mut file.platter, at, &bytes),
                Change::Length(length) => file.platter.resize(length, 0),
            }
        }
    }

    /// A sync that failed: the machine forgets that the pages were not written. They are still read, and no later sync writes them.
    pub(super) fn sync_failed(&mut self, file: Inode, chance: &mut ChaCha8Rng) {
        let file = &mut self.files[file];
        arrive(&mut file.platter, std::mem::take(&mut file.pending), chance);
    }

    /// Reads come from the platter again.
    pub(super) fn forget(&mut self, file: Inode) {
        let file = &mut self.files[file];
        file.seen = file.platter.clone();
    }

    pub(super) fn sync_directory(&mut self) {
        self.pending.clear();
        self.platter = self.seen.clone();
    }

    /// The power goes, and comes back.
    pub(super) fn lose_power(&mut self, chance: &mut ChaCha8Rng) {
        for (name, inode) in std::mem::take(&mut self.pending) {
            if chance.random() {
                match inode {
                    Some(inode) => self.platter.insert(name, inode),
                    None => self.platter.remove(&name),
                };
            }
        }
        for file in &mut self.files {
            arrive(&mut file.platter, std::mem::take(&mut file.pending), chance);
            file.seen = file.platter.clone();
        }
        self.seen = self.platter.clone();
    }
}

/// Lets some of the changes reach the platter.
fn arrive(platter: &mut Vec<u8>, changes: Vec<Change>, chance: &mut ChaCha8Rng) {
    // Now all of it, now nothing, mostly some: the ends of the range are where orders show.
    let share = [0.0, 0.1, 0.5, 0.9, 1.0][chance.random_range(0..5)];
    for change in changes {
        match change {
            Change::Length(length) if chance.random_bool(share) => platter.resize(length, 0),
            Change::Length(_) => {}
            Change::Write { mut at, bytes } => {
                let mut rest = bytes.as_slice();
                while !rest.is_empty() {
                    let (piece, after) = rest.split_at(rest.len().min(SECTOR - at % SECTOR));
                    if chance.random_bool(share) {
                        put(platter, at, &torn(piece, chance));
                    }
                    at += piece.len();
                    rest = after;
                }
            }
        }
    }
}

/// Usually the piece, sometimes a beginning of it, sometimes with something else behind the tear.
fn torn(piece: &[u8], chance: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = piece.to_vec();
    match chance.random_range(0..20) {
        0 => bytes.truncate(chance.random_range(0..=piece.len())),
        1 => {
            let tear = chance.random_range(0..piece.len());
            chance.fill(&mut bytes[tear..]);
        }
        _ => {}
    }
    bytes
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}
