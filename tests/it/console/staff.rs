//! Mon Équipe in the console: a person entered by number and name, a sheet in five sections, the register as a workbook,
//! the yearly validation; by users with the right, without scripts.

use passerelle::domain::key::Scope;
use serde_json::json;

use super::rights::grant;
use crate::harness::app::{ADMINISTRATOR, CRECHE, DATA_MANAGER, SECOND, USER_MANAGER, each_app};
use crate::harness::book::register;
use crate::harness::page::{Browser, Page};

const LIST: &str = "/console/staff";
/// An invented person, who works in two crèches.
const NADIA: &str = "/console/staff/019a5c00-0000-7000-8000-000000000051";
const ALINE: &str = "/console/staff/019a5c00-0000-7000-8000-000000000052";

async fn version(browser: &Browser<'_>, page: &str) -> String {
    browser.page(page).await.expect(200).input_values("version")[0].clone()
}

/// Enters a person without a number; the address of the sheet.
async fn enter(browser: &Browser<'_>, family_name: &str) -> String {
    let who = [("ssin", ""), ("familyName", family_name), ("givenName", "Lou"), ("birthDate", "1990-01-01")];
    let reference = format!("T-{family_name}");
    let fields = [&who[..], &[("reference", &reference)]].concat();
    browser.send("/console/staff/create", &fields).await.goes_to()
}

#[tokio::test]
async fn the_list_leaves_out_persons_without_contract_and_narrows_by_every_filter() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let page = browser.page(LIST).await.expect(200);
        page.shows(&["Janssens Nadia", "En cours", "De Smet Tom", "Terminé", "Accueil des enfants", "80 %"]);
        let names = |page: &Page| {
            ["Janssens", "Lambrechts", "De Smet", "Sans"].map(|name| page.text.contains(&format!(">{name} ")))
        };
        assert_eq!(names(&page), [true, true, true, false]);
        enter(&browser, "Sans").await;
        let filtered = async |query: &str| names(&browser.page(format!("{LIST}?{query}")).await.expect(200));
        assert_eq!(filtered("contractStatus=ended").await, [false, false, true, false]);
        assert_eq!(filtered("contractStatus=noContract").await, [false, false, false, true]);
        assert_eq!(filtered("severalPlaces=true").await, [true, false, false, false]);
        assert_eq!(filtered(&format!("crecheId={SECOND}")).await, [true, false, true, false]);
        browser.page(format!("{LIST}?contractStatus=notStarted")).await.shows(&["Aucune personne ne correspond"]);
    })
    .await;
}

#[tokio::test]
async fn a_new_person_is_looked_up_by_number_and_then_by_name() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page("/console/staff/new").await.expect(200).says(&["name=\"ssin\"", "Encodez le numéro national"]);
        let wrong = browser.send("/console/staff/new", &[("ssin", "85.03.14-953.46")]).await.expect(400);
        wrong.says(&["id=\"ssin-error\"", "Ce numéro national n"]);
        let unknown = browser.send("/console/staff/new", &[("ssin", "85.03.14-953.45")]).await.expect(200);
        unknown.says(&["ne connaît pas encore", "name=\"familyName\"", "value=\"P-4\""]);
        let who = [("ssin", "85.03.14-953.45"), ("familyName", "Maes"), ("givenName", "Zoé"), ("reference", "P-4")];
        let sheet = browser.send("/console/staff/create", &who).await;
        let page = browser.follow(&sheet).await.expect(200);
        page.shows(&["Maes Zoé", "Pas de contrat", "NISS valide déjà présent", "14/03/1985", "Ajoutez son contrat"]);
        page.clone().keeps_silent(&["85031495345", "953.45"]);
        let known = browser.send("/console/staff/new", &[("ssin", "85031495345")]).await.expect(200);
        known.says(&["connaît déjà cette personne"]);
        browser.send("/console/staff/create", &who).await.expect(400).says(&["déjà dans votre registre"]);
        let abroad = browser.send("/console/staff/new", &[("ssin", "")]).await.expect(200);
        abroad.says(&["la date de naissance est nécessaire"]);
    })
    .await;
}

