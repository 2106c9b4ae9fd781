//! The settings of an endpoint before and after validation.

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
    /// The requested state of an endpoint.
    pub enum RequestedEndpoint {
        /// Events are to be delivered.
        Active "active";
        /// Deliveries are to be queued.
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
    /// A header of every delivery.
    pub struct RawHeader {
        /// Its name.
        required name "name": HeaderName,
        /// Its value.
        required value "value": HeaderValue,
    }
}

record! {
    /// The settings of an endpoint.
    pub struct RawEndpoint {
        /// The URL.
        required url "url": Label<2000>,
        /// What it is for.
        optional description "description": Label<200>,
        /// The types of events; all by default.
        optional event_types "eventTypes": Choice<EventType, 100>,
        /// The crèches; all by default.
        optional creches "creches": CrecheChoice,
        /// How deliveries are signed.
        optional signing "signing": Signing,
        /// Headers to send along.
        optional headers "headers": List<RawHeader, 10>,
        /// Most deliveries in a second.
        optional rate "deliveriesPerSecond": DeliveryRate,
        /// The requested state.
        optional state "state": RequestedEndpoint,
    }
}

/// A header of every delivery.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value: may be a secret.
    pub value: String,
}

/// The value may be a secret: `Debug` leaves it out.
impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The validated settings of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointSettings {
    /// The URL.
    pub url: String,
    /// What it is for; empty when absent.
    pub description: String,
    /// The types of events; `None` for all.
    pub event_types: Option<Vec<EventType>>,
    /// The crèches; `None` for all.
    pub creches: Option<Vec<CrecheId>>,
    /// How deliveries are signed.
    pub signing: Signing,
    /// Headers to send along.
    pub headers: Vec<Header>,
    /// Most deliveries in a second.
    pub rate: u32,
    /// The requested state; `None` when absent.
    pub state: Option<RequestedEndpoint>,
}

/// Why an address is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlObjection {
    /// It is not encrypted.
    NotEncrypted,
    /// It is internal: on this machine, in a private or link-local network.
    Inside,
    /// Its port is not allowed.
    Port,
}

/// The headers that the gateway sets, that change the framing of a request, or that name its origin.
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

/// The prefixes of other such headers.
const RESERVED_BEGINNINGS: [&str; 5] = ["webhook-", "ce-", "sec-", "proxy-", "x-forwarded-"];

/// A header's name as receivers may read it: in lower case, and with `-` for `_`, which CGI does not distinguish.
fn comparable(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

impl RawEndpoint {
    /// The settings, when all required fields are present, and the findings beyond the shape: an address that is not
    /// allowed, or by `objection`, crèches that are not among `reach`, headers that are reserved.
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

/// Parses an address, or returns the rule that it breaks by itself. Unusual spellings of IP addresses (decimal,
/// octal, hexadecimal) are normalised.
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

/// The valid headers, and the findings on the others.
fn headers(List(raw): List<RawHeader, 10>, findings: &mut Findings) -> Vec<Header> {
    let mut stored = Vec::<Header>::new();
    for (at, raw) in raw.into_iter().enumerate() {
        let Some((Some(HeaderName(name)), Some(HeaderValue(value)))) =
            raw.take().map(|raw| (raw.name.take(), raw.value.take()))
        else {
            continue;
        };
        let compared = comparable(&name);
        let taken = stored.iter().any(|known| comparable(&known.name) == compared);
        let reserved = RESERVED_BEGINNINGS.iter().any(|beginning| compared.starts_with(beginning));
        if taken || reserved || RESERVED.contains(&&*compared) {
            let place = FindingPlace::default().item("headers", at).field("name");
            findings.push(Finding::new(&rules::RESERVED_HEADER, place).with("header", Param::Code(name)));
        } else {
            stored.push(Header { name, value });
        }
    }
    stored
}
