//! The real app over HTTP, on a port of its own, with a fixed clock.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::{KeyScope, Role};
use api::collect::{CollectState, Known};
use api::{ApiState, Attempts, Clock, Connections, Paces, Parts, Quota, Quotas, SessionLimits, TrustedProxies};
use cache::{Answers, NoTier, RedisTier, Tier};
use engine::Engine;
use identity::Providers;
use ingest::enrich::LATEST;
use ingest::load::intake::{Intake, Rules};
use ingest::source::Drain;
use mail::Mailer;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use spool::Spool;
use store::{RedisSessions, SecretKey, Sessions, Store};
use tempfile::TempDir;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::clock::TestClock;
use crate::database::{REDIS, TestDatabase};
use crate::seed;

/// Names of cookies.
pub const SESSION: &str = "__Host-octavo";
pub const BROWSER: &str = "__Host-octavo-browser";
pub const PASSWORD: &str = "correct horse battery staple";

/// A tenant's account.
#[derive(Debug, Clone)]
pub struct User {
    pub email: String,
    pub role: Role,
    pub key: String,
}

/// What differs from the app as it is installed.
pub struct Options {
    pub most_events: Option<f64>,
    /// As a developer runs it: GraphQL tells of its schema.
    pub introspection: bool,
    pub statement_timeout: Duration,
    pub caller: Quota,
    pub organisation: Quota,
    pub paces: Paces,
    pub limits: SessionLimits,
    pub trusted_proxies: usize,
    /// Origins whose pages may send with the write keys; none: any.
    pub write_origins: Vec<String>,
    /// Where people may sign in elsewhere, by the address of the app.
    pub providers: Box<dyn FnOnce(&str) -> Providers + Send>,
}

impl Default for Options {
    /// No test is slowed by quotas that it is not about.
    fn default() -> Self {
        let most = Quota { per_second: NonZeroU32::MAX, at_once: NonZeroUsize::MAX };
        let statement_timeout = Duration::from_secs(30);
        Self {
            most_events: None,
            introspection: false,
            statement_timeout,
            caller: most,
            organisation: most,
            paces: Paces::unlimited(),
            limits: SessionLimits::default(),
            trusted_proxies: 0,
            write_origins: Vec::new(),
            providers: Box::new(|_| Providers::default()),
        }
    }
}

pub struct TestApp {
    pub db: TestDatabase,
    pub engine: Arc<Engine>,
    pub store: Store,
    pub url: String,
    pub users: HashMap<&'static str, User>,
    /// Stands still unless it is moved.
    pub clock: TestClock,
    letters: TempDir,
    spool: TempDir,
    http: Client,
}

/// Name → role, organisation, what it is about.
const USERS: &[(&str, Role, &str, &[&str])] = &[
    ("owner", Role::Owner, "Platform", &[]),
    ("school", Role::SchoolAdmin, "School S1", &["ee:S1"]),
    ("other_school", Role::SchoolAdmin, "School N1", &["us:N1"]),
    ("publisher", Role::Publisher, "Alma", &["alma"]),
    ("other_publisher", Role::Publisher, "Cedar", &["cedar"]),
    ("official", Role::Official, "Harju", &["ee:harju"]),
    ("operator", Role::Operator, "Platform", &[]),
];

impl TestApp {
    /// The seeded platform with an account of every role, two tenants of a kind.
    pub async fn start() -> TestApp {
        let db = TestDatabase::platform().await;
        Self::with(db).await
    }

    /// The app over a database that has its reference data.
    pub async fn with(db: TestDatabase) -> TestApp {
        Self::with_options(db, Options::default()).await
    }

    /// The same with options.
    pub async fn with_options(db: TestDatabase, options: Options) -> TestApp {
        let mut app = Self::of(db, options).await;
        app.add_users().await;
        app
    }

    /// The seeded platform with options.
    pub async fn start_with(options: Options) -> TestApp {
        let db = TestDatabase::platform().await;
        Self::with_options(db, options).await
    }

    async fn add_users(&mut self) {
        for (name, role, organisation, about) in USERS {
            self.add_user(name, *role, organisation, about).await;
        }
    }

