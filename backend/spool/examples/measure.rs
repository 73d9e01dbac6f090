//! How fast a spool is on a disk: `cargo run --release -p spool --example measure -- DIR [SECONDS]`.
//!
//! Prints, for each load, appends and records a second and how long an append takes. Run it some times and take medians; the disk
//! decides. Beside it stands the floor: how often a file of the same directory can be synced after 4 KiB each.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use spool::{Reader, Settings, Spool};
use uuid::Uuid;

/// As an event is sent: mostly the same words, and numbers that differ.
fn record(n: u64) -> Vec<u8> {
    let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!(
        r#"{{"id":"{:08x}-{:04x}-7{:03x}-8{:03x}-{mixed:012x}","at":"2026-03-{:02}T10:{:02}:{:02}.{:03}+02:00","kind":"page_view","person":"p-{}","role":"student","school":"ee-{}","book":"978994901{:04}","chapter":"chapter-{}","session":"{:016x}","duration_ms":{},"device":"tablet","query":null,"placement":"toc","campaign":null,"variant":"b","x":0.25,"y":0.75,"props":{{"theme":"dark","zoom":{},"version":"4.12.1"}}}}"#,
        mixed >> 32, mixed & 0xffff, n & 0xfff, mixed & 0xfff, n % 28 + 1, n % 60, mixed % 60, mixed % 1_000,
        mixed % 300_000, mixed % 500, mixed % 900, mixed % 14, mixed.rotate_left(17), mixed % 90_000, n % 4
    )
    .into_bytes()
}

fn floor(dir: &Path, seconds: Duration) -> std::io::Result<f64> {
    let mut file = File::create(dir.join("floor"))?;
    let begun = Instant::now();
    let mut syncs = 0;
    while begun.elapsed() < seconds {
        file.write_all(&[7; 4_096])?;
        file.sync_data()?;
        syncs += 1;
    }
    Ok(f64::from(syncs) / begun.elapsed().as_secs_f64())
}

/// Appends from so many tasks at once, so many records each, while a loader reads and trims beside them.
async fn load(
    dir: &Path,
    appenders: u64,
    batch: u64,
    seconds: Duration,
    loader: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    let _ = std::fs::remove_dir_all(dir);
    let spool = Arc::new(Spool::open(Settings::new(dir, 8 << 30), Uuid::from_u128(1))?);
    let stop = Arc::new(AtomicBool::new(false));
    let loading = loader.then(|| {
        let (dir, stop) = (dir.to_owned(), Arc::clone(&stop));
        std::thread::spawn(move || loads(&dir, &stop).expect("loads"))
    });
    let begun = Instant::now();
    let tasks: Vec<_> = (0..appenders)
        .map(|appender| {
            let spool = Arc::clone(&spool);
            tokio::spawn(async move {
                let mut took = Vec::new();
                let mut n = appender << 32;
                while begun.elapsed() < seconds {
                    let records = (n..n + batch).map(record).collect();
                    n += batch;
                    let sent = Instant::now();
                    spool.append("ee", records).await.expect("appends");
                    took.push(sent.elapsed());
                }
                took
            })
        })
        .collect();
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await?);
    }
    let elapsed = begun.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    let loaded = loading.map(|thread| thread.join().expect("joins"));
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let appends = took.len() as f64 / elapsed;
    println!(
        "{appenders:>3} appenders x {batch:>3} records{}: {appends:>8.0} appends/s {:>9.0} records/s; ms: median {:.2}, p99 {:.2}, longest {:.1}{}",
        if loader { ", loader" } else { "" },
        appends * batch as f64,
        at(0.5),
        at(0.99),
        at(1.0),
        loaded.map_or(String::new(), |loaded| format!("; loaded {:.0}/s", loaded as f64 / elapsed)),
    );
    Ok(())
}

fn loads(dir: &Path, stop: &AtomicBool) -> Result<u64, spool::SpoolError> {
    let mut reader = Reader::open(dir, Duration::from_secs(5))?;
    let mut from = 0;
    while !stop.load(Ordering::Relaxed) {
        let read = reader.read("ee", from, 5_000, 4 << 20)?;
        match read.last() {
            Some((offset, _)) => from = offset + 1,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
        while reader.trim("ee", from)?.more {}
    }
    Ok(from as u64)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().ok_or("a directory to measure in")?;
    let seconds = Duration::from_secs(arguments.next().map_or(Ok(5), |seconds| seconds.parse())?);
    let dir = Path::new(&dir);
    std::fs::create_dir_all(dir)?;
    println!(
        "one record has {} bytes; {:.0} syncs/s of 4 KiB",
        record(1).len(),
        floor(dir, seconds.min(Duration::from_secs(2)))?
    );
    let spool = dir.join("spool");
    load(&spool, 1, 1, seconds, false).await?;
    load(&spool, 64, 1, seconds, false).await?;
    load(&spool, 64, 1, seconds, true).await?;
    load(&spool, 1, 500, seconds, false).await?;
    load(&spool, 8, 500, seconds, false).await?;
    load(&spool, 8, 500, seconds, true).await?;
    std::fs::remove_dir_all(&spool)?;
    Ok(())
}
