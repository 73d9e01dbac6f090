//! The demo's accounts: one of each role, with passwords and keys made anew for every data directory.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use access::{Caller, KeyScope, OrganisationKind, Role, may_have_key, reach_of};
use anyhow::Context;
use chrono::Utc;
use demo::Platform;
use serde::{Deserialize, Serialize};
use store::NewOrganisation;

use crate::connect::Installation;
use crate::secret::random_password;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignIns {
    pub url: String,
    pub database_url: String,
    pub accounts: Vec<SignIn>,
    #[serde(default)]
    pub write_keys: Vec<WriteKey>,
}

/// What events of a site are sent with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WriteKey {
    pub site: String,
    pub key: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignIn {
    pub role: String,
    pub email: String,
    pub password: String,
    pub organisation: String,
    pub api_key: String,
}

/// Makes what is missing and writes `sign-ins.json`.
pub async fn make(installation: &Installation, platform: &Platform, data: &Path, url: &str) -> anyhow::Result<SignIns> {
    let path = data.join("sign-ins.json");
    let kept: Option<SignIns> = std::fs::read_to_string(&path).ok().and_then(|t| serde_json::from_str(&t).ok());
    let mut accounts = Vec::new();
    for wanted in wanted(installation, platform).await? {
        let known = kept.iter().flat_map(|k| &k.accounts).find(|a| a.email == wanted.email);
        let works = match known {
            Some(a) => installation.store.accounts().verify(&a.email, &a.password).await?.is_some(),
            None => false,
        };
        accounts.push(match known.filter(|_| works) {
            Some(account) => account.clone(),
            None => wanted.make(installation).await?,
        });
    }
    tree(installation, &accounts).await?;
    let write_keys = write_keys(installation, platform).await?;
    let database_url = installation.config.warehouse_url.clone();
    let sign_ins = SignIns { url: url.into(), database_url, accounts, write_keys };
    write(&path, &sign_ins).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(sign_ins)
}

/// A write key of each site.
async fn write_keys(installation: &Installation, platform: &Platform) -> anyhow::Result<Vec<WriteKey>> {
    let door = installation.store.write_keys();
    let known = door.list().await?;
    let mut keys = Vec::new();
    for site in platform.sites().iter().map(|plan| plan.site.code.clone()) {
        let kept = known.iter().find(|key| key.site_code == site && key.ended_at.is_none());
        let key = match kept {
            Some(kept) => kept.key.clone(),
            None => door.make(&site, "demo", &[], Utc::now()).await?.key,
        };
        keys.push(WriteKey { site, key });
    }
    Ok(keys)
}

/// What stands above the publisher and the county, with the same people in both: there is a group to switch to, and a ministry.
async fn tree(installation: &Installation, accounts: &[SignIn]) -> anyhow::Result<()> {
    let (organisations, people) = (installation.store.organisations(), installation.store.accounts());
    let all = reach_of(&Caller::program(Role::Owner, vec![]));
    for (role, name, kind) in [
        (Role::Publisher, "Demo Publishing Group", OrganisationKind::PublisherGroup),
        (Role::Official, "Ministry of Education", OrganisationKind::Ministry),
    ] {
        let Some(member) = accounts.iter().find(|a| a.role == role.as_str()) else { continue };
        let above = organisations.keep(name, kind, &[]).await?;
        let listed = organisations.list(&all).await?;
        let slug = listed.iter().find(|o| o.id == above).map(|o| o.slug.clone());
        let below = listed.iter().find(|o| o.name == member.organisation && o.kind == role.organisation_kind());
        if let Some(below) = below.filter(|below| below.parent.is_none()) {
            let (name, kind, subjects) = (below.name.clone(), below.kind, below.subjects.clone());
            let new = NewOrganisation { name, kind, parent: slug, subjects, valid_from: None, valid_until: None };
            organisations.change(&below.slug, &new).await?;
        }
        if let Some(account) = people.find_account(&member.email).await? {
            people.add_membership(account, above, role).await?;
        }
    }
    Ok(())
}

struct Wanted {
    role: Role,
    email: String,
    name: &'static str,
    organisation: String,
    subjects: Vec<i32>,
}

async fn wanted(installation: &Installation, platform: &Platform) -> anyhow::Result<Vec<Wanted>> {
    let directory = reference::read::directory(&installation.warehouse).await?;
    let show = platform.showcase();
    let school = directory.school(&format!("{}:{}", show.site, show.school)).context("the demo's school is missing")?;
    let publisher = directory.publisher(&show.publisher).context("the demo's publisher is missing")?;
    let region = directory.region(&format!("{}:{}", show.site, show.region)).context("the demo's region is missing")?;
    let one = |role, email: &str, name, organisation: &str, subjects| Wanted {
        role,
        email: email.into(),
        name,
        organisation: organisation.into(),
        subjects,
    };
    Ok(vec![
        one(Role::Owner, "owner@octavo.example", "Olivia Owner", "Octavo Demo", vec![]),
        one(Role::SchoolAdmin, "school@octavo.example", "Sven Schoolhead", &school.name, vec![school.id]),
        one(Role::Publisher, "publisher@octavo.example", "Paula Publisher", &publisher.name, vec![publisher.id]),
        one(Role::Official, "official@octavo.example", "Otto Official", &region.name, vec![region.id]),
        one(Role::Operator, "operator@octavo.example", "Olga Operator", "Octavo Demo", vec![]),
    ])
}

impl Wanted {
    async fn make(self, installation: &Installation) -> anyhow::Result<SignIn> {
        let accounts = installation.store.accounts();
        let password = random_password()?;
        let account = match accounts.find_account(&self.email).await? {
            Some(account) => {
                accounts.set_password(account, &password, None, Utc::now()).await?;
                account
            }
            None => accounts.add_account(&self.email, self.name, &password).await?,
        };
        let organisations = installation.store.organisations();
        let organisation =
            organisations.keep(&self.organisation, self.role.organisation_kind(), &self.subjects).await?;
        accounts.add_membership(account, organisation, self.role).await?;
        let scopes: Vec<KeyScope> = KeyScope::ALL.into_iter().filter(|s| may_have_key(self.role, *s)).collect();
        // An operator has nothing that a key could do.
        let api_key = match scopes.is_empty() {
            true => String::new(),
            false => installation.store.keys().create(account, "demo", &scopes, None, Utc::now()).await?.1,
        };
        Ok(SignIn {
            role: self.role.to_string(),
            email: self.email,
            password,
            organisation: self.organisation,
            api_key,
        })
    }
}

/// Readable by its owner only: it holds passwords.
fn write(path: &Path, sign_ins: &SignIns) -> anyhow::Result<()> {
    let mut file = std::fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(serde_json::to_string_pretty(sign_ins)?.as_bytes())?;
    Ok(())
}
