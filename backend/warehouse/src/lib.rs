//! Speaks to the warehouse: a pool of connections, running statements, binary COPY, locks. Knows no metric and no role.

pub mod bulk;
pub mod lock;
pub mod pool;

pub use bulk::{BinaryRows, copy_in};
pub use lock::SessionLock;
pub use pool::{Warehouse, WarehouseError};
