//! What agents see: every organiser with its crèches. Nothing of children, of people or of statements.

use std::collections::HashMap;

use crate::app::error::Fault;
use crate::app::organisers::{self, Whole};
use crate::app::{App, audit};
use crate::domain::text::folded;
use crate::domain::user::Profile;
use crate::domain::user::policy::ENOUGH_ADMINISTRATORS;
use crate::ids::OrganiserId;
use crate::store::audit::{Actor, Chain, Entry};
use crate::store::organisers::{Organiser, Size};
use crate::store::{self, Growth};

/// An organiser in the list.
pub struct Listed {
    /// The organiser.
    pub organiser: Organiser,
    /// How many crèches it has.
    pub creches: u64,
    /// How many administrators it has who may log in.
    pub administrators: u64,
}

/// The organisers whose name or number, or the number of one of whose crèches, has all of these words, by name.
pub async fn organisers(app: &App, words: &str) -> Result<Vec<Listed>, Fault> {
    let tx = &mut app.db.read().await?;
    let sizes = store::organisers::sizes(tx, Profile::Administrator).await?;
    let mut numbers = HashMap::<_, Vec<_>>::new();
    for (organiser, number) in store::creches::numbers(tx).await? {
        numbers.entry(organiser).or_default().push(number);
    }
    let mut found = store::organisers::list(tx).await?;
    let words = folded(words);
    found.retain(|organiser| {
        let number = organiser.enterprise_number.map(|number| number.to_string()).unwrap_or_default();
        let creches = numbers.get(&organiser.id).map(|numbers| numbers.join(" ")).unwrap_or_default();
        let told = folded(&format!("{} {number} {creches}", organiser.legal_name));
        words.split_whitespace().all(|word| told.contains(word))
    });
    found.sort_by_cached_key(|organiser| (folded(&organiser.legal_name), organiser.id));
    let listed = |organiser: Organiser| {
        let Size { creches, users: administrators } = sizes.get(&organiser.id).copied().unwrap_or_default();
        Listed { organiser, creches, administrators }
    };
    Ok(found.into_iter().map(listed).collect())
}

/// An organiser as an agent sees it.
pub struct Seen {
    /// The organiser with its crèches and applications.
    pub whole: Whole,
    /// How many administrators it has who may log in.
    pub administrators: usize,
}

impl Seen {
    /// Whether it has too few administrators for one to help the other.
    pub const fn lacks_administrators(&self) -> bool {
        self.administrators < ENOUGH_ADMINISTRATORS
    }
}

/// One organiser; that the agent of this matricule looked stands in its history before it is shown. `None` when there is
/// none with this id.
pub async fn organiser(app: &App, matricule: &str, id: OrganiserId) -> Result<Option<Seen>, Fault> {
    let mut tx = match app.db.write_for(id, Growth::RecordOnly).await {
        Err(store::Error::Rows(0)) => return Ok(None),
        held => held?,
    };
    let Some(whole) = organisers::whole(&mut tx, id).await? else { return Ok(None) };
    let users = store::users::list(&mut tx, id).await?;
    let administers =
        |user: &&store::users::User| user.deactivated_at.is_none() && user.profile == Profile::Administrator;
    let administrators = users.iter().filter(administers).count();
    let entry = Entry::new(&Actor::agent(matricule), "organiser.read", app.clock.now());
    audit::record(&mut tx, app.vault.index(), Chain::Organiser(id), entry).await?;
    tx.commit().await?;
    Ok(Some(Seen { whole, administrators }))
}
