//! What was paid for each quarter of an organiser's crèches, beside its claim.

use std::collections::HashMap;

use super::view::view;
use super::{PaymentRecord, PaymentView};
use crate::app::agents::AuthorNames;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::{App, creches};
use crate::domain::action::RecordedAction;
use crate::domain::claim::ClaimState;
use crate::domain::creche::Creche;
use crate::domain::period::{Month, Period, Quarter};
use crate::ids::CrecheId;
use crate::store;
use crate::store::claims::ClaimRecord;

/// What was paid for a quarter of a crèche, and where its claim stands.
#[derive(Debug, Clone)]
pub struct PaidQuarter {
    /// The crèche.
    pub creche: Creche,
    /// The quarter.
    pub quarter: Quarter,
    /// The state of its claim; `None` where none was signed.
    pub claim: Option<ClaimState>,
    /// Its payments, the first first.
    pub payments: Vec<PaymentView>,
}

/// The quarters since a month for which a claim was signed or something was paid, of the caller's crèches or of one of
/// them: the latest first. Reading them is recorded.
pub async fn overview(
    app: &App,
    caller: &Caller,
    (since, only): (Month, Option<CrecheId>),
) -> Result<Vec<PaidQuarter>, InternalError> {
    let data_key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let mut tx = app.db.read().await?;
    let creches = creches::list_within_reach(&mut tx, caller).await?;
    let claims = store::claims::list(&mut tx, caller.organiser).await?;
    let payments = store::subsidies::list_since(&mut tx, caller.organiser, since).await?;
    let authors = AuthorNames::read(&mut tx).await?;
    drop(tx);
    let of_quarter = |claim: ClaimRecord| match claim.key.period {
        Period::Quarter(quarter) => Some(((claim.key.creche, quarter), claim.standing.state)),
        Period::Month(_) => None,
    };
    let claims = claims.into_iter().filter_map(of_quarter);
    let claims: HashMap<_, _> = claims.filter(|((_, quarter), _)| quarter.months()[0] >= since).collect();
    let mut quarters = HashMap::<_, Vec<PaymentRecord>>::new();
    for key in claims.keys() {
        quarters.entry(*key).or_default();
    }
    for payment in payments {
        quarters.entry((payment.creche, payment.payment.quarter)).or_default().push(payment);
    }
    let mut paid = Vec::new();
    for creche in creches.iter().filter(|creche| only.is_none_or(|only| only == creche.id)) {
        for ((_, quarter), found) in quarters.iter().filter(|((of, _), _)| *of == creche.id) {
            let names = || (creche.name.clone(), creche.one_number.clone());
            let opened = found.iter().map(|one| view(&data_key, one.clone(), names(), &authors));
            let claim = claims.get(&(creche.id, *quarter)).copied();
            let payments = opened.collect::<Result<_, _>>()?;
            paid.push(PaidQuarter { creche: creche.clone(), quarter: *quarter, claim, payments });
        }
    }
    paid.sort_by(|one, other| {
        other.quarter.months()[0].cmp(&one.quarter.months()[0]).then_with(|| one.creche.name.cmp(&other.creche.name))
    });
    app.record_access(caller.organiser, &caller.actor(), &Record::of(RecordedAction::SubsidyPaymentsRead)).await?;
    Ok(paid)
}
