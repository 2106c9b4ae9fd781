//! The home page: what is to be done next, for each kind of user.

use jiff::ToSpan as _;
use jiff::civil::Date;
use passerelle::app::keys::NewKey;
use passerelle::domain::holidays::public_holiday;
use passerelle::domain::key::{KeyKind, Scope};
use passerelle::domain::kinds::{attendance, medical};
use passerelle::domain::period::Month;
use passerelle::domain::report;
use serde_json::json;

use super::rights::grant;
use crate::claims::{answer, draft, report as report_at, send_signature};
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, SECOND, TestApp, UNSUBSIDISED, USER_MANAGER, each_app};
use crate::harness::page::Page;
use crate::harness::people::ssin;
use crate::harness::statement::Sheet;

const HOME: &str = "/console";

fn statement(creche: &str, kind: &str, month: &str) -> String {
    format!("/creches/{creche}/{kind}Statements/{month}")
}

/// A child that is there on every day that is open by law, but on these.
fn full_month(month: &str, but: &[i8]) -> Sheet {
    let month: Month = month.parse().unwrap();
    let is_open = |date: &Date| date.weekday().to_monday_zero_offset() < 5 && public_holiday(*date).is_none();
    let days = month.days().filter(|date| is_open(date) && !but.contains(&date.day()));
    let days: Vec<_> = days.map(|date| format!("{}:P", date.day())).collect();
    Sheet::of(&month.to_string()).child(1, &days.join(" "))
}

/// The attendance of the third quarter of a crèche, without a day missing but these of July.
async fn deposit_quarter(app: &TestApp, creche: &str, but: &[i8]) {
    for (month, but) in [("2026-07", but), ("2026-08", &[]), ("2026-09", &[])] {
        app.vendor().put(statement(creche, "attendance", month), full_month(month, but)).await.expect(201);
    }
}

async fn home(app: &TestApp, person: &str) -> Page {
    app.browser(person).await.page(HOME).await.expect(200)
}

#[tokio::test]
async fn months_are_to_be_sent_until_they_are_and_are_late_after_the_deadline() {
    each_app(async |app| {
        let months = "juillet 2026, août 2026 et septembre 2026";
        let before = home(app, ADMINISTRATOR).await;
        before.says(&["À faire", months, "Échéance\u{a0}: 31/12/2026, encore 80 jours"]).keeps_silent(&[
            "class=\"bad\"",
            "class=\"warn\"",
            "juin 2026",
            "octobre 2026",
            UNSUBSIDISED,
        ]);
        app.vendor().put(statement(CRECHE, "attendance", "2026-08"), full_month("2026-08", &[])).await.expect(201);
        home(app, ADMINISTRATOR).await.says(&["juillet 2026 et septembre 2026"]);
        app.travel("2026-12-20T09:00:00+01:00");
        let near = home(app, ADMINISTRATOR).await;
        near.says(&["encore 11 jours", "class=\"warn\""]).keeps_silent(&["class=\"bad\""]);
        app.travel("2027-01-04T09:00:00+01:00");
        home(app, ADMINISTRATOR).await.says(&["class=\"bad\"", "Échéance\u{a0}: 31/12/2026, dépassée"]);
    })
    .await;
}

/// Of a crèche that never deposited anything, too: not before it was registered.
#[tokio::test]
async fn a_quarter_that_was_never_begun_is_late_after_its_deadline() {
    each_app(async |app| {
        app.travel("2027-01-04T09:00:00+01:00");
        let late = home(app, ADMINISTRATOR).await;
        // Months of another quarter are a task of their own.
        let next = "octobre 2026, novembre 2026 et décembre 2026";
        late.says(&["class=\"bad\"", "Échéance\u{a0}: 31/12/2026, dépassée", next]).keeps_silent(&["juin 2026"]);
    })
    .await;
}