    /// A second app beside one with its accounts, that reads fewer events for a question; its owner has a new key.
    pub async fn with_most_events(db: TestDatabase, most_events: f64) -> TestApp {
        let options = Options { most_events: Some(most_events), ..Options::default() };
        let mut app = Self::of(db, options).await;
        let account = app.store.accounts().find_account("owner@example.org").await.unwrap().unwrap();
        let (_, key) = app.store.keys().create(account, "test", &KeyScope::ALL, None, seed::now()).await.unwrap();
        app.users.insert("owner", User { email: "owner@example.org".into(), role: Role::Owner, key });
        app
    }

    /// Another process on the same databases, with the same accounts.
    pub async fn beside(&self) -> TestApp {
        let mut app = Self::of(self.db.again(), Options::default()).await;
        app.users = self.users.clone();
        app
    }

    async fn of(db: TestDatabase, options: Options) -> TestApp {
        let (clock, letters, spool) = (TestClock::default(), TempDir::new().unwrap(), TempDir::new().unwrap());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let providers = (options.providers)(&url);
        let store = Store::connect(&db.url).await.unwrap().with_secret_key(SecretKey::new([9; 32]));
        let tier: Box<dyn Tier> = match std::env::var(REDIS) {
            Ok(url) => Box::new(RedisTier::new(&url).unwrap()),
            Err(_) => Box::new(NoTier),
        };
        let warehouse = db.warehouse.clone().with_statement_timeout(options.statement_timeout);
        let engine = Engine::open(Arc::new(db.model.clone()), warehouse, Answers::new(tier)).await.unwrap();
        let engine = Arc::new(match options.most_events {
            Some(most_events) => engine.with_most_events(most_events),
            None => engine,
        });
        let sessions = match std::env::var(REDIS) {
            Ok(url) => Sessions::Redis(RedisSessions::connect(&url).await.unwrap()),
            Err(_) => Sessions::Postgres(store.sessions()),
        };
        let state = ApiState::from(Parts {
            engine: engine.clone(),
            store: store.clone(),
            sessions,
            clock: Clock::from(clock.clone()),
            introspection: options.introspection,
            connections: Connections::default(),
            quotas: Arc::new(Quotas::new(options.caller, options.organisation)),
            attempts: Attempts::new(options.paces),
            limits: options.limits,
            proxies: TrustedProxies(options.trusted_proxies),
            providers,
            mailer: Mailer::folder(letters.path()),
            robots: Arc::default(),
            public_url: url.clone(),
            collector_url: url.clone(),
            security_contact: "mailto:security@octavo.example".into(),
        });
        tokio::spawn(state.clone().listen());
        // From the first request on callers are kept, as they are where it is served.
        while !state.is_listening() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let write = (&options.write_origins[..], options.trusted_proxies);
        let collecting = collector(spool.path(), &clock, write, &db, &store).await;
        let collector = api::collect::router(collecting);
        let router = collector.merge(api::router(state, axum::Router::new()));
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let http = Client::new();
        TestApp { db, engine, store, url, users: HashMap::new(), clock, letters, spool, http }
    }

    pub async fn add_user(&mut self, name: &'static str, role: Role, organisation: &str, about: &[&str]) {
        let d = self.engine.snapshot().directory.clone();
        let subjects: Vec<i32> = about
            .iter()
            .filter_map(|code| match role {
                Role::SchoolAdmin => d.school(code).map(|s| s.id),
                Role::Publisher => d.publisher(code).map(|p| p.id),
                Role::Official => d.region(code).map(|r| r.id),
                Role::Owner | Role::Operator => None,
            })
            .collect();
        let accounts = self.store.accounts();
        let email = format!("{name}@example.org");
        let account = accounts.add_account(&email, name, PASSWORD).await.unwrap();
        let kind = role.organisation_kind();
        let organisation = self.store.organisations().keep(organisation, kind, &subjects).await.unwrap();
        accounts.add_membership(account, organisation, role).await.unwrap();
        let (_, key) = self.store.keys().create(account, "test", &KeyScope::ALL, None, seed::now()).await.unwrap();
        self.users.insert(name, User { email, role, key });
    }

