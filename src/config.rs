//! Configuration: the embedded defaults, then a file, then the environment. Faults are reported as sentences: the setting,
//! what is wrong, what to write, and its source.

mod error;
mod limits;
mod login;
mod secret;
mod variable;
mod worlds;

use std::env;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde::{Deserialize, Deserializer, de};

pub use self::error::{ConfigFault, Error};
pub use self::limits::HttpLimits;
pub use self::login::Login;
use self::login::comma_separated;
pub use self::secret::Secret;
use self::variable::Variable;
pub use self::worlds::Worlds;
use crate::domain::caps::Caps;
use crate::domain::claim::SecondAgent;
use crate::domain::key::Deployment;
use crate::domain::retention::{LONGEST_SESSION, Retention};
use crate::network::Network;

/// Every setting with its default, as it is shipped.
pub const DEFAULTS: &str = include_str!("default.toml");

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Config {
    /// Where the gateway listens.
    pub listen: SocketAddr,
    /// The public origin of the gateway.
    pub public_base_url: Option<String>,
    /// What kind of keys work here.
    pub deployment: Deployment,
    /// Proxies whose header with the client's address is trusted.
    #[serde(deserialize_with = "networks")]
    pub trusted_proxies: Vec<Network>,
    /// The header in which they send it.
    pub trusted_header: TrustedHeader,
    /// How long a stop waits.
    pub shutdown_seconds: u64,
    /// The database.
    pub database: Database,
    /// The secrets.
    pub security: Security,
    /// How people log in; without it, log-in is not possible.
    pub login: Option<Login>,
    /// How long they stay logged in.
    pub sessions: Sessions,
    /// How the agency answers claims.
    pub claims: Claims,
    /// The limits of callers.
    pub limits: HttpLimits,
    /// Metrics for the operator.
    pub metrics: Metrics,
    /// Log lines.
    pub log: Log,
    /// Parameters of the rules.
    pub rules: Rules,
    /// The staff register.
    pub staff: Staff,
    /// The home page of the console.
    pub home: Home,
    /// Webhooks.
    pub webhooks: Webhooks,
    /// Retention periods.
    pub retention: Retention,
    /// The audit trail.
    pub audit: Audit,
    /// Caps on what one organiser may store.
    pub caps: Caps,
    /// When health is reported as down.
    pub health: HealthSettings,
    /// The worlds of a sandbox.
    pub worlds: Worlds,
}

/// The audit trail.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Audit {
    /// The path of its checkpoint.
    pub checkpoint_file: Option<PathBuf>,
    /// How often that is written.
    pub checkpoint_minutes: u16,
}

/// A header in which proxies send the client's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum TrustedHeader {
    /// The one that nearly every proxy writes.
    #[default]
    #[serde(rename = "x-forwarded-for")]
    XForwardedFor,
    /// The standardised one (RFC 7239).
    #[serde(rename = "forwarded")]
    Forwarded,
}

impl TrustedHeader {
    /// Its name, in small letters.
    pub const fn name(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }
}

/// The database.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Database {
    /// An SQLite file or a PostgreSQL server; may contain a password.
    pub url: Secret,
    /// Bytes that stay free on the disk of an SQLite file.
    pub headroom_bytes: u64,
    /// Connections to a PostgreSQL server.
    pub connections: u32,
    /// Writes of one organiser that may wait.
    pub waiting_writes_per_organiser: usize,
}

/// When health is reported as down.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HealthSettings {
    /// For how long writes may fail before.
    pub failing_writes_seconds: u64,
}

/// The keys of sealed data.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Security {
    /// Wraps the data keys.
    pub master_key: Option<Secret>,
    /// The one before, during a rotation.
    pub previous_master_key: Option<Secret>,
}

/// How long people stay logged in.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sessions {
    /// Without doing anything.
    pub idle_minutes: u16,
    /// At all.
    pub longest_hours: u16,
    /// How many minutes ago, at most, a person who signs was authenticated.
    pub sign_within_minutes: u16,
}

