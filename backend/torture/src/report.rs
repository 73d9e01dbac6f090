//! What a run came to, for people.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::faults::ALL;
use crate::judge::Verdict;
use crate::nemesis::Done;
use crate::oracle::Oracle;

/// Lines that are shown of a finding.
const LINES: usize = 12;

pub fn print(oracle: &Oracle, done: &Done, verdict: &Verdict, sending: Duration, fresh: Option<Duration>) {
    println!("\n{:48} {:>5} {:>14} {:>9} {:>18}", "fault", "times", "whole again in", "at most", "events acked then");
    for fault in ALL {
        let mut healed = done.healed.get(&fault).cloned().unwrap_or_default();
        healed.sort();
        let seconds = |at: Option<&Duration>| at.map_or("-".into(), |took| format!("{:.1} s", took.as_secs_f64()));
        let (middle, most) = (seconds(healed.get(healed.len() / 2)), seconds(healed.last()));
        let acked = verdict.acked_during.get(&fault).copied().unwrap_or_default();
        println!("{fault:48} {:>5} {middle:>14} {most:>9} {acked:>18}", healed.len());
    }
    let events = oracle.acked();
    println!(
        "\n{events} events acknowledged in {:.0} s ({:.0}/s); {} requests refused (503), {} broken off; a stopped loader kept the \
         others waiting {} times",
        sending.as_secs_f64(),
        events as f64 / sending.as_secs_f64(),
        oracle.refused.load(Ordering::Relaxed),
        oracle.cut.load(Ordering::Relaxed),
        done.stalled
    );
    if let Some(fresh) = fresh {
        println!("a fresh event was seen in an answer after {:.1} s", fresh.as_secs_f64());
    }
    println!();
    verdict.holds.iter().for_each(|law| println!("holds: {law}"));
}

/// The first lines of a finding: `octavo check` has one for each period that differs.
pub fn begins(finding: &str) -> String {
    let lines: Vec<&str> = finding.lines().collect();
    let more = lines.len().saturating_sub(LINES);
    let more = if more > 0 { format!("\n  and {more} lines more") } else { String::new() };
    lines[..lines.len().min(LINES)].join("\n  ") + &more
}

/// What was wrong, and where to look.
pub fn findings(verdict: &Verdict, seed: u64, dir: &Path) {
    println!("\nseed {seed}: {} findings", verdict.findings.len());
    verdict.findings.iter().for_each(|finding| println!("* {}", begins(finding)));
    println!("the data, the spool, the claims (oracle.log) and the logs of all processes are in {}", dir.display());
    let Ok(entries) = dir.read_dir() else { return };
    let mut logs: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    logs.retain(|path| {
        path.extension().is_some_and(|e| e == "log") && path.file_name().is_some_and(|n| n != "oracle.log")
    });
    logs.sort();
    for log in logs {
        let text = std::fs::read(&log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().filter(|line| line.contains("ERROR") || line.contains("WARN")).collect();
        println!("\n{} ({} lines of warnings and errors, the last):", log.display(), lines.len());
        lines[lines.len().saturating_sub(5)..].iter().for_each(|line| println!("  {line}"));
    }
}
