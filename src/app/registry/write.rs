//! Applies a registry file to the stored organisers, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use super::{ImportOutcome, ImportedCreche, ImportedOrganiser};
use crate::app::creches::{self, CrecheUpdate, NewCreche};
use crate::app::operator::{OperatorContext, OperatorError};
use crate::app::organisers;
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::users::{self, NewUser};
use crate::domain::action::RecordedAction;
use crate::domain::creche::Creche;
use crate::domain::enterprise::EnterpriseNumber;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::person::PersonDetails;
use crate::domain::registry::NewOrganiser;
use crate::domain::rules::registry::{CRECHE_ELSEWHERE, END_BEFORE_START, USER_STAYS};
use crate::domain::user::Profile;
use crate::ids::{OrganiserId, UserId};
use crate::store;
use crate::store::organisers::Organiser;

/// An import in progress.
pub(super) struct RegistryImport<'a> {
    act: OperatorContext<'a>,
    work: UnitOfWork<'a>,
    /// The registered organisers, by BCE number.
    known: BTreeMap<EnterpriseNumber, Organiser>,
    /// The organiser of each crèche, by ONE number.
    owners: BTreeMap<String, Vec<OrganiserId>>,
    findings: Findings,
}

impl<'a> RegistryImport<'a> {
    /// Locks the organisers that the file names and reads their crèches.
    pub(super) async fn begin(
        act: OperatorContext<'a>,
        mut work: UnitOfWork<'a>,
        wanted: &[NewOrganiser],
    ) -> Result<Self, OperatorError> {
        let named: BTreeSet<_> = wanted.iter().map(|wanted| Some(wanted.enterprise_number)).collect();
        let mut known = BTreeMap::new();
        let mut owners = BTreeMap::<_, Vec<_>>::new();
        let mut organisers = store::organisers::list(&mut work).await?;
        // The same lock order for every import, against deadlocks.
        organisers.sort_by_key(|organiser| organiser.id);
        for organiser in organisers {
            if named.contains(&organiser.enterprise_number) {
                store::organisers::lock(&mut work, organiser.id).await?;
            }
            for creche in store::creches::list(&mut work, organiser.id).await? {
                owners.entry(creche.one_number).or_default().push(organiser.id);
            }
            if let Some(number) = organiser.enterprise_number {
                known.insert(number, organiser);
            }
        }
        Ok(Self { act, work, known, owners, findings: Findings::default() })
    }

    /// Each organiser in the order of the file.
    pub(super) async fn all(
        mut self,
        wanted: Vec<NewOrganiser>,
    ) -> Result<(UnitOfWork<'a>, Vec<ImportedOrganiser>, Findings), OperatorError> {
        let mut done = Vec::new();
        for (index, wanted) in wanted.into_iter().enumerate() {
            done.push(self.organiser(&FindingPlace::default().item("organisers", index), wanted).await?);
        }
        Ok((self.work, done, self.findings))
    }

    async fn organiser(
        &mut self,
        place: &FindingPlace,
        wanted: NewOrganiser,
    ) -> Result<ImportedOrganiser, OperatorError> {
        let NewOrganiser { legal_name, enterprise_number, creches, administrators } = wanted;
        let (id, fate) = match self.known.get(&enterprise_number).cloned() {
            None => (self.register(&legal_name, enterprise_number).await?, ImportOutcome::Added),
            Some(known) => (known.id, self.rename(&known, &legal_name).await?),
        };
        let present = store::creches::list_whole(&mut self.work, id).await?;
        let mut imported =
            ImportedOrganiser { id, enterprise_number, legal_name, fate, creches: Vec::new(), administrators: 0 };
        for (index, wanted) in creches.into_iter().enumerate() {
            let known = present.iter().find(|creche| creche.one_number == wanted.one_number);
            let place = place.clone().item("creches", index);
            imported.creches.push(self.creche(id, &place, known, wanted).await?);
        }
        for (index, details) in administrators.iter().enumerate() {
            let place = place.clone().item("administrators", index);
            imported.administrators += usize::from(self.administrator(id, &place, details).await?);
        }
        Ok(imported)
    }

