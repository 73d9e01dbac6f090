//! What it ran on.

use crate::servers::Servers;

/// Cores, memory and servers, in one line.
pub async fn facts(servers: &Servers) -> anyhow::Result<String> {
    let version = servers.version().await?;
    let cores = std::thread::available_parallelism()?;
    let memory = memory_kib().map_or("unknown".into(), |kib| format!("{:.1} GiB", kib / 1024.0 / 1024.0));
    let redis = if servers.redis().is_some() { "yes" } else { "no" };
    Ok(format!("cores: {cores} · memory: {memory} · PostgreSQL: {version}, durable · Redis: {redis}"))
}

fn memory_kib() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    total.trim().strip_suffix("kB")?.trim().parse().ok()
}