    /// The letters that were sent, oldest first, as they lie in the folder.
    pub fn letters(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.letters.path()).unwrap();
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).filter(|p| p.extension().is_some()).collect();
        paths.sort();
        paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    /// Loads what was collected, with the steps as they are for collected events.
    pub async fn drain(&self, site: &str) {
        let rules = Rules { latest: Some(LATEST), ..Rules::default() };
        let intake = Intake::open(&self.db.warehouse, site, &seed::SECRET, rules).await.unwrap();
        let mut drain = Drain::open(self.spool.path().to_owned(), intake, None).await.unwrap();
        while drain.load(self.clock.now()).await.unwrap() {}
    }

    /// Where collected events wait.
    pub fn spool(&self) -> &Path {
        self.spool.path()
    }

    /// A request of a signed-in browser.
    pub fn as_browser(&self, cookie: &str, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("cookie", cookie)
    }

    /// A request without credentials.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    /// A request with the user's API key.
    pub fn as_user(&self, user: &str, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(&self.users[user].key)
    }

    pub async fn get(&self, user: &str, path: &str) -> Response {
        self.as_user(user, Method::GET, path).send().await.unwrap()
    }

    /// Signs in and returns the cookie as it is sent back.
    pub async fn sign_in(&self, user: &str) -> String {
        let body = json!({ "email": self.users[user].email, "password": PASSWORD });
        let response = self.request(Method::POST, "/api/v1/session").json(&body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        cookie(&response, SESSION).expect("a session")
    }

    /// The answer to a question, which has to be one.
    pub async fn ask(&self, user: &str, question: &Value) -> Value {
        let response = self.as_user(user, Method::POST, "/api/v1/query").json(question).send().await.unwrap();
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{question} → {body}");
        body
    }

    /// The response to a GraphQL document.
    pub async fn graphql(&self, user: &str, document: &str) -> Value {
        let request = self.as_user(user, Method::POST, "/graphql").json(&json!({ "query": document }));
        request.send().await.unwrap().json().await.unwrap()
    }
}

/// The collector of an app, with a write key of each site.
async fn collector(
    dir: &Path,
    clock: &TestClock,
    options: (&[String], usize),
    db: &TestDatabase,
    store: &Store,
) -> CollectState {
    let spool = Arc::new(Spool::open(spool::Settings::new(dir, 64 << 20), Uuid::new_v4()).unwrap());
    let (origins, proxies) = options;
    let origins = origins.iter().map(|origin| format!("'{origin}'")).collect::<Vec<_>>().join(", ");
    let secret = hex::encode(seed::SECRET);
    for site in ["ee", "us"] {
        db.execute(&format!(
            "INSERT INTO app.site_secret (site_code, secret) VALUES ('{site}', '\\x{secret}') ON CONFLICT DO NOTHING;
             INSERT INTO app.write_key (key, site_code, name, origins, made_at)
             VALUES ('ow_{site}', '{site}', 'test', ARRAY[{origins}]::text[], '2026-01-01') ON CONFLICT DO NOTHING"
        ))
        .await;
    }
    let known = Arc::new(Known::last(&spool).unwrap());
    let following = {
        let (known, store, spool, clock) = (known.clone(), store.clone(), spool.clone(), Clock::from(clock.clone()));
        async move { known.follow(&store, &spool, &clock).await }
    };
    tokio::spawn(following);
    assert!(known.anew().await, "the collector knows who may send");
    CollectState {
        spool,
        known,
        proxies: TrustedProxies(proxies),
        clock: Clock::from(clock.clone()),
        ids: Arc::new(Uuid::now_v7),
        recent: Arc::default(),
        warehouse: Some(db.warehouse.clone()),
        broken: Arc::new(Notify::new()),
    }
}

/// The cookie of this name that a response sets, as it is sent back.
pub fn cookie(response: &Response, name: &str) -> Option<String> {
    let all = response.headers().get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
    let mut pairs = all.filter_map(|cookie| cookie.split(';').next());
    pairs.find(|pair| pair.split_once('=').is_some_and(|(n, value)| n == name && !value.is_empty())).map(str::to_string)
}
