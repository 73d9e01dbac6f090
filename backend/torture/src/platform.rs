//! The platform that is tortured: two sites with schools, books and write keys, made by the command line as an owner makes them.

use std::path::Path;

use anyhow::Context;
use chrono_tz::Tz;
use store::Store;

use crate::product::Installation;

/// A site.
pub struct SitePlan {
    pub code: &'static str,
    pub zone: Tz,
}

/// On both sides of UTC, so that their days differ.
pub const SITES: [SitePlan; 2] =
    [SitePlan { code: "ee", zone: Tz::Europe__Tallinn }, SitePlan { code: "us", zone: Tz::America__Los_Angeles }];
pub const SCHOOLS: usize = 40;
pub const BOOKS: usize = 60;
/// Of each book.
pub const CHAPTERS: usize = 5;
/// A school that only fresh events name.
pub const PROBED: &str = "probed";

pub fn school(no: usize) -> String {
    format!("S{no}")
}

pub fn book(no: usize) -> String {
    format!("book-{no}")
}

pub fn chapter(no: usize) -> String {
    format!("c{no}")
}

/// What whoever sends and asks has to have.
pub struct Access {
    /// In the order of [`SITES`].
    pub write_keys: Vec<String>,
    pub secrets: Vec<[u8; 32]>,
    /// An API key of an owner.
    pub api_key: String,
}

/// Makes the sites, their reference data and keys.
pub async fn make(at: &Installation, dir: &Path) -> anyhow::Result<Access> {
    at.run(&["migrate"]).await?;
    let mut write_keys = Vec::new();
    for site in &SITES {
        let zone = site.zone.name();
        at.run(&["site", "add", site.code, "--name", site.code, "--zone", zone, "--currency", "EUR"]).await?;
        let mut schools = String::from("id,name,region\n");
        for id in (0..SCHOOLS).map(school).chain([PROBED.to_owned()]) {
            schools += &format!("{id},School {id},county\n");
        }
        bring_in(at, dir, "regions", site.code, "code,name\ncounty,County\n").await?;
        bring_in(at, dir, "schools", site.code, &schools).await?;
        write_keys.push(at.run(&["site", "key", site.code]).await?);
    }
    let mut books = String::from("id,title,publisher,subject,grades,language\n");
    let mut chapters = String::from("book,code,title\n");
    for no in 0..BOOKS {
        let id = book(no);
        books += &format!("{id},Title {id},house,mathematics,{},et\n", 1 + no % 12);
        (0..CHAPTERS).map(chapter).for_each(|code| chapters += &format!("{id},{code},Chapter {code}\n"));
    }
    bring_in(at, dir, "publishers", SITES[0].code, "code,name\nhouse,House\n").await?;
    bring_in(at, dir, "books", SITES[0].code, &books).await?;
    bring_in(at, dir, "chapters", SITES[0].code, &chapters).await?;
    let owner = "owner@torture.example";
    at.run(&["account", "add", "--email", owner, "--role", "owner", "--organisation", "Torture"]).await?;
    let api_key = at.run(&["key", "add", "--account", owner, "--scope", "usage:read"]).await?;
    let store = Store::connect(&at.database_url).await?;
    let mut secrets = Vec::new();
    for site in &SITES {
        secrets.push(store.sites().secret(site.code).await?);
    }
    store.close().await;
    Ok(Access { write_keys, secrets, api_key })
}

async fn bring_in(at: &Installation, dir: &Path, of: &str, site: &str, rows: &str) -> anyhow::Result<()> {
    let file = dir.join(format!("{of}.csv"));
    std::fs::write(&file, rows)?;
    let path = file.to_str().context("the data directory has a name that is no text")?;
    at.run(&["import", "csv", path, "--of", of, "--site", site]).await?;
    Ok(())
}
