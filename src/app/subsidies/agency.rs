//! Payments as the agency reads them: an agent, or its software. What is read is in the history of each organiser before it is
//! returned, one entry for a page.

use std::collections::{BTreeMap, HashMap, btree_map, hash_map};

use super::view::{read_record, view, view_of};
use super::{PaymentError, PaymentView};
use crate::app::App;
use crate::app::agents::AuthorNames;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::subsidy::AgencyPaymentFilter;
use crate::ids::{OrganiserId, SubsidyPaymentId};
use crate::store::{self, Tx};

/// The most payments of a page.
pub const MOST_PAYMENTS: u32 = 100;

/// Which payments are read.
#[derive(Debug, Clone, Default)]
pub struct AgencyPaymentQuery {
    /// That match.
    pub filter: AgencyPaymentFilter,
    /// That follow the payment with this id.
    pub after: Option<SubsidyPaymentId>,
    /// At most so many, and at most [`MOST_PAYMENTS`].
    pub most: u32,
}

/// A payment with the name of its organiser.
#[derive(Debug, Clone)]
pub struct AgencyPayment {
    /// The payment.
    pub view: PaymentView,
    /// The organiser's legal name.
    pub organiser: String,
}

/// A page of payments.
#[derive(Debug)]
pub struct AgencyPaymentPage {
    /// The earliest recorded first, those of one millisecond in the order of their ids.
    pub payments: Vec<AgencyPayment>,
    /// Whether there are more.
    pub more: bool,
}

/// Reads a page of the payments of all organisers.
pub async fn payment_page(
    app: &App,
    reader: &Actor,
    query: &AgencyPaymentQuery,
) -> Result<AgencyPaymentPage, InternalError> {
    let most = query.most.min(MOST_PAYMENTS);
    let mut tx = app.db.read().await?;
    let mut found = store::subsidies::list_of_all(&mut tx, &query.filter, (query.after, most + 1)).await?;
    let more = found.len() > most as usize;
    found.truncate(most as usize);
    let authors = AuthorNames::read(&mut tx).await?;
    let (mut organisers, mut creches) = (BTreeMap::new(), HashMap::new());
    for payment in &found {
        if let btree_map::Entry::Vacant(new) = organisers.entry(payment.organiser) {
            new.insert((legal_name(&mut tx, payment.organiser).await?, 0_usize));
        }
        if let hash_map::Entry::Vacant(new) = creches.entry(payment.creche) {
            let creche = store::creches::find(&mut tx, payment.organiser, payment.creche).await?;
            let creche = creche.ok_or(store::Error::Rows(0))?;
            new.insert((creche.name, creche.one_number));
        }
    }
    drop(tx);
    let mut payments = Vec::with_capacity(found.len());
    for record in found {
        let data_key = app.vault.organiser_key(&app.db, record.organiser).await?;
        let (Some((organiser, count)), Some(names)) =
            (organisers.get_mut(&record.organiser), creches.get(&record.creche))
        else {
            return Err(store::Error::Rows(0).into());
        };
        *count += 1;
        let view = view(&data_key, record, names.clone(), &authors)?;
        payments.push(AgencyPayment { view, organiser: organiser.clone() });
    }
    for (organiser, (_, count)) in organisers {
        let record = Record::of(RecordedAction::SubsidyPaymentsRead).detail(count.to_string());
        app.record_access(organiser, reader, &record).await?;
    }
    Ok(AgencyPaymentPage { payments, more })
}

/// Reads a payment.
///
/// # Errors
/// `Unknown` where the organiser has no such payment.
pub async fn open(
    app: &App,
    reader: &Actor,
    key: (OrganiserId, SubsidyPaymentId),
) -> Result<AgencyPayment, PaymentError> {
    let view = view_of(app, key).await?.ok_or(PaymentError::Unknown)?;
    let organiser = legal_name(&mut app.db.read_once().await?, key.0).await?;
    app.record_access(key.0, reader, &read_record(&view.record)).await?;
    Ok(AgencyPayment { view, organiser })
}

pub(super) async fn legal_name(tx: &mut Tx, organiser: OrganiserId) -> Result<String, store::Error> {
    Ok(store::organisers::find(tx, organiser).await?.ok_or(store::Error::Rows(0))?.legal_name)
}
