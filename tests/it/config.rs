//! Configuration: sources of settings, and the errors for invalid ones.

use std::io::Write as _;

use passerelle::config::{Config, Error};
use passerelle::domain::key::Deployment;

fn from(file: &str, environment: &[(&str, &str)]) -> Result<Config, Error> {
    let mut written = tempfile::NamedTempFile::new().unwrap();
    written.write_all(file.as_bytes()).unwrap();
    let key = ("PASSERELLE_SECURITY__MASTER_KEY", "0123456789");
    let environment = environment.iter().chain([&key]).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_sources(Some(written.path()), environment)
}

fn sentence(file: &str, environment: &[(&str, &str)]) -> String {
    from(file, environment).unwrap_err().to_string()
}

#[test]
fn defaults_need_nothing_but_the_master_key() {
    let config = from("", &[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.limits.requests_per_minute.get(), 600);
    assert_eq!(config.limits.burst.get(), 200);
    assert_eq!(config.rules.half_day_max_minutes, 300);
    assert_eq!(config.webhooks.allowed_ports, [443]);
    assert_eq!(config.base_url(config.listen), "http://127.0.0.1:8080");
    assert_eq!(config.base_url("0.0.0.0:9".parse().unwrap()), "http://localhost:9");
    let without = Config::from_sources(None, []).unwrap_err().to_string();
    assert!(without.contains("security.masterKey is missing") && without.contains("generate-master-key"), "{without}");
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let file = "deployment = \"sandbox\"\n[limits]\nburst = 7\nbodyBytes = 5\n";
    let environment = [
        ("PASSERELLE_LIMITS__BODY_BYTES", "6"),
        ("PASSERELLE_PUBLIC_BASE_URL", "https://gateway.example"),
        ("PASSERELLE_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ("PASSERELLE_WEBHOOKS__ALLOWED_PORTS", "443, 8443"),
        ("PASSERELLE_TEST_REQUIRE", "postgres"),
        ("UNRELATED", "x"),
    ];
    let config = from(file, &environment).unwrap();
    assert_eq!(config.deployment, Deployment::Sandbox);
    assert_eq!((config.limits.burst.get(), config.limits.body_bytes), (7, 6));
    assert_eq!(config.webhooks.allowed_ports, [443, 8443]);
    assert_eq!(from("[webhooks]\nallowedPorts = [8443]\n", &[]).unwrap().webhooks.allowed_ports, [8443]);
    let one = from("", &[("PASSERELLE_WEBHOOKS__ALLOWED_PORTS", "8443")]).unwrap();
    assert_eq!(one.webhooks.allowed_ports, [8443]);
    assert_eq!(config.base_url(config.listen), "https://gateway.example");
    assert!(config.trusted_proxies[0].contains("10.1.2.3".parse().unwrap()));
    assert!(!config.trusted_proxies[0].contains("11.1.2.3".parse().unwrap()));
    assert_eq!(config.security.master_key.unwrap().expose(), "0123456789", "text, although it looks like a number");
}

#[test]
fn an_invalid_setting_is_reported_with_its_source_and_its_repair() {
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
    let cases: [Case; 12] = [
        ("[webhooks]\nallowedPorts = []\n", &[], &["webhooks.allowedPorts", "[443]"]),
        ("", &[("PASSERELLE_WEBHOOKS__ALLOWED_PORTS", "443, http")], &["webhooks.allowedPorts"]),
        ("", &[("PASSERELLE_PUBLIC_BASE_URL", "gateway.example")], &["publicBaseUrl", "PASSERELLE_PUBLIC_BASE_URL"]),
        ("", &[("PASSERELLE_LISTEN", "8080")], &["listen", "PASSERELLE_LISTEN"]),
        ("", &[("PASSERELLE_NONSENSE", "1")], &["nonsense is not a setting", "publicBaseUrl"]),
        ("[limits]\nbrust = 1\n", &[], &["limits.brust is not a setting", "burst"]),
        ("deployment = \"test\"\n", &[], &["deployment cannot be “test”", "production, sandbox"]),
        ("trustedProxies = [\"10.0.0.0/33\"]\n", &[], &["trustedProxies", "“10.0.0.0/33” is not an address"]),
        (
            "trustedHeader = \"x-real-ip\"\n",
            &[],
            &["trustedHeader cannot be “x-real-ip”", "x-forwarded-for, forwarded"],
        ),
        ("[database]\nurl = \"mysql://u:hunter2@h/d\"\n", &[], &["database.url", "postgres://"]),
        ("[limits]\nburst = 0\n", &[], &["limits.burst"]),
        ("[log]\nfilter = \"a=b=c\"\n", &[], &["log.filter"]),
    ];
    for (file, environment, words) in cases {
        let sentence = sentence(file, environment);
        for word in words {
            assert!(sentence.contains(word), "{word} in {sentence}");
        }
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
}

#[test]
fn limits_that_refuse_every_request_are_reported() {
    for (setting, value) in [
        ("bodyMemoryBytes", "19_999_999"),
        ("bodyRateSeconds", "0"),
        ("firstRequestSeconds", "0"),
        ("writeSeconds", "0"),
        ("connectionsPerAddress", "0"),
    ] {
        let sentence = sentence(&format!("[limits]\n{setting} = {value}\n"), &[]);
        assert!(sentence.contains(&format!("limits.{setting}")), "{sentence}");
    }
}

const LOGIN: &str = "[login]\nissuer = \"https://login.example/oidc\"\nclientId = \"007\"\nssinClaim = \"egovNRN\"\n";

#[test]
fn a_log_in_needs_few_settings_and_its_secret_is_not_shown() {
    assert!(from("", &[]).unwrap().login.is_none());
    let environment =
        [("PASSERELLE_LOGIN__CLIENT_SECRET", "12345678"), ("PASSERELLE_LOGIN__STRONG", "urn:a:500, urn:a:450")];
    let config = from(LOGIN, &environment).unwrap();
    assert!(!format!("{config:?}").contains("12345678"));
    let login = config.login.unwrap();
    assert_eq!((login.client_id.as_str(), login.client_secret.unwrap().expose()), ("007", "12345678"));
    assert_eq!(
        (login.strong, login.scopes),
        (vec!["urn:a:500".to_owned(), "urn:a:450".to_owned()], vec!["profile".to_owned()])
    );
    assert_eq!((login.assurance_claim.as_str(), login.given_name_claim.as_str()), ("acr", "given_name"));
}

#[test]
fn a_log_in_that_cannot_work_is_reported() {
    let strong = ("PASSERELLE_LOGIN__STRONG", "high");
    let issuer = |address: &'static str| ("PASSERELLE_LOGIN__ISSUER", address);
    assert!(from(LOGIN, &[strong, issuer("http://localhost:8080/csam")]).is_ok());
    assert!(from(LOGIN, &[strong, issuer("http://[::1]:8080/csam")]).is_ok());
    for wrong in
        ["http://login.example", "login.example", "https://login.example/?a=b", "https://user:hunter2@login.example"]
    {
        let sentence = sentence(LOGIN, &[strong, issuer(wrong)]);
        assert!(sentence.contains("login.issuer is not an encrypted address"), "{sentence}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
    let cases = [
        (&[][..], "login.strong is missing"),
        (&[("PASSERELLE_LOGIN__STRONG", "")], "login.strong names no level"),
        (&[strong, ("PASSERELLE_LOGIN__SSIN_CLAIM", "")], "login.ssinClaim is empty"),
        (&[strong, ("PASSERELLE_LOGIN__CLIENT_SECRET", "")], "login.clientSecret is empty"),
        (&[strong, ("PASSERELLE_LOGIN__SECRET", "hunter2")], "login.secret is not a setting"),
    ];
    for (environment, words) in cases {
        let sentence = sentence(LOGIN, environment);
        assert!(sentence.contains(words) && !sentence.contains("hunter2"), "{words} in {sentence}");
    }
    let section = sentence(&format!("{LOGIN}strong = [\"high\"]\nclientSecret = 12\n"), &[]);
    assert!(section.contains("login.clientSecret is not text") && !section.contains("12"), "{section}");
}

#[test]
fn several_faults_are_reported_at_once() {
    let faults = from("publicBaseUrl = \"x\"\n[rules]\nhalfDayMaxMinutes = 0\n", &[]).unwrap_err();
    assert_eq!(faults.faults().len(), 2);
}

#[test]
fn secrets_do_not_show() {
    let config = from("", &[("PASSERELLE_DATABASE__URL", "postgres://u:hunter2@h/d")]).unwrap();
    let shown = format!("{config:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("0123456789"), "{shown}");
}
