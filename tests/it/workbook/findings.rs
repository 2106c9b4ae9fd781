//! Findings about a cell: the value as it is there, unless it is personal, and the unit of the sheet.

use axum::http::Method;
use rust_xlsxwriter::Workbook;
use serde_json::json;

use super::HEADERS;
use crate::harness::app::{CRECHE, each_app};
use crate::harness::book::register;
use crate::harness::call::XLSX;

/// A sheet with one day cell for each text.
fn days(texts: &[&str]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Présences").unwrap();
    sheet.write_row(0, 0, HEADERS).unwrap().write(0, 7, 1).unwrap();
    for (row, text) in (1..).zip(texts) {
        let name = format!("Lou{}", "a".repeat(row as usize));
        sheet
            .write_row(row, 0, [name.as_str(), "Vandenbosch", &name, "12/03/2024"])
            .unwrap()
            .write(row, 7, *text)
            .unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test]
async fn each_unreadable_code_is_quoted_whole_in_its_own_finding() {
    let texts = ["Vandenbosch", "Malade", "Férié", "A", "x", "-", "80", "Zoé Lambert", "léonie lambert"];
    let shown = ["Va•••••••••", "Malade", "Férié", "A", "x", "-", "80", "Zoé La•••••", "lé•••• la•••••"];
    each_app(async |app| {
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-09?dryRun=true");
        let call = app.vendor().call(Method::PUT, path.clone()).body(XLSX, days(&texts)).language("fr");
        let reply = call.await.expect(400);
        let details: Vec<_> =
            reply.each("issues", "detail").iter().map(|one| one.as_str().unwrap().to_owned()).collect();
        assert_eq!(details.len(), texts.len(), "{details:#?}");
        for text in shown {
            assert!(
                details.iter().any(|detail| detail.contains(&format!("Trouvé : « {text} »"))),
                "{text}: {details:#?}"
            );
        }
        let asked = app.vendor().call(Method::PUT, path).body(XLSX, days(&["absent", "P 07:30-24:00"])).language("fr");
        let reply = asked.await.expect(400);
        let details = format!("{:?}", reply.each("issues", "detail"));
        assert!(
            details.contains("justifiée (AJ) ou injustifiée (AI)") && details.contains("P 07:30-16:45"),
            "{details}"
        );
    })
    .await;
}

#[tokio::test]
async fn where_columns_slipped_a_code_is_masked_as_a_name_is() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Présences").unwrap();
    sheet.write_row(0, 0, HEADERS).unwrap().write(0, 7, 1).unwrap();
    sheet.write_row(1, 0, ["K-1", "24021795156", "Zoé", "12/03/2024"]).unwrap().write(1, 7, "Vandenbosch").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    each_app(async |app| {
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-09?dryRun=true");
        let reply = app.vendor().call(Method::PUT, path).body(XLSX, bytes.clone()).await.expect(400);
        assert!(!reply.json.to_string().contains("Vandenbosch"), "{}", reply.json);
    })
    .await;
}

#[tokio::test]
async fn another_weekday_in_the_headers_is_one_finding_at_each_of_them() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Présences").unwrap();
    sheet.write_row(0, 0, HEADERS).unwrap().write_row(0, 7, ["ma 1", "me 2", "lu 3", "ma 4"]).unwrap();
    sheet.write_row(1, 0, ["K-1", "Maes", "Zoé", "12/03/2024"]).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    each_app(async |app| {
        let path = format!("/creches/{CRECHE}/attendanceStatements/2026-09?dryRun=true");
        let reply = app.vendor().call(Method::PUT, path).body(XLSX, bytes.clone()).language("fr").await.expect(400);
        let found = &reply.json["issues"][0];
        assert_eq!((&found["code"], &found["count"]), (&json!("workbook.weekdayDiffers"), &json!(2)), "{}", reply.json);
        assert_eq!(found["cell"], "Présences!J1");
        let detail = found["detail"].as_str().unwrap();
        assert!(detail.contains("« lu »") && detail.contains("03/09/2026 est un jeudi"), "{detail}");
    })
    .await;
}

#[tokio::test]
async fn findings_in_a_register_have_the_units_and_names_of_its_sheets() {
    let member = json!({ "reference": "R-1", "givenName": "Aline", "familyName": "Claes", "birthDate": "1960-03-14",
        "contracts": [{ "reference": "C-1", "status": "contractual", "startDate": "2020-01-01",
            "functions": [{ "crecheId": CRECHE, "category": "Puéricultrice", "fteHundredths": 8000 },
                { "crecheId": "Les Inconnus", "category": "childcare", "fteHundredths": 80 }] }] });
    each_app(async |app| {
        let call = app.vendor().call(Method::PUT, "/staffRegister?dryRun=true").language("fr");
        let reply = call.body(XLSX, register(&json!({ "members": [member] }))).await.expect(400);
        let issues = reply.json["issues"].as_array().unwrap();
        let detail = |words: &str| issues.iter().find(|one| one["detail"].as_str().unwrap().contains(words));
        let time = detail("Temps de travail").expect("working time")["detail"].as_str().unwrap();
        assert!(time.contains("telle que 0,80 pour 80") && time.contains("Trouvé : « 80 »"), "{time}");
        assert!(detail("Trouvé : « Puéricultrice »").is_some(), "{issues:#?}");
        let creche = detail("n’existe pas chez").expect("the crèche");
        assert_eq!(creche["owner"], "encoder");
        assert!(creche["detail"].as_str().unwrap().contains("comme dans la console (API"), "{creche}");
    })
    .await;
}
