//! Records as lines, packed.

use bytes::Bytes;
use serde_json::Value;

/// As the manual of Zstandard calls ordinary.
const LEVEL: i32 = 3;

/// A line a record. What a collector wrote is JSON without line feeds and stands as it is; anything else is written as a text.
pub(super) fn pack(records: &[Vec<u8>]) -> std::io::Result<Bytes> {
    let mut lines = Vec::with_capacity(records.iter().map(|record| record.len() + 1).sum());
    for record in records {
        if record.first() == Some(&b'{') && !record.contains(&b'\n') && std::str::from_utf8(record).is_ok() {
            lines.extend_from_slice(record);
        } else {
            lines.extend(Value::String(String::from_utf8_lossy(record).into_owned()).to_string().into_bytes());
        }
        lines.push(b'\n');
    }
    Ok(zstd::encode_all(lines.as_slice(), LEVEL)?.into())
}

/// The records again, so many of them.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn unpack(packed: &[u8], records: usize) -> Result<Vec<Vec<u8>>, String> {
    let lines = zstd::decode_all(packed).map_err(|error| error.to_string())?;
    let lines = lines.strip_suffix(b"\n").ok_or("it does not end with a line")?;
    let read: Result<Vec<_>, _> = lines.split(|byte| *byte == b'\n').map(record).collect();
    let read = read?;
    if read.len() == records { Ok(read) } else { Err(format!("it has {} records, not {records}", read.len())) }
}

fn record(line: &[u8]) -> Result<Vec<u8>, String> {
    match line.first() {
        Some(b'{') => Ok(line.to_vec()),
        _ => serde_json::from_slice::<String>(line).map(String::into_bytes).map_err(|error| error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let records = [&b"{\"at\":1}"[..], b"", b"two\nlines", b"{\n}", b"\"a text\""].map(<[u8]>::to_vec);
        let packed = pack(&records).unwrap();
        assert_eq!(unpack(&packed, 5).unwrap(), records);
        assert!(unpack(&packed, 4).unwrap_err().contains("5 records"));
        assert!(unpack(&packed[..packed.len() - 3], 5).is_err());
        assert_eq!(packed, pack(&records).unwrap(), "the same records are the same bytes");
    }
}
