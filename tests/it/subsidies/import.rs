//! Payments of a file: all of them or none, as programs write them.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use passerelle::app::subsidies::{self, PaymentError};
use passerelle::domain::actor::Actor;
use passerelle::domain::subsidy::MAX_PAYMENTS;
use rust_xlsxwriter::{Format, Workbook};

use super::{AGENT, FARANDOLE, LOUPS, OVERVIEW, agent, payment, recorded};
use crate::harness::app::{ADMINISTRATOR, TestApp, each_app};

const IMPORT: &str = "/console/agency/payments/import";

/// A table as a bookkeeping program in Belgium writes it.
const TABLE: &str = "Export des paiements\n\n\
    Référence;Type de paiement;N° ONE;Période;Date de paiement;Montant;Solde;Remarque\r\n\
    ONE-1;Subside;63/25118/01;T2 2026;01/10/2026;\"1.234,56\";0,00;x\r\n\
    ONE-2;prime exceptionnelle;63/25118/03;2026Q2;2026-10-01;50 000;;\r\n\
    ONE-3;Récupération;63/25118/01;2e trimestre 2026;20261001;234,50-;;\r\n\
    Total;;;;;51.000,06;;\r\n";

/// The rules and cells of the findings on a file.
async fn findings(app: &TestApp, file: &[u8]) -> Vec<String> {
    match subsidies::import(&app.app, &Actor::agent(AGENT), file.to_vec(), true).await {
        Err(PaymentError::Invalid(findings)) => {
            let cells = |places: &[passerelle::domain::finding::FindingPlace]| {
                places.iter().filter_map(|place| place.cell.clone()).collect::<Vec<_>>().join(",")
            };
            findings.iter().map(|one| format!("{} {}", one.rule.code, cells(&one.places))).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_table_is_checked_shown_and_recorded_as_it_was_shown() {
    each_app(async |app| {
        let agent = agent(app).await;
        let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(TABLE);
        let checked = agent.upload(IMPORT, &[], &windows).await.expect(200);
        let shown =
            ["3 paiements seraient enregistrés", "1\u{202f}234,56", "\u{2212}234,50", "La Farandole", "n’est pas lue"];
        checked.says(&shown);
        let director = app.browser(ADMINISTRATOR).await;
        director.page(OVERVIEW).await.expect(200).says(&["Aucun paiement"]);
        let entries = app.all_audit().await.len();

        let content = BASE64_STANDARD.encode(&windows);
        agent.upload(IMPORT, &[("content", &content)], b"").await.expect(303);
        let of_import = app.all_audit().await.split_off(entries);
        let of_import: Vec<_> = of_import.iter().filter(|link| link.entry.action.starts_with("subsidy")).collect();
        assert_eq!(of_import.len(), 1, "one entry for the organiser");
        assert_eq!(of_import[0].entry.detail.as_deref(), Some("import: 3 payments"));
        director.page(OVERVIEW).await.expect(200).says(&["51", "Prime exceptionnelle", "50\u{202f}000,00"]);
        director.page("/console/history").await.expect(200).says(&["3 paiements"]);
        let events = app.vendor().get("/events?type=subsidyPayment.recorded").await.expect(200).json;
        assert_eq!(events["items"].as_array().unwrap().len(), 3, "{events}");
        assert!(events["items"][0]["data"]["href"].as_str().unwrap().contains("/subsidyPayments/"));

        let again = agent.upload(IMPORT, &[("content", &content)], b"").await.expect(400);
        again.says(&["Aucun paiement n’est enregistré", "est déjà enregistré", "CSV!A4"]);
    })
    .await;
}

#[tokio::test]
async fn each_line_has_its_findings_at_its_cells_and_none_is_recorded() {
    each_app(async |app| {
        recorded(app, &[payment([LOUPS, "2026Q1", "subsidy", "1", "ONE-0"])]).await;
        let table = "ONE-nummer,Kwartaal,Type,Betaaldatum,Bedrag,Referentie\n\
            63/25118/01,K2 2026,Subsidie,01/10/2026,\"1.085\",ONE-1\n\
            63/0,2026,premie,1/10/26,5,ONE-0\n\
            63/25118/03,K2 2026,Subsidie,01/10/2026,5,ONE-1\n";
        let due = [
            "payment.amount CSV!E2",
            "payment.quarter CSV!B3",
            "payment.type CSV!C3",
            "payment.day CSV!D3",
            "payment.crecheUnknown CSV!A3",
            "payment.notSubsidised CSV!C4",
            "payment.recorded CSV!F3",
            "payment.repeated CSV!F2,CSV!F4",
        ];
        assert_eq!(findings(app, table.as_bytes()).await, due);
        let agent = agent(app).await;
        let refused = agent.upload(IMPORT, &[], table.as_bytes()).await.expect(400);
        refused.says(&["CSV!E2", "1.085", "premie", "CSV!D3", "ne se lit pas avec certitude"]);
        let one = app.vendor().get("/subsidyPayments").await.expect(200).json;
        assert_eq!(one["items"].as_array().unwrap().len(), 1, "{one}");
    })
    .await;
}

#[tokio::test]
async fn a_line_with_more_fields_than_headers_is_refused_in_place_of_half_an_amount() {
    each_app(async |app| {
        // The comma of an amount splits it, so that its cents would be the reference.
        let table = "ONE number,Quarter,Type,Date,Amount,Reference\n\
            63/25118/01,Q2 2026,Subsidy,01/10/2026,1234,56,ONE-1\n\
            63/25118/01,Q2 2026,Subsidy,01/10/2026,\"1234,56\",ONE-2,,\n";
        assert_eq!(findings(app, table.as_bytes()).await, ["input.tooManyFields CSV!G2"]);
    })
    .await;
}

#[tokio::test]
async fn a_table_with_the_line_ends_of_the_old_macintosh_is_read() {
    each_app(async |app| {
        let table = TABLE.replace("\r\n", "\n").replace('\n', "\r");
        let read = subsidies::import(&app.app, &Actor::agent(AGENT), table.into_bytes(), true).await.unwrap();
        assert_eq!(read.payments.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn files_that_are_no_tables_of_payments_are_refused_with_the_reason() {
    each_app(async |app| {
        assert_eq!(findings(app, b"%PDF-1.7").await, ["workbook.notAWorkbook "]);
        assert_eq!(findings(app, b"a;b\n1;2\n").await, ["workbook.headerRowMissing "]);
        let headers = "Numéro ONE;Trimestre;Type;Date;Montant;Référence\n";
        assert_eq!(findings(app, headers.as_bytes()).await, ["payment.nothing CSV!F1"]);
        let missing = "Numéro ONE;Trimestre;Type;Date;Référence\n63/25118/01;T2 2026;Subside;01/10/2026;ONE-1\n";
        assert_eq!(findings(app, missing.as_bytes()).await, ["workbook.headerMissing CSV!E1"]);
        let twice = headers.replace(";Date;", ";Date;Date de paiement;");
        assert_eq!(
            findings(app, twice.as_bytes()).await,
            ["workbook.headerDuplicate CSV!D1", "payment.nothing CSV!G1"]
        );
        let many = headers.to_owned() + &"x;x;x;x;x;x\n".repeat(MAX_PAYMENTS + 1);
        assert_eq!(findings(app, many.as_bytes()).await, ["payment.tooMany "]);
        let agent = agent(app).await;
        let refused = agent.upload(IMPORT, &[], many.as_bytes()).await.expect(400);
        refused.says(&["501 paiements", "au plus 500", "Répartissez-les"]);
        agent.upload(IMPORT, &[("content", "é")], b"").await.expect(400);
        agent.upload(IMPORT, &[], &vec![b'x'; (1 << 20) + 1]).await.expect(400).says(&["dépasse"]);
        agent.upload_nothing(IMPORT).await.expect(400).says(&["Choisissez un fichier"]);
    })
    .await;
}

/// A workbook with real dates and numbers on a sheet of any name.
pub(crate) fn workbook(sheet: &str) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let page = workbook.add_worksheet().set_name(sheet).unwrap();
    for (column, header) in (0..).zip(["Amount", "Payment date", "ONE number", "Quarter", "Type", "Reference"]) {
        page.write_string(0, column, header).unwrap();
    }
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 10, 1).unwrap();
    page.write_number(1, 0, -12.5).unwrap();
    page.write_datetime_with_format(1, 1, &day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    for (column, text) in (2..).zip([FARANDOLE, "Q2 2026", "Recovery"]) {
        page.write_string(1, column, text).unwrap();
    }
    page.write_number(1, 5, 20_260_001.0).unwrap();
    workbook.save_to_buffer().unwrap()
}

#[tokio::test]
async fn workbooks_are_read_whatever_their_only_sheet_is_called() {
    each_app(async |app| {
        for sheet in ["Paiements", "Sheet1"] {
            let read = subsidies::import(&app.app, &Actor::agent(AGENT), workbook(sheet), true).await.unwrap();
            let payment = &read.payments[0].record.payment;
            assert_eq!((payment.amount.0, payment.reference.as_str()), (-1250, "20260001"));
            assert_eq!(
                (payment.paid_on.to_string(), payment.quarter.to_string()),
                ("2026-10-01".into(), "2026Q2".into())
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_templates_are_read_back() {
    each_app(async |app| {
        let agent = agent(app).await;
        for name in ["template.xlsx", "template.csv"] {
            let empty = agent.fetch(&format!("/console/agency/payments/{name}")).await.expect(200);
            let found = findings(app, &empty.bytes).await;
            assert!(found.len() == 1 && found[0].starts_with("payment.nothing"), "{name}: {found:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn as_many_as_may_be_recorded_at_once_hold_the_writer_for_a_moment() {
    each_app(async |app| {
        let sent: Vec<_> = (0..MAX_PAYMENTS)
            .map(|number| payment([LOUPS, "2026Q2", "adjustment", "1", &format!("ONE-{number}")]))
            .collect();
        let begun = std::time::Instant::now();
        assert_eq!(recorded(app, &sent).await.len(), MAX_PAYMENTS);
        println!("{} payments in {:?} on {}", sent.len(), begun.elapsed(), app.app.db.engine());
        let twice = subsidies::record(&app.app, &Actor::agent(AGENT), &sent[..1], false).await;
        assert!(matches!(twice, Err(PaymentError::Invalid(_))));
    })
    .await;
}
