//! The bounds of a window of deliveries.

use serde_json::json;

use super::deposit;
use crate::harness::app::{ADMINISTRATOR, each_app};
use crate::harness::receiver::{Receiver, deliver, verified};

#[tokio::test]
async fn a_window_holds_what_was_written_from_its_first_to_its_last_millisecond() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        let (path, _) = verified(&app.vendor(), &mut receiver, json!({})).await;
        for (month, at) in
            [(1, "2026-10-12T08:00:00Z"), (2, "2026-10-12T08:00:00.001Z"), (3, "2026-10-12T08:00:00.002Z")]
        {
            app.travel(at);
            deposit(app, month).await;
        }
        deliver(app).await;
        let replayed = async |window: serde_json::Value| {
            let done = app.vendor().post(format!("{path}/replays"), window).await.expect(202)["replayed"].clone();
            deliver(app).await;
            done
        };
        let (first, last) = ("2026-10-12T10:00:00+02:00", "2026-10-12T08:00:00.002Z");
        assert_eq!(replayed(json!({ "from": first, "until": last })).await, 3, "both ends are within");
        assert_eq!(replayed(json!({ "from": first, "until": first })).await, 1, "one millisecond");
        assert_eq!(replayed(json!({ "from": "2026-10-12T08:00:00.001Z" })).await, 2, "until now");
        assert_eq!(replayed(json!({ "from": last, "until": first })).await, 0, "an end before the beginning");
        assert_eq!(replayed(json!({ "from": first, "state": "failed" })).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_day_on_the_page_begins_at_midnight_in_brussels_also_in_summer() {
    each_app(async |app| {
        let mut receiver = Receiver::start().await;
        app.travel("2026-10-13T00:30:00+02:00");
        let (path, _) = verified(&app.person(ADMINISTRATOR).await, &mut receiver, json!({})).await;
        deposit(app, 7).await;
        deliver(app).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let page = path.replace("/webhookEndpoints", "/console/webhooks");
        for (from, words) in [("2026-10-13", "C’est en route à nouveau."), ("2026-10-14", "Rien n’est à renvoyer")]
        {
            let said = browser.send(format!("{page}/replay"), &[("from", from), ("state", "all")]).await.goes_to();
            browser.page(&said).await.expect(200).shows(&[words]);
        }
    })
    .await;
}
