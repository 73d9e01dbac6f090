//! Trying again: a store that is busy, away or slow is asked again after a pause that doubles.

use std::time::Duration;

use object_store::Error;

use crate::error::StageError;

/// How long and how often.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub tries: u32,
    /// Before the second try; doubled before each further one.
    pub pause: Duration,
    /// What one try may take.
    pub each: Duration,
}

impl Default for Patience {
    /// Some 13 seconds of pauses. Whoever needs the object comes back after that.
    fn default() -> Self {
        Self { tries: 8, pause: Duration::from_millis(100), each: Duration::from_secs(30) }
    }
}

/// What is said of a thing that may work when it is asked again.
pub(crate) enum Failed {
    /// 429, 5xx, a connection that broke. Also a request whose answer was lost: whether it was done nobody knows.
    Perhaps(String),
    Certainly(StageError),
}

impl From<StageError> for Failed {
    fn from(error: StageError) -> Self {
        Failed::Certainly(error)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        match error {
            Error::Generic { .. } | Error::JoinError { .. } => Failed::Perhaps(error.to_string()),
            Error::NotFound { path, .. } => Failed::Certainly(StageError::Missing(path)),
            error => Failed::Certainly(StageError::Refused(error)),
        }
    }
}

impl Patience {
    /// Does it until it is done, or is certain to fail, or was tried often enough.
    pub(crate) async fn with<T, F: Future<Output = Result<T, Failed>>>(
        self,
        mut doing: impl FnMut() -> F,
    ) -> Result<T, StageError> {
        let mut pause = self.pause;
        let mut tries = 0;
        loop {
            tries += 1;
            let last = match tokio::time::timeout(self.each, doing()).await {
                Ok(Ok(done)) => return Ok(done),
                Ok(Err(Failed::Certainly(error))) => return Err(error),
                Ok(Err(Failed::Perhaps(last))) => last,
                Err(_) => format!("no answer within {} s", self.each.as_secs()),
            };
            if tries >= self.tries {
                return Err(StageError::Unavailable { tries, last });
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }
}
