//! The names of what is staged, and the manifest: the form that Redshift's COPY reads.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stage::Objects;

/// The folder of the stage within the store.
const FOLDER: &str = "stage";
pub(super) const FILE: &str = "csv.gz";
pub(super) const MANIFEST: &str = "manifest";

/// A file of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub name: String,
    /// Of the packed file.
    pub bytes: u64,
    pub rows: u64,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    url: String,
    mandatory: bool,
    meta: Meta,
}

#[derive(Serialize, Deserialize)]
struct Meta {
    content_length: u64,
}

/// A site's part of the stage.
pub(super) fn of_site(site: &str) -> String {
    format!("{FOLDER}/{site}")
}

/// The name of an object of a range of a log, with what is in it: of whatever is written twice the same, the second time changes
/// nothing. What is no safe character in a key of S3 is written as a hyphen; a topic's name is no more than a help for people.
pub(super) fn name(
    site: &str,
    (source, partition): (&str, &str),
    (first, next): (i64, i64),
    kind: &str,
    bytes: &[u8],
) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.=".contains(c) { c } else { '-' };
    let log: String = format!("{source}={partition}").chars().map(safe).collect();
    let hash = hex::encode(&Sha256::digest(bytes)[..16]);
    format!("{}/{log}/{first:019}-{next:019}-{hash}.{kind}", of_site(site))
}

/// The manifest that names these files, all of them to be there.
pub(super) fn manifest(objects: &Objects, files: &[File]) -> Bytes {
    let entry = |file: &File| Entry {
        url: objects.url(&file.name),
        mandatory: true,
        meta: Meta { content_length: file.bytes },
    };
    let manifest = Manifest { entries: files.iter().map(entry).collect() };
    serde_json::to_vec(&manifest).expect("it is plain").into()
}
