//! Changing an application: its description, its bounds, its state.

use super::{
    App, Application, ApplicationBounds, ApplicationRecord, OperatorError, bounds, creches, last_day, open,
    open_application, row, seal,
};
use crate::app::SubmittedDocument;
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::application::{
    Contact, RawApplication, RawContact, Registration, RequestedApplication, UncheckedBefore,
};
use crate::domain::event::EventType;
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::key::Scope;
use crate::domain::phone::PhoneText;
use crate::domain::raw::{Choice, Field, Raw};
use crate::domain::rules::application as rules;
use crate::ids::{ApplicationId, OrganiserId};
use crate::ingest::json;
use crate::ingest::schema::{APPLICATION, Schemas};
use crate::store::{self, WritePurpose};

/// A change of an application.
#[derive(Debug)]
pub enum ApplicationUpdate<'a> {
    /// The members of this merge patch (RFC 7396).
    Patch(&'a [u8]),
    /// All fields of a form; the state stays.
    Described(Box<RawApplication>),
    /// Whether its keys work.
    State(RequestedApplication),
}

impl ApplicationUpdate<'_> {
    /// Applies the update to `current`, and returns the document with the findings on its shape.
    fn read(self, current: RawApplication) -> (Option<RawApplication>, Findings) {
        match self {
            Self::Patch(bytes) => json::patch(json::value_of(&current), bytes, APPLICATION, Schemas::shared()),
            Self::Described(raw) => {
                SubmittedDocument::Fields(RawApplication { state: current.state, ..*raw }).read(APPLICATION)
            }
            Self::State(state) => {
                (Some(RawApplication { state: Field::Present(state), ..current }), Findings::default())
            }
        }
    }
}

/// Changes an application and returns it, and whether anything changed. It takes effect for its keys here at once, at
/// other gateways within seconds.
pub async fn change(
    app: &App,
    actor: &Actor,
    organiser: OrganiserId,
    id: ApplicationId,
    change: ApplicationUpdate<'_>,
) -> Result<(Application, bool), OperatorError> {
    let known = creches(app, organiser).await?;
    let key = app.vault.organiser_key(&app.db, organiser).await?;
    let act = app.acting_as(actor);
    let mut work = act.begin(organiser, WritePurpose::RecordOnly).await?;
    let kept = store::applications::find(&mut work, organiser, id).await?.ok_or(OperatorError::NoApplication(id))?;
    let contact = open(&key, organiser, &kept)?;
    let (raw, mut findings) = change.read(describe(&kept, contact.as_ref()));
    let stored = UncheckedBefore { ends_on: kept.bounds.ends_at.map(last_day), contact: contact.as_ref() };
    let (wanted, rules) = raw.unwrap_or_default().parse(act.clocks.business_clock(organiser).today(), stored, &known);
    findings.extend(rules);
    let Some(wanted) = wanted.filter(|_| !findings.has_errors()) else {
        return Err(OperatorError::Invalid(findings.folded()));
    };
    let bounds = bounds(&wanted, &kept.bounds, work.at());
    if is_unchanged(&kept, contact.as_ref(), &wanted, &bounds) {
        return Ok((open_application(&mut work, &key, organiser, kept).await?, false));
    }
    let sealed = wanted.contact.as_ref().map(|contact| seal(&key, organiser, id, contact)).transpose()?;
    let new = row(id, wanted, sealed, bounds, kept.created_at);
    if !store::applications::update(&mut work, organiser, &new).await? {
        return Err(OperatorError::Invalid(Findings::from_iter([Finding::new(
            &rules::REVOKED,
            FindingPlace::default(),
        )])));
    }
    record(&mut work, &kept, &new);
    let changed = open_application(&mut work, &key, organiser, new).await?;
    work.commit().await?;
    app.keys.invalidate();
    Ok((changed, true))
}

/// An application as an input document.
fn describe(kept: &ApplicationRecord, contact: Option<&Contact>) -> RawApplication {
    let ApplicationBounds { scopes, creches, suspended_at, ends_at, revoked_at, .. } = &kept.bounds;
    let state = match (revoked_at, suspended_at) {
        (Some(_), _) => RequestedApplication::Revoked,
        (None, Some(_)) => RequestedApplication::Suspended,
        (None, None) => RequestedApplication::Active,
    };
    RawApplication {
        name: Field::from_text(&kept.name),
        vendor: Field::from_text(&kept.vendor),
        contact: contact.map(raw_contact).into(),
        purpose: optional(&kept.purpose),
        scopes: Field::Present(Choice(scopes.iter().collect::<Vec<Scope>>())),
        creches: creches.clone().map(Choice).into(),
        ends_on: ends_at.map(last_day).into(),
        state: Field::Present(state),
        unknown: false,
    }
}

fn raw_contact(Contact { name, email, phone }: &Contact) -> RawContact {
    let phone = phone.clone().map(PhoneText).into();
    RawContact { name: Field::from_text(name), email: Field::from_text(email), phone, unknown: false }
}

fn optional<T: Raw>(text: &str) -> Field<T> {
    if text.is_empty() { Field::Absent } else { Field::from_text(text) }
}

/// Whether the application has all requested properties already.
fn is_unchanged(
    kept: &ApplicationRecord,
    contact: Option<&Contact>,
    wanted: &Registration,
    bounds: &ApplicationBounds,
) -> bool {
    let named = (&kept.name, &kept.vendor, &kept.purpose) == (&wanted.name, &wanted.vendor, &wanted.purpose);
    named && contact == wanted.contact.as_ref() && kept.bounds == *bounds
}

/// Records the change, with an event where it concerns its keys as a whole.
fn record(work: &mut UnitOfWork<'_>, old: &ApplicationRecord, new: &ApplicationRecord) {
    let turned = match (&old.bounds, &new.bounds) {
        (old, new) if old.revoked_at != new.revoked_at => Some(EventType::ApplicationRevoked),
        (old, new) if old.suspended_at.is_some() == new.suspended_at.is_some() => None,
        (_, new) if new.suspended_at.is_some() => Some(EventType::ApplicationSuspended),
        _ => Some(EventType::ApplicationResumed),
    };
    if let Some(turned) = turned {
        work.record(&Record::of(turned).about(new.id));
    }
    let described = |kept: &ApplicationRecord| {
        let ApplicationBounds { scopes, creches, ends_at, .. } = kept.bounds.clone();
        (kept.name.clone(), kept.vendor.clone(), kept.purpose.clone(), scopes, creches, ends_at)
    };
    // The sealed contact differs with each sealing and is not compared: other changes count as a new description.
    if turned.is_none() || described(old) != described(new) {
        work.record(&Record::of(RecordedAction::ApplicationChanged).about(new.id));
    }
}
