//! What somebody says of an endpoint.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::{MAX_RATE, Signing, USUAL_RATE};
use crate::domain::application::CrecheChoice;
use crate::domain::codes::codes;
use crate::domain::event::EventType;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Choice, Label, List, Raw, record};
use crate::domain::rules::webhook as rules;
use crate::ids::CrecheId;

codes! {
    /// What is wanted of an endpoint.
    pub enum RequestedEndpoint {
        /// It is to be told what happens.
        Active "active";
        /// What happens is to be kept for it.
        Paused "paused";
    }
}

/// A number of deliveries in a second, from 1 to [`MAX_RATE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct DeliveryRate(pub u32);

impl Raw for DeliveryRate {
    fn from_integer(value: u64) -> Option<Self> {
        u32::try_from(value).ok().filter(|rate| (1..=MAX_RATE).contains(rate)).map(Self)
    }
}

/// The name of a header, as HTTP spells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct HeaderName(pub String);

impl Raw for HeaderName {
    fn from_text(text: &str) -> Option<Self> {
        let token = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        ((1..=100).contains(&text.len()) && text.chars().all(token)).then(|| Self(text.to_owned()))
    }
}

/// The value of a header: visible signs of ASCII, and spaces between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct HeaderValue(pub String);

impl Raw for HeaderValue {
    fn from_text(text: &str) -> Option<Self> {
        let visible = (1..=1000).contains(&text.len()) && text.chars().all(|c| c == ' ' || c.is_ascii_graphic());
        (visible && text.trim() == text).then(|| Self(text.to_owned()))
    }
}

record! {
    /// A header that is sent along.
    pub struct RawHeader {
        /// Its name.
        required name "name": HeaderName,
        /// Its value.
        required value "value": HeaderValue,
    }
}

record! {
    /// An endpoint as it is described.
    pub struct RawEndpoint {
        /// Where to send what happens.
        required url "url": Label<2000>,
        /// What it is for.
        optional description "description": Label<200>,
        /// What to tell; everything when it is left out.
        optional event_types "eventTypes": Choice<EventType, 100>,
        /// Of which crèches; of all when it is left out.
        optional creches "creches": CrecheChoice,
        /// How deliveries are signed.
        optional signing "signing": Signing,
        /// Headers to send along.
        optional headers "headers": List<RawHeader, 10>,
        /// Most deliveries in a second.
        optional rate "deliveriesPerSecond": DeliveryRate,
        /// Whether it is to be told what happens.
        optional state "state": RequestedEndpoint,
    }
}

/// A header that is sent along.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value: may be a secret.
    pub value: String,
}

/// The value may be a secret: it is not shown.
impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What is said of an endpoint, judged good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointSettings {
    /// Where to send what happens.
    pub url: String,
    /// What it is for; empty when nothing was said.
    pub description: String,
    /// What to tell; `None` for everything.
    pub event_types: Option<Vec<EventType>>,
    /// Of which crèches; `None` for all.
    pub creches: Option<Vec<CrecheId>>,
    /// How deliveries are signed.
    pub signing: Signing,
    /// Headers to send along.
    pub headers: Vec<Header>,
    /// Most deliveries in a second.
    pub rate: u32,
    /// Whether it is to be told what happens; `None` when nothing was said.
    pub state: Option<RequestedEndpoint>,
}

/// Why an address is never called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlObjection {
    /// It is not encrypted.
    NotEncrypted,
    /// It lies inside: on this machine, in a private network, or where machines are configured.
    Inside,
    /// Its port is none of those that the gateway calls.
    Port,
}

/// The headers that are the gateway's own, would change what a request is, or tell where it comes from.
const RESERVED: [&str; 20] = [
    "host",
    "content-type",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "expect",
    "forwarded",
    "via",
    "x-real-ip",
    "user-agent",
    "cookie",
    "date",
    "accept-encoding",
    "x-http-method-override",
    "x-original-url",
];

