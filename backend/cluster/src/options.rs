//! The settings of a private PostgreSQL server.

use std::path::Path;

/// How a private PostgreSQL server is set up. The default is the demo's: durable, made for bulk loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresOptions {
    /// Whether what was committed survives a crash of the machine. Tests do without.
    pub durable: bool,
    /// Memory for the shared buffers, in MiB.
    pub shared_buffers_mib: u32,
    pub max_connections: u32,
    /// A port of this machine to listen at beside the socket. What may come in there says `pg_hba.conf`: nothing, as it is made.
    pub port: Option<u16>,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self { durable: true, shared_buffers_mib: 256, max_connections: 100, port: None }
    }
}

impl PostgresOptions {
    /// For tests: nothing is synced to disk, and there is room for a pool per test.
    pub fn for_tests() -> Self {
        Self { durable: false, shared_buffers_mib: 256, max_connections: 300, port: None }
    }

    /// The settings as `name=value`, for the server's command line.
    pub(crate) fn settings(&self, sockets: &Path) -> Vec<String> {
        let quoted = sockets.to_string_lossy().replace('"', "\"\"");
        let mut settings = vec![
            format!("listen_addresses={}", if self.port.is_some() { "127.0.0.1" } else { "" }),
            // Quoted, for the setting is a list and a path may hold a comma.
            format!("unix_socket_directories=\"{quoted}\""),
            "unix_socket_permissions=0700".to_string(),
            format!("shared_buffers={}MB", self.shared_buffers_mib),
            format!("max_connections={}", self.max_connections),
            "timezone=UTC".to_string(),
            "log_timezone=UTC".to_string(),
            "log_min_messages=warning".to_string(),
            "log_line_prefix=%m [%p] ".to_string(),
        ];
        settings.extend(self.port.map(|port| format!("port={port}")));
        // Compiling a query costs more than it saves on rollups. Nobody replicates, so bulk loads need not be logged
        // twice; few large checkpoints suit them, and vacuum must keep up without slowing them down.
        settings.extend(
            [
                "jit=off",
                "wal_level=minimal",
                "max_wal_senders=0",
                "max_wal_size=2GB",
                "checkpoint_timeout=15min",
                "checkpoint_completion_target=0.9",
                "wal_compression=on",
                "maintenance_work_mem=128MB",
                "work_mem=16MB",
                "random_page_cost=1.1",
                "autovacuum_naptime=30s",
                "autovacuum_vacuum_cost_limit=1000",
                "autovacuum_vacuum_insert_scale_factor=0.1",
            ]
            .map(String::from),
        );
        if !self.durable {
            settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(String::from));
        }
        settings
    }
}