#[tokio::test]
async fn consultations_are_asked_for_where_a_doctor_works_and_are_never_late() {
    each_app(async |app| {
        let asks = "Consultations à envoyer pour";
        home(app, ADMINISTRATOR).await.says(&[asks, "elles ne sont pas remboursées"]);
        grant(app, Scope::StatementsRead(attendance::KIND)).await;
        home(app, DATA_MANAGER).await.says(&["Présences à envoyer pour"]).keeps_silent(&[asks, SECOND]);
        grant(app, Scope::StatementsRead(medical::KIND)).await;
        home(app, DATA_MANAGER).await.says(&[asks]).keeps_silent(&["Présences à envoyer pour"]);
        for month in ["2026-07", "2026-08", "2026-09"] {
            app.vendor().put(statement(CRECHE, "medical", month), json!({ "lines": [] })).await.expect(201);
        }
        home(app, DATA_MANAGER).await.keeps_silent(&[asks]);
    })
    .await;
}

#[tokio::test]
async fn a_report_is_begun_completed_and_signed_and_the_difference_after_that() {
    each_app(async |app| {
        deposit_quarter(app, CRECHE, &[]).await;
        grant(app, Scope::StatementsRead(report::KIND)).await;
        let seen = async || home(app, DATA_MANAGER).await;
        seen().await.says(&["Rapport d’activités à préparer"]).keeps_silent(&["complet, à signer"]);
        let mut begun = draft(312_000);
        begun.as_object_mut().unwrap().remove("openingHours");
        app.vendor().put(report_at(""), begun).await.expect(201);
        seen().await.says(&["à compléter"]).keeps_silent(&["complet, à signer", "à préparer"]);
        app.vendor().put(report_at(""), draft(312_000)).if_match("*").await.expect(200);
        seen().await.says(&["complet, à signer", "/claim\""]);
        send_signature(&app.browser(ADMINISTRATOR).await).await.expect(303);
        seen().await.keeps_silent(&["complet, à signer", "la différence", "Consultations à envoyer"]);
        app.travel("2026-10-13T09:00:00+02:00");
        let corrected = full_month("2026-07", &[1]);
        let path = format!("{}?correctionReason=encodingError", statement(CRECHE, "attendance", "2026-07"));
        app.vendor().put(path, corrected).if_match("*").await.expect(200);
        seen().await.says(&["signez la différence"]);
        app.travel("2026-10-14T09:00:00+02:00");
        send_signature(&app.browser(ADMINISTRATOR).await).await.expect(303);
        seen().await.keeps_silent(&["signez la différence"]);
    })
    .await;
}

#[tokio::test]
async fn what_a_report_lacks_is_named() {
    each_app(async |app| {
        deposit_quarter(app, CRECHE, &[]).await;
        let mut empty = draft(312_000);
        empty.as_object_mut().unwrap().remove("openingHours");
        app.vendor().put(report_at(""), empty).await.expect(201);
        home(app, ADMINISTRATOR).await.says(&["à compléter pour", ", 3e trimestre 2026\u{a0}: Renseignements."]);
    })
    .await;
}

#[tokio::test]
async fn answers_of_the_agency_are_shown_with_the_reason_and_for_some_weeks() {
    each_app(async |app| {
        deposit_quarter(app, CRECHE, &[]).await;
        app.vendor().put(report_at(""), draft(312_000)).await.expect(201);
        let browser = app.browser(ADMINISTRATOR).await;
        send_signature(&browser).await.expect(303);
        app.appoint(&ssin(7)).await;
        let agent = app.browser(&ssin(7)).await;
        answer(&agent, "1", &[("takeUp", ""), ("return", "Corrigez juillet.")]).await;
        let returned = home(app, ADMINISTRATOR).await;
        returned.says(&["L’ONE demande de corriger le rapport d’activités", "Corrigez juillet."]);
        grant(app, Scope::StatementsWrite(attendance::KIND)).await;
        home(app, DATA_MANAGER).await.keeps_silent(&["L’ONE demande", "Corrigez juillet."]);
        app.travel("2026-10-13T09:00:00+02:00");
        send_signature(&app.browser(ADMINISTRATOR).await).await.expect(303);
        answer(&app.browser(&ssin(7)).await, "2", &[("takeUp", ""), ("accept", "")]).await;
        let accepted = "L’ONE a accepté le rapport d’activités";
        home(app, ADMINISTRATOR).await.says(&["À savoir", accepted]).keeps_silent(&["L’ONE demande"]);
        app.travel("2026-11-12T09:00:00+01:00");
        home(app, ADMINISTRATOR).await.keeps_silent(&[accepted]);
    })
    .await;
}

