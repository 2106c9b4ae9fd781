//! Organisers, crèches with places and closures, applications.

use jiff::civil::date;
use passerelle::domain::application::ApplicationBounds;
use passerelle::domain::closure::{Closure, ClosureReason};
use passerelle::domain::creche::Places;
use passerelle::domain::key::Scope;
use passerelle::store::applications::ApplicationRecord;
use passerelle::store::keys::KeyRecord;
use passerelle::store::{applications, closures, creches, keys, organisers};

use super::{application, creche, key, noon, organiser, world, write};
use crate::harness::database::each_engine;

#[tokio::test]
async fn organisers_are_registered_once_and_listed() {
    each_engine(async |database| {
        let mut tx = write(&database.db).await;
        let one = organiser("Les Lucioles");
        let mut two = organiser("De Vuurvliegjes");
        two.enterprise_number = None;
        two.created_at += jiff::SignedDuration::from_secs(1);
        assert!(organisers::insert(&mut tx, &one).await.unwrap());
        assert!(organisers::insert(&mut tx, &two).await.unwrap());
        assert!(!organisers::insert(&mut tx, &one).await.unwrap());
        assert_eq!(organisers::find(&mut tx, one.id).await.unwrap(), Some(one.clone()));
        assert_eq!(organisers::list(&mut tx).await.unwrap(), [one, two]);
        assert_eq!(organisers::find(&mut tx, organiser("").id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_organiser_cannot_be_locked() {
    each_engine(async |database| {
        let mut tx = write(&database.db).await;
        assert!(organisers::lock(&mut tx, organiser("").id).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_creche_is_found_and_changed_by_its_organiser_only() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        let mut second = creche("La Ruche");
        second.authorised_until = Some(date(2027, 12, 31));
        second.subsidised = false;
        assert!(creches::insert(&mut tx, world.organiser, &second).await.unwrap());
        assert!(!creches::insert(&mut tx, world.organiser, &second).await.unwrap());
        assert_eq!(creches::find(&mut tx, world.organiser, second.id).await.unwrap(), Some(second.clone()));
        assert_eq!(creches::find(&mut tx, world.stranger, second.id).await.unwrap(), None);
        assert_eq!(creches::list(&mut tx, world.organiser).await.unwrap().len(), 2);
        assert!(creches::list(&mut tx, world.stranger).await.unwrap().is_empty());

        assert!(creches::rename(&mut tx, world.organiser, second.id, "La Ruchette", noon()).await.unwrap());
        assert!(!creches::rename(&mut tx, world.stranger, second.id, "Volée", noon()).await.unwrap());
        let (from, until) = (date(2021, 2, 1), date(2026, 6, 30));
        assert!(creches::authorise(&mut tx, world.organiser, second.id, from, Some(until), noon()).await.unwrap());
        assert!(!creches::authorise(&mut tx, world.stranger, second.id, from, None, noon()).await.unwrap());
        let found = creches::find(&mut tx, world.organiser, second.id).await.unwrap().unwrap();
        assert_eq!(found.name, "La Ruchette");
        assert_eq!((found.authorised_from, found.authorised_until), (from, Some(until)));
    })
    .await;
}

#[tokio::test]
async fn places_are_a_history() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        let entry = |from, places| Places { from, places };
        let (later, first) = (entry(date(2024, 9, 1), 21), entry(date(2020, 1, 1), 14));
        let corrected = entry(date(2020, 1, 1), 12);
        for places in [later, first, corrected] {
            assert!(creches::set_places(&mut tx, world.organiser, world.creche, places, noon()).await.unwrap());
        }
        assert!(!creches::set_places(&mut tx, world.stranger, world.creche, first, noon()).await.unwrap());
        let found = creches::find_whole(&mut tx, world.organiser, world.creche).await.unwrap().unwrap();
        assert_eq!(found.capacity.history(), [corrected, later]);
        assert_eq!(creches::list_whole(&mut tx, world.organiser).await.unwrap(), [found]);
        assert!(creches::find_whole(&mut tx, world.stranger, world.creche).await.unwrap().is_none());
        assert!(creches::list_whole(&mut tx, world.stranger).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn closures_are_replaced_as_a_whole_and_only_over_the_given_version() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        let summer = Closure::new(date(2026, 7, 20), date(2026, 8, 7), ClosureReason::AnnualClosure);
        let strike = Closure::new(date(2026, 3, 31), date(2026, 3, 31), ClosureReason::Strike);
        let (mine, at) = (world.organiser, world.creche);
        assert_eq!(closures::replace(&mut tx, mine, at, 0, &[summer, strike], noon()).await.unwrap(), Some(1));
        assert_eq!(closures::list(&mut tx, mine, at).await.unwrap(), [summer, strike]);
        let whole = creches::find_whole(&mut tx, mine, at).await.unwrap().unwrap();
        assert_eq!(whole.calendar.closures(), [summer, strike]);
        assert_eq!(closures::replace(&mut tx, mine, at, 0, &[], noon()).await.unwrap(), None);
        assert_eq!(closures::replace(&mut tx, world.stranger, at, 1, &[], noon()).await.unwrap(), None);
        assert!(closures::list(&mut tx, world.stranger, at).await.unwrap().is_empty());
        assert_eq!(closures::replace(&mut tx, mine, at, 1, &[strike], noon()).await.unwrap(), Some(2));
        assert_eq!(closures::list(&mut tx, mine, at).await.unwrap(), [strike]);
        assert_eq!(creches::find(&mut tx, mine, at).await.unwrap().unwrap().closures_version, 2);
    })
    .await;
}

#[tokio::test]
async fn a_creche_comes_whole_with_its_own_places_and_closures() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        let second = creche("La Ruche");
        creches::insert(&mut tx, world.organiser, &second).await.unwrap();
        let places = Places { from: date(2020, 1, 1), places: 14 };
        let strike = Closure::new(date(2026, 3, 31), date(2026, 3, 31), ClosureReason::Strike);
        creches::set_places(&mut tx, world.organiser, world.creche, places, noon()).await.unwrap();
        closures::replace(&mut tx, world.organiser, second.id, 0, &[strike], noon()).await.unwrap();

        let first = creches::find_whole(&mut tx, world.organiser, world.creche).await.unwrap().unwrap();
        assert_eq!((first.capacity.history(), first.calendar.closures()), ([places].as_slice(), [].as_slice()));
        let second = creches::find_whole(&mut tx, world.organiser, second.id).await.unwrap().unwrap();
        assert_eq!((second.capacity.history(), second.calendar.closures()), ([].as_slice(), [strike].as_slice()));
        assert_eq!(creches::find_whole(&mut tx, world.stranger, world.creche).await.unwrap(), None);
        let mut all = creches::list_whole(&mut tx, world.organiser).await.unwrap();
        all.sort_by_key(|creche| creche.id != first.id);
        assert_eq!(all, [first, second]);
        assert!(creches::list_whole(&mut tx, world.stranger).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_application_is_suspended_by_its_organiser_only() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        let second = application("Agenda");
        assert!(applications::insert(&mut tx, world.organiser, &second).await.unwrap());
        assert!(!applications::insert(&mut tx, world.organiser, &second).await.unwrap());
        assert_eq!(applications::find(&mut tx, world.organiser, second.id).await.unwrap(), Some(second.clone()));
        assert_eq!(applications::find(&mut tx, world.stranger, second.id).await.unwrap(), None);
        assert_eq!(applications::list(&mut tx, world.organiser).await.unwrap().len(), 2);
        let mut bounds =
            ApplicationBounds { scopes: [Scope::EventsRead].into_iter().collect(), ..ApplicationBounds::default() };
        bounds.creches = Some(vec![world.creche]);
        bounds.suspended_at = Some(noon());
        bounds.ends_at = Some(noon());
        let mut changed =
            ApplicationRecord { name: "Agenda 2".to_owned(), sealed: Some(vec![1, 2, 3]), bounds, ..second };
        assert!(!applications::update(&mut tx, world.stranger, &changed).await.unwrap());
        assert!(applications::update(&mut tx, world.organiser, &changed).await.unwrap());
        let found = applications::find(&mut tx, world.organiser, changed.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&changed));
        changed.bounds.revoked_at = Some(noon());
        assert!(applications::update(&mut tx, world.organiser, &changed).await.unwrap());
        assert!(!applications::update(&mut tx, world.organiser, &changed).await.unwrap(), "revoked for good");
    })
    .await;
}

#[tokio::test]
async fn what_is_granted_names_no_creche_of_another_organiser() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let (ours, theirs) = (creche("La Ruche"), creche("Het Nest"));
        let mut tx = write(&database.db).await;
        assert!(creches::insert(&mut tx, world.organiser, &ours).await.unwrap());
        assert!(creches::insert(&mut tx, world.stranger, &theirs).await.unwrap());
        let reach = Some(vec![ours.id, world.creche, ours.id]);
        let new = KeyRecord { creches: reach, ..key(world.organiser, world.application) };
        assert!(keys::insert(&mut tx, world.organiser, &new).await.unwrap());
        assert_eq!(keys::find(&mut tx, new.id).await.unwrap(), Some(new), "as it was given");
        tx.commit().await.unwrap();
        let reach = Some(vec![world.creche, theirs.id]);
        let new = KeyRecord { creches: reach.clone(), ..key(world.organiser, world.application) };
        assert!(keys::insert(&mut write(&database.db).await, world.organiser, &new).await.is_err());
        let mut new = application("Agenda");
        new.bounds.creches = reach;
        assert!(applications::insert(&mut write(&database.db).await, world.organiser, &new).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_corrupt_value_is_named_by_its_place() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        database.tamper("update creche set authorised_from = 'yesterday'").await;
        let error = creches::list(&mut database.db.read().await.unwrap(), world.organiser).await.unwrap_err();
        assert_eq!(error.to_string(), format!("corrupt value in creche.authorised_from of {}", world.creche));
    })
    .await;
}
