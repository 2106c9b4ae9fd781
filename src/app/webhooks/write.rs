//! Creating, changing and removing endpoints.

use super::address::{FIRST_VERSION, SealedAddress};
use super::sign::VerificationKey;
use super::{Endpoint, EndpointRecord, WebhookError, begin, begin_or_try, find_endpoint, seal_headers, secrets};
use crate::app::caller::Caller;
use crate::app::record::Record;
use crate::app::{App, SubmittedDocument};
use crate::domain::action::RecordedAction;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Choice, Field, Label, List};
use crate::domain::rules::webhook as rules;
use crate::domain::webhook::{
    DeliveryRate, EndpointSettings, EndpointState, HeaderName, HeaderValue, RawEndpoint, RawHeader, Reason,
    RequestedEndpoint, Signing,
};
use crate::ids::{CrecheId, WebhookEndpointId};
use crate::ingest::json;
use crate::ingest::schema::{Schemas, WEBHOOK_ENDPOINT};
use crate::store::{self, Tx};

/// A change of an endpoint.
#[derive(Debug)]
pub enum EndpointUpdate<'a> {
    /// The members of this merge patch (RFC 7396).
    Patch(&'a [u8]),
    /// All fields of a form. A form has no headers: the stored ones stay unless it has others. The kind of signature
    /// and the state stay as well.
    Described(Box<RawEndpoint>),
    /// Whether deliveries are sent.
    State(RequestedEndpoint),
}

/// An endpoint that was written, or the result of a dry run.
pub struct WrittenEndpoint {
    /// As it is now.
    pub endpoint: Endpoint,
    /// The verification key for its receiver, when it is new.
    pub shown: Option<VerificationKey>,
    /// Whether it was written.
    pub written: bool,
}

/// Creates an endpoint. No event is sent to it before it is verified.
pub async fn add(
    app: &App,
    caller: &Caller,
    input: SubmittedDocument<'_, RawEndpoint>,
    dry_run: bool,
) -> Result<WrittenEndpoint, WebhookError> {
    add_as(app, caller, input, dry_run, WebhookEndpointId::new(app.clocks.machine())).await
}

/// The same under a given id.
pub async fn add_as(
    app: &App,
    caller: &Caller,
    input: SubmittedDocument<'_, RawEndpoint>,
    dry_run: bool,
    id: WebhookEndpointId,
) -> Result<WrittenEndpoint, WebhookError> {
    let (raw, findings) = input.read(WEBHOOK_ENDPOINT);
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let mut work = begin_or_try(app, caller).await?;
    let described = validated_endpoint(app, &mut work, caller, raw, findings).await?;
    if described.state == Some(RequestedEndpoint::Active) {
        return Err(WebhookError::of(&rules::NOT_VERIFIED, FindingPlace::at("/state")));
    }
    let most = app.caps.webhook_endpoints;
    if store::webhooks::list(&mut work, caller.organiser).await?.len() >= most as usize {
        let most = Param::Count(most.into());
        return Err(WebhookError::Invalid(
            [Finding::new(&rules::TOO_MANY, FindingPlace::default()).with("most", most)].into_iter().collect(),
        ));
    }
    let mut stored = EndpointRecord {
        id,
        application: caller.verified_key().map(|shown| shown.application),
        headers: seal_headers(&key, caller.organiser, id, &described.headers)?,
        sealed_url: Vec::new(),
        url_version: FIRST_VERSION,
        host_hash: None,
        allowed_rate: None,
        description: described.description,
        event_types: described.event_types,
        creches: described.creches,
        signing: described.signing,
        rate: described.rate,
        state: EndpointState::Pending,
        reason: None,
        created_at: work.at(),
        verified_at: None,
        failing_since: None,
    };
    SealedAddress::new(app, &key, (caller.organiser, id), FIRST_VERSION, &described.url).put_into(&mut stored);
    let mut endpoint = Endpoint { stored, url: described.url, headers: described.headers, public_key: None };
    if dry_run {
        return Ok(WrittenEndpoint { endpoint, shown: None, written: false });
    }
    store::webhooks::insert(&mut work, caller.organiser, &endpoint.stored).await?;
    let shown = secrets::create_secret(&mut work, &key, caller.organiser, (id, endpoint.stored.signing)).await?;
    if let VerificationKey::PublicKey(key) = &shown {
        endpoint.public_key = Some(key.clone());
    }
    work.record(&Record::of(RecordedAction::WebhookEndpointCreated).about(id));
    work.commit().await?;
    Ok(WrittenEndpoint { endpoint, shown: Some(shown), written: true })
}

/// Changes an endpoint. A new address must be verified before events are sent there.
pub async fn change(
    app: &App,
    caller: &Caller,
    id: WebhookEndpointId,
    change: EndpointUpdate<'_>,
    dry_run: bool,
) -> Result<WrittenEndpoint, WebhookError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let mut work = begin_or_try(app, caller).await?;
    let before = find_endpoint(&mut work, caller, id).await?;
    let public_key = secrets::public_key(app, &mut work, caller.organiser, id).await?;
    let before = Endpoint::open(&key, caller.organiser, before, public_key)?;
    let (raw, findings) = change.read(describe(&before));
    let described = validated_endpoint(app, &mut work, caller, raw, findings).await?;
    let mut stored = changed(&before, &described)?;
    let (url, headers) = (described.url, described.headers);
    if stored == before.stored && url == before.url && headers == before.headers {
        return Ok(WrittenEndpoint { endpoint: before, shown: None, written: false });
    }
    if headers != before.headers {
        stored.headers = seal_headers(&key, caller.organiser, id, &headers)?;
    }
    if url != before.url {
        let version = before.stored.url_version.saturating_add(1);
        SealedAddress::new(app, &key, (caller.organiser, id), version, &url).put_into(&mut stored);
    }
    let endpoint = Endpoint { stored, url, headers, public_key: before.public_key };
    if dry_run {
        return Ok(WrittenEndpoint { endpoint, shown: None, written: false });
    }
    store::webhooks::update(&mut work, caller.organiser, &endpoint.stored).await?;
    work.record(&Record::of(RecordedAction::WebhookEndpointChanged).about(id));
    work.commit().await?;
    Ok(WrittenEndpoint { endpoint, shown: None, written: true })
}

