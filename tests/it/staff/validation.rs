//! The yearly validation of a crèche's staff: with its date, its author and what is open.

use serde_json::json;

use super::{person, put};
use crate::harness::app::{CRECHE, each_app};

#[tokio::test]
async fn a_year_is_validated_with_its_date_and_author_and_what_is_open_is_listed() {
    each_app(async |app| {
        let vendor = app.vendor();
        let path = format!("/creches/{CRECHE}/staffValidations");
        let none = vendor.get(&path).await.expect(200);
        assert_eq!(none["items"], json!([]));
        put(app, &[person("E-9", None, "Claes")]).await.expect(200);
        let tried = vendor.post(format!("{path}?dryRun=true"), json!({ "year": 2026 })).await.expect(200);
        assert_eq!((&tried["written"], &tried["items"]), (&json!(false), &json!([])));
        let done = vendor.post(&path, json!({ "year": 2026 })).await.expect(201);
        let item = &done["items"][0];
        assert_eq!((&item["year"], &item["revision"]), (&json!(2026), &json!(4)));
        assert_eq!(item["applicationId"], "019a5c00-0000-7000-8000-000000000021");
        assert_eq!(done.codes("warnings"), ["staff.ssinMissing"]);
        vendor.post(&path, json!({ "year": 2026 })).await.expect(201);
        vendor.post(&path, json!({ "year": 2025 })).await.expect(201);
        assert_eq!(vendor.get(&path).await.expect(200)["items"].as_array().unwrap().len(), 2);
        let early = vendor.post(&path, json!({ "year": 2027 })).await.refused(400, "badRequest");
        assert_eq!(early.codes("issues"), ["staff.validationYear"]);
        let kinds: Vec<_> = app.events().await.into_iter().map(|(_, event)| event.kind.code()).collect();
        assert!(kinds.contains(&"staffRegister.validated"), "{kinds:?}");
    })
    .await;
}
