//! Closures for one crèche or several at once.

use jiff::civil::date;
use passerelle::domain::closure::{Closure, ClosureReason};
use passerelle::store;
use serde_json::{Value, json};

use crate::harness::app::{
    ADMINISTRATOR, CRECHE, DATA_MANAGER, FOREIGN, SECOND, TestApp, UNSUBSIDISED, creche, each_app, organiser,
};

async fn closures(app: &TestApp, creche: &str) -> Vec<Value> {
    let read = app.vendor().get(format!("/creches/{creche}/closures")).await.expect(200);
    read["items"].as_array().unwrap().clone()
}

const BRIDGE: [(&str, &str); 2] = [("start", "2026-11-12"), ("reason", "other")];

#[tokio::test]
async fn a_closure_is_added_to_several_creches_and_taken_away_again() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page("/console/closures").await.expect(200).says(&["Fermeture annuelle", "07/04/2026 – 10/04/2026"]);
        let all = [&BRIDGE[..], &[("creches", SECOND), ("creches", UNSUBSIDISED)]].concat();
        let added = browser.send("/console/closures/add", &all).await;
        browser.follow(&added).await.expect(200).says(&["La fermeture est ajoutée.", "12/11/2026"]);
        let day = json!({ "startDate": "2026-11-12", "endDate": "2026-11-12", "reason": "other" });
        for creche in [SECOND, UNSUBSIDISED] {
            assert!(closures(app, creche).await.contains(&day), "{creche}");
        }
        assert!(!closures(app, CRECHE).await.contains(&day));
        let replaced = app.all_audit().await.into_iter().filter(|link| link.entry.action == "closures.replaced");
        assert_eq!((replaced.count(), app.events().await.len()), (2, 2));
        let again = browser.send("/console/closures/add", &all).await.expect(303);
        browser.follow(&again).await.says(&["La fermeture est ajoutée."]);
        assert_eq!(app.events().await.len(), 2, "nothing has changed");
        let only = [&BRIDGE[..], &[("creches", SECOND)]].concat();
        let asked = browser.send("/console/closures/remove", &only).await.expect(200);
        asked.shows(&["Retirer la fermeture · 12/11/2026", "Rien n’est encore retiré."]);
        assert!(closures(app, SECOND).await.contains(&day), "it was only asked");
        let yes = asked.field_value("confirmed");
        let gone =
            browser.send("/console/closures/remove", &[&only[..], &[("confirmed", yes.as_str())]].concat()).await;
        browser.follow(&gone).await.says(&["La fermeture est retirée."]);
        assert!(!closures(app, SECOND).await.contains(&day) && closures(app, UNSUBSIDISED).await.contains(&day));
        browser.page("/console/closures?year=2030").await.expect(200).says(&["Aucune fermeture"]);
        let one = browser.page(format!("/console/closures?year=2026&creche={UNSUBSIDISED}")).await.expect(200);
        one.says(&["12/11/2026"]).keeps_silent(&["07/04/2026"]);
    })
    .await;
}

#[tokio::test]
async fn all_creches_get_a_closure_or_none() {
    each_app(async |app| {
        let before = closures(app, CRECHE).await;
        let both = [&BRIDGE[..], &[("creches", CRECHE), ("creches", SECOND)]].concat();
        let browser = app.browser(DATA_MANAGER).await;
        browser.send("/console/closures/add", &both).await.expect(403);
        let foreign = [&BRIDGE[..], &[("creches", CRECHE), ("creches", FOREIGN)]].concat();
        browser.send("/console/closures/add", &foreign).await.expect(404);
        assert_eq!(closures(app, CRECHE).await, before);
        assert!(app.events().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn faults_are_shown_beside_the_form_and_odd_days_are_marked() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let add = async |fields: &[(&str, &str)]| browser.send("/console/closures/add", fields).await;
        add(&BRIDGE).await.expect(400).says(&["au moins une crèche", "value=\"2026-11-12\""]);
        let backwards = [("start", "2026-11-12"), ("end", "2026-11-10"), ("reason", "other"), ("creches", CRECHE)];
        add(&backwards).await.expect(400).says(&["se termine avant", "value=\"2026-11-10\"", "aria-invalid"]);
        add(&[("start", "demain"), ("reason", "other"), ("creches", CRECHE)]).await.expect(400);
        let odd = [("start", "2026-11-12"), ("reason", "publicHoliday"), ("creches", CRECHE)];
        let odd = add(&odd).await;
        browser.follow(&odd).await.says(&["12/11/2026 n’est pas un jour férié légal."]);
        let holiday = add(&[("start", "2026-11-11"), ("reason", "other"), ("creches", CRECHE)]).await;
        browser.follow(&holiday).await.says(&["de toute façon un jour férié légal : Armistice"]);
    })
    .await;
}

#[tokio::test]
async fn an_empty_form_is_refused_with_what_is_missing() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let empty = browser.send("/console/closures/add", &[("start", ""), ("end", ""), ("reason", "other")]).await;
        empty
            .expect(400)
            .says(&["Le premier jour fermé manque.", "au moins une crèche"])
            .keeps_silent(&["forme attendue"]);
    })
    .await;
}

#[tokio::test]
async fn years_far_away_are_refused_and_only_years_of_the_organiser_are_offered() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let add = async |start: &str, end: &str| {
            let fields = [("start", start), ("end", end), ("reason", "other"), ("creches", CRECHE)];
            browser.send("/console/closures/add", &fields).await
        };
        add("2026-12-25", "2030-01-01").await.expect(400).says(&["du 01/01/2000 au 31/12/2028", "id=\"end-error\""]);
        add("1900-01-01", "").await.expect(400).says(&["du 01/01/2000 au 31/12/2028", "id=\"start-error\""]);
        let long = add("2026-07-01", "2026-12-31").await;
        browser.follow(&long).await.says(&["La fermeture compte 184 jours."]);
        let years = browser.page("/console/closures?year=1900").await.expect(200);
        years.says(&["Fermetures 2020", ">2027</option>"]).keeps_silent(&[">2019</option>", ">2028</option>", ">1900"]);
        browser.page("/console/closures?year=3000").await.expect(200).says(&["Fermetures 2027"]);
        let ahead = add("2028-02-01", "").await;
        browser.follow(&ahead).await.says(&["Fermetures 2028", "01/02/2028"]);
    })
    .await;
}

#[tokio::test]
async fn a_closure_that_was_entered_with_a_wrong_year_can_be_taken_away() {
    each_app(async |app| {
        let old = Closure::new(date(1900, 1, 1), date(1900, 1, 2), ClosureReason::Other);
        let mut tx = app.app.db.write().await.unwrap();
        let id = creche(SECOND);
        let version = store::creches::find(&mut tx, organiser(), id).await.unwrap().unwrap().closures_version;
        store::closures::replace(&mut tx, organiser(), id, version, &[old], app.app.clocks.machine().now())
            .await
            .unwrap();
        app.commit(tx).await;
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page("/console/closures").await.says(&[">1900</option>"]).keeps_silent(&[">1950</option>"]);
        let fields = [("start", "1900-01-01"), ("end", "1900-01-02"), ("reason", "other"), ("creches", SECOND)];
        let gone = browser.send("/console/closures/remove", &[&fields[..], &[("confirmed", "yes")]].concat()).await;
        browser.follow(&gone).await.says(&["La fermeture est retirée."]).keeps_silent(&[">1900</option>"]);
    })
    .await;
}