/// Removes an endpoint with its pending deliveries.
pub async fn remove(app: &App, caller: &Caller, id: WebhookEndpointId) -> Result<(), WebhookError> {
    let mut work = begin(app, caller).await?;
    find_endpoint(&mut work, caller, id).await?;
    store::webhooks::delete(&mut work, caller.organiser, id).await?;
    work.record(&Record::of(RecordedAction::WebhookEndpointDeleted).about(id));
    Ok(work.commit().await?)
}

impl EndpointUpdate<'_> {
    /// Applies the update to `current`, and returns the document with the findings on its shape.
    fn read(self, current: RawEndpoint) -> (Option<RawEndpoint>, Findings) {
        match self {
            Self::Patch(bytes) => json::patch(json::value_of(&current), bytes, WEBHOOK_ENDPOINT, Schemas::shared()),
            Self::Described(raw) => {
                let headers = if raw.headers.is_absent() { current.headers } else { raw.headers };
                let RawEndpoint { signing, state, .. } = current;
                SubmittedDocument::Fields(RawEndpoint { signing, headers, state, ..*raw }).read(WEBHOOK_ENDPOINT)
            }
            Self::State(state) => (Some(RawEndpoint { state: Field::Present(state), ..current }), Findings::default()),
        }
    }
}

/// The validated settings of an endpoint.
async fn validated_endpoint(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    raw: Option<RawEndpoint>,
    mut findings: Findings,
) -> Result<EndpointSettings, WebhookError> {
    let known = store::creches::list(tx, caller.organiser).await?.into_iter().map(|creche| creche.id);
    let known: Vec<CrecheId> = known.filter(|creche| caller.reaches(*creche)).collect();
    let (described, rules) = raw.unwrap_or_default().parse(&known, |url| app.webhook_transport.objection(url));
    findings.extend(rules);
    let all = described.as_ref().is_some_and(|described| described.creches.is_none());
    if caller.creches.is_some() && all {
        findings.push(Finding::new(&self::rules::TOO_WIDE, FindingPlace::at("/creches")));
    }
    described.filter(|_| !findings.has_errors()).ok_or_else(|| WebhookError::Invalid(findings.folded()))
}

/// The row with the new settings.
fn changed(
    Endpoint { stored: before, url, .. }: &Endpoint,
    described: &EndpointSettings,
) -> Result<EndpointRecord, WebhookError> {
    if described.signing != before.signing {
        return Err(WebhookError::of(&rules::SIGNING_FIXED, FindingPlace::at("/signing")));
    }
    let mut stored = EndpointRecord {
        description: described.description.clone(),
        event_types: described.event_types.clone(),
        creches: described.creches.clone(),
        rate: described.rate,
        ..before.clone()
    };
    if described.url != *url {
        (stored.verified_at, stored.state, stored.reason, stored.failing_since) =
            (None, EndpointState::Pending, None, None);
        return Ok(stored);
    }
    match (described.state, before.state) {
        (Some(RequestedEndpoint::Active), EndpointState::Pending | EndpointState::Disabled) => {
            return Err(WebhookError::of(&rules::NOT_VERIFIED, FindingPlace::at("/state")));
        }
        (Some(RequestedEndpoint::Active), EndpointState::Paused) => {
            (stored.state, stored.reason, stored.failing_since) = (EndpointState::Active, None, None);
        }
        (Some(RequestedEndpoint::Paused), EndpointState::Active) => {
            (stored.state, stored.reason) = (EndpointState::Paused, Some(Reason::Person));
        }
        _ => {}
    }
    Ok(stored)
}

/// An endpoint as an input document.
fn describe(Endpoint { stored, url, headers, .. }: &Endpoint) -> RawEndpoint {
    let header = |header: &crate::domain::webhook::Header| {
        Field::Present(RawHeader {
            name: Field::Present(HeaderName(header.name.clone())),
            value: Field::Present(HeaderValue(header.value.clone())),
            unknown: false,
        })
    };
    let description = Some(&stored.description).filter(|text| !text.is_empty());
    RawEndpoint {
        url: Field::Present(Label(url.clone())),
        description: description.map(|text| Label(text.clone())).into(),
        event_types: stored.event_types.clone().map(Choice).into(),
        creches: stored.creches.clone().map(Choice).into(),
        signing: Some(stored.signing).filter(|signing| *signing != Signing::Hmac).into(),
        headers: Some(headers)
            .filter(|headers| !headers.is_empty())
            .map(|all| List(all.iter().map(header).collect()))
            .into(),
        rate: Field::Present(DeliveryRate(stored.rate)),
        state: match stored.state {
            EndpointState::Active => Field::Present(RequestedEndpoint::Active),
            EndpointState::Paused => Field::Present(RequestedEndpoint::Paused),
            EndpointState::Pending | EndpointState::Disabled => Field::Absent,
        },
        unknown: false,
    }
}
