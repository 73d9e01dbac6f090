//! Where the objects are.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, RetryConfig};

use crate::error::StageError;

/// A store that was found by its address.
pub(crate) struct Found {
    pub store: Arc<dyn ObjectStore>,
    pub prefix: Path,
    /// What an object's address begins with, such as `s3://bucket/prefix`.
    pub url: String,
    pub local: Option<PathBuf>,
}

/// A directory, made if there is none, or `s3://bucket/prefix`. Credentials, region and endpoint of a bucket are told by the usual
/// variables, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`, and by settings of the same
/// names.
pub(crate) fn open<'a>(
    address: &str,
    settings: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Found, StageError> {
    let refused = |problem: String| StageError::Address { address: address.to_owned(), problem };
    if let Some(rest) = address.strip_prefix("s3://") {
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        // How often it is tried again is decided in one place, see `patience`.
        let retry = RetryConfig { max_retries: 0, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(retry);
        for (name, value) in settings {
            let key =
                name.to_ascii_lowercase().parse().map_err(|_| refused(format!("{name} is no setting of a bucket")))?;
            builder = builder.with_config(key, value);
        }
        let store = builder.build().map_err(|error| refused(error.to_string()))?;
        let prefix = Path::parse(prefix.trim_end_matches('/')).map_err(|error| refused(error.to_string()))?;
        return Ok(Found {
            store: Arc::new(store),
            prefix,
            url: address.trim_end_matches('/').to_owned(),
            local: None,
        });
    }
    if address.is_empty() || address.contains("://") {
        return Err(refused("it is neither".to_owned()));
    }
    let made = std::fs::create_dir_all(address).and_then(|()| FilePath::new(address).canonicalize());
    let dir = made.map_err(|error| refused(error.to_string()))?;
    let store = LocalFileSystem::new_with_prefix(&dir).map_err(|error| refused(error.to_string()))?;
    let url = format!("file://{}", dir.display());
    Ok(Found { store: Arc::new(store.with_fsync(true)), prefix: Path::default(), url, local: Some(dir) })
}