/// How the names of other such headers begin.
const RESERVED_BEGINNINGS: [&str; 5] = ["webhook-", "ce-", "sec-", "proxy-", "x-forwarded-"];

/// A header's name as receivers may read it: in lower case, and `_` is `-` to what passes headers on as variables (CGI).
fn comparable(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

impl RawEndpoint {
    /// What it says, when all that must be there is, and what is wrong with it beyond its shape: an address that cannot be
    /// called or that `objection` speaks against, crèches that are not among `reach`, headers that are not the sender's.
    pub fn parse(
        self,
        reach: &[CrecheId],
        objection: impl FnOnce(&Url) -> Option<UrlObjection>,
    ) -> (Option<EndpointSettings>, Findings) {
        let mut findings = Findings::default();
        let creches = self.creches.take().map(|Choice(creches)| creches);
        findings.extend(crate::domain::application::unknown(creches.iter().flatten(), reach));
        let headers = headers(self.headers.take().unwrap_or_default(), &mut findings);
        let Some(Label(url)) = self.url.take() else { return (None, findings) };
        match address(&url) {
            Ok(address) => {
                if let Some(objection) = objection(&address) {
                    findings.push(objected(objection, &address));
                }
            }
            Err(rule) => findings.push(Finding::new(rule, FindingPlace::at("/url"))),
        }
        let described = EndpointSettings {
            url,
            description: self.description.take().map(|Label(text)| text).unwrap_or_default(),
            event_types: self.event_types.take().map(|Choice(types)| types),
            creches,
            signing: self.signing.take().unwrap_or(Signing::Hmac),
            headers,
            rate: self.rate.take().map_or(USUAL_RATE, |DeliveryRate(rate)| rate),
            state: self.state.take(),
        };
        (Some(described), findings)
    }
}

fn objected(objection: UrlObjection, address: &Url) -> Finding {
    let rule = match objection {
        UrlObjection::NotEncrypted => &rules::NOT_ENCRYPTED,
        UrlObjection::Inside => &rules::INSIDE,
        UrlObjection::Port => &rules::PORT_NOT_ALLOWED,
    };
    let host = address.host_str().unwrap_or_default().to_owned();
    let port = address.port_or_known_default().unwrap_or_default();
    let finding = Finding::new(rule, FindingPlace::at("/url")).with("host", Param::Code(host));
    finding.with("port", Param::Code(port.to_string()))
}

/// The address that a text spells, or the rule that it breaks by itself. Unusual spellings of IP addresses (decimal,
/// octal, hexadecimal) come out as the addresses that they mean.
pub fn address(text: &str) -> Result<Url, &'static crate::domain::rule::Rule> {
    let url = Url::parse(text).map_err(|_| &rules::UNUSABLE)?;
    let host = url.host().is_some_and(|host| !matches!(host, Host::Domain("")));
    if !matches!(url.scheme(), "https" | "http") || !host || url.port() == Some(0) || url.fragment().is_some() {
        return Err(&rules::UNUSABLE);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(&rules::CREDENTIALS);
    }
    Ok(url)
}

/// The headers that are whole, and what is wrong with the others.
fn headers(List(raw): List<RawHeader, 10>, findings: &mut Findings) -> Vec<Header> {
    let mut kept = Vec::<Header>::new();
    for (at, raw) in raw.into_iter().enumerate() {
        let Some((Some(HeaderName(name)), Some(HeaderValue(value)))) =
            raw.take().map(|raw| (raw.name.take(), raw.value.take()))
        else {
            continue;
        };
        let compared = comparable(&name);
        let taken = kept.iter().any(|known| comparable(&known.name) == compared);
        let reserved = RESERVED_BEGINNINGS.iter().any(|beginning| compared.starts_with(beginning));
        if taken || reserved || RESERVED.contains(&&*compared) {
            let place = FindingPlace::default().item("headers", at).field("name");
            findings.push(Finding::new(&rules::RESERVED_HEADER, place).with("header", Param::Code(name)));
        } else {
            kept.push(Header { name, value });
        }
    }
    kept
}
