//! The events of published communications: one for each organiser, whatever happens in between.

use passerelle::app::communications::announce_due;
use passerelle::app::organisers;
use passerelle::app::unsealing_check::check_unsealing;
use passerelle::domain::actor::Actor;

use super::{agent, published};
use crate::harness::abandon::abandon;
use crate::harness::app::{CRECHE, SECOND, TestApp, each_app};
use crate::harness::database::{Database, each_engine};
use crate::harness::statement::Sheet;

/// How many events there are, of how many organisers, and how many are due: at one moment.
async fn counts(database: &Database) -> (i64, i64, i64) {
    let query = "select count(*), count(distinct organiser_id), \
                 (select count(*) from communication_notice where announced_at is null) \
                 from event where type = 'communication.published'";
    database.rows(query).await[0]
}

/// Registers so many organisers more; how many there are then.
async fn register(app: &TestApp, database: &Database, more: usize) -> i64 {
    let actor = Actor::operator("tests");
    for number in 0..more {
        organisers::register(app.app.acting_as(&actor), &format!("Organisateur {number}"), None).await.unwrap();
    }
    database.number("select count(*) from organiser").await
}

#[tokio::test]
async fn each_organiser_gets_one_event_that_leads_to_the_communication() {
    each_app(async |app| {
        let id = published(&agent(app).await, &[]).await;
        assert!(announce_due(&app.app).await.unwrap() >= 2);
        assert_eq!(announce_due(&app.app).await.unwrap(), 0);
        for who in [app.vendor(), app.other_organiser(), app.limited_to(&[SECOND]).await] {
            let feed = who.get("/events?type=communication.published").await.expect(200);
            let items = feed["items"].as_array().expect("items");
            assert_eq!(items.len(), 1);
            assert_eq!(items[0]["data"]["id"], id.as_str());
            let href = items[0]["data"]["href"].as_str().expect("an address");
            let path = href.split_once("/creche/v1").expect("our address").1;
            who.get(path).await.expect(200);
        }
    })
    .await;
}

#[tokio::test]
async fn only_those_that_were_addressed_get_it() {
    each_engine(async |database: &Database| {
        let app = &TestApp::start(database).await;
        let chosen = [("audience", "chosen"), ("organisers", "1999000150")];
        published(&agent(app).await, &chosen).await;
        announce_due(&app.app).await.unwrap();
        assert_eq!(counts(database).await, (1, 1, 0));
        let feed = app.other_organiser().get("/events?type=communication.published").await.expect(200);
        assert_eq!(feed["items"].as_array().expect("items").len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_late_organiser_reads_it_and_gets_no_event() {
    each_engine(async |database: &Database| {
        let app = &TestApp::start(database).await;
        published(&agent(app).await, &[]).await;
        let before = database.number("select count(*) from organiser").await;
        let after = register(app, database, 1).await;
        announce_due(&app.app).await.unwrap();
        assert_eq!((after, counts(database).await), (before + 1, (before, before, 0)));
    })
    .await;
}

#[tokio::test]
async fn an_announcing_that_is_cut_off_anywhere_goes_on_where_it_was() {
    each_engine(async |database: &Database| {
        let app = TestApp::start(database).await;
        let all = register(&app, database, 12).await;
        published(&agent(&app).await, &[]).await;
        let mut polls = 1;
        while counts(database).await.2 > 0 {
            // As a killed gateway: whatever it waits for is never continued. The next one begins anew.
            abandon(announce_due(&app.app), polls).await;
            polls += 1;
            let (events, organisers, due) = counts(database).await;
            assert_eq!((events, organisers + due), (organisers, all), "after {polls} polls");
        }
        assert_eq!(counts(database).await, (all, all, 0));
        assert!(polls > 3, "it was cut off in between");
    })
    .await;
}

#[tokio::test]
async fn two_gateways_announce_once_and_others_write_meanwhile() {
    each_engine(async |database: &Database| {
        let app = TestApp::start(database).await;
        let all = register(&app, database, 120).await;
        published(&agent(&app).await, &[]).await;
        let deposit = async {
            let path = format!("/creches/{CRECHE}/attendanceStatements/2026-07");
            app.vendor().put(path, Sheet::of("2026-07")).await.expect(201);
            counts(database).await.2
        };
        let (one, two, left) = tokio::join!(announce_due(&app.app), announce_due(&app.app), deposit);
        assert_eq!(i64::from(one.unwrap() + two.unwrap()), all);
        assert!(left > 0, "the deposit waited for the whole announcing");
        assert_eq!(counts(database).await, (all, all, 0));
    })
    .await;
}

#[tokio::test]
async fn a_forged_communication_is_not_read() {
    each_engine(async |database: &Database| {
        let app = &TestApp::start(database).await;
        let id = published(&agent(app).await, &[("audience", "chosen"), ("organisers", "1999000150")]).await;
        let checked = check_unsealing(&app.app.db, &app.app.vault).await.unwrap();
        assert_eq!((checked.documents, checked.broken.len()), (1, 0));
        assert_eq!(database.tamper("update communication set audience = 'all'").await, 1);
        app.other_organiser().get(format!("/communications/{id}")).await.expect(500);
    })
    .await;
}
