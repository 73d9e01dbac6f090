//! The CPU that a load takes, which a busy machine changes less than the time.

use std::fs;
use std::time::Duration;

use anyhow::Context;

use crate::servers::Servers;

/// The kernel tells CPU time to programs in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// Microseconds in the loader, and in PostgreSQL.
pub struct Cpu {
    pub loader: f64,
    pub postgres: f64,
}

impl Cpu {
    /// What both have taken so far.
    pub fn now(loader: u32, servers: &Servers) -> anyhow::Result<Self> {
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        Ok(Self { loader: micros(read(loader)?.own), postgres: micros(of_server(servers.postgres())?) })
    }

    /// What both took since then for each of so many events.
    pub fn since(&self, loader: u32, servers: &Servers, events: usize) -> anyhow::Result<Self> {
        let now = Self::now(loader, servers)?;
        let each = |then: f64, now: f64| (now - then) / events as f64;
        Ok(Self { loader: each(self.loader, now.loader), postgres: each(self.postgres, now.postgres) })
    }
}

/// What a server has taken so far with all processes that it started, also those that have ended.
fn of_server(pid: u32) -> anyhow::Result<Duration> {
    let server = read(pid)?;
    let mut all = server.own + server.ended;
    for entry in fs::read_dir("/proc")? {
        let Some(other) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // One that has just ended is counted by its parent.
        if let Ok(process) = read(other)
            && process.parent == pid
        {
            all += process.own;
        }
    }
    Ok(all)
}

struct Process {
    parent: u32,
    own: Duration,
    /// Of its children that have ended.
    ended: Duration,
}

fn read(pid: u32) -> anyhow::Result<Process> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat"))?).with_context(|| format!("the CPU of {pid} cannot be read"))
}

/// `proc(5)`: the name, which may hold anything, in brackets; then state, parent, … and the four times from the 12th on.
fn parse(stat: &str) -> Option<Process> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| Some(TICK * fields.get(at)?.parse().ok()?);
    Some(Process { parent: fields.get(1)?.parse().ok()?, own: ticks(11)? + ticks(12)?, ended: ticks(13)? + ticks(14)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "7 (a) b c) S 3 7 7 0 -1 4194304 1 2 3 4 100 20 7 1 20 0 1 0 9";
        let process = parse(stat).unwrap();
        assert_eq!((process.parent, process.own.as_millis(), process.ended.as_millis()), (3, 1200, 80));
    }
}
