//! A statement: its agents are pseudonyms, of extensions there is what Octavo reads, and nobody vouches for it. It is a valid
//! statement still.

use serde_json::{Map, Value, json};

use super::names::Names;
use super::{mark, pseudonym as of_mark};
use crate::decode::naming::last_segment;
use crate::decode::xapi::{is_read, person};
use crate::enrich::SiteSecret;
use crate::event::Pseudonym;

/// The home page of every agent that is kept.
const HOME: &str = "urn:octavo:person";

/// Values by which a statement is what it is.
const TERMS: [&str; 11] = [
    "account",
    "duration",
    "interactionType",
    "language",
    "objectType",
    "registration",
    "role",
    "timestamp",
    "type",
    "verb",
    "version",
];

/// The pseudonym in what the decoder makes of a sealed agent.
pub(super) fn pseudonym(id: &str) -> Option<Pseudonym> {
    of_mark(id.strip_prefix(HOME)?.strip_prefix('|')?)
}

/// `spare`: the terms of the standard stay as they are.
pub(super) fn seal(statement: &Value, secret: &SiteSecret, spare: bool) -> Value {
    let Value::Object(mut statement) = statement.clone() else { return Value::Null };
    let mut sealing = Sealing { secret, names: Names::default() };
    sealing.statement(&mut statement);
    // Its own id is what it is known by, and when it was stored the receiver's to say.
    let own = ["id", "stored"].map(|key| (key, statement.remove(key)));
    sealing.names.scrub_map(&mut statement, if spare { &TERMS } else { &[] });
    for (key, value) in own {
        if let Some(value) = value {
            statement.insert(key.into(), value);
        }
    }
    Value::Object(statement)
}

struct Sealing<'a> {
    secret: &'a SiteSecret,
    names: Names,
}

impl Sealing<'_> {
    /// A statement, or one inside of it.
    fn statement(&mut self, statement: &mut Map<String, Value>) {
        statement.retain(|key, _| !matches!(key.as_str(), "authority" | "attachments"));
        if let Some(actor) = statement.get_mut("actor") {
            self.agent(actor);
        }
        if let Some(object) = statement.get_mut("object") {
            match object.get("objectType").and_then(Value::as_str) {
                Some("Agent" | "Group") => self.agent(object),
                Some("SubStatement") => object.as_object_mut().into_iter().for_each(|inner| self.statement(inner)),
                _ => activity(object),
            }
        }
        if let Some(result) = statement.get_mut("result") {
            read_only(result);
        }
        if let Some(context) = statement.get_mut("context") {
            self.context(context);
        }
    }

    fn context(&mut self, context: &mut Value) {
        read_only(context);
        if let Some(instructor) = context.get_mut("instructor") {
            self.agent(instructor);
        }
        if let Some(team) = context.get_mut("team") {
            self.team(team);
        }
        for (list, key) in [("contextAgents", "agent"), ("contextGroups", "group")] {
            let items = context.get_mut(list).and_then(Value::as_array_mut);
            items.into_iter().flatten().filter_map(|item| item.get_mut(key)).for_each(|agent| self.agent(agent));
        }
        let activities = context.get_mut("contextActivities").and_then(Value::as_object_mut);
        for list in activities.into_iter().flat_map(Map::values_mut).filter_map(Value::as_array_mut) {
            list.iter_mut().for_each(activity);
        }
    }

    /// An agent or a group.
    fn agent(&mut self, agent: &mut Value) {
        let group = agent.get("objectType").is_some_and(|kind| kind == "Group");
        let mut sealed = json!({ "objectType": if group { "Group" } else { "Agent" } });
        if let Some(id) = person(agent) {
            let mark = mark(&id, self.secret);
            self.told(agent, &mark);
            sealed["account"] = json!({ "homePage": HOME, "name": mark });
        }
        if let Some(mut members) = agent.get_mut("member").map(Value::take) {
            members.as_array_mut().into_iter().flatten().for_each(|member| self.agent(member));
            sealed["member"] = members;
        }
        *agent = sealed;
    }

    /// A team may be a school, which its account names; it is no person.
    fn team(&mut self, team: &mut Value) {
        let account = team.get_mut("account").map(Value::take);
        let mut members = team.get_mut("member").map(Value::take);
        members.iter_mut().filter_map(Value::as_array_mut).flatten().for_each(|member| self.agent(member));
        let mut sealed = json!({ "objectType": "Group" });
        if account.is_none() || members.is_some() {
            sealed["member"] = members.unwrap_or_else(|| json!([]));
        }
        if let Some(account) = account {
            sealed["account"] = account;
        }
        *team = sealed;
    }

    /// Notes the texts by which an agent could be known elsewhere in the statement.
    fn told(&mut self, agent: &Value, mark: &str) {
        let text = |key: &str| agent.get(key).and_then(Value::as_str);
        let account = agent.get("account").and_then(|account| account.get("name")).and_then(Value::as_str);
        let mbox = text("mbox").map(|mbox| mbox.strip_prefix("mailto:").unwrap_or(mbox));
        let openid = text("openid");
        let all = [account, mbox, text("mbox_sha1sum"), openid, openid.map(last_segment), text("name")];
        all.into_iter().flatten().for_each(|name| self.names.add(name, mark));
    }
}

fn activity(activity: &mut Value) {
    if let Some(definition) = activity.get_mut("definition") {
        read_only(definition);
    }
}

/// Of the extensions, those that are read; of these no objects, in which anything may stand.
fn read_only(place: &mut Value) {
    let Some(extensions) = place.get_mut("extensions").and_then(Value::as_object_mut) else { return };
    extensions.retain(|key, _| is_read(key));
    for value in extensions.values_mut() {
        match value {
            Value::Object(map) => map.clear(),
            Value::Array(list) => list.retain(|value| !value.is_object() && !value.is_array()),
            _ => {}
        }
    }
}
