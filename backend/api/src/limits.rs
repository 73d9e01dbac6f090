//! How large and long a request may be, and how long a session lasts.

use std::time::Duration;

use access::Role;
use chrono::TimeDelta;

/// Bytes of a request's body.
pub const LARGEST_BODY: usize = 256 * 1024;
pub const LONGEST_REQUEST: Duration = Duration::from_secs(60);

/// Minutes without a request, and hours in all, after which a session ends; of those who see or change everything sooner.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    pub idle_minutes: i64,
    pub hours: i64,
    pub owner_idle_minutes: i64,
    pub owner_hours: i64,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { idle_minutes: 8 * 60, hours: 7 * 24, owner_idle_minutes: 30, owner_hours: 12 }
    }
}

impl SessionLimits {
    pub fn idle(&self, role: Role) -> TimeDelta {
        TimeDelta::minutes(if is_of_platform(role) { self.owner_idle_minutes } else { self.idle_minutes })
    }

    pub fn absolute(&self, role: Role) -> TimeDelta {
        TimeDelta::hours(if is_of_platform(role) { self.owner_hours } else { self.hours })
    }

    /// The longest that any session may be idle.
    pub fn longest_idle(&self) -> TimeDelta {
        TimeDelta::minutes(self.idle_minutes.max(self.owner_idle_minutes))
    }
}

fn is_of_platform(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Operator)
}
