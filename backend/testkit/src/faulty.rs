//! An object store in memory that fails when it is told to.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use stage::{Objects, Patience};

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It was never done: 500, 429, no connection.
    Before,
    /// It was done, and the answer was lost.
    After,
    /// It was done, and no answer comes.
    Silence,
}

impl Fault {
    pub const ALL: [Fault; 3] = [Fault::Before, Fault::After, Fault::Silence];
}

/// The store. Its clones are one.
#[derive(Debug, Clone)]
pub struct FaultyStore {
    inner: Arc<InMemory>,
    /// Operations until the next that fails; below 0: none does.
    left: Arc<AtomicI64>,
    fault: Fault,
}

impl FaultyStore {
    pub fn new() -> Self {
        Self { inner: Arc::default(), left: Arc::new(AtomicI64::new(-1)), fault: Fault::Before }
    }

    /// The same objects, where the n-th operation from now on fails, counted from 0.
    pub fn failing(&self, nth: i64, fault: Fault) -> Self {
        Self { inner: self.inner.clone(), left: Arc::new(AtomicI64::new(nth)), fault }
    }

    /// Whether the fault was met.
    pub fn has_failed(&self) -> bool {
        self.left.load(Ordering::Relaxed) < 0
    }

    /// As the product sees it, with so many tries.
    pub fn objects(&self, tries: u32) -> Objects {
        let patience = Patience { tries, pause: Duration::from_millis(1), each: Duration::from_millis(200) };
        Objects::over(Arc::new(self.clone()), "s3://faulty", patience)
    }

    fn fails(&self, when: Fault) -> bool {
        let now = match when {
            Fault::Before => self.left.fetch_sub(1, Ordering::Relaxed) == 0,
            Fault::After | Fault::Silence => self.left.load(Ordering::Relaxed) == -1,
        };
        now && self.fault == when
    }

    fn before(&self) -> Result<()> {
        if self.fails(Fault::Before) { Err(error()) } else { Ok(()) }
    }

    async fn after(&self) -> Result<()> {
        if self.fails(Fault::Silence) {
            tokio::time::sleep(Duration::from_secs(3600)).await;
        }
        if self.fails(Fault::After) { Err(error()) } else { Ok(()) }
    }
}

impl Default for FaultyStore {
    fn default() -> Self {
        Self::new()
    }
}

fn error() -> Error {
    Error::Generic { store: "faulty", source: "500 Internal Server Error".into() }
}

impl fmt::Display for FaultyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FaultyStore")
    }
}

#[async_trait]
impl ObjectStore for FaultyStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.before()?;
        let put = self.inner.put_opts(location, payload, options).await;
        self.after().await?;
        put
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        unreachable!("objects are put whole")
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.before()?;
        let got = self.inner.get_opts(location, options).await;
        self.after().await?;
        got
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let own = self.clone();
        let deleted = locations.then(move |location| {
            let own = own.clone();
            async move {
                own.before()?;
                let one = futures::stream::once(async { location }).boxed();
                let done = own.inner.delete_stream(one).next().await;
                own.after().await?;
                done.unwrap_or_else(|| Err(error()))
            }
        });
        deleted.boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let failing = self.before().err();
        let failing = failing.or_else(|| (self.fails(Fault::After) || self.fails(Fault::Silence)).then(error));
        match failing {
            Some(error) => futures::stream::once(async { Err(error) }).boxed(),
            None => self.inner.list(prefix),
        }
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
