//! The revisions of the register: listed, and read back as the register was.

use axum::http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{person, put};
use crate::harness::app::{BASE, CRECHE, each_app};
use crate::harness::call::Reply;

fn references(register: &Reply) -> Vec<Value> {
    register.each("members", "reference")
}

#[tokio::test]
async fn every_write_makes_a_revision_that_can_be_read_back() {
    each_app(async |app| {
        let vendor = app.vendor();
        let seeded = vendor.get("/staffRegister").await.expect(200);
        assert_eq!(seeded["revision"], 3);
        put(app, &[person("E-9", Some("85031495345"), "Lambrechts"), person("E-10", None, "Claes")]).await.expect(200);
        let entered = vendor.get("/staffRegister").await.expect(200);
        let list = vendor.get("/staffMembers").await.expect(200);
        let claes = list["items"].as_array().unwrap().iter().find(|one| one["reference"] == "E-10").unwrap();
        let change = vendor.call(Method::PATCH, format!("/staffMembers/{}", claes["id"].as_str().unwrap()));
        let merge = "application/merge-patch+json";
        change.if_match("*").body(merge, json!({ "familyName": "Claessens" }).to_string()).await.expect(200);

        let revisions = vendor.get("/staffRegister/revisions").await.expect(200);
        assert_eq!(revisions.each("items", "revision"), [5, 4, 3, 2, 1]);
        assert_eq!(revisions.each("items", "members"), [1, 2, 1, 1, 1]);
        assert_eq!(revisions["items"][1]["door"], "json");
        assert!(revisions["items"][1]["applicationId"].is_string() && revisions["items"][4].get("door").is_none());
        let instants = revisions.each("items", "recordedAt");
        let instants: Vec<Timestamp> = instants.iter().map(|at| at.as_str().unwrap().parse().unwrap()).collect();
        assert!(instants.windows(2).all(|pair| pair[0] > pair[1]), "{instants:?}");

        let at = async |revision: u64| vendor.get(format!("/staffRegister/revisions/{revision}")).await.expect(200);
        let fourth = at(4).await;
        assert_eq!(fourth["members"], entered["members"]);
        assert!(!fourth.json.to_string().contains("85031495345"));
        assert_eq!(at(3).await["members"], seeded["members"]);
        assert_eq!(references(&at(1).await).len(), 1);
        assert_eq!(at(5).await["members"], vendor.get("/staffRegister").await.expect(200)["members"]);
        assert_ne!(at(5).await["members"], fourth["members"]);
    })
    .await;
}

#[tokio::test]
async fn revisions_come_in_pages_and_are_not_sent_twice() {
    each_app(async |app| {
        let vendor = app.vendor();
        let first = vendor.get("/staffRegister/revisions?pageSize=2").await.expect(200);
        assert_eq!(first.each("items", "revision"), [3, 2]);
        let next = first["next"].as_str().unwrap().strip_prefix(&format!("{BASE}/creche/v1")).unwrap();
        let second = vendor.get(next).await.expect(200);
        assert_eq!((second.each("items", "revision"), second.json.get("next")), (vec![json!(1)], None));

        let read = || vendor.get("/staffRegister/revisions/2");
        let tag = read().await.expect(200).header("etag").to_owned();
        read().if_none_match(&tag).await.expect(304);
        vendor.get("/staffRegister").if_none_match("\"3\"").await.expect(304);
        for unknown in ["0", "4"] {
            vendor.get(format!("/staffRegister/revisions/{unknown}")).await.refused(404, "resourceNotFound");
        }
        let here = app.limited_to(&[CRECHE]).await;
        here.get("/staffRegister/revisions").await.refused(403, "missingPermission");
        here.get("/staffRegister/revisions/2").await.refused(403, "missingPermission");
    })
    .await;
}
