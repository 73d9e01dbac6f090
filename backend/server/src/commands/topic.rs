//! `octavo site topic-…`: a topic that is not what was read from it any more.

use anyhow::{bail, ensure};
use chrono::Utc;
use ingest::archive::{put_away, standings};
use ingest::load::batch::LoadError;
use ingest::load::gap::{self, Gap};
use kafka::Consumer;

use crate::cli::TopicArgs;
use crate::connect::Installation;
use crate::topics;

/// Puts the topic away that was read under the name, if the one that is there is another.
pub async fn anew(args: TopicArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    installation.refuse_on_redshift("a topic is put away")?;
    let mut consumer = Consumer::alone(topics::of_site(&installation.config, &args.code)?).await?;
    let away = is_another(&installation, &mut consumer).await;
    let log = consumer.log_name().to_owned();
    consumer.close().await;
    ensure!(away?, "{log} is the topic that is being read, as far as can be told; nothing was changed");
    let name = put_away(&installation.warehouse, &log, Utc::now()).await?;
    println!("what was loaded from the old topic is called {name} now; the new one is read from its beginning");
    installation.close().await
}

/// Whether a partition of it is not what was read.
async fn is_another(installation: &Installation, consumer: &mut Consumer) -> anyhow::Result<bool> {
    let partitions = consumer.partitions().await?;
    ensure!(!partitions.is_empty(), "there is no topic for {}; make it first", consumer.log_name());
    for (partition, position, mark) in standings(&installation.warehouse, consumer.log_name()).await? {
        let partition: i32 = partition.parse()?;
        let mark = mark.map(|mark| mark.parse()).transpose()?;
        // Topics get more partitions, and never fewer.
        if !partitions.contains(&partition) || consumer.differs(partition, position, mark).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Moves positions that retention has passed to the oldest records there are, and says what is lost by it.
pub async fn skip(args: TopicArgs) -> anyhow::Result<()> {
    let installation = Installation::open(&args.at).await?;
    installation.refuse_on_redshift("a gap is passed")?;
    let directory = reference::read::directory(&installation.warehouse).await?;
    let site = directory.site(&args.code).ok_or_else(|| LoadError::NoSite(args.code.clone()))?;
    let mut consumer = Consumer::alone(topics::of_site(&installation.config, &args.code)?).await?;
    let gaps = gaps(&installation, &mut consumer).await;
    let log = consumer.log_name().to_owned();
    consumer.close().await;
    let gaps = gaps?;
    ensure!(!gaps.is_empty(), "nothing of {log} is gone that was not read; nothing was changed");
    for (partition, gap) in gaps {
        let name = partition.to_string();
        let passed = gap::pass(&installation.warehouse, site.id, (&log, &name), gap, Utc::now()).await?;
        ensure!(passed, "partition {partition} of {log} was moved by somebody else meanwhile; look again");
        let Gap { from, to } = gap;
        println!(
            "partition {partition} of {log}: offsets {from} to {} are gone from the topic, {} in all; none of them is in the \
             numbers. It is read on from {to}",
            to - 1,
            to - from
        );
    }
    installation.close().await
}

/// What each partition lost before it was read.
async fn gaps(installation: &Installation, consumer: &mut Consumer) -> anyhow::Result<Vec<(i32, Gap)>> {
    let standings = standings(&installation.warehouse, consumer.log_name()).await?;
    let mut gaps = Vec::new();
    for partition in consumer.partitions().await? {
        let standing = standings.iter().find(|(name, ..)| *name == partition.to_string());
        let (from, mark) = standing.map_or((0, None), |(_, next, mark)| (*next, mark.clone()));
        let mark = mark.map(|mark| mark.parse()).transpose()?;
        // What is in another topic is not lost of this one.
        if let Some(why) = consumer.differs(partition, from, mark).await? {
            bail!(why);
        }
        let (to, _) = consumer.watermarks(partition).await?;
        if from < to {
            gaps.push((partition, Gap { from, to }));
        }
    }
    Ok(gaps)
}
