//! Binary COPY: the fast way in.

use std::error::Error;
use std::pin::pin;
use std::slice;

use bytes::{BufMut, Bytes, BytesMut};
use futures::SinkExt;
use tokio_postgres::types::{IsNull, ToSql, Type};
use tokio_postgres::{CopyInSink, Transaction};

use crate::pool::WarehouseError;

/// Rows that can be written one after another.
pub trait BinaryRows {
    /// The target with its columns, such as `core.person (site_id, pseudonym, person_no)`.
    fn target(&self) -> &str;
    fn types(&self) -> &[Type];
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Writes the values of row `index`, in the order of the types.
    fn write(&self, index: usize, row: &mut RowWriter<'_>);
}

/// The file header of PostgreSQL's binary format: signature, no flags, no extension. Nothing but the end of the rows follows them.
/// <https://www.postgresql.org/docs/current/sql-copy.html>
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const END: i16 = -1;
const NULL: i32 = -1;

/// Bytes that are sent at once: large enough that waking the connection does not count beside writing them.
const CHUNK: usize = 64 * 1024;

pub(crate) fn copy(target: &str) -> String {
    format!("COPY {target} FROM STDIN BINARY")
}

/// Copies all rows within the transaction; returns how many. While the server takes one chunk in, the next is written.
///
/// # Panics
/// If a row writes fewer or more values than there are types.
pub async fn copy_in(tx: &Transaction<'_>, rows: &impl BinaryRows) -> Result<u64, WarehouseError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let sink: CopyInSink<Bytes> = tx.copy_in(&copy(rows.target())).await?;
    let mut sink = pin!(sink);
    let mut chunk = BytesMut::with_capacity(CHUNK);
    chunk.put_slice(HEADER);
    for index in 0..rows.len() {
        let mut row = RowWriter::begin(&mut chunk, rows.types());
        rows.write(index, &mut row);
        row.end()?;
        // A row is far shorter than a quarter, so that the chunk rarely grows.
        if chunk.len() > CHUNK / 4 * 3 {
            sink.send(std::mem::replace(&mut chunk, BytesMut::with_capacity(CHUNK)).freeze()).await?;
        }
    }
    chunk.put_i16(END);
    sink.send(chunk.freeze()).await?;
    Ok(sink.finish().await?)
}

/// Takes the values of one row, in the order of the types.
pub struct RowWriter<'a> {
    chunk: &'a mut BytesMut,
    types: slice::Iter<'a, Type>,
    flaw: Option<Box<dyn Error + Sync + Send>>,
}

impl<'a> RowWriter<'a> {
    fn begin(chunk: &'a mut BytesMut, types: &'a [Type]) -> Self {
        chunk.put_i16(types.len() as i16);
        Self { chunk, types: types.iter(), flaw: None }
    }

    /// Writes the next value. If it cannot be written the row, and with it the whole copy, fails at its end.
    pub fn put<T: ToSql>(&mut self, value: &T) {
        let kind = self.types.next().expect("a value for each type");
        let start = self.chunk.len();
        self.chunk.put_i32(NULL);
        match value.to_sql_checked(kind, self.chunk) {
            Ok(IsNull::Yes) => {}
            Ok(IsNull::No) => match i32::try_from(self.chunk.len() - start - 4) {
                Ok(length) => self.chunk[start..start + 4].copy_from_slice(&length.to_be_bytes()),
                Err(error) => self.flaw = Some(error.into()),
            },
            Err(error) => self.flaw = Some(error),
        }
    }

    fn end(self) -> Result<(), WarehouseError> {
        assert!(self.types.as_slice().is_empty(), "a value for each type");
        self.flaw.map_or(Ok(()), |flaw| Err(WarehouseError::Unwritable(flaw)))
    }
}
