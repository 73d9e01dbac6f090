//! Speaks to the warehouse: a pool of connections, running statements, binary COPY, locks, and what differs between the
//! dialects of PostgreSQL and Redshift. Knows no metric and no role.

pub mod binds;
pub mod bulk;
pub mod carriage;
pub mod dialect;
pub mod lock;
pub mod pool;
pub mod reading;
pub mod roles;
pub mod staged;
pub mod statement;

pub use binds::Binds;
pub use bulk::{BinaryRows, RowWriter, copy_in};
pub use carriage::Carriage;
pub use dialect::Dialect;
pub use lock::SessionLock;
pub use pool::{Warehouse, WarehouseError};
pub use reading::Reading;
pub use staged::{IamRole, Manifest, Stage};
pub use statement::Statement;