#[tokio::test]
async fn a_sheet_is_filled_section_by_section_and_typed_values_are_preserved() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let sheet = enter(&browser, "Claes").await;
        let at = format!("{sheet}/contracts/new");
        let contract = |start: &'static str, time: &'static str, version: &str| -> Vec<(&'static str, String)> {
            let fields =
                [("status", "contractual"), ("reference", "C-1"), ("startDate", start), ("endDate", "2026-12-31")];
            let function = [("creche1", CRECHE), ("category1", "childcare"), ("time1", time), ("version", version)];
            fields.into_iter().chain(function).map(|(name, value)| (name, value.to_owned())).collect()
        };
        let send = async |path: &str, fields: Vec<(&'static str, String)>| {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.send(path, &fields).await
        };
        let now = version(&browser, &at).await;
        let wrong = send(&at, contract("2027-01-01", "80", &now)).await.expect(400);
        wrong.says(&["id=\"endDate-error\"", "value=\"2027-01-01\"", "se termine avant"]);
        send(&at, contract("2026-09-01", "180", &now)).await.expect(400).says(&["id=\"time1-error\"", "value=\"180\""]);
        let kept = send(&at, contract("2026-09-01", "80 %", &now)).await;
        browser.follow(&kept).await.expect(200).shows(&[
            "Contractuel",
            "01/09/2026",
            "Accueil des enfants, 80 %, Les P'tits Loups",
        ]);
        send(&format!("{sheet}/contracts/1"), contract("2026-09-01", "50", &now))
            .await
            .expect(412)
            .says(&["modifié cette fiche entre-temps", "value=\"50\""]);
        browser.page(format!("{sheet}/contracts/1")).await.expect(200).says(&["value=\"80\"", "value=\"remove\""]);
        browser.page(format!("{sheet}/contracts/2")).await.expect(404);

        for (section, fields, says) in [
            ("trainings", vec![("kind", "diploma"), ("title", "Puériculture"), ("date", "2010-06-30")], "Puériculture"),
            ("documents", vec![("kind", "other"), ("date", "2026-01-05"), ("validUntil", "")], "05/01/2026"),
            (
                "absences",
                vec![("kind", "parentalLeave"), ("startDate", "2026-10-01"), ("endDate", "")],
                "Congé parental",
            ),
        ] {
            let at = format!("{sheet}/{section}/new");
            let now = version(&browser, &at).await;
            let empty = browser.send(&at, &[("version", &now)]).await.expect(400);
            empty.says(&["id=\"kind-error\""]);
            let fields = [fields, vec![("version", now.as_str())]].concat();
            let kept = browser.send(&at, &fields).await;
            browser.follow(&kept).await.expect(200).shows(&[says]);
        }
        let at = format!("{sheet}/absences/1");
        let now = version(&browser, &at).await;
        let asked = browser.send(&at, &[("action", "remove"), ("version", &now)]).await.expect(200);
        asked.shows(&["Rien n’est encore supprimé."]);
        browser.page(&sheet).await.expect(200).shows(&["Congé parental"]);
        let sure = ["action", "version", "confirmed"].map(|name| (name, asked.field_value(name)));
        let gone = browser.send(&at, &sure.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
        browser.follow(&gone).await.expect(200).says(&["La ligne est supprimée"]).keeps_silent(&["Congé parental"]);
    })
    .await;
}

