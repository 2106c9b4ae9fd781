//! A trial key in production: the true verdict, and never a written word.

use super::{at, july};
use crate::harness::app::{CRECHE, TestApp};
use crate::harness::database::each_engine;

#[tokio::test]
async fn a_trial_key_gets_the_verdict_and_writes_nothing() {
    each_engine(async |database| {
        let app = TestApp::production(database).await;
        let trial = app.trial().await;
        assert_eq!(trial.get("/caller").await.expect(200)["key"]["kind"], "trial");
        let tried = trial.put(at("2026-07"), july()).await.expect(200);
        assert_eq!((&tried["written"], &tried["revision"]), (&false.into(), &1.into()));
        assert!(tried["effect"].is_object());
        let faulty = july().child(3, "1:P").with("ssin", "25010295100");
        trial.put(at("2026-07"), faulty).await.refused(400, "badRequest");
        trial.get(at("2026-07")).await.expect(404);

        let live = app.vendor();
        live.put(at("2026-07"), july()).await.expect(201);
        let tried = trial.put(at("2026-07"), july().child(3, "6:P")).await.expect(200);
        assert_eq!((&tried["written"], &tried["revision"]), (&false.into(), &2.into()), "without If-Match");
        assert_eq!(live.get(at("2026-07")).await.expect(200)["revision"], 1);

        let closures = format!("/creches/{CRECHE}/closures");
        let before = live.get(&closures).await.expect(200);
        let answer = trial.put(&closures, serde_json::json!({ "items": [] })).await.expect(200);
        assert_eq!((&answer["written"], &answer["items"]), (&false.into(), &serde_json::json!([])));
        let after = live.get(&closures).await.expect(200);
        assert_eq!((&after["items"], after.etag()), (&before["items"], before.etag()));
        assert_eq!(app.events().await.len(), 1, "of the live deposit");
    })
    .await;
}
