//! `octavo serve` as it is deployed, in a process of its own, with an account of each role.

use std::path::Path;
use std::process::Stdio;

use access::{KeyScope, Role};
use anyhow::{Context, ensure};
use demo::Platform;
use store::Store;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::asked::{publisher, school};
use crate::database::{Database, now};
use crate::servers::Servers;
use crate::table::{Table, whole};

pub const EMAIL: &str = "owner@example.org";
pub const PASSWORD: &str = "correct horse battery staple";
/// Serving wants one; nothing is sealed with it here.
const SECRET_KEY: &str = "6f8a3b1c9d2e4f507182930a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e";

/// A running server. It ends with this.
pub struct Serving {
    child: Child,
    /// Host and port.
    pub address: String,
    keys: Vec<(Role, String)>,
}

impl Serving {
    /// Serves the database; the servers' Redis is used where there is one.
    pub async fn start(servers: &Servers, database: &Database, platform: &Platform) -> anyhow::Result<Self> {
        Self::start_with(&["serve"], None, servers, database, platform).await
    }

    /// The same, and refreshes the rollups too.
    pub async fn start_working(servers: &Servers, database: &Database, platform: &Platform) -> anyhow::Result<Self> {
        Self::start_with(&["serve", "--all"], None, servers, database, platform).await
    }

    /// The same, and collects into a spool, which it loads.
    pub async fn start_collecting(
        servers: &Servers,
        database: &Database,
        platform: &Platform,
        spool: &Path,
    ) -> anyhow::Result<Self> {
        Self::start_with(&["serve", "--all"], Some(spool), servers, database, platform).await
    }

    async fn start_with(
        arguments: &[&str],
        spool: Option<&Path>,
        servers: &Servers,
        database: &Database,
        platform: &Platform,
    ) -> anyhow::Result<Self> {
        let keys = keys(database, platform).await?;
        let program = std::env::current_exe()?.with_file_name("octavo");
        ensure!(program.exists(), "{} is missing; `make bench` builds it", program.display());
        let mut command = Command::new(program);
        command.args(arguments).env_clear().stdout(Stdio::piped()).kill_on_drop(true);
        command.env("OCTAVO_APP_URL", &database.url).env("OCTAVO_WAREHOUSE_URL", &database.url);
        command.env("OCTAVO_REDIS_URL", servers.redis().unwrap_or_default()).env("OCTAVO_LISTEN", "127.0.0.1:0");
        command.env("OCTAVO_SECRET_KEY", SECRET_KEY);
        if let Some(spool) = spool {
            command.env("OCTAVO_SPOOL", spool);
        }
        // The load comes from one caller, more than any may send.
        for quota in ["CALLER_REQUESTS_PER_SECOND", "ORGANISATION_REQUESTS_PER_SECOND"] {
            command.env(format!("OCTAVO_{quota}"), "1000000000");
        }
        let mut child = command.spawn().context("octavo cannot be started")?;
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let line = lines.next_line().await?.context("octavo ended before it served")?;
        let address = line.strip_prefix("http://").with_context(|| format!("octavo says {line}"))?.to_string();
        Ok(Self { child, address, keys })
    }

    /// A request for a path with the key of a role.
    pub fn request(&self, role: Role, path: &str) -> String {
        let (_, key) = self.keys.iter().find(|(own, _)| *own == role).expect("each role has a key");
        self.request_with(&format!("authorization: Bearer {key}"), path)
    }

    /// A request for a path with a header of its own.
    pub fn request_with(&self, header: &str, path: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{header}\r\n\r\n", self.address)
    }

    /// Memory of the process in MiB: now, and at most until now.
    pub fn memory(&self) -> anyhow::Result<(f64, f64)> {
        memory_of(&self.child)
    }

    /// What the process holds after all it was asked.
    pub fn memory_table(&self) -> anyhow::Result<Table> {
        let (now, most) = self.memory()?;
        let mut table = Table::new("Memory of `octavo serve` under this load", &["", "MiB"]);
        table.row(vec!["at the end".into(), whole(now)]);
        table.row(vec!["at most (target: 400)".into(), whole(most)]);
        Ok(table)
    }

    pub async fn stop(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// Memory of a process in MiB: now, and at most until now.
pub fn memory_of(child: &Child) -> anyhow::Result<(f64, f64)> {
    let pid = child.id().context("octavo has ended")?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let mib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()? / 1024.0)
    };
    mib("VmRSS:").zip(mib("VmHWM:")).context("the memory of octavo cannot be read")
}

/// A key of each role that asks. Accounts of an earlier run serve again.
async fn keys(database: &Database, platform: &Platform) -> anyhow::Result<Vec<(Role, String)>> {
    let store = Store::connect(&database.url).await?;
    let directory = database.directory().await?;
    let mut keys = Vec::new();
    for (role, email, about) in [
        (Role::Owner, EMAIL, None),
        (Role::Publisher, "publisher@example.org", Some(publisher(platform, &directory)?)),
        (Role::SchoolAdmin, "school@example.org", Some(school(platform, &directory)?)),
    ] {
        let accounts = store.accounts();
        let account = match accounts.find_account(email).await? {
            Some(account) => account,
            None => accounts.add_account(email, "Bench", PASSWORD).await?,
        };
        let subjects: Vec<i32> = about.into_iter().collect();
        let organisation = store.organisations().keep("Bench", role.organisation_kind(), &subjects).await?;
        accounts.add_membership(account, organisation, role).await?;
        let (_, key) = store.keys().create(account, "bench", &[KeyScope::UsageRead], None, now()).await?;
        keys.push((role, key));
    }
    store.close().await;
    Ok(keys)
}