#[tokio::test]
async fn the_register_is_tried_deposited_marked_and_downloaded() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let member = json!({ "reference": "E-9", "givenName": "Lou", "familyName": "Claes", "birthDate": "1990-01-01",
            "contracts": [{ "reference": "C-1", "status": "contractual", "startDate": "2026-09-01",
                "functions": [{ "crecheId": CRECHE, "category": "logistics", "fteHundredths": 50 }] }] });
        let good = register(&json!({ "members": [member] }));
        let mut member = member;
        member["contracts"][0]["endDate"] = "2026-08-01".into();
        let bad = register(&json!({ "members": [member] }));
        let at = "/console/staff/register";
        let revision = browser.page(at).await.expect(200).input_values("revision")[0].clone();
        let send = async |action, revision: &str, file: &[u8]| {
            browser.upload(at, &[("action", action), ("revision", revision)], file).await
        };
        send("try", &revision, b"").await.expect(400).says(&["Le fichier choisi est vide"]);
        send("mark", &revision, b"hello").await.expect(400).says(&["n’est pas un classeur Excel"]);
        send("deposit", &revision, &bad).await.expect(400).shows(&["se termine avant", "Contrats!E2"]);
        let marked = send("mark", &revision, &bad).await.expect(200);
        assert!(marked.bytes.starts_with(b"PK"));
        let tried = send("try", &revision, &good).await.expect(200);
        tried.shows(&["Voici ce qu’il changerait", "1 (E-9)", "3 (E-1, E-2, E-3)"]);
        send("deposit", "1", &good).await.expect(409).says(&["a modifié le registre entre-temps"]);
        let kept = send("deposit", &revision, &good).await;
        browser.follow(&kept).await.expect(200).shows(&["Le registre est déposé", "Claes Lou"]);
        let book = browser.page(format!("{at}/download")).await.expect(200);
        let again = browser.page(at).await.input_values("revision")[0].clone();
        send("try", &again, &book.bytes).await.expect(200).shows(&["<dt>Inchangées</dt><dd>4</dd>"]);
        assert!(browser.page(format!("{at}/template")).await.expect(200).bytes.starts_with(b"PK"));
    })
    .await;
}

#[tokio::test]
async fn a_year_is_validated_and_what_is_open_is_listed() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let at = "/console/staff/validations";
        browser.page(at).await.expect(200).shows(&[
            "Pas encore validée",
            "jusqu’au 31/05/2026",
            "Le numéro national manque",
        ]);
        let asked = browser.send(at, &[("crecheId", CRECHE), ("year", "2026")]).await.expect(200);
        asked.shows(&["Valider l’année 2026", "Une validation ne se retire pas."]);
        browser.page(at).await.expect(200).keeps_silent(&["2026 : validée"]);
        let yes = asked.field_value("confirmed");
        let sure = [("crecheId", CRECHE), ("year", "2026"), ("confirmed", yes.as_str())];
        let done = browser.send(at, &sure).await;
        browser.follow(&done).await.expect(200).shows(&["2026 : validée le 12/10/2026"]);
        browser.send(at, &[("crecheId", CRECHE), ("year", "2031"), ("confirmed", "yes")]).await.expect(400);
    })
    .await;
}

#[tokio::test]
async fn the_quarter_shows_who_worked() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let page = browser.page("/console/quarters/2026Q3").await.expect(200);
        page.shows(&["En équivalents temps plein", "Direction", "1,00", "Accueil des enfants", "0,80", "30/09/2026"]);
        let creche = browser.page(format!("/console/creches/{CRECHE}/quarters/2026Q3")).await.expect(200);
        creche.shows(&["Direction", "0,50"]);
        let other = app.browser(DATA_MANAGER).await;
        other.page("/console/quarters/2026Q3").await.expect(200).keeps_silent(&["équivalents temps plein"]);
    })
    .await;
}

#[tokio::test]
async fn a_reader_writes_nothing_and_diplomas_need_a_right_of_their_own() {
    each_app(async |app| {
        app.browser(USER_MANAGER).await.page(LIST).await.expect(403);
        let browser = app.browser(DATA_MANAGER).await;
        browser.page(LIST).await.expect(403);
        grant(app, Scope::StaffRead).await;
        let page = browser.page(LIST).await.expect(200);
        page.shows(&["Janssens Nadia"]);
        page.clone().keeps_silent(&["Nouvelle personne", "De Smet", "/console/staff/register"]);
        let sheet = browser.page(NADIA).await.expect(200);
        sheet.shows(&["Direction, 50 %, Les P'tits Loups"]);
        sheet.clone().keeps_silent(&["une autre crèche", SECOND, "Modifier", "Formations", "assistant social"]);
        browser.page("/console/staff/new").await.expect(403);
        browser.page(format!("{NADIA}/identity")).await.expect(403);
        browser.page("/console/staff/register/download").await.expect(403);
        grant(app, Scope::StaffWrite).await;
        let now = version(&browser, &format!("{ALINE}/identity")).await;
        let who =
            [("familyName", "Lambrecht"), ("givenName", "Aline"), ("birthDate", "1991-06-22"), ("reference", "E-2")];
        let kept = browser.send(format!("{ALINE}/identity"), &[&who[..], &[("version", now.as_str())]].concat()).await;
        browser.follow(&kept).await.expect(200).shows(&["Lambrecht Aline"]);
        browser.page(format!("{ALINE}/trainings/new")).await.expect(403);
        // A function in another crèche is not shown, and is preserved when a contract is changed here.
        let contract = browser.page(format!("{NADIA}/contracts/1")).await.expect(200).keeps_silent(&[SECOND]);
        let function = [("creche1", CRECHE), ("category1", "management"), ("time1", "40")];
        let own = [("status", "statutory"), ("reference", "C-1"), ("startDate", "2019-01-01"), ("endDate", "")];
        let now = contract.input_values("version")[0].clone();
        let all = [&own[..], &function[..], &[("version", now.as_str())]].concat();
        let kept = browser.send(format!("{NADIA}/contracts/1"), &all).await;
        browser.follow(&kept).await.expect(200).shows(&["Direction, 40 %"]);
        let whole = app.vendor().get(NADIA.replace("console/staff", "staffMembers")).await.expect(200);
        assert_eq!(whole["contracts"][0]["functions"][1]["crecheId"], SECOND);
    })
    .await;
}

