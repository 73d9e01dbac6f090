//! The providers' settings: a TOML file with a `[[provider]]` for each, as `docs/identity-providers.example.toml` shows.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;
use url::Url;

use crate::rule::MembershipRule;
use crate::secret::Secret;
use crate::wire;

/// Why the providers' file cannot be used. A secret is never repeated.
#[derive(Debug, Error)]
pub enum SettingsError {
    #[error("{}: {source}", file.display())]
    Unreadable { file: PathBuf, source: std::io::Error },
    #[error("{} is not as it should be, at line {line}: {problem}", file.display())]
    Malformed { file: PathBuf, line: usize, problem: String },
    #[error("{}, provider '{provider}': {problem}", file.display())]
    Bad { file: PathBuf, provider: String, problem: String },
}

/// One provider, checked.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// Its name in addresses: `harid` in `/auth/harid/start`.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// Exactly as its discovery document and its tokens write it.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Secret,
    /// Contains `openid`.
    pub scopes: Vec<String>,
    /// Whether its sign-in counts as two factors.
    pub second_factor: bool,
    /// Whether an address it calls verified may join a person to an account that is here already.
    pub trust_email: bool,
    pub memberships: Vec<MembershipRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    provider: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slug: String,
    title: String,
    issuer: String,
    client_id: String,
    client_secret: Option<Secret>,
    client_secret_file: Option<PathBuf>,
    client_secret_env: Option<String>,
    #[serde(default = "usual_scopes")]
    scopes: Vec<String>,
    #[serde(default)]
    second_factor: bool,
    #[serde(default)]
    trust_email: bool,
    #[serde(default)]
    membership: Vec<MembershipRule>,
}

fn usual_scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_string).to_vec()
}

impl ProviderSettings {
    /// Reads and checks the file. A `client_secret_file` is looked for beside it.
    ///
    /// # Errors
    /// [`SettingsError`], which names the file, the provider and what to do.
    pub fn read(file: &Path) -> Result<Vec<Self>, SettingsError> {
        let unreadable = |source| SettingsError::Unreadable { file: file.to_path_buf(), source };
        let text = std::fs::read_to_string(file).map_err(unreadable)?;
        // The error's own text would show the line, and a secret may stand in it.
        let parsed: File = toml::from_str(&text).map_err(|error| SettingsError::Malformed {
            file: file.to_path_buf(),
            line: error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1),
            problem: error.message().lines().next().unwrap_or_default().to_string(),
        })?;
        let mut settings: Vec<Self> = Vec::new();
        for entry in parsed.provider {
            let provider = entry.slug.clone();
            let bad = |problem| SettingsError::Bad { file: file.to_path_buf(), provider: provider.clone(), problem };
            if settings.iter().any(|known| known.slug == entry.slug) {
                return Err(bad("two providers have this slug: rename one".to_string()));
            }
            settings.push(entry.checked(file).map_err(bad)?);
        }
        Ok(settings)
    }
}

impl Entry {
    fn checked(self, file: &Path) -> Result<ProviderSettings, String> {
        let is_slug = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if self.slug.is_empty() || self.slug.len() > 40 || !self.slug.bytes().all(is_slug) {
            return Err("slug must be 1 to 40 of a-z, 0-9 and -".to_string());
        }
        if self.title.trim().is_empty() {
            return Err("title is empty: it is what people press to sign in".to_string());
        }
        let issuer = Url::parse(&self.issuer).map_err(|_| "issuer is no URL, such as https://harid.ee".to_string())?;
        if !wire::is_secure(&issuer) || issuer.query().is_some() || issuer.fragment().is_some() {
            return Err("issuer must be https (http on this machine only), without ? and #".to_string());
        }
        if self.client_id.is_empty() {
            return Err("client_id is empty: the provider gives one when Octavo is registered there".to_string());
        }
        if !self.scopes.iter().any(|scope| scope == "openid") {
            return Err("scopes lack \"openid\", without which there is no sign-in".to_string());
        }
        if self.scopes.iter().any(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
            return Err("each of scopes is one word".to_string());
        }
        let client_secret = self.secret(file)?;
        if let Some((n, problem)) = (1..).zip(&self.membership).find_map(|(n, rule)| Some((n, rule.problem()?))) {
            return Err(format!("membership {n}: {problem}"));
        }
        Ok(ProviderSettings {
            slug: self.slug,
            title: self.title,
            issuer: self.issuer,
            client_id: self.client_id,
            client_secret,
            scopes: self.scopes,
            second_factor: self.second_factor,
            trust_email: self.trust_email,
            memberships: self.membership,
        })
    }

    fn secret(&self, file: &Path) -> Result<Secret, String> {
        let secret = match (&self.client_secret, &self.client_secret_file, &self.client_secret_env) {
            (Some(secret), None, None) => secret.clone(),
            (None, Some(name), None) => {
                let path = file.parent().unwrap_or(Path::new("")).join(name);
                let text = std::fs::read_to_string(&path)
                    .map_err(|e| format!("client_secret_file {} cannot be read: {e}", path.display()))?;
                Secret::new(text.trim_end_matches(['\r', '\n']))
            }
            (None, None, Some(variable)) => {
                Secret::new(std::env::var(variable).map_err(|_| format!("the variable {variable} is not set"))?)
            }
            _ => return Err("set one of client_secret_env, client_secret_file and client_secret".to_string()),
        };
        match secret.expose().is_empty() {
            true => Err("the client's secret is empty".to_string()),
            false => Ok(secret),
        }
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
