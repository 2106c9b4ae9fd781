//! Claims read by software of the agency: figures as signed, lines, pages, and what organisers see of it.

use serde_json::json;

use super::{HERE, NAME, bare_claim, claim, issue, software};
use crate::claims::signed;
use crate::harness::app::{ADMINISTRATOR, CRECHE, ORGANISER, SECOND, each_app};
use passerelle::domain::agency_key::AgencyScope;

#[tokio::test]
async fn a_claim_is_read_as_it_was_signed_with_its_lines() {
    each_app(async |app| {
        let _director = signed(app).await;
        let reader = software(app).await;
        let list = reader.get("/agency/claims?state=signed&quarter=2026Q3").await.expect(200);
        let item = &list["items"][0];
        assert_eq!(
            (&item["state"], &item["version"], &item["grossSalaryCents"]),
            (&json!("signed"), &json!(1), &json!(936_000))
        );
        assert_eq!((&item["organiser"]["id"], &item["creche"]["id"]), (&json!(ORGANISER), &json!(CRECHE)));
        let july = json!({ "figure": "presentFullDays", "month": "2026-07", "value": 2 });
        assert!(item["figures"].as_array().unwrap().contains(&july), "{}", item["figures"]);
        let rules: Vec<_> = item["warnings"].as_array().unwrap().iter().map(|warning| &warning["rule"]).collect();
        assert!(rules.contains(&&json!("report.medicalMissing")), "{rules:?}");
        let one = reader.get(claim("")).await.expect(200);
        assert_eq!((one.etag().as_str(), &one["possibleActs"]), ("\"1\"", &json!(["takeUp", "message"])));
        assert_eq!((&one["figures"], &one["signature"]), (&item["figures"], &item["signature"]));
        let lines = reader.get(claim("/attendanceLines/2026-07")).await.expect(200);
        assert_eq!(lines["items"].as_array().unwrap().len(), 2);
        assert_eq!(
            lines["items"][0]["days"][0],
            json!({ "date": "2026-07-01", "status": "present", "duration": "full" })
        );
        reader.get(claim("/consultationLines/2026-08")).await.expect(200);
        reader.get(claim("/consultationLines/2026-07")).await.refused(404, "resourceNotFound");
        reader.get(claim("/attendanceLines/2026-10")).await.refused(404, "resourceNotFound");
        reader.get(format!("/agency/claims/{ORGANISER}/{SECOND}/2026Q3")).await.refused(404, "resourceNotFound");
        let asked = "state=draft&after=x&assignedTo=ONE-1&pageSize=101&unchangedDays=-1&hasWarnings=yes";
        let refused = reader.get(format!("/agency/claims?{asked}")).await.refused(400, "badRequest");
        assert_eq!(refused["issues"].as_array().unwrap().len(), 6);
    })
    .await;
}

#[tokio::test]
async fn each_reading_in_bulk_is_one_entry_of_each_organiser_in_plain_words() {
    each_app(async |app| {
        let _director = signed(app).await;
        let key = issue(app, NAME, [AgencyScope::ClaimsRead].into_iter().collect(), HERE).await;
        let reader = app.bearer(&key);
        let recorded = async || {
            let entries = app.all_audit().await;
            entries.into_iter().filter(|link| link.entry.actor.kind.is_agency()).map(|link| link.entry.action).collect()
        };
        let before: Vec<String> = recorded().await;
        assert!(before.is_empty());
        reader.get("/agency/changes").await.expect(200);
        assert!(recorded().await.is_empty(), "the feed gives nothing away");
        reader.get("/agency/claims").await.expect(200);
        assert_eq!(recorded().await, ["claims.read"]);
        reader.get("/agency/claims?quarter=2026Q2").await.expect(200);
        assert_eq!(recorded().await, ["claims.read"], "nothing of the organiser was read");
        reader.get(claim("")).await.expect(200);
        reader.get(claim("/attendanceLines/2026-07")).await.expect(200);
        assert_eq!(recorded().await, ["claims.read", "claim.read", "claim.linesRead"]);
        let page = app.browser(ADMINISTRATOR).await.page("/console/history?view=reads").await.expect(200);
        page.shows(&["Logiciel de l’ONE", NAME, "Demandes signées consultées en liste", "demandes\u{a0}: 1"]);
        let entries = app.person(ADMINISTRATOR).await.get("/auditEntries").await.expect(200);
        let ours = entries["items"].as_array().unwrap().iter().find(|one| one["action"] == "claims.read").unwrap();
        assert_eq!((&ours["actor"]["kind"], &ours["actor"]["name"]), (&json!("agencyKey"), &json!(NAME)));
    })
    .await;
}

#[tokio::test]
async fn a_page_ends_where_the_next_begins_whatever_was_done_meanwhile() {
    each_app(async |app| {
        let _director = signed(app).await;
        let reader = software(app).await;
        // Without a receipt there is nothing to read: such a claim is not listed.
        bare_claim(app, ORGANISER, SECOND, "2026Q3").await;
        let first = reader.get("/agency/claims?pageSize=1").await.expect(200);
        assert!(first.json.get("next").is_none(), "{}", first.json);
        let after = format!("{ORGANISER}.{CRECHE}.2026Q3");
        let rest = reader.get(format!("/agency/claims?after={after}")).await.expect(200);
        assert_eq!(rest["items"], json!([]));
        let before = format!("{ORGANISER}.{CRECHE}.2026Q2");
        let same = reader.get(format!("/agency/claims?assignedTo=nobody&after={before}")).await.expect(200);
        assert_eq!(same["items"].as_array().unwrap().len(), 1);
        let taken = json!({ "act": "takeUp" });
        reader.post(claim("/acts"), taken).if_match("\"1\"").await.expect(200);
        let own = reader.get("/agency/claims?assignedTo=me").await.expect(200);
        assert_eq!(own["items"][0]["assignedTo"], NAME);
        assert_eq!(reader.get("/agency/claims?assignedTo=nobody").await.expect(200)["items"], json!([]));
    })
    .await;
}
