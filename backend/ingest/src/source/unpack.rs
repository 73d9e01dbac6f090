//! Finds out how a stream is packed, by its first bytes and not by its name, and unpacks it.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

/// RFC 1952, section 2.3.1.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// RFC 8878, section 3.1.1.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

const RAW_BUFFER: usize = 64 * 1024;

/// What is known about the raw bytes underneath the unpacking.
#[derive(Default)]
pub(super) struct Gauge {
    bytes: AtomicU64,
    failed: AtomicBool,
}

impl Gauge {
    /// Raw bytes read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Whether the device itself failed. If not, an error while reading is damage of the packed data.
    pub(super) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

/// Counts raw bytes and tells failures of the device from damage of the data.
struct Metered {
    inner: Box<dyn Read + Send>,
    gauge: Arc<Gauge>,
}

impl Read for Metered {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(into) {
            Ok(read) => {
                self.gauge.bytes.fetch_add(read as u64, Ordering::Relaxed);
                Ok(read)
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted {
                    self.gauge.failed.store(true, Ordering::Relaxed);
                }
                Err(error)
            }
        }
    }
}

/// The unpacked bytes of `raw`. `name` only matters for a file so short that its first bytes are missing: a
/// `.gz` of no bytes is damaged, not empty.
pub(super) fn unpacked(
    raw: Box<dyn Read + Send>,
    name: &Path,
    gauge: &Arc<Gauge>,
) -> io::Result<Box<dyn BufRead + Send>> {
    let mut raw = BufReader::with_capacity(RAW_BUFFER, Metered { inner: raw, gauge: Arc::clone(gauge) });
    let mut head = Vec::new();
    // A pipe may deliver less than asked for; `take` reads on until it has all four or the end.
    (&mut raw).take(ZSTD.len() as u64).read_to_end(&mut head)?;
    let named = |extension: &str| name.extension() == Some(OsStr::new(extension));
    let gzip = head.starts_with(&GZIP) || (named("gz") && GZIP.starts_with(&head));
    let zstd = head.starts_with(&ZSTD) || (named("zst") && ZSTD.starts_with(&head));
    if (gzip || zstd) && head.is_empty() {
        return Ok(Box::new(BufReader::new(CutOff)));
    }
    let whole = Cursor::new(head).chain(raw);
    Ok(if gzip {
        Box::new(BufReader::with_capacity(RAW_BUFFER, MultiGzDecoder::new(whole)))
    } else if zstd {
        Box::new(BufReader::with_capacity(RAW_BUFFER, zstd::stream::read::Decoder::with_buffer(whole)?))
    } else {
        Box::new(whole)
    })
}

/// A packed stream without a single byte.
struct CutOff;

impl Read for CutOff {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
