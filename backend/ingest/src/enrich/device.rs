//! What a user agent tells: the device, if the platform did not say it, and whether it is a robot.

use std::sync::Arc;

use model::DEVICES;
use moka::sync::Cache;
use woothee::parser::Parser;

use super::robots::Robots;
use super::{Passed, Step};
use crate::event::Reject;
use crate::load::rows::EventRow;

/// User agents that are remembered with what they tell. There are a few hundred in use at a time.
const REMEMBERED: u64 = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    device: i32,
    robot: bool,
}

pub(super) struct Device {
    parser: Parser,
    robots: Arc<Robots>,
    told: Cache<String, Told>,
}

impl Device {
    pub(super) fn new(robots: Arc<Robots>) -> Self {
        Self { parser: Parser::new(), robots, told: Cache::new(REMEMBERED) }
    }

    fn tell(&self, agent: &str) -> Told {
        let parsed = self.parser.parse(agent);
        let device = parsed.map_or("other", |found| match (found.category, found.os) {
            ("pc", _) => "desktop",
            (_, "iPad") => "tablet",
            // Phones say `Mobile` beside `Android`, tablets do not.
            (_, "Android") if !agent.contains("Mobile") => "tablet",
            ("smartphone" | "mobilephone", _) => "phone",
            _ => "other",
        });
        Told { device: DEVICES.code(device).unwrap_or_default(), robot: self.robots.is_robot(agent) }
    }
}

impl Step for Device {
    fn apply(&self, row: &mut EventRow) -> Result<Passed, Reject> {
        let Some(agent) = row.event.user_agent.take() else { return Ok(Passed::AsItWas) };
        let told = match self.told.get(&agent) {
            Some(told) => told,
            None => {
                let told = self.tell(&agent);
                self.told.insert(agent, told);
                told
            }
        };
        row.robot = told.robot;
        if row.event.device == 0 {
            row.event.device = told.device;
        }
        Ok(Passed::Changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_told_from_user_agents() {
        let device = Device::new(Arc::new(Robots::default()));
        for (agent, name) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "desktop",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "desktop",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "tablet",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-X210) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "tablet",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
                "phone",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "phone",
            ),
            ("made up", "other"),
        ] {
            let told = device.tell(agent);
            assert_eq!((DEVICES.name(told.device), told.robot), (Some(name), false), "{agent}");
        }
        assert!(device.tell("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)").robot);
    }
}
