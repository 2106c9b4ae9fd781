//! Past states of crèches: each with its places and closures, a revision for each change.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::find_whole;
use crate::domain::calendar::Calendar;
use crate::domain::closure::{Closure, ClosureReason};
use crate::domain::creche::{Capacity, Creche, Places};
use crate::ids::{CrecheId, OrganiserId};
use crate::store::db::Tx;
use crate::store::error::Error;
use crate::store::input_history::{self, InputSubject};
use crate::store::source::RowSource;

/// The content of a revision.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CrecheContent {
    name: String,
    one_number: String,
    subsidised: bool,
    authorised_from: Date,
    authorised_until: Option<Date>,
    /// The number of authorised places from each day on.
    places: Vec<(Date, u32)>,
    /// First day, last day and the code of the reason.
    closures: Vec<(Date, Date, String)>,
}

impl From<&Creche> for CrecheContent {
    fn from(creche: &Creche) -> Self {
        let closure = |closure: &Closure| (closure.start_date, closure.end_date, closure.reason.code().to_owned());
        Self {
            name: creche.name.clone(),
            one_number: creche.one_number.clone(),
            subsidised: creche.subsidised,
            authorised_from: creche.authorised_from,
            authorised_until: creche.authorised_until,
            places: creche.capacity.history().iter().map(|places| (places.from, places.places)).collect(),
            closures: creche.calendar.closures().iter().map(closure).collect(),
        }
    }
}

impl CrecheContent {
    fn creche(self, id: &str) -> Result<Creche, Error> {
        let from = RowSource { table: "input_revision", id };
        let closure = |(start, end, reason): (Date, Date, String)| {
            let reason = ClosureReason::from_code(&reason).ok_or_else(|| from.corrupt("content"))?;
            Ok(Closure::new(start, end, reason))
        };
        let closures = self.closures.into_iter().map(closure).collect::<Result<Vec<_>, Error>>()?;
        Ok(Creche {
            id: from.text("id", id)?,
            name: self.name,
            one_number: self.one_number,
            subsidised: self.subsidised,
            authorised_from: self.authorised_from,
            authorised_until: self.authorised_until,
            capacity: Capacity::new(self.places.into_iter().map(|(from, places)| Places { from, places }).collect()),
            calendar: Calendar::new(closures),
        })
    }
}

/// Records the current state of a crèche as a revision from `at` on.
pub async fn record(tx: &mut Tx, organiser: OrganiserId, creche: CrecheId, at: Timestamp) -> Result<(), Error> {
    let Some(whole) = find_whole(tx, organiser, creche).await? else { return Ok(()) };
    let subject = (InputSubject::Creche, creche.to_string());
    input_history::record(tx, organiser, subject, &CrecheContent::from(&whole), at).await
}

/// Every crèche that the organiser had at an instant, in its state of that instant, in the order of registration.
pub async fn list_as_of(tx: &mut Tx, organiser: OrganiserId, at: Timestamp) -> Result<Vec<Creche>, Error> {
    let found = input_history::as_of::<CrecheContent>(tx, organiser, InputSubject::Creche, at).await?;
    found.into_iter().map(|revision| revision.content.creche(&revision.id)).collect()
}