/// How the agency answers claims.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claims {
    /// Which answers need the confirmation of a second agent.
    pub second_agent: SecondAgent,
}

/// Metrics for the operator.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Metrics {
    /// Where they are served.
    pub listen: Option<SocketAddr>,
}

/// Log lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Log {
    /// Their form.
    pub format: LogFormat,
    /// Which are written.
    pub filter: String,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Parameters of the rules.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rules {
    /// The longest presence, in minutes, that is half a day.
    pub half_day_max_minutes: u16,
}

/// The staff register.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Staff {
    /// Whom to call when the agency has a number under another name.
    pub help_desk: String,
    /// How many wrong family names an organiser may try in an hour.
    pub mismatches_per_hour: u32,
    /// How many look-ups of national numbers an organiser may make in an hour.
    pub questions_per_hour: u32,
}

/// The home page of the console.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Home {
    /// After how many days of the next month an application that used to deposit, and did not, is named.
    pub silent_after_days: u8,
    /// After how many days without a change the staff register is named.
    pub register_days: u16,
}

/// Webhooks.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Webhooks {
    /// Networks that may be called although they are not public, and without encryption.
    #[serde(deserialize_with = "networks")]
    pub allowed_networks: Vec<Network>,
    /// The ports at which every other address may be called.
    #[serde(deserialize_with = "ports")]
    pub allowed_ports: Vec<u16>,
    /// The most messages a minute to a host that did not consent to more.
    pub host_messages_per_minute: NonZeroU32,
    /// The most messages an hour to a host from endpoints that are not verified.
    pub unverified_host_messages_per_hour: u32,
    /// The day of a month on which an organiser is notified that the statement of the month before is missing.
    pub missing_on_day: u8,
}

impl Config {
    /// Reads the defaults, `file` if there is one, and the process's environment.
    ///
    /// # Errors
    /// With every fault found, each as a sentence.
    pub fn load(file: Option<&Path>) -> Result<Self, Error> {
        let ours =
            env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::from_sources(file, ours)
    }

    /// As [`Self::load`], with the environment given.
    ///
    /// # Errors
    /// With every fault found, each as a sentence.
    pub fn from_sources(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(Error::no_file(file));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        for variable in environment.into_iter().filter_map(|(name, value)| Variable::new(name, value)) {
            figment = figment.merge(variable);
        }
        let config: Self = figment.extract().map_err(Error::from)?;
        let faults = config.faults();
        if faults.is_empty() { Ok(config) } else { Err(Error::new(faults, &figment)) }
    }

    /// The origin of addresses in responses, given the address that the gateway listens on.
    pub fn base_url(&self, bound: SocketAddr) -> String {
        let bound = if bound.ip().is_unspecified() { format!("localhost:{}", bound.port()) } else { bound.to_string() };
        self.public_base_url.clone().unwrap_or_else(|| format!("http://{bound}"))
    }