#[tokio::test]
async fn a_missing_day_is_shown_until_it_is_declared_closed_or_sent() {
    each_app(async |app| {
        deposit_quarter(app, CRECHE, &[6, 7, 14, 20]).await;
        let browser = app.browser(ADMINISTRATOR).await;
        let page = browser.page(HOME).await.expect(200);
        page.says(&["Jours sans données", "du 06/07/2026 au 07/07/2026 (2 jours ouverts)", "14/07/2026"]);
        let month = format!("/console/creches/{CRECHE}/attendance/2026-07");
        browser.page(&month).await.expect(200).says(&["Jours sans données", "Fermé ce jour-là"]);
        let summary = async || app.vendor().get(format!("/creches/{CRECHE}/summaries/2026Q3")).await.expect(200).json;
        assert_eq!(
            summary().await["months"][0]["missingDays"],
            json!(["2026-07-06", "2026-07-07", "2026-07-14", "2026-07-20"])
        );
        assert_eq!(summary().await["months"][1]["missingDays"], json!([]));

        let close = |reason| [("creche", CRECHE), ("start", "2026-07-06"), ("end", "2026-07-07"), ("reason", reason)];
        browser
            .send("/console/closed-days", &close(""))
            .await
            .expect(400)
            .says(&["Choisissez la raison", "14/07/2026"]);
        let done = browser.send_on("/console/closed-days", &close("strike")).await;
        done.says(&["14/07/2026"]).keeps_silent(&["06/07/2026"]);
        assert_eq!(summary().await["months"][0]["missingDays"], json!(["2026-07-14", "2026-07-20"]));
        assert_eq!(summary().await["months"][0]["openDays"], 20, "a declared day is not open in any figure");
        let closures = app.vendor().get(format!("/creches/{CRECHE}/closures")).await.expect(200).json;
        let closed = json!({ "startDate": "2026-07-06", "endDate": "2026-07-07", "reason": "strike" });
        assert!(closures["items"].as_array().unwrap().contains(&closed), "{closures}");
        let events = app.vendor().get("/events?type=closures.replaced").await.expect(200);
        assert_eq!(events["items"].as_array().unwrap().len(), 1);

        // Of days that are not missing any more nothing is declared.
        browser.send("/console/closed-days", &close("other")).await.expect(400).says(&["Rien n’est changé"]);
        let monday = [("creche", CRECHE), ("start", "2026-07-20"), ("end", "2026-07-20"), ("reason", "other")];
        let back = [&monday[..], &[("kind", "attendance"), ("month", "2026-07")]].concat();
        assert_eq!(browser.send("/console/closed-days", &back).await.goes_to(), month);
        app.vendor()
            .put(statement(CRECHE, "attendance", "2026-07"), full_month("2026-07", &[6, 7, 20]))
            .if_match("*")
            .await;
        browser.page(HOME).await.expect(200).keeps_silent(&["Jours sans données"]);
    })
    .await;
}

#[tokio::test]
async fn days_of_the_running_month_are_not_missing_yet() {
    each_app(async |app| {
        app.vendor()
            .put(statement(CRECHE, "attendance", "2026-10"), Sheet::of("2026-10").child(1, "1:P 2:P"))
            .await
            .expect(201);
        let summary = app.vendor().get(format!("/creches/{CRECHE}/summaries/2026-10")).await.expect(200).json;
        assert_eq!(summary["months"][0].get("missingDays"), None);
        home(app, ADMINISTRATOR).await.keeps_silent(&["Jours sans données"]);
        app.travel("2026-11-02T09:00:00+01:00");
        home(app, ADMINISTRATOR).await.says(&["Jours sans données", "29/10/2026"]);
    })
    .await;
}

