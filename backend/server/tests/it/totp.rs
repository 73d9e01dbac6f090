//! A second factor's device.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret};

/// The six digits that the device shows at a time.
pub fn code_of(secret: &str, at: DateTime<Utc>) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).with_account_name("x");
    totp.build().unwrap().generate(at.timestamp() as u64).to_string()
}