#[tokio::test]
async fn a_form_with_missing_or_invalid_fields_is_refused() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let identity = format!("{NADIA}/identity");
        let version = version(&browser, &identity).await;
        let junk = [("colour", "red"), ("version", version.as_str())];
        let missing = [
            "Remplissez le champ « Nom »",
            "Remplissez le champ « Prénom »",
            "Remplissez le champ « Votre référence »",
        ];
        let strange = "contient des champs que cette page";
        browser.send(&identity, &junk).await.expect(400).says(&[&missing[..], &[strange]].concat());
        browser.send(&identity, &junk[1..]).await.expect(400).says(&missing).keeps_silent(&[strange]);
        browser.send("/console/staff/create", &junk[..1]).await.expect(400).says(&missing[..2]);
        for record in ["contracts/1", "contracts/new", "trainings/1", "documents/new", "absences/new"] {
            let page = format!("{NADIA}/{record}");
            browser.send(&page, &junk).await.expect(400).says(&[strange]);
            browser.send(&page, &junk[1..]).await.expect(400);
        }
        browser.page(NADIA).await.expect(200).shows(&["Janssens Nadia", "Bachelier assistant social"]);
        let user = "/console/users/019a5c00-0000-7000-8000-000000000034";
        let page = browser.page(user).await.expect(200);
        let version = page.input_values("version")[0].clone();
        browser.send(format!("{user}/access"), &[("version", &version), ("colour", "red")]).await.expect(400);
        browser.page(user).await.expect(200).says(&["Désactiver"]);
    })
    .await;
}

#[tokio::test]
async fn a_possible_duplicate_person_needs_a_confirmation() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let sheet = enter(&browser, "Claes").await;
        let again = [
            ("ssin", ""),
            ("familyName", "lou"),
            ("givenName", "CLAES"),
            ("birthDate", "1990-01-01"),
            ("reference", "T-2"),
        ];
        let asked = browser.send("/console/staff/create", &again).await.expect(200);
        asked.shows(&["Est-ce une personne qui a déjà une fiche", "Claes Lou, 01/01/1990 (T-Claes)", &sheet]);
        assert_eq!(
            app.vendor().get("/staffMembers?contractStatus=noContract").await.each("items", "reference").len(),
            1
        );
        let yes = asked.field_value("confirmed");
        let yes = [&again[..], &[("confirmed", yes.as_str())]].concat();
        let other = browser.send("/console/staff/create", &yes).await.goes_to();
        assert_ne!(other, sheet);
        let by_number = [("ssin", "90010195044"), ("familyName", "Claes"), ("givenName", "Lou"), ("reference", "T-3")];
        browser.send("/console/staff/create", &by_number).await.expect(200).shows(&["a déjà une fiche"]);
        let faulty = [("ssin", ""), ("familyName", ""), ("givenName", "Lou"), ("birthDate", "1990-01-01")];
        browser.send("/console/staff/create", &faulty).await.expect(400).keeps_silent(&["a déjà une fiche"]);
    })
    .await;
}
