//! Recording payments: one, or many at once, of any organisers.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{PaymentError, PaymentView, about};
use crate::app::App;
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::clock;
use crate::domain::actor::Actor;
use crate::domain::event::EventType;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::rules::document::TOO_MANY;
use crate::domain::rules::payment as rules;
use crate::domain::subsidy::{MAX_PAYMENTS, NewPayment, RawPayment};
use crate::ids::{OrganiserId, SubsidyPaymentId};
use crate::store::subsidies::{NumberedCreche, PaymentRecord};
use crate::store::{self, Tx, WritePurpose};
use crate::words::navigation;

/// How often payments are validated again because others were recorded meanwhile.
const ATTEMPTS: usize = 3;

/// Validates payments and records all of them, or none: in the order in which they are sent. A dry run records none.
///
/// # Errors
/// `Invalid` with every finding when a single one breaks a rule; the rules are those of `domain/rules/payment.rs`.
pub async fn record(
    app: &App,
    matricule: &str,
    sent: &[RawPayment],
    dry_run: bool,
) -> Result<Vec<PaymentView>, PaymentError> {
    for _ in 0..ATTEMPTS {
        let valid = validate(app, sent).await?;
        if dry_run {
            return Ok(views(records(app, matricule, &valid), &valid));
        }
        if let Some(recorded) = write(app, matricule, &valid).await? {
            return Ok(views(recorded, &valid));
        }
    }
    Err(store::Error::Changed.into())
}

/// A payment that keeps the rules, with its crèche.
type ValidPayment = (NumberedCreche, NewPayment);

fn views(records: Vec<PaymentRecord>, valid: &[ValidPayment]) -> Vec<PaymentView> {
    let view = |(record, (creche, _)): (PaymentRecord, &ValidPayment)| PaymentView {
        record,
        creche: creche.name.clone(),
        one_number: creche.one_number.clone(),
        reason: None,
    };
    records.into_iter().zip(valid).map(view).collect()
}

/// The payments as they are recorded now: their ids are in the order in which they are sent.
fn records(app: &App, matricule: &str, valid: &[ValidPayment]) -> Vec<PaymentRecord> {
    let mut ids: Vec<_> = valid.iter().map(|_| SubsidyPaymentId::new(app.clocks.machine())).collect();
    ids.sort_unstable();
    let record = |(id, (creche, new)): (SubsidyPaymentId, &ValidPayment)| PaymentRecord {
        id,
        organiser: creche.organiser,
        creche: creche.id,
        payment: new.clone(),
        recorded_at: app.clocks.business_clock(creche.organiser).now(),
        recorded_by: matricule.to_owned(),
        cancelled: None,
    };
    ids.into_iter().zip(valid).map(record).collect()
}

/// The payments with their crèches, when none breaks a rule.
async fn validate(app: &App, sent: &[RawPayment]) -> Result<Vec<ValidPayment>, PaymentError> {
    let mut findings = Findings::default();
    if sent.is_empty() {
        findings.push(Finding::new(&rules::NOTHING, FindingPlace::default()));
    }
    if sent.len() > MAX_PAYMENTS {
        findings.push(too_many(sent.len()));
    }
    if findings.has_errors() {
        return Err(PaymentError::Invalid(findings));
    }
    let tx = &mut app.db.read().await?;
    let numbers: HashSet<_> = sent.iter().filter_map(|one| Some(one.one_number.get()?.0.as_str())).collect();
    let creches = numbered(store::subsidies::creches_numbered(tx, &Vec::from_iter(numbers)).await?);
    let mut valid = Vec::new();
    for (line, one) in sent.iter().enumerate() {
        let place = FindingPlace::line(line);
        let creche = creche_of(&creches, one).map_err(|rule| {
            findings.push(Finding::new(rule, place.clone().field("creche")));
        });
        let today = match &creche {
            Ok(creche) => app.clocks.business_clock(creche.organiser).today(),
            Err(()) => clock::to_brussels(app.clocks.machine().now()).date(),
        };
        let (payment, found) = one.validate(&place, today);
        findings.extend(found);
        valid.extend(creche.ok().cloned().zip(payment));
    }
    findings.extend(references(tx, sent).await?);
    if findings.has_errors() { Err(PaymentError::Invalid(findings)) } else { Ok(valid) }
}

