//! A real Apache Kafka: one node, broker and controller in one (KRaft), on free ports of this machine.
//!
//! Its jars come through Maven, once, into `target/kafka`. It ends when it is dropped or its test process ends, however
//! that ends: its keeper reads from a pipe of this process. Its data goes with it.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// How long it may take to start, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(90);

/// An ApiVersions request (key 18, version 0, correlation 1, no client id), with its length before it.
const HELLO: [u8; 14] = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff];

/// A running Apache Kafka. Its methods block.
pub struct Kafka {
    directory: PathBuf,
    port: u16,
    words: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    keeper: Child,
}

impl Kafka {
    /// The one that the tests of a process share. None where it cannot be had: it is said why, once.
    ///
    /// # Panics
    /// As [`Kafka::start`] does.
    pub async fn shared() -> Option<RwLockReadGuard<'static, Kafka>> {
        Some(Self::of_process()?.read().await)
    }

    /// The same one, while no other test uses it.
    ///
    /// # Panics
    /// As [`Kafka::start`] does.
    pub async fn to_oneself() -> Option<RwLockWriteGuard<'static, Kafka>> {
        Some(Self::of_process()?.write().await)
    }

    fn of_process() -> Option<&'static RwLock<Kafka>> {
        static KAFKA: OnceLock<Option<RwLock<Kafka>>> = OnceLock::new();
        let kafka = KAFKA.get_or_init(|| match Kafka::start() {
            Ok(kafka) => Some(RwLock::new(kafka)),
            Err(why) => {
                // Not by a macro: the test harness hides what those print.
                let mut shown = io::stderr().lock();
                writeln!(shown, "SKIPPED: the tests with a real Apache Kafka: {why}").expect("stderr is there");
                None
            }
        });
        kafka.as_ref()
    }

    /// Makes an empty one and starts it.
    ///
    /// # Errors
    /// With a sentence that says why there is none, where Java or Maven are missing or Maven cannot fetch it: then a test
    /// says that it was skipped.
    ///
    /// # Panics
    /// When it is there and does not start.
    pub fn start() -> Result<Self, String> {
        let jars = jars()?;
        let (port, controller) = free_ports();
        let directory = std::env::temp_dir().join(format!("octavo-kafka-{}-{port}", std::process::id()));
        fs::create_dir_all(&directory).expect("the temporary directory can be written");
        let properties = directory.join("server.properties");
        fs::write(&properties, server_properties(&directory, port, controller)).expect("a file can be written there");

        let class_path = jars.join("*");
        let java = |class: &str| {
            let options = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"].map(String::from);
            let mut words = vec!["java".to_string()];
            words.extend(options);
            words.extend([class_path.display().to_string(), class.to_string()]);
            words
        };
        let format = java("kafka.tools.StorageTool");
        let formatted = Command::new(&format[0])
            .args(&format[1..])
            .args(["format", "--cluster-id", &cluster_id(port), "--config"])
            .arg(&properties)
            .output()
            .expect("java was there a moment ago");
        assert!(formatted.status.success(), "Kafka's storage: {}", String::from_utf8_lossy(&formatted.stderr));

        let mut keeper = Command::new("sh")
            .arg(here().join("keep.sh"))
            .arg(&directory)
            .args(java("kafka.Kafka"))
            .arg(&properties)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        let words = keeper.stdin.take();
        let answers = BufReader::new(keeper.stdout.take().expect("it is piped"));
        let mut kafka = Self { directory, port, words, answers, keeper };
        kafka.begin();
        Ok(kafka)
    }

    /// `host:port`.
    pub fn brokers(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Starts it after [`Kafka::stop`] or [`Kafka::kill`], where it was and with what it has.
    pub fn begin(&mut self) {
        self.say("start");
        let until = Instant::now() + PATIENCE;
        while let Err(error) = self.hello() {
            assert!(Instant::now() < until, "Kafka does not start: {error}\n{}", self.log());
            sleep(Duration::from_millis(100));
        }
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(&mut self) {
        self.say("stop");
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.say("kill");
    }

    fn say(&mut self, word: &str) {
        let words = self.words.as_mut().expect("it is there until the end");
        writeln!(words, "{word}").expect("the keeper listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the keeper answers");
        assert_eq!(answer.trim(), word, "the keeper has ended");
    }

    fn hello(&self) -> io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(&HELLO)?;
        stream.read_exact(&mut [0; 8])
    }

    fn log(&self) -> String {
        fs::read_to_string(self.directory.join("server.log")).unwrap_or_default()
    }
}

impl Drop for Kafka {
    fn drop(&mut self) {
        drop(self.words.take());
        let _ = self.keeper.wait();
    }
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kafka")
}

/// The directory with the jars. The first time Maven fills it.
fn jars() -> Result<PathBuf, String> {
    version("java", "-version")?;
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/kafka");
    let jars = target.join("4.1.1");
    if jars.is_dir() {
        return Ok(jars);
    }
    version("mvn", "--version")?;
    // Elsewhere first, so that a directory that is there is whole.
    let filling = target.join(format!("filling-{}", std::process::id()));
    let mvn = Command::new("mvn")
        .args(["--batch-mode", "--quiet", "--file"])
        .arg(here().join("pom.xml"))
        .args(["dependency:copy-dependencies", "-DincludeScope=runtime"])
        .arg(format!("-DoutputDirectory={}", filling.display()))
        .output()
        .map_err(|error| error.to_string())?;
    if !mvn.status.success() {
        let _ = fs::remove_dir_all(&filling);
        let told = String::from_utf8_lossy(&mvn.stdout).lines().next().unwrap_or_default().to_string();
        return Err(format!("Maven could not fetch Apache Kafka: {told}"));
    }
    if fs::rename(&filling, &jars).is_err() {
        // Another test was quicker.
        let _ = fs::remove_dir_all(&filling);
    }
    Ok(jars)
}

fn version(program: &str, flag: &str) -> Result<(), String> {
    let ran = Command::new(program).arg(flag).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if ran.is_ok_and(|status| status.success()) { Ok(()) } else { Err(format!("there is no {program} on the PATH")) }
}

/// Two ports that were free a moment ago. A restart needs the same again, so they cannot be left to the server.
fn free_ports() -> (u16, u16) {
    let [one, two] = [(); 2].map(|()| TcpListener::bind(("127.0.0.1", 0)).expect("a port is free"));
    let port = |l: TcpListener| l.local_addr().expect("it is bound").port();
    (port(one), port(two))
}

/// 16 bytes in base64url, as Kafka wants them; of this server and no other that runs.
fn cluster_id(port: u16) -> String {
    format!("octavo-tests-{port:05}AAAA")
}

fn server_properties(directory: &Path, port: u16, controller: u16) -> String {
    format!(
        "process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
log.retention.ms=-1
",
        data = directory.join("data").display()
    )
}
