//! All providers of an installation.

use serde::Serialize;

use crate::provider::Provider;
use crate::settings::ProviderSettings;
use crate::wire;

/// The providers, in the order of the file.
#[derive(Debug, Default)]
pub struct Providers(Vec<Provider>);

/// A provider as the sign-in page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    pub slug: String,
    pub title: String,
}

impl Providers {
    /// Asks none of them anything yet: one that is down keeps nobody from starting.
    pub fn open(settings: Vec<ProviderSettings>) -> Self {
        let client = wire::client();
        Self(settings.into_iter().map(|settings| Provider::new(settings, client.clone())).collect())
    }

    pub fn list(&self) -> Vec<Listed> {
        self.0.iter().map(|p| Listed { slug: p.slug().to_string(), title: p.title().to_string() }).collect()
    }

    pub fn find(&self, slug: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.slug() == slug)
    }
}
