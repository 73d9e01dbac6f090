//! One's own account: who one is, how one proves it, and where one is signed in.

pub mod browser;
pub mod email;
pub mod password;
pub mod profile;
pub mod sessions;
pub mod two_factor;
