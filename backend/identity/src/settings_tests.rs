//! The providers' file, as it should be and as it should not.

use super::*;

const GOOD: &str = r#"
[[provider]]
slug = "harid"
title = "HarID"
issuer = "https://harid.ee"
client_id = "octavo"
client_secret = "hush-hush"
"#;

const RULE: &str = r#"
[[provider.membership]]
claim = "roles"
when = { marker = "principal" }
role = "school_admin"
site = "ee"
about = "provider_ehis_id"
"#;

fn read(text: &str) -> Result<Vec<ProviderSettings>, SettingsError> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("harid.secret"), "from-a-file\n").unwrap();
    let file = dir.path().join("providers.toml");
    std::fs::write(&file, text).unwrap();
    ProviderSettings::read(&file)
}

#[test]
fn the_least_that_is_said_gives_the_careful_defaults() {
    let provider = read(GOOD).unwrap().remove(0);
    assert_eq!(provider.scopes, ["openid", "profile", "email"]);
    assert!(!provider.second_factor && !provider.trust_email && provider.memberships.is_empty());
    assert_eq!(provider.client_secret, Secret::new("hush-hush"));
    assert!(!format!("{provider:?}").contains("hush"));
    assert!(read("").unwrap().is_empty());
}

#[test]
fn a_secret_may_be_in_a_file_or_a_variable() {
    let from = |line: &str| read(&GOOD.replace("client_secret = \"hush-hush\"", line));
    let file = from("client_secret_file = \"harid.secret\"").unwrap().remove(0);
    assert_eq!(file.client_secret, Secret::new("from-a-file"));
    let variable = from("client_secret_env = \"CARGO_PKG_NAME\"").unwrap().remove(0);
    assert_eq!(variable.client_secret, Secret::new("identity"));
}

#[test]
fn the_example_in_the_documentation_is_right() {
    let text = include_str!("../../../docs/identity-providers.example.toml");
    let usable = text.replace("OCTAVO_HARID_SECRET", "CARGO_PKG_NAME");
    assert_eq!(read(&usable).unwrap().len(), 1);
    // With its second half as well.
    let (first, second) = usable.split_once("# [[provider]]").unwrap();
    let uncommented = format!("{first}[[provider]]{}", second.replace("\n# ", "\n").replace("\n#\n", "\n\n"));
    let both = read(&uncommented.replace("ministry.secret", "harid.secret")).unwrap();
    assert_eq!(both.iter().map(|p| p.slug.as_str()).collect::<Vec<_>>(), ["harid", "ministry"]);
    assert!(both[1].second_factor && both[1].trust_email && both[1].memberships.len() == 1);
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_without_the_secret() {
    let changed = |from: &str, to: &str| format!("{GOOD}{RULE}").replace(from, to);
    for (text, part) in [
        (changed("\"harid\"", "\"Har ID\""), "slug must be"),
        (changed("\"HarID\"", "\" \""), "title is empty"),
        (changed("https://harid.ee", "http://harid.ee"), "issuer must be https"),
        (changed("https://harid.ee", "harid"), "issuer is no URL"),
        (changed("https://harid.ee", "https://harid.ee/?a"), "without ? and #"),
        (changed("\"octavo\"", "\"\""), "client_id is empty"),
        (changed("client_secret = \"hush-hush\"", ""), "set one of"),
        (changed("client_secret = \"hush-hush\"", "client_secret = \"\""), "secret is empty"),
        (
            changed("client_secret = \"hush-hush\"", "client_secret_env = \"OCTAVO_NOT_SET\""),
            "OCTAVO_NOT_SET is not set",
        ),
        (changed("client_secret = \"hush-hush\"", "client_secret_file = \"none\""), "cannot be read"),
        (changed("client_id", "client_secret_env = \"HOME\"\nclient_id"), "set one of"),
        (changed("client_id", "scopes = [\"profile\"]\nclient_id"), "scopes lack"),
        (changed("client_id", "scopes = [\"openid email\", \"openid\"]\nclient_id"), "one word"),
        (changed("client_id", "surprise = 1\nclient_id"), "line 6: unknown field"),
        (changed("client_secret = \"hush-hush\"", "client_secret = 'hush-hush"), "line 7"),
        (changed("when = { marker = \"principal\" }", ""), "membership 1: it makes everybody school_admin"),
        (changed("\"principal\"", "1.5"), "when.marker is no text"),
        (changed("site = \"ee\"", ""), "membership 1: a school's code"),
        (changed("about = \"provider_ehis_id\"", ""), "set about"),
        (changed("school_admin", "owner"), "owner is about everything"),
        (changed("school_admin", "headmaster"), "line 12: unknown variant `headmaster`"),
        (format!("{GOOD}{GOOD}"), "two providers have this slug"),
    ] {
        let error = read(&text).map(drop).expect_err(part).to_string();
        assert!(error.contains("providers.toml") && error.contains(part), "{part}: {error}");
        assert!(!error.contains("hush"), "{error}");
    }
    let gone = ProviderSettings::read(Path::new("/no/such/file.toml")).unwrap_err().to_string();
    assert!(gone.starts_with("/no/such/file.toml: "), "{gone}");
}