/// The finding that there are more payments than are recorded at once.
pub(super) fn too_many(count: usize) -> Finding {
    let number = |count: usize| Param::Count(count as u64);
    let finding = Finding::new(&TOO_MANY, FindingPlace::default()).with("field", Param::Text(navigation::PAYMENTS));
    finding.with("count", number(count)).with("max", number(MAX_PAYMENTS))
}

/// The crèches by their ONE numbers.
fn numbered(found: Vec<NumberedCreche>) -> HashMap<String, Vec<NumberedCreche>> {
    let mut creches = HashMap::<_, Vec<_>>::new();
    for creche in found {
        creches.entry(creche.one_number.clone()).or_default().push(creche);
    }
    creches
}

/// The one crèche with the payment's number, or the rule that it breaks.
fn creche_of<'a>(
    creches: &'a HashMap<String, Vec<NumberedCreche>>,
    sent: &RawPayment,
) -> Result<&'a NumberedCreche, &'static crate::domain::rule::Rule> {
    let found = sent.one_number.get().and_then(|number| creches.get(&number.0)).map_or(&[][..], Vec::as_slice);
    match found {
        [creche] => Ok(creche),
        [] => Err(&rules::CRECHE_UNKNOWN),
        _ => Err(&rules::CRECHE_AMBIGUOUS),
    }
}

/// The findings on references that several of the payments have, each with all their places, or that recorded ones have.
/// Nothing of what is recorded is said: it may be another organiser's.
async fn references(tx: &mut Tx, sent: &[RawPayment]) -> Result<Findings, store::Error> {
    let mut lines = BTreeMap::<&str, Vec<usize>>::new();
    for (line, one) in sent.iter().enumerate() {
        if let Some(reference) = one.reference.get() {
            lines.entry(&reference.0).or_default().push(line);
        }
    }
    let recorded = store::subsidies::recorded_references(tx, &lines.keys().copied().collect::<Vec<_>>()).await?;
    let at = |rule, line: usize| Finding::new(rule, FindingPlace::line(line).field("reference"));
    let mut findings = Findings::default();
    for (reference, lines) in &lines {
        if let [first, others @ ..] = lines.as_slice()
            && !others.is_empty()
        {
            let all = others.iter().map(|line| at(&rules::REPEATED, *line));
            findings.push(all.fold(at(&rules::REPEATED, *first), Finding::with_places_of));
        }
        if recorded.iter().any(|known| known == reference) {
            findings.extend(lines.iter().map(|line| at(&rules::RECORDED, *line)).collect());
        }
    }
    Ok(findings)
}

/// Records the payments in one transaction; `None` when the reference of one was recorded meanwhile.
async fn write(app: &App, matricule: &str, valid: &[ValidPayment]) -> Result<Option<Vec<PaymentRecord>>, PaymentError> {
    let mut organisers: Vec<_> = valid.iter().map(|(creche, _)| creche.organiser).collect();
    organisers.sort_unstable();
    organisers.dedup();
    let Some((first, others)) = organisers.split_first() else { return Ok(Some(Vec::new())) };
    let mut work = app.begin_as(*first, &Actor::agent(matricule), WritePurpose::Content).await?;
    for other in others {
        store::organisers::lock(&mut work, *other).await?;
    }
    let new = records(app, matricule, valid);
    if !store::subsidies::insert_all(&mut work, &new).await? {
        return Ok(None);
    }
    for organiser in organisers {
        announce(&mut work, organiser, &new);
    }
    work.commit().await?;
    Ok(Some(new))
}

/// One audit entry for the payments of an organiser, and an event for each.
fn announce(work: &mut UnitOfWork<'_>, organiser: OrganiserId, new: &[PaymentRecord]) {
    let own: Vec<_> = new.iter().filter(|payment| payment.organiser == organiser).collect();
    let entry = match own[..] {
        [only] => about(EventType::SubsidyPaymentRecorded, only),
        _ => Record::of(EventType::SubsidyPaymentRecorded).detail(format!("import: {} payments", own.len())),
    };
    work.record_for(organiser, &entry.unannounced());
    for payment in own {
        work.announce_for(organiser, &about(EventType::SubsidyPaymentRecorded, payment).about(payment.id));
    }
}