#[tokio::test]
async fn a_reader_is_not_offered_to_close_and_cannot() {
    each_app(async |app| {
        deposit_quarter(app, CRECHE, &[6]).await;
        grant(app, Scope::StatementsRead(attendance::KIND)).await;
        let browser = app.browser(DATA_MANAGER).await;
        browser.page(HOME).await.expect(200).says(&["06/07/2026"]).keeps_silent(&["Fermé ce jour-là"]);
        let close = [("creche", CRECHE), ("start", "2026-07-06"), ("end", "2026-07-06"), ("reason", "strike")];
        browser.send("/console/closed-days", &close).await.expect(403);
        grant(app, Scope::StatementsWrite(attendance::KIND)).await;
        let elsewhere = close.map(|(name, value)| (name, if name == "creche" { SECOND } else { value }));
        browser.send("/console/closed-days", &elsewhere).await.expect(403);
        browser.send("/console/closed-days", &close).await.expect(303);
        grant(app, Scope::StatementsRead(medical::KIND)).await;
        browser.page(HOME).await.expect(200).keeps_silent(&["Jours sans données"]);
    })
    .await;
}

#[tokio::test]
async fn doctors_without_agreement_and_those_who_wait_are_counted() {
    each_app(async |app| {
        let path = crate::doctors::enter_doctor(app).await;
        home(app, ADMINISTRATOR).await.says(&["1 médecin n’a pas encore de convention déposée"]);
        crate::doctors::agree(&app.vendor(), &path).await.expect(200);
        let waits = "attend la décision de l’ONE";
        home(app, ADMINISTRATOR).await.says(&[waits]).keeps_silent(&["pas encore de convention"]);
        home(app, USER_MANAGER).await.says(&["Rien à faire pour le moment."]).keeps_silent(&[waits, "à envoyer"]);
    })
    .await;
}

#[tokio::test]
async fn the_register_grows_old_and_its_validation_is_due_until_the_end_of_may() {
    each_app(async |app| {
        let (old, validation) = ("Le registre du personnel n’a pas changé depuis", "Personnel à valider pour 2026");
        home(app, ADMINISTRATOR).await.keeps_silent(&[old, validation]);
        app.travel("2027-03-15T09:00:00+01:00");
        let page = home(app, ADMINISTRATOR).await;
        page.says(&[old, validation, "Échéance\u{a0}: 31/05/2027, encore 77 jours"]);
        home(app, DATA_MANAGER).await.keeps_silent(&[old, validation]);
        let path = format!("/creches/{UNSUBSIDISED}/staffValidations");
        app.vendor().post(path, json!({ "year": 2026 })).await.expect(201);
        home(app, ADMINISTRATOR).await.keeps_silent(&[validation]);
    })
    .await;
}

#[tokio::test]
async fn keys_that_end_are_shown_to_administrators() {
    each_app(async |app| {
        let ends = "arrive à son terme";
        home(app, ADMINISTRATOR).await.keeps_silent(&[ends]);
        let expires_at = Some("2026-10-30T23:00:00Z".parse().unwrap());
        app.issue(NewKey { expires_at, ..app.ours(KeyKind::Test) }).await;
        home(app, ADMINISTRATOR).await.says(&[ends, "CrècheSoft", "30/10/2026"]);
        home(app, DATA_MANAGER).await.keeps_silent(&[ends]);
    })
    .await;
}