    /// Adds a person as an administrator who is no user of the organiser yet; returns whether it was done. Existing
    /// users are unchanged: an old file restores no revoked rights.
    async fn administrator(
        &mut self,
        organiser: OrganiserId,
        place: &FindingPlace,
        details: &PersonDetails,
    ) -> Result<bool, OperatorError> {
        let (act, key) = (self.act, self.act.vault.organiser_key_in_tx(&mut self.work, organiser).await?);
        let (id, consented_by) = (UserId::new(act.clocks.machine()), act.actor.name.clone());
        let new = NewUser { id, details, profile: Profile::Administrator, consented_by, at: self.work.at() };
        let row = users::sealed_row(&key, act.vault.index_key(), organiser, new)?;
        let known = store::users::of_person(&mut self.work, &row.ssin_hash).await?;
        if let Some(known) = known.iter().find(|known| known.organiser == organiser) {
            if known.deactivated_at.is_some() || known.profile != Profile::Administrator {
                self.findings.push(Finding::new(&USER_STAYS, place.clone().field("ssin")));
            }
            return Ok(false);
        }
        if !store::users::insert(&mut self.work, organiser, &row).await? {
            return Err(store::Error::Rows(0).into());
        }
        let record = Record::of(RecordedAction::UserCreated).detail(format!("{id} {}", row.profile));
        self.work.record_for(organiser, &record);
        Ok(true)
    }

    async fn register(&mut self, legal_name: &str, number: EnterpriseNumber) -> Result<OrganiserId, OperatorError> {
        let new = organisers::new(self.act, legal_name, Some(number));
        organisers::create(&mut self.work, &new).await?;
        Ok(new.id)
    }

    async fn rename(&mut self, known: &Organiser, legal_name: &str) -> Result<ImportOutcome, OperatorError> {
        if known.legal_name == legal_name {
            return Ok(ImportOutcome::Unchanged);
        }
        let at = self.work.at();
        store::organisers::rename(&mut self.work, known.id, legal_name, at).await?;
        self.work.record_for(known.id, &Record::of(RecordedAction::OrganiserRenamed));
        Ok(ImportOutcome::Changed(vec!["legalName"]))
    }

    async fn creche(
        &mut self,
        organiser: OrganiserId,
        place: &FindingPlace,
        known: Option<&Creche>,
        wanted: NewCreche,
    ) -> Result<ImportedCreche, OperatorError> {
        let (one_number, name) = (wanted.one_number.clone(), wanted.name.clone());
        let owners = self.owners.get(&one_number).map(Vec::as_slice).unwrap_or_default();
        if known.is_none() && !owners.is_empty() {
            let finding = Finding::new(&CRECHE_ELSEWHERE, place.clone().field("oneNumber"));
            self.findings.push(finding.with("creche", Param::Code(one_number.clone())));
        }
        let (id, fate) = match known {
            None => (creches::create(&mut self.work, organiser, wanted).await?, ImportOutcome::Added),
            Some(known) => (known.id, self.update(organiser, place, known, wanted).await?),
        };
        Ok(ImportedCreche { id, one_number, name, fate })
    }

    async fn update(
        &mut self,
        organiser: OrganiserId,
        place: &FindingPlace,
        known: &Creche,
        wanted: NewCreche,
    ) -> Result<ImportOutcome, OperatorError> {
        let mut changed = Vec::new();
        for (property, change) in differences(known, wanted) {
            if matches!(change, CrecheUpdate::Authorised(from, Some(until)) if until < from) {
                self.findings.push(Finding::new(&END_BEFORE_START, place.clone().field("authorisedFrom")));
                continue;
            }
            creches::apply_update(&mut self.work, organiser, known.id, &change).await?;
            changed.push(property);
        }
        changed.dedup();
        Ok(ImportOutcome::of(changed))
    }
}

/// The update that makes a crèche as the file has it, and the properties that change. What is absent is unchanged.
fn differences(known: &Creche, wanted: NewCreche) -> Vec<(&'static str, CrecheUpdate)> {
    let mut changes = Vec::new();
    if known.name != wanted.name {
        changes.push(("name", CrecheUpdate::Name(wanted.name)));
    }
    if known.subsidised != wanted.subsidised {
        changes.push(("subsidised", CrecheUpdate::Subsidised(wanted.subsidised)));
    }
    let (from, until) = (wanted.authorised.0, wanted.authorised.1.or(known.authorised_until));
    if (known.authorised_from, known.authorised_until) != (from, until) {
        changes.push(("authorised", CrecheUpdate::Authorised(from, until)));
    }
    let history = known.capacity.history();
    let new = wanted.capacity.into_iter().filter(|places| !history.contains(places));
    changes.extend(new.map(|places| ("capacity", CrecheUpdate::Places(places))));
    changes
}
