//! `octavo check`: recomputes every rollup and compares.

use indicatif::ProgressBar;
use ingest::rollup::check::check;

use crate::cli::At;
use crate::connect::Installation;

pub async fn run(at: &At) -> anyhow::Result<()> {
    let installation = Installation::open(at).await?;
    let directory = reference::read::directory(&installation.warehouse).await?;
    let mut sites: Vec<_> = directory.sites.values().collect();
    sites.sort_by(|a, b| a.code.cmp(&b.code));
    let bar = ProgressBar::new_spinner();
    let (mut periods, mut differences) = (0, 0);
    for site in sites {
        let report = check(&installation.warehouse, &installation.model, site, |day| {
            bar.set_message(format!("{} {day}", site.code))
        })
        .await?;
        periods += report.periods;
        differences += report.differences.len();
        for difference in &report.differences {
            bar.suspend(|| println!("{difference}"));
        }
        if report.pending > 0 {
            bar.suspend(|| println!("{}: {} days wait for the refresher and were left out", site.code, report.pending));
        }
    }
    bar.finish_and_clear();
    installation.close().await?;
    println!("checked {periods} periods of rollups: {differences} differ");
    if differences > 0 {
        std::process::exit(1);
    }
    Ok(())
}
