//! Many records in one row: their lengths and bytes, compressed together.
//!
//! `zstd( (length: u32 LE, bytes)* )`, with zstd's checksum, so that a bit that rotted is noticed and not loaded.

use std::io;

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

/// The fastest level: the writer compresses between two commits.
const COMPRESSION: i32 = 1;

/// Bytes of the records with their lengths, uncompressed.
pub(crate) fn size(records: &[&[u8]]) -> usize {
    records.iter().map(|record| record.len() + 4).sum()
}

/// Packs records; keeps its tables and its buffer from one to the next.
pub(crate) struct Packer {
    compressor: Compressor<'static>,
    plain: Vec<u8>,
}

impl Packer {
    pub(crate) fn new() -> io::Result<Self> {
        let mut compressor = Compressor::new(COMPRESSION)?;
        compressor.set_parameter(CParameter::ChecksumFlag(true))?;
        Ok(Self { compressor, plain: Vec::new() })
    }

    pub(crate) fn pack(&mut self, records: &[&[u8]]) -> io::Result<Vec<u8>> {
        self.plain.clear();
        for record in records {
            let length = u32::try_from(record.len()).map_err(|_| io::Error::other("a record of more than 4 GB"))?;
            self.plain.extend_from_slice(&length.to_le_bytes());
            self.plain.extend_from_slice(record);
        }
        self.compressor.compress(&self.plain)
    }
}

/// The records of a body of `size` bytes unpacked, in order.
///
/// # Errors
/// What is damaged, in words.
pub(crate) fn unpack(body: &[u8], size: usize, count: usize) -> Result<Vec<Vec<u8>>, String> {
    let plain =
        Decompressor::new().and_then(|mut zstd| zstd.decompress(body, size)).map_err(|error| error.to_string())?;
    if plain.len() != size {
        return Err(format!("{} bytes where {size} were packed", plain.len()));
    }
    let mut records = Vec::with_capacity(count);
    let mut rest = plain.as_slice();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let (record, after) = after.split_at_checked(length).ok_or("a record is cut")?;
        records.push(record.to_vec());
        rest = after;
    }
    if !rest.is_empty() || records.len() != count {
        return Err(format!("{} records where {count} were packed", records.len()));
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let records: [&[u8]; 3] = [b"a", b"", &[7; 70_000]];
        let body = Packer::new().unwrap().pack(&records).unwrap();
        assert!(body.len() < 1_000);
        assert_eq!(unpack(&body, size(&records), 3).unwrap(), records);
        assert!(unpack(&body, size(&records), 2).is_err());
        assert!(unpack(&body, size(&records) - 1, 3).is_err());
    }

    #[test]
    fn a_flipped_bit_anywhere_is_noticed() {
        let plain: Vec<u8> = (0..=255).collect();
        let records: Vec<&[u8]> = (0..40).map(|n| &plain[n..2 * n]).collect();
        let body = Packer::new().unwrap().pack(&records).unwrap();
        for bit in 0..body.len() * 8 {
            let mut rotten = body.clone();
            rotten[bit / 8] ^= 1 << (bit % 8);
            if let Ok(read) = unpack(&rotten, size(&records), records.len()) {
                assert_eq!(read, records, "bit {bit} made other records");
            }
        }
    }
}
