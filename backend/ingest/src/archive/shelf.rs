//! One site's pieces: writing, reading and forgetting them.

use chrono::{DateTime, Utc};
use reference::Site;
use stage::Objects;
use warehouse::{Dialect, Warehouse};

use super::piece::{self, Piece};
use super::run::Run;
use super::{ArchiveError, lines};

/// One site's part of the archive. Cheap to clone.
#[derive(Clone)]
pub struct Archive {
    objects: Objects,
    site: String,
}

impl Archive {
    pub fn new(objects: Objects, site: &str) -> Self {
        Self { objects, site: site.to_owned() }
    }

    /// Every piece, by log and offset.
    pub async fn pieces(&self) -> Result<Vec<Piece>, ArchiveError> {
        Ok(self.list(&piece::of_site(&self.site)).await?)
    }

    async fn list(&self, folder: &str) -> Result<Vec<Piece>, stage::StageError> {
        Ok(self.objects.list(folder).await?.into_iter().filter_map(Piece::of).collect())
    }

    /// Where the archive of a log ends, 0 where there is none. What is below it is there, readable and durable: whoever wrote the last
    /// piece may not have lived to see to it.
    pub async fn end(&self, source: &str) -> Result<i64, ArchiveError> {
        let pieces = self.list(&piece::of_log(&self.site, source)).await?;
        let Some(last) = pieces.into_iter().max_by_key(|piece| piece.next) else { return Ok(0) };
        self.read(&last).await?;
        self.objects.put(&last.name, self.objects.get(&last.name).await?).await?;
        Ok(last.next)
    }

    /// Writes the records of a log from `first` on; they are there, read back and durable afterwards. Returns where they end.
    pub async fn write(&self, source: &str, first: i64, records: Vec<Vec<u8>>) -> Result<i64, ArchiveError> {
        let next = first + records.len() as i64;
        let name = piece::name(&self.site, source, (first, next));
        let damaged = |what: String| ArchiveError::Damaged { name: name.clone(), what };
        let packed = tokio::task::spawn_blocking(move || lines::pack(&records)).await;
        let packed = packed.map_err(|e| damaged(e.to_string()))?.map_err(|e| damaged(e.to_string()))?;
        self.objects.put(&name, packed).await?;
        Ok(next)
    }

    /// The records of a piece, the first one's offset being [`Piece::first`].
    pub async fn read(&self, piece: &Piece) -> Result<Vec<Vec<u8>>, ArchiveError> {
        let packed = self.objects.get(&piece.name).await?;
        let damaged = |what: String| ArchiveError::Damaged { name: piece.name.clone(), what };
        let records = (piece.next - piece.first) as usize;
        let read = tokio::task::spawn_blocking(move || lines::unpack(&packed, records)).await;
        read.map_err(|error| damaged(error.to_string()))?.map_err(damaged)
    }

    /// Records of a log from an offset on, as many as its piece has; `None` where no piece has it.
    pub async fn from(&self, source: &str, offset: i64) -> Result<Option<Vec<Vec<u8>>>, ArchiveError> {
        let pieces = self.list(&piece::of_log(&self.site, source)).await?;
        let Some(piece) = pieces.into_iter().find(|piece| (piece.first..piece.next).contains(&offset)) else {
            return Ok(None);
        };
        Ok(Some(self.read(&piece).await?.split_off((offset - piece.first) as usize)))
    }

    /// Forgets the pieces that were written before a time; returns how many. While a replay of the site is not ended it may need them.
    pub async fn forget(
        &self,
        warehouse: &Warehouse,
        site: &Site,
        before: DateTime<Utc>,
    ) -> Result<usize, ArchiveError> {
        // There are no replays on Redshift.
        let replays = warehouse.dialect() == Dialect::Postgres;
        if replays && Run::open(&*warehouse.client().await?, site).await?.is_some() {
            return Ok(0);
        }
        let old: Vec<Piece> = self.pieces().await?.into_iter().filter(|piece| piece.written_at < before).collect();
        for piece in &old {
            self.objects.delete(&piece.name).await?;
        }
        Ok(old.len())
    }
}
