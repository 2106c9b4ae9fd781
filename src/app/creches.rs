//! The crèches that a caller can reach.

use std::collections::HashMap;

use super::App;
use super::error::{Fault, NoCreche};
use super::keys::Caller;
use crate::domain::calendar::Calendar;
use crate::domain::closure::Closure;
use crate::domain::creche::{Capacity, Creche, Places};
use crate::ids::{CrecheId, OrganiserId};
use crate::store::{self, Tx};

impl Caller {
    /// Whether the key is for this crèche.
    pub fn reaches(&self, creche: CrecheId) -> bool {
        self.creches.as_ref().is_none_or(|creches| creches.contains(&creche))
    }
}

/// The crèches that the caller can reach, in the order of their registration.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Creche>, Fault> {
    let tx = &mut app.db.read().await?;
    let creches = load_all(tx, caller.organiser).await?;
    Ok(creches.into_iter().filter(|creche| caller.reaches(creche.id)).collect())
}

/// One crèche.
pub async fn find(app: &App, caller: &Caller, creche: CrecheId) -> Result<Creche, NoCreche> {
    reach(&mut app.db.read().await?, caller, creche).await
}

/// One crèche inside a transaction: the only way for the other verbs to get at it.
pub(super) async fn reach(tx: &mut Tx, caller: &Caller, creche: CrecheId) -> Result<Creche, NoCreche> {
    let row = store::creches::find(tx, caller.organiser, creche).await?.ok_or(NoCreche::Unknown)?;
    if !caller.reaches(creche) {
        return Err(NoCreche::NotGranted);
    }
    let capacity = store::creches::capacities(tx, caller.organiser, creche).await?;
    let closures = store::closures::list(tx, caller.organiser, creche).await?;
    Ok(assemble(row, capacity, closures))
}

/// Every crèche of an organiser, in three queries however many there are.
pub(super) async fn load_all(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<Creche>, store::Error> {
    let mut capacities: HashMap<CrecheId, Vec<_>> = HashMap::new();
    for capacity in store::creches::all_capacities(tx, organiser).await? {
        capacities.entry(capacity.creche).or_default().push(capacity);
    }
    let mut closures: HashMap<CrecheId, Vec<_>> = HashMap::new();
    for (creche, closure) in store::closures::list_all(tx, organiser).await? {
        closures.entry(creche).or_default().push(closure);
    }
    let rows = store::creches::list(tx, organiser).await?;
    let creche = |row: store::creches::Creche| {
        let capacity = capacities.remove(&row.id).unwrap_or_default();
        let closures = closures.remove(&row.id).unwrap_or_default();
        assemble(row, capacity, closures)
    };
    Ok(rows.into_iter().map(creche).collect())
}

fn assemble(row: store::creches::Creche, capacity: Vec<store::creches::Capacity>, closures: Vec<Closure>) -> Creche {
    let places = capacity.into_iter().map(|entry| Places { from: entry.from, places: entry.places }).collect();
    Creche {
        id: row.id,
        name: row.name,
        one_number: row.one_number,
        subsidised: row.subsidised,
        authorised_from: row.authorised_from,
        authorised_until: row.authorised_until,
        capacity: Capacity::new(places),
        calendar: Calendar::new(closures),
    }
}
