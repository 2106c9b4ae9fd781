//! The rules of payments that are sent together: those of each, and those on crèches and on other payments.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::PaymentError;
use crate::app::App;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::rule::Rule;
use crate::domain::rules::payment as rules;
use crate::domain::subsidy::{MAX_PAYMENTS, NewPayment, PaymentType, RawPayment, reference_key};
use crate::store::subsidies::NumberedCreche;
use crate::store::{self, Tx};

/// Payments that break no rule.
pub(super) struct ValidPayments {
    /// Each with its crèche, in the order in which they were sent.
    pub(super) payments: Vec<(NumberedCreche, NewPayment)>,
    /// What should be checked.
    pub(super) warnings: Findings,
}

/// A payment that keeps its own rules: its line from 0, its crèche.
type ValidLine = (usize, NumberedCreche, NewPayment);

/// The payments with their crèches, when none breaks a rule.
pub(super) async fn validate(app: &App, sent: &[RawPayment]) -> Result<ValidPayments, PaymentError> {
    let number = match sent.len() {
        0 => Some(Finding::new(&rules::NOTHING, FindingPlace::default())),
        count => (count > MAX_PAYMENTS).then(|| too_many(count)),
    };
    if let Some(finding) = number {
        return Err(PaymentError::Invalid(Findings::from_iter([finding])));
    }
    let tx = &mut app.db.read().await?;
    let numbers: HashSet<_> = sent.iter().filter_map(|one| Some(one.one_number.get()?.0.as_str())).collect();
    let creches = numbered(store::subsidies::creches_numbered(tx, &Vec::from_iter(numbers)).await?);
    let (lines, mut findings) = each_alone(app, &creches, sent);
    findings.extend(same_references(tx, sent).await?);
    findings.extend(same_facts(tx, &lines).await?);
    if findings.has_errors() {
        return Err(PaymentError::Invalid(findings));
    }
    let payments = lines.into_iter().map(|(_, creche, payment)| (creche, payment)).collect();
    Ok(ValidPayments { payments, warnings: findings })
}

/// The finding that there are more payments than are recorded at once.
pub(super) fn too_many(count: usize) -> Finding {
    let number = |count: usize| Param::Count(count as u64);
    let finding = Finding::new(&rules::TOO_MANY, FindingPlace::default());
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

/// The payments that keep the rules which need no other payment, and the findings of these rules on all.
fn each_alone(
    app: &App,
    creches: &HashMap<String, Vec<NumberedCreche>>,
    sent: &[RawPayment],
) -> (Vec<ValidLine>, Findings) {
    let (mut lines, mut findings) = (Vec::new(), Findings::default());
    for (line, one) in sent.iter().enumerate() {
        let place = FindingPlace::line(line);
        let creche = creche_of(creches, one);
        let today = match creche {
            Ok(creche) => app.clocks.business_clock(creche.organiser).today(),
            Err(_) => app.clocks.agency_clock().today(),
        };
        let (payment, found) = one.validate(&place, today);
        findings.extend(found);
        match creche {
            Ok(creche) => {
                if !creche.subsidised && one.payment_type.get() == Some(&PaymentType::Subsidy) {
                    findings.push(Finding::new(&rules::NOT_SUBSIDISED, place.field("type")));
                }
                lines.extend(payment.map(|payment| (line, creche.clone(), payment)));
            }
            Err(rule) => findings.push(Finding::new(rule, place.field("creche"))),
        }
    }
    (lines, findings)
}

/// The one crèche with the payment's number, or the rule that it breaks.
fn creche_of<'a>(
    creches: &'a HashMap<String, Vec<NumberedCreche>>,
    sent: &RawPayment,
) -> Result<&'a NumberedCreche, &'static Rule> {
    let found = sent.one_number.get().and_then(|number| creches.get(&number.0)).map_or(&[][..], Vec::as_slice);
    match found {
        [creche] => Ok(creche),
        [] => Err(&rules::CRECHE_UNKNOWN),
        _ => Err(&rules::CRECHE_AMBIGUOUS),
    }
}

/// The findings on references that several of the payments have, each with all their places, or that recorded ones have.
/// Nothing of what is recorded is said: it may be another organiser's.
async fn same_references(tx: &mut Tx, sent: &[RawPayment]) -> Result<Findings, store::Error> {
    let references = || sent.iter().enumerate().filter_map(|(line, one)| Some((line, one.reference.get()?.0.as_str())));
    let mut lines = BTreeMap::<_, Vec<usize>>::new();
    for (line, reference) in references() {
        lines.entry(reference_key(reference)).or_default().push(line);
    }
    let written: HashSet<_> = references().map(|(_, reference)| reference).collect();
    let recorded = store::subsidies::recorded_references(tx, &Vec::from_iter(written)).await?;
    let recorded: HashSet<_> = recorded.iter().map(|reference| reference_key(reference)).collect();
    let at = |rule, line: usize| Finding::new(rule, FindingPlace::line(line).field("reference"));
    let mut findings = Findings::default();
    for (key, lines) in &lines {
        if let [first, others @ ..] = lines.as_slice()
            && !others.is_empty()
        {
            let all = others.iter().map(|line| at(&rules::REPEATED, *line));
            findings.push(all.fold(at(&rules::REPEATED, *first), Finding::with_places_of));
        }
        if recorded.contains(key) {
            findings.extend(lines.iter().map(|line| at(&rules::RECORDED, *line)).collect());
        }
    }
    Ok(findings)
}

/// The warnings on payments that have everything but the reference of another to the same crèche: of one that is recorded,
/// or of one before them.
async fn same_facts(tx: &mut Tx, lines: &[ValidLine]) -> Result<Findings, store::Error> {
    let quarters = lines.iter().map(|(_, creche, payment)| (creche.organiser, creche.id, payment.quarter));
    let quarters: HashSet<_> = quarters.collect();
    let recorded = store::subsidies::recorded_for(tx, &Vec::from_iter(quarters)).await?;
    let known = recorded.into_iter().map(|one| ((one.creche, one.payment.facts()), one.payment.reference));
    let mut known: HashMap<_, _> = known.collect();
    let mut warnings = Findings::default();
    for (line, creche, payment) in lines {
        match known.entry((creche.id, payment.facts())) {
            // The same reference besides is an error.
            Entry::Occupied(other) if reference_key(other.get()) != reference_key(&payment.reference) => {
                let place = FindingPlace::line(*line).field("reference");
                let reference = Param::Code(other.get().clone());
                warnings.push(Finding::new(&rules::SAME_FACTS, place).with("reference", reference));
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(free) => _ = free.insert(payment.reference.clone()),
        }
    }
    Ok(warnings)
}