    /// The settings that can be parsed but are not valid.
    fn faults(&self) -> Vec<ConfigFault> {
        let mut faults = Vec::new();
        let mut check = |right: bool, setting: &'static str, wrong: &'static str, write: &'static str| {
            if !right {
                faults.push(ConfigFault::new(setting, wrong, write));
            }
        };
        let origin = self.public_base_url.as_deref().is_none_or(is_origin);
        let advice = "write the scheme and the host, without a path: \"https://passerelle.example\"";
        check(origin, "publicBaseUrl", "is not an origin", advice);
        let is_supported =
            ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| self.database.url.expose().starts_with(scheme));
        let advice = "write \"sqlite:FILE\" or \"postgres://user:password@host/database\"";
        check(is_supported, "database.url", "names no database that the gateway speaks to", advice);
        let advice = "write a number above 0";
        check(self.database.connections > 0, "database.connections", "leaves no connection", advice);
        let waiting = self.database.waiting_writes_per_organiser > 0;
        check(waiting, "database.waitingWritesPerOrganiser", "refuses every second write at once", advice);
        let keyed = self.deployment == Deployment::Sandbox || self.security.master_key.is_some();
        let advice = "make one with `passerelle admin generate-master-key` and keep it safe";
        check(keyed, "security.masterKey", "is missing, and production cannot seal personal data without it", advice);
        self.limits.check(&mut check);
        let filter = tracing_subscriber::EnvFilter::try_new(&self.log.filter).is_ok();
        let advice = "write a level such as \"info\", or levels by module such as \"info,passerelle=debug\"";
        check(filter, "log.filter", "cannot be read", advice);
        check(!self.staff.help_desk.trim().is_empty(), "staff.helpDesk", "is empty", "write whom organisers can call");
        let minutes = (1..=1440).contains(&self.rules.half_day_max_minutes);
        check(minutes, "rules.halfDayMaxMinutes", "is no part of a day", "write minutes between 1 and 1440");
        let Sessions { idle_minutes, longest_hours, sign_within_minutes } = self.sessions;
        for (setting, minutes) in
            [("sessions.idleMinutes", idle_minutes), ("sessions.signWithinMinutes", sign_within_minutes)]
        {
            let is_usable = (1..=1440).contains(&minutes);
            check(is_usable, setting, "is no part of a day", "write minutes between 1 and 1440");
        }
        let hours = (1..=LONGEST_SESSION.as_hours()).contains(&longest_hours.into());
        check(hours, "sessions.longestHours", "is no part of a week", "write hours between 1 and 168");
        let ports = &self.webhooks.allowed_ports;
        let advice = "write port numbers such as [443]";
        check(!ports.is_empty() && !ports.contains(&0), "webhooks.allowedPorts", "names no usable port", advice);
        let day = (1..=28).contains(&self.webhooks.missing_on_day);
        check(day, "webhooks.missingOnDay", "is no day of every month", "write a day between 1 and 28");
        let Home { silent_after_days, register_days } = self.home;
        let days = (1..=28).contains(&silent_after_days);
        check(days, "home.silentAfterDays", "is no number of days of every month", "write days between 1 and 28");
        let days = (1..=366).contains(&register_days);
        check(days, "home.registerDays", "is no period", "write days between 1 and 366");
        let Retention { statement_years, staff_years, technical_months } = self.retention;
        let most = Retention::MAX_YEARS;
        let years = (1..=most).contains(&statement_years);
        check(years, "retention.statementYears", "is no period", "write years between 1 and 100");
        let years = (1..=most).contains(&staff_years);
        check(years, "retention.staffYears", "is no period", "write years between 1 and 100");
        let months = (1..=most * 12).contains(&technical_months);
        check(months, "retention.technicalMonths", "is no period", "write months between 1 and 1200");
        let minutes = self.audit.checkpoint_minutes > 0;
        check(minutes, "audit.checkpointMinutes", "is no period", "write a number of minutes above 0");
        let days = (1..=365).contains(&self.worlds.days);
        check(days, "worlds.days", "is no period", "write days between 1 and 365");
        faults.extend(self.login.iter().flat_map(Login::faults));
        faults
    }
}

/// Scheme and host, no more.
fn is_origin(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ', '"']))
}

/// One or several ports, as a number, a list, or text parted by commas.
fn ports<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u16>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Listed {
        One(u16),
        List(Vec<u16>),
        Text(String),
    }
    match Listed::deserialize(deserializer)? {
        Listed::One(port) => Ok(vec![port]),
        Listed::List(ports) => Ok(ports),
        Listed::Text(text) => {
            let read = |part: &str| part.trim().parse().map_err(|_| de::Error::custom(format!("“{part}” is no port")));
            text.split(',').map(read).collect()
        }
    }
}

/// One or several networks, as a list or as text parted by commas.
fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Network>, D::Error> {
    let read =
        |text: &String| Network::from_str(text).map_err(|error| de::Error::custom(format!("“{text}” is {error}")));
    comma_separated(deserializer)?.iter().map(read).collect()
}
