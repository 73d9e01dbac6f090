//! The stored numbers of kinds, roles and devices.

use crate::draft::{DEVICE_NAMES, KIND_NAMES, ROLE_NAMES};

/// The stored numbers of the names used here.
pub struct Codes {
    pub(crate) kinds: [i32; 8],
    pub(crate) roles: [i32; 3],
    pub(crate) devices: [i32; 4],
}

impl Codes {
    pub fn new() -> Codes {
        let known = "a name of the model's closed list";
        Codes {
            kinds: KIND_NAMES.map(|name| model::KINDS.code(name).expect(known)),
            roles: ROLE_NAMES.map(|name| model::ROLES.code(name).expect(known)),
            devices: DEVICE_NAMES.map(|name| model::DEVICES.code(name).expect(known)),
        }
    }
}
