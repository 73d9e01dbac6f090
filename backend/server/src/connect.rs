//! Reaching an installation: by its addresses, or by a demo's data directory, whether its server runs or not.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use api::{ApiState, Attempts, Connections, Paces, Parts, Quota, Quotas, SessionLimits, TrustedProxies};
use cache::{Answers, NoTier, RedisTier, Tier};
use chrono::{TimeDelta, Utc};
use cluster::{Postgres, PostgresOptions, Redis};
use engine::Engine;
use identity::{ProviderSettings, Providers};
use ingest::enrich::Robots;
use ingest::load::staged::{Limits, Stage};
use mail::{Mailer, SmtpSettings};
use model::Model;
use stage::Objects;
use store::{RedisSessions, Sessions, Store};
use warehouse::{Carriage, Dialect, Warehouse};

use crate::cli::At;
use crate::config::Config;
use crate::demo::SPOOL;
use crate::secrets;

/// What the file of this name says of identity providers; none without one.
fn providers(file: &str) -> anyhow::Result<Providers> {
    if file.is_empty() {
        return Ok(Providers::default());
    }
    let settings = ProviderSettings::read(Path::new(file)).context("OCTAVO_IDENTITY_PROVIDERS cannot be used")?;
    Ok(Providers::open(settings))
}

/// How rows get into a warehouse in Redshift.
fn carriage(config: &Config) -> anyhow::Result<Carriage> {
    ensure!(
        config.store.starts_with("s3://"),
        "a warehouse in Redshift takes rows by files in S3 only; set OCTAVO_STORE to s3://BUCKET/PREFIX"
    );
    ensure!(
        !config.redshift_role.is_empty(),
        "set OCTAVO_REDSHIFT_ROLE to the role with which the cluster reads from OCTAVO_STORE, such as \
         arn:aws:iam::123456789012:role/octavo-load"
    );
    let objects = Objects::open(&config.store).context("OCTAVO_STORE cannot be used")?;
    Ok(Carriage::new(objects, &config.redshift_role)?)
}

/// An installation that can be worked with. Servers that were started for it are stopped with [`Installation::close`].
pub struct Installation {
    pub config: Config,
    pub model: Arc<Model>,
    pub store: Store,
    pub warehouse: Warehouse,
    mailer: Mailer,
    /// Where the loader of a demo keeps its spool, if this is one.
    demo_spool: Option<PathBuf>,
    postgres: Option<Postgres>,
    redis: Option<Redis>,
}

impl Installation {
    /// Opens what `--data` or the settings name, and brings its databases up to date.
    pub async fn open(at: &At) -> anyhow::Result<Installation> {
        let mut config = Config::read()?;
        let mut started = None;
        if let Some(dir) = &at.data {
            let url = match Postgres::attach(dir) {
                Some(url) => url,
                None if dir.exists() => {
                    let postgres = Postgres::start(dir, PostgresOptions::default()).await?;
                    let url = postgres.url().to_string();
                    started = Some(postgres);
                    url
                }
                None => bail!("{} does not exist; start with `octavo demo --data {0}`", dir.display()),
            };
            config.app_url = url.clone();
            config.warehouse_url = url;
            if config.secret_key.is_empty() {
                config.secret_key = secrets::kept_in(dir)?;
            }
        }
        let demo_spool = at.data.as_ref().map(|dir| dir.join(SPOOL));
        Ok(Installation { demo_spool, ..Self::at(config, started, None).await? })
    }

    /// Opens the installation of these settings. The servers given were started for it.
    pub async fn at(config: Config, postgres: Option<Postgres>, redis: Option<Redis>) -> anyhow::Result<Installation> {
        if config.app_url.is_empty() || config.warehouse_url.is_empty() {
            bail!("set OCTAVO_APP_URL and OCTAVO_WAREHOUSE_URL, or name a demo's directory with --data DIR");
        }
        let model = Arc::new(Model::embedded()?);
        let mut warehouse = Warehouse::new(&config.warehouse_url, config.warehouse_connections)?
            .with_statement_timeout(Duration::from_secs(config.statement_timeout_seconds.get().into()));
        if !config.warehouse_reading_url.is_empty() {
            warehouse = warehouse.with_reading_url(&config.warehouse_reading_url, config.warehouse_connections)?;
        }
        let migrated = match warehouse.dialect() {
            Dialect::Postgres => store::migrate::warehouse(&config.warehouse_url).await,
            Dialect::Redshift => {
                warehouse = warehouse.with_carriage(carriage(&config)?);
                store::migrate_redshift::warehouse(&warehouse).await
            }
        };
        migrated.context("the warehouse could not be brought up to date")?;
        store::migrate::app(&config.app_url)
            .await
            .context("the application's database could not be brought up to date")?;
        let store = Store::connect(&config.app_url).await.context("the application's database cannot be reached")?;
        let made = ingest::rollup::install::install(&warehouse, &model).await?;
        if !made.is_empty() {
            tracing::info!(rollups = made.join(", "), "rollups made; their days are computed in the background");
        }
        if warehouse.dialect() == Dialect::Postgres {
            wall::install(&config.warehouse_url, &model)
                .await
                .context("the database's own wall could not be put up")?;
            crate::bi::follow(&store, &config.warehouse_url).await?;
        }
        let mailer = match config.mail_url.as_str() {
            "" => Mailer::none(),
            url => Mailer::smtp(&SmtpSettings::read(url, &config.mail_from)?)?,
        };
        Ok(Installation { config, model, store, warehouse, mailer, demo_spool: None, postgres, redis })
    }

