//! Business time belongs to an organiser, machine time to the process.

use std::sync::Arc;

use jiff::Timestamp;
use passerelle::app::Clocks;
use passerelle::app::clocks::BusinessClocks;
use passerelle::app::keys::NewKey;
use passerelle::clock::{Clock, Fixed};
use passerelle::ids::OrganiserId;
use passerelle::store;
use serde_json::json;

use crate::claims::report;
use crate::communications::{agent_named, draft};
use crate::harness::app::{ADMINISTRATOR, CRECHE, FOREIGN, TestApp, organiser};
use crate::harness::database::each_engine;
use crate::harness::people::ssin;
use crate::harness::receiver::endpoint;
use crate::harness::statement::Sheet;

const NOW: &str = "2026-10-12T07:00:00Z";
const LATER: &str = "2027-03-02T09:30:00Z";

/// Our organiser has a time of its own, all others have that of the machine.
struct OneAhead {
    ours: Arc<Fixed>,
    others: Arc<Fixed>,
}

impl BusinessClocks for OneAhead {
    fn clock_of(&self, of: OrganiserId) -> Arc<dyn Clock> {
        Arc::clone(if of == organiser() { &self.ours } else { &self.others }) as Arc<dyn Clock>
    }

    fn clock_of_agency(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.others) as Arc<dyn Clock>
    }
}

#[tokio::test]
async fn communications_and_receipts_bear_the_played_day() {
    each_engine(async |database| {
        let clock = |at: &str| Arc::new(Fixed::at(at.parse().unwrap()));
        let app = TestApp::of_parts(database, |parts| {
            parts.clocks = Clocks::with_common_business_time(clock("2026-02-01T10:00:00Z"), clock(NOW));
        })
        .await;
        let agent = agent_named(&app, &ssin(7), "ONE-1207").await;
        agent.send(&draft(&agent, &[]).await, &[("act", "publish")]).await.expect(303);
        let listed = app.vendor().get("/communications").await.expect(200);
        assert_eq!(listed["items"][0]["publishedAt"], NOW);
        crate::claims::signed(&app).await;
        let receipt = app.vendor().get(report("/receipt")).await.expect(200);
        let instants = ["signedAt", "authenticatedAt"].map(|name| receipt["document"][name].clone());
        assert_eq!(instants, [json!(NOW), json!(NOW)]);
        let listed = agent.page("/console/agency/claims?days=1").await.expect(200);
        listed.keeps_silent(&["Les P'tits Loups", "Les P&#39;tits Loups"]);
    })
    .await;
}

#[tokio::test]
async fn days_expiries_and_records_follow_the_organiser_and_limits_the_machine() {
    each_engine(async |database| {
        let clock = |at: &str| Arc::new(Fixed::at(at.parse().unwrap()));
        let (machine, ours) = (clock(NOW), clock(NOW));
        let app = TestApp::of_parts(database, |parts| {
            let tenants = OneAhead { ours: Arc::clone(&ours), others: Arc::clone(&machine) };
            parts.clocks = Clocks::new(machine.clone(), Arc::new(tenants));
        })
        .await;
        let person = app.person(ADMINISTRATOR).await;
        let expires_at = Some("2027-01-01T00:00:00Z".parse().unwrap());
        let ends = async |new: NewKey| app.bearer(&app.issue(NewKey { expires_at, ..new }).await);
        let (our_key, their_key) = (ends(app.ours(app.writing())).await, ends(app.theirs(app.writing())).await);
        let hook = endpoint(&app, "https://receiver.example/hook").await;
        let mut tx = app.app.db.write().await.unwrap();
        store::webhooks::insert(&mut tx, organiser(), &hook).await.unwrap();
        app.commit(tx).await;
        ours.advance(LATER.parse::<Timestamp>().unwrap().duration_since(NOW.parse().unwrap()));

        // A month that is over for us has not begun for others; a key that ended for us works for others.
        let statement = |creche: &str| format!("/creches/{creche}/attendanceStatements/2027-02");
        let deposited = app.vendor().put(statement(CRECHE), Sheet::of("2027-02")).await.expect(201);
        assert_eq!(deposited["depositedAt"], LATER);
        let refused = app.other_organiser().put(statement(FOREIGN), Sheet::of("2027-02")).await;
        assert_eq!(refused.refused(400, "badRequest").codes("issues"), ["attendance.monthInFuture"]);
        our_key.get("/caller").await.refused(401, "expiredAccessToken");
        their_key.get("/caller").await.expect(200);

        // Sessions live on by the machine's time, and a delivery is due by it.
        person.get("/creches").await.expect(200);
        let event = app.vendor().get("/events").await.expect(200);
        assert_eq!(event["items"].as_array().unwrap().last().unwrap()["time"], json!(LATER));
        let due = database.number("select max(due_at) from delivery").await;
        assert_eq!(due, NOW.parse::<Timestamp>().unwrap().as_millisecond());
        machine.advance(jiff::SignedDuration::from_hours(11));
        person.get("/creches").await.refused(401, "noAccessToken");
    })
    .await;
}
