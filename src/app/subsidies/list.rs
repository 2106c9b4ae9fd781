//! The payments of an organiser, for those who may read the reports of their crèches.

use std::collections::HashMap;

use super::view::{read_record, view, view_of};
use super::{PaymentError, PaymentView};
use crate::app::App;
use crate::app::agents::AuthorNames;
use crate::app::caller::Caller;
use crate::app::creches;
use crate::app::error::AccessError;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::period::Quarter;
use crate::domain::subsidy::{PaymentFilter, PaymentType};
use crate::ids::{CrecheId, SubsidyPaymentId};
use crate::store;

/// A query of the list.
#[derive(Debug, Clone, Copy)]
pub struct PaymentQuery {
    /// To this crèche; to all within reach when it is `None`.
    pub creche: Option<CrecheId>,
    /// For this quarter or a later one.
    pub from: Option<Quarter>,
    /// For this quarter or an earlier one.
    pub to: Option<Quarter>,
    /// Of this type.
    pub payment_type: Option<PaymentType>,
    /// That follow the payment with this id.
    pub after: Option<SubsidyPaymentId>,
    /// At most so many.
    pub most: u32,
}

/// A part of the list.
#[derive(Debug)]
pub struct PaymentPage {
    /// The earliest recorded first, those of one millisecond in the order of their ids.
    pub payments: Vec<PaymentView>,
    /// Whether there are more.
    pub more: bool,
}

/// The payments within the caller's reach that match. Reading them is recorded.
pub async fn list(app: &App, caller: &Caller, query: PaymentQuery) -> Result<PaymentPage, AccessError> {
    let data_key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let mut tx = app.db.read().await?;
    let within = match query.creche {
        Some(creche) => vec![creches::find_within_reach(&mut tx, caller, creche).await?],
        None => creches::list_within_reach(&mut tx, caller).await?,
    };
    let names: HashMap<_, _> = within.into_iter().map(|one| (one.id, (one.name, one.one_number))).collect();
    let only = query.creche.map(|creche| [creche]);
    let creches = only.as_ref().map(<[_; 1]>::as_slice).or(caller.creches.as_deref());
    let PaymentQuery { from, to, payment_type, after, most, .. } = query;
    let filter = PaymentFilter { creches, from, to, payment_type };
    let page = (after, most.saturating_add(1));
    let mut found = store::subsidies::list(&mut tx, caller.organiser, filter, page).await?;
    let authors = AuthorNames::read(&mut tx).await?;
    drop(tx);
    let more = found.len() > most as usize;
    found.truncate(most as usize);
    let with_names = |record: store::subsidies::PaymentRecord| {
        let names = names.get(&record.creche).cloned().ok_or(store::Error::Rows(0))?;
        view(&data_key, record, names, &authors)
    };
    let payments = found.into_iter().map(with_names).collect::<Result<_, _>>()?;
    let record = Record::of(RecordedAction::SubsidyPaymentsRead);
    let record = query.creche.map_or_else(|| record.clone(), |creche| record.clone().creche(creche));
    app.record_access(caller.organiser, &caller.actor(), &record).await?;
    Ok(PaymentPage { payments, more })
}

/// A payment to a crèche within the caller's reach. Reading it is recorded.
pub async fn find(app: &App, caller: &Caller, id: SubsidyPaymentId) -> Result<PaymentView, PaymentError> {
    let found = view_of(app, (caller.organiser, id)).await?;
    let found = found.filter(|found| caller.reaches(found.record.creche)).ok_or(PaymentError::Unknown)?;
    app.record_access(caller.organiser, &caller.actor(), &read_record(&found.record)).await?;
    Ok(found)
}
