//! The wire to the stand-in: PostgreSQL's protocol, message by message, with faults on wish.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use stage::Objects;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::unix::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;

use super::forms::Forms;

/// A listening wire; it ends when this is dropped.
pub struct Wire {
    /// `redshift://…`
    pub url: String,
    pub faults: Arc<Faults>,
    task: JoinHandle<()>,
}

/// What goes wrong on it.
pub struct Faults {
    /// So many statements pass before a connection breaks.
    left: AtomicI64,
    /// The next commit is done, and its answer lost.
    mute: AtomicBool,
}

impl Faults {
    pub fn break_after(&self, statements: i64) {
        self.left.store(statements, Ordering::SeqCst);
    }

    pub fn none(&self) {
        self.left.store(i64::MAX, Ordering::SeqCst);
    }

    /// Whether a connection broke since it was told to.
    pub fn broke(&self) -> bool {
        self.left.load(Ordering::SeqCst) < 0
    }

    pub fn lose_the_next_commit(&self) {
        self.mute.store(true, Ordering::SeqCst);
    }

    pub fn lost(&self) -> bool {
        !self.mute.load(Ordering::SeqCst)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Wire {
    /// Before the database of this address, whose server listens on a socket of this machine.
    pub async fn open(url: &str, objects: Objects) -> Wire {
        let config: tokio_postgres::Config = url.parse().unwrap();
        let [Host::Unix(folder)] = config.get_hosts() else { panic!("{url}") };
        let socket = folder.join(format!(".s.PGSQL.{}", config.get_ports().first().unwrap_or(&5432)));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (user, name) = (config.get_user().unwrap(), config.get_dbname().unwrap());
        let faults = Arc::new(Faults { left: AtomicI64::new(i64::MAX), mute: AtomicBool::new(false) });
        let forms = Arc::new(Forms::new(url, objects));
        let task = tokio::spawn(listen(listener, socket, forms, faults.clone()));
        Wire { url: format!("redshift://{user}@127.0.0.1:{port}/{name}"), faults, task }
    }
}

async fn listen(listener: TcpListener, socket: PathBuf, forms: Arc<Forms>, faults: Arc<Faults>) {
    while let Ok((client, _)) = listener.accept().await {
        let (socket, forms, faults) = (socket.clone(), forms.clone(), faults.clone());
        tokio::spawn(async move {
            // Whichever end goes, the other is told by the connection's end.
            let _ = attend(client, &socket, &forms, &faults).await;
        });
    }
}

async fn attend(client: TcpStream, socket: &Path, forms: &Forms, faults: &Faults) -> io::Result<()> {
    client.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, mut to_server) = UnixStream::connect(socket).await?.into_split();
    let mut from_client = BufReader::new(from_client);
    // The first message has no kind: a beginning, or the wish to cancel.
    let length = from_client.read_u32().await?;
    let body = body(&mut from_client, length).await?;
    to_server.write_all(&[&length.to_be_bytes()[..], &body].concat()).await?;
    let back = Arc::new(Back { muted: AtomicBool::new(false), done: Notify::new() });
    let answers = Ends(tokio::spawn(answer(from_server, to_client, back.clone())));
    loop {
        let kind = from_client.read_u8().await?;
        let length = from_client.read_u32().await?;
        let mut body = self::body(&mut from_client, length).await?;
        let mut last = false;
        if let b'Q' | b'P' = kind {
            if faults.left.fetch_sub(1, Ordering::SeqCst) <= 0 {
                return Ok(());
            }
            // A name comes before the text of what is prepared.
            let start = if kind == b'P' { end(&body, 0) + 1 } else { 0 };
            let stop = end(&body, start);
            let text = String::from_utf8_lossy(&body[start..stop]).into_owned();
            last = text == "COMMIT" && faults.mute.swap(false, Ordering::SeqCst);
            let text = forms.of(&text).await;
            body = [&body[..start], text.as_bytes(), &body[stop..]].concat();
        }
        back.muted.store(last, Ordering::SeqCst);
        let head = [&[kind][..], &(body.len() as u32 + 4).to_be_bytes()].concat();
        to_server.write_all(&[&head[..], &body].concat()).await?;
        if last {
            back.done.notified().await;
            drop(answers);
            return Ok(());
        }
    }
}

async fn body(from: &mut (impl AsyncReadExt + Unpin), length: u32) -> io::Result<Vec<u8>> {
    let mut body = vec![0; length.saturating_sub(4) as usize];
    from.read_exact(&mut body).await?;
    Ok(body)
}

/// Where a text ends.
fn end(body: &[u8], start: usize) -> usize {
    start + body[start..].iter().position(|byte| *byte == 0).expect("a text ends")
}

/// What the two directions know of each other.
struct Back {
    muted: AtomicBool,
    done: Notify,
}

/// A task that ends with whoever waits for it.
struct Ends(JoinHandle<io::Result<()>>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn answer(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, back: Arc<Back>) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = server.read(&mut buffer).await?;
        if back.muted.load(Ordering::SeqCst) {
            // Its answer says that it is done.
            back.done.notify_one();
            return Ok(());
        }
        if read == 0 {
            return client.shutdown().await;
        }
        client.write_all(&buffer[..read]).await?;
    }
}
