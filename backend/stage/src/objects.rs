//! Writing, reading, listing and removing objects.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use tokio::task::spawn_blocking;

use crate::address;
use crate::error::StageError;
use crate::patience::{Failed, Patience};

/// A store of objects. Cheap to clone.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    url: Arc<str>,
    local: Option<PathBuf>,
    patience: Patience,
}

/// An object, as a list tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    pub name: String,
    pub bytes: u64,
    pub written_at: DateTime<Utc>,
}

impl Objects {
    /// Opens what an address names: a directory, which is made if there is none, or `s3://bucket/prefix`.
    ///
    /// # Errors
    /// The address is not understood, or the directory cannot be made. A bucket is not asked yet.
    pub fn open(address: &str) -> Result<Self, StageError> {
        Self::with(address, [])
    }

    /// The same, where settings of a bucket, named as the variables are, are told here.
    ///
    /// # Errors
    /// As of [`Objects::open`].
    pub fn with<'a>(address: &str, settings: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, StageError> {
        let address::Found { store, prefix, url, local } = address::open(address, settings)?;
        Ok(Self { store, prefix, url: url.into(), local, patience: Patience::default() })
    }

    /// Any other store, by an address of its own.
    pub fn over(store: Arc<dyn ObjectStore>, url: &str, patience: Patience) -> Self {
        Self { store, prefix: Path::default(), url: url.into(), local: None, patience }
    }

    /// The whole address of an object, such as `s3://bucket/prefix/name`.
    pub fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }

    /// Writes an object and reads it back. It is durable then. That it is there already with the same bytes is no error.
    ///
    /// # Errors
    /// [`StageError::Other`]: it is there with other bytes, and stays as it is.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), StageError> {
        let path = self.path(name)?;
        self.patience.with(|| self.try_to_put(&path, name, &bytes)).await
    }

    async fn try_to_put(&self, path: &Path, name: &str, bytes: &Bytes) -> Result<(), Failed> {
        let create = PutOptions::from(PutMode::Create);
        match self.store.put_opts(path, bytes.clone().into(), create).await {
            // That it is there may be the first try's work, whose answer was lost.
            Ok(_) | Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let there = self.store.get(path).await?.bytes().await?;
        if there != *bytes {
            return Err(StageError::Other(name.to_owned()).into());
        }
        self.settle(name).await
    }

    /// What another process wrote into a directory and did not live to sync is synced.
    async fn settle(&self, name: &str) -> Result<(), Failed> {
        let Some(dir) = &self.local else { return Ok(()) };
        let file = dir.join(name);
        let synced = spawn_blocking(move || {
            File::open(&file)?.sync_all()?;
            file.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
        });
        match synced.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Failed::Perhaps(error.to_string())),
            Err(error) => Err(Failed::Perhaps(error.to_string())),
        }
    }

    /// Reads an object.
    ///
    /// # Errors
    /// [`StageError::Missing`]: there is none of this name.
    pub async fn get(&self, name: &str) -> Result<Bytes, StageError> {
        let path = self.path(name)?;
        let read = self.patience.with(async || Ok(self.store.get(&path).await?.bytes().await?)).await;
        read.map_err(|error| named(error, name))
    }

    /// The objects whose names begin with these folders, by name.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn list(&self, folder: &str) -> Result<Vec<Object>, StageError> {
        let path = self.path(folder)?;
        let found = self.patience.with(async || Ok(self.store.list(Some(&path)).try_collect::<Vec<_>>().await?));
        let own = self.prefix.parts().count();
        let object = |meta: object_store::ObjectMeta| Object {
            name: meta.location.parts().skip(own).map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/"),
            bytes: meta.size,
            written_at: meta.last_modified,
        };
        let mut objects: Vec<Object> = found.await?.into_iter().map(object).collect();
        objects.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(objects)
    }

    /// Removes an object. That it is gone already is no error.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn delete(&self, name: &str) -> Result<(), StageError> {
        let path = self.path(name)?;
        match self.patience.with(async || Ok(self.store.delete(&path).await?)).await {
            Err(StageError::Missing(_)) => Ok(()),
            other => other,
        }
    }

    fn path(&self, name: &str) -> Result<Path, StageError> {
        // The safe characters of S3's keys, which Redshift's COPY and every file system take too.
        let safe = |c: char| c.is_ascii_alphanumeric() || "-_.=/".contains(c);
        let refused = || StageError::Name(name.to_owned());
        if !name.chars().all(safe) || name.split('/').any(str::is_empty) {
            return Err(refused());
        }
        let own = Path::parse(name).map_err(|_| refused())?;
        Ok(self.prefix.parts().chain(own.parts()).collect())
    }
}

/// By the name it was asked for.
fn named(error: StageError, name: &str) -> StageError {
    match error {
        StageError::Missing(_) => StageError::Missing(name.to_owned()),
        error => error,
    }
}