#[tokio::test]
async fn an_application_that_used_to_deposit_and_stopped_is_named() {
    each_app(async |app| {
        let silent = "alors qu’elle le fait d’ordinaire";
        for month in ["2026-05", "2026-06"] {
            app.vendor().put(statement(CRECHE, "attendance", month), full_month(month, &[])).await.expect(201);
        }
        app.travel("2026-10-12T09:00:00+02:00");
        home(app, ADMINISTRATOR).await.keeps_silent(&[silent]);
        app.vendor().put(statement(CRECHE, "attendance", "2026-08"), full_month("2026-08", &[])).await.expect(201);
        home(app, ADMINISTRATOR).await.says(&[silent, "septembre 2026 pour 1 crèche,"]);
        home(app, DATA_MANAGER).await.keeps_silent(&[silent]);
        let browser = app.browser(ADMINISTRATOR).await;
        app.vendor().put(statement(CRECHE, "attendance", "2026-09"), full_month("2026-09", &[])).await.expect(201);
        browser.page(HOME).await.expect(200).keeps_silent(&[silent]);
        app.travel("2026-11-10T09:00:00+01:00");
        home(app, ADMINISTRATOR).await.keeps_silent(&[silent]);
        app.travel("2026-11-11T09:00:00+01:00");
        home(app, ADMINISTRATOR).await.says(&[silent, "octobre 2026"]);
    })
    .await;
}

#[tokio::test]
async fn a_signed_month_is_marked_with_the_way_to_its_report() {
    each_app(async |app| {
        deposit_quarter(app, CRECHE, &[6]).await;
        app.vendor().put(report_at(""), draft(312_000)).await.expect(201);
        let browser = app.browser(ADMINISTRATOR).await;
        let month = format!("/console/creches/{CRECHE}/attendance/2026-07");
        let locked = "Ce mois fait partie d’un rapport d’activités signé";
        browser.page(&month).await.expect(200).keeps_silent(&[locked]);
        browser.page("/console/board").await.expect(200).keeps_silent(&[", signé\""]);
        send_signature(&browser).await.expect(303);
        let claim = format!("/console/creches/{CRECHE}/report/2026Q3/claim");
        browser.page(&month).await.expect(200).says(&[locked, &claim]).keeps_silent(&["Jours sans données"]);
        browser.page("/console/board").await.expect(200).says(&[", signé\""]);
        home(app, ADMINISTRATOR).await.keeps_silent(&["06/07/2026"]);
        grant(app, Scope::StatementsRead(attendance::KIND)).await;
        app.browser(DATA_MANAGER).await.page(&month).await.expect(200).says(&[locked]).keeps_silent(&[&claim]);
    })
    .await;
}

#[tokio::test]
async fn an_agents_home_counts_what_waits() {
    each_app(async |app| {
        app.appoint(&ssin(7)).await;
        let agent = async || app.browser(&ssin(7)).await.page(HOME).await.expect(200);
        agent().await.says(&["Pour l’ONE", "Rien n’attend pour le moment."]).keeps_silent(&["À faire", "à envoyer"]);
        deposit_quarter(app, CRECHE, &[]).await;
        app.vendor().put(report_at(""), draft(312_000)).await.expect(201);
        send_signature(&app.browser(ADMINISTRATOR).await).await.expect(303);
        let path = crate::doctors::enter_doctor(app).await;
        crate::doctors::agree(&app.vendor(), &path).await.expect(200);
        agent().await.says(&["1 demande signée attend", "1 médecin à valider", "/console/agency/doctors\""]);
        home(app, ADMINISTRATOR).await.keeps_silent(&["Pour l’ONE"]);
        answer(&app.browser(&ssin(7)).await, "1", &[("takeUp", "")]).await;
        agent().await.says(&["1 demande signée est en cours d’examen"]).keeps_silent(&["attend d’être"]);
    })
    .await;
}

#[tokio::test]
async fn the_home_page_of_many_creches_is_bounded() {
    each_app(async |app| {
        let first = Date::constant(2026, 7, 1);
        let every_second: Vec<_> = (0..31).map(|at| (first + at.days()).day()).filter(|day| day % 2 == 0).collect();
        for creche in [CRECHE, SECOND, UNSUBSIDISED] {
            for month in ["2026-06", "2026-07", "2026-08", "2026-09"] {
                let sheet = full_month(month, &every_second);
                app.vendor().put(statement(creche, "attendance", month), sheet).await.expect(201);
            }
        }
        let page = home(app, ADMINISTRATOR).await;
        assert_eq!(page.text.matches("action=\"/console/closed-days\"").count(), 40);
        page.says(&["autres périodes ne sont pas affichées."]);
    })
    .await;
}