    /// The same with letters laid into a folder.
    pub fn with_letters_in(self, dir: &Path) -> Installation {
        Installation { mailer: Mailer::folder(dir), ..self }
    }

    /// Refuses what is not done with a warehouse in Redshift.
    pub fn refuse_on_redshift(&self, what: &str) -> anyhow::Result<()> {
        ensure!(self.warehouse.dialect() == Dialect::Postgres, "{what} with a warehouse in PostgreSQL only");
        Ok(())
    }

    /// The engine, with Redis as second tier when there is one.
    pub async fn engine(&self) -> anyhow::Result<Arc<Engine>> {
        let tier: Box<dyn Tier> = if self.config.redis_url.is_empty() {
            Box::new(NoTier)
        } else {
            Box::new(RedisTier::new(&self.config.redis_url).context("OCTAVO_REDIS_URL is not understood")?)
        };
        Ok(Arc::new(Engine::open(self.model.clone(), self.warehouse.clone(), Answers::new(tier)).await?))
    }

    /// Sessions in Redis, or in PostgreSQL when there is none.
    async fn sessions(&self) -> anyhow::Result<Sessions> {
        if self.config.redis_url.is_empty() {
            tracing::warn!("no Redis: sessions are kept in PostgreSQL, answers are cached in this process only");
            return Ok(Sessions::Postgres(self.store.sessions()));
        }
        let redis = RedisSessions::connect(&self.config.redis_url).await;
        Ok(Sessions::Redis(
            redis.context("Redis cannot be reached; mend OCTAVO_REDIS_URL, or leave it empty to work without")?,
        ))
    }

    /// What the handlers work with. `listen` tells it of changes that other processes make.
    pub async fn api(&self, engine: Arc<Engine>) -> anyhow::Result<ApiState> {
        let config = &self.config;
        let secret_key = secrets::key(config)?;
        let minutes = |n: NonZeroU32| i64::from(n.get());
        let caller = Quota { per_second: config.caller_requests_per_second, at_once: config.caller_requests_at_once };
        let organisation = Quota {
            per_second: config.organisation_requests_per_second,
            at_once: config.organisation_requests_at_once,
        };
        Ok(ApiState::from(Parts {
            engine,
            store: self.store.clone().with_secret_key(secret_key),
            sessions: self.sessions().await?,
            clock: Arc::new(Utc::now),
            introspection: config.graphql_introspection,
            connections: Connections::default(),
            quotas: Arc::new(Quotas::new(caller, organisation)),
            attempts: Attempts::new(Paces::default()),
            limits: SessionLimits {
                idle_minutes: minutes(config.session_idle_minutes),
                hours: minutes(config.session_hours),
                owner_idle_minutes: minutes(config.owner_session_idle_minutes),
                owner_hours: minutes(config.owner_session_hours),
            },
            proxies: TrustedProxies(config.trusted_proxies),
            providers: providers(&config.identity_providers)?,
            mailer: self.mailer.clone(),
            robots: self.robots()?,
            public_url: config.public_url.clone(),
            collector_url: if config.collector_url.is_empty() { &config.public_url } else { &config.collector_url }
                .clone(),
            security_contact: config.security_contact.clone(),
        }))
    }

    /// Who counts as a robot.
    pub fn robots(&self) -> anyhow::Result<Arc<Robots>> {
        Ok(Arc::new(match self.config.robots.as_str() {
            "" => Robots::default(),
            path => {
                let list = std::fs::read_to_string(path).context("OCTAVO_ROBOTS cannot be read")?;
                Robots::counter(&list).context("OCTAVO_ROBOTS cannot be used")?
            }
        }))
    }

    /// Where what was received is kept, if it is.
    pub fn objects(&self) -> anyhow::Result<Option<Objects>> {
        match self.config.store.as_str() {
            "" => Ok(None),
            address => Ok(Some(Objects::open(address).context("OCTAVO_STORE cannot be used")?)),
        }
    }

    /// Where batches of sites that are loaded by way of files are staged: in the store, or, without one, in a folder within the
    /// spool's. The loader of a spool is on its machine, so it finds there what it wrote.
    pub fn stage(&self) -> anyhow::Result<Option<Stage>> {
        let age = TimeDelta::seconds(self.config.stage_seconds.into());
        let limits = Limits { age, ..Limits::default() };
        let spool = match self.config.spool.as_str() {
            "" => self.demo_spool.clone(),
            spool => Some(spool.into()),
        };
        let objects = match (self.objects()?, spool) {
            (None, None) => return Ok(None),
            (None, Some(spool)) => {
                let beside = spool.join("staged");
                let beside = beside.to_str().context("OCTAVO_SPOOL is not written in UTF-8")?;
                Objects::open(beside).context("there is no room for files beside the spool; set OCTAVO_STORE")?
            }
            (Some(objects), _) => objects,
        };
        Ok(Some(Stage { objects, limits }))
    }

    /// The secret that a site's pseudonyms are made with.
    pub async fn secret(&self, site: &str) -> anyhow::Result<[u8; 32]> {
        Ok(self.store.sites().secret(site).await?)
    }

    /// Closes connections and stops the servers that were started for it.
    pub async fn close(self) -> anyhow::Result<()> {
        self.warehouse.close();
        self.store.close().await;
        if let Some(redis) = self.redis {
            redis.stop().await?;
        }
        if let Some(postgres) = self.postgres {
            postgres.stop().await?;
        }
        Ok(())
    }
}
