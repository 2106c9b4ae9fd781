//! An organiser's doctors: entered, listed, changed, with agreement; by users with the right, without scripts.

use passerelle::app::Precondition;
use passerelle::app::doctors::decide;
use passerelle::domain::doctor::Decision;
use passerelle::domain::key::Scope;
use passerelle::domain::kinds::medical;

use super::rights::grant;
use crate::harness::app::{
    ADMINISTRATOR, CRECHE, DATA_MANAGER, FOREIGN, OF_BOTH, OTHER, SECOND, TestApp, USER_MANAGER, each_app,
};
use crate::harness::file::pdf;
use crate::harness::page::Browser;

const LIST: &str = "/console/doctors";
/// The seeded doctor's sheet: of the first two crèches.
const SEEDED: &str = "/console/doctors/019a5c00-0000-7000-8000-000000000041";

/// The fields of a new doctor, with another value in one.
fn fields<'a>(creche: &'a str, (name, value): (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    let all = [
        ("inami", "1-73854-67-004"),
        ("givenName", "Youssef"),
        ("familyName", "Exemple"),
        ("street", "Rue des Tilleuls"),
        ("houseNumber", "12"),
        ("box", "3"),
        ("postcode", "5000"),
        ("town", "Namur"),
        ("country", "BE"),
        ("mobile", "+32 470 00 00 02"),
        ("officePhone", "+32 81 00 00 02"),
        ("email", "youssef@cabinet.example"),
        ("function", "paediatrician"),
        ("startDate", "2026-09-01"),
        ("endDate", ""),
        ("crecheIds", creche),
    ];
    all.into_iter().map(|(field, held)| (field, if field == name { value } else { held })).collect()
}

/// Enters a doctor; the address of the sheet.
async fn enter(browser: &Browser<'_>, creche: &str) -> String {
    browser.send(format!("{LIST}/new"), &fields(creche, ("", ""))).await.goes_to()
}

async fn rule_on(app: &TestApp, sheet: &str, decision: Decision) {
    let id = sheet.rsplit('/').next().unwrap().parse().unwrap();
    decide(&app.app, "ONE-1207", id, &Precondition::Any, &decision).await.unwrap();
}

#[tokio::test]
async fn a_doctor_is_entered_agreed_with_and_decided_on() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        browser.page(LIST).await.expect(200).says(&["Claire Maes", "1-90069-51-001", "Validé", "Encoder un médecin"]);
        let sheet = enter(&browser, CRECHE).await;
        let page = browser.page(&sheet).await.expect(200);
        page.shows(&["Youssef Exemple", "Incomplet", "Il manque la convention", "boîte 3", "depuis le 01/09/2026"]);
        page.shows(&["Pédiatre", "Déposez maintenant sa convention", "Les P'tits Loups"]);
        browser.page(LIST).await.shows(&["Il manque la convention."]);
        browser.page(format!("{sheet}/agreement")).await.expect(404);

        let version = page.input_values("version")[0].clone();
        let stored = browser.upload(format!("{sheet}/agreement"), &[("version", &version)], &pdf("oui")).await;
        browser.follow(&stored).await.expect(200).shows(&["En attente de validation", "convention est déposée"]);
        let file = browser.page(format!("{sheet}/agreement")).await.expect(200);
        assert_eq!((&*file.bytes, file.header("content-type")), (&pdf("oui")[..], "application/pdf"));
        assert!(file.header("content-disposition").starts_with("attachment"), "{:?}", file.headers);

        rule_on(app, &sheet, Decision::Refused("La page 2 manque.".to_owned())).await;
        browser.page(&sheet).await.expect(200).shows(&["Refusé", "La page 2 manque.", "L’ONE a refusé ce médecin"]);
        rule_on(app, &sheet, Decision::Validated).await;
        browser.page(&sheet).await.expect(200).shows(&["Validé par l’ONE le 12/10/2026"]);
        let actions: Vec<_> = app.all_audit().await.into_iter().map(|link| link.entry.action).collect();
        for wanted in ["doctor.entered", "doctors.read", "doctor.agreementStored", "doctor.agreementRead"] {
            assert!(actions.iter().any(|action| action == wanted), "{wanted}: {actions:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn faults_are_shown_at_their_fields_and_typed_values_are_preserved() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let new = format!("{LIST}/new");
        browser.page(&new).await.expect(200).says(&["name=\"inami\"", "name=\"crecheIds\""]);
        for (field, value) in [("inami", "19006952001"), ("email", "chez lui"), ("startDate", "hier"), ("town", "")] {
            let page = browser.send(&new, &fields(CRECHE, (field, value))).await.expect(400);
            page.says(&[&format!("id=\"{field}-error\""), "value=\"Youssef\"", "Rien n"]);
        }
        for (field, value) in [("postcode", "50000"), ("mobile", "0470 98 76"), ("officePhone", "poste 98")] {
            let page = browser.send(&new, &fields(CRECHE, (field, value))).await.expect(400);
            page.says(&[&format!("id=\"{field}-error\""), &format!("value=\"{value}\""), "par exemple"]);
        }
        let before = browser.send(&new, &fields(CRECHE, ("endDate", "2026-08-31"))).await.expect(400);
        before.says(&["id=\"endDate-error\""]);
        let known = browser.send(&new, &fields(CRECHE, ("inami", "19006951001"))).await.expect(400);
        known.says(&["id=\"inami-error\"", "déjà un médecin"]);
        let nowhere: Vec<_> = fields(CRECHE, ("", "")).into_iter().filter(|(name, _)| *name != "crecheIds").collect();
        browser.send(&new, &nowhere).await.expect(400).says(&["id=\"crecheIds-error\""]);
        browser.send(&new, &fields(FOREIGN, ("", ""))).await.expect(400).says(&["id=\"crecheIds-error\""]);
        let untold: Vec<_> = fields(CRECHE, ("", "")).into_iter().filter(|(name, _)| *name != "function").collect();
        browser.send(&new, &untold).await.expect(400).says(&["id=\"function-error\""]);
        let found = app.vendor().get("/doctors").await.expect(200);
        assert_eq!(found.each("items", "id").len(), 1, "nobody was entered");
    })
    .await;
}

#[tokio::test]
async fn fields_have_the_right_input_mode_and_no_autocompletion() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let page = browser.page(format!("{LIST}/new")).await.expect(200);
        let kind = |name: &str| {
            let tag = page.tags("input").into_iter().find(|tag| tag.attribute("id") == name).unwrap();
            (tag.attribute("type").to_owned(), tag.attribute("inputmode").to_owned())
        };
        let told = ["mobile", "officePhone", "email", "inami"].map(kind);
        let wanted = [("tel", ""), ("tel", ""), ("email", ""), ("text", "numeric")];
        assert_eq!(told, wanted.map(|(kind, keys)| (kind.to_owned(), keys.to_owned())));
        page.says(&["autocomplete=\"off\" novalidate"]);
        let typed = fields(CRECHE, ("postcode", " B-5000 "));
        let sheet = browser.send(format!("{LIST}/new"), &typed).await.goes_to();
        browser.page(&sheet).await.expect(200).shows(&["5000 Namur"]);
        browser.page(&format!("{sheet}/edit")).await.expect(200).says(&["value=\"5000\""]);
    })
    .await;
}

#[tokio::test]
async fn a_sheet_is_changed_only_over_its_current_version() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let form = format!("{SEEDED}/edit");
        let page = browser.page(&form).await.expect(200).says(&["value=\"Claire\"", "value=\"2024-01-01\""]);
        let version = page.input_values("version")[0].clone();
        let mut all = fields(CRECHE, ("inami", "19006951001"));
        all.extend([("version", version.as_str()), ("crecheIds", SECOND)]);
        let to = browser.send(&form, &all).await.goes_to();
        let sheet = browser.page(&to).await.expect(200);
        sheet.shows(&["Youssef Exemple", "En attente de validation", "La fiche est enregistrée."]);
        let stale = browser.send(&form, &all).await;
        assert_eq!(stale.status, 303, "the same once more changes nothing");
        all[7] = ("town", "Liège");
        let stale = browser.send(&form, &all).await.expect(412).says(&["value=\"Liège\"", "entre-temps"]);
        let now = stale.input_values("version")[0].clone();
        let last = all.iter().position(|(name, _)| *name == "version").unwrap();
        all[last] = ("version", &now);
        browser.send(&form, &all).await.goes_to();
        browser.page(SEEDED).await.shows(&["5000 Liège"]);
        let late = browser.upload(format!("{SEEDED}/agreement"), &[("version", &version)], &pdf("")).await;
        late.expect(412).shows(&["entre-temps"]);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_agreement_is_refused_with_the_reason() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let form = format!("{SEEDED}/agreement");
        let version = browser.page(SEEDED).await.input_values("version")[0].clone();
        let send = async |file: &[u8]| browser.upload(&form, &[("version", &version)], file).await;
        send(b"").await.expect(400).shows(&["Le fichier choisi est vide"]);
        send(b"PK\x03\x04").await.expect(415).shows(&["ni un PDF ni une image"]);
        send(&[b"%PDF-1.4".to_vec(), vec![0; 5_000_000]].concat()).await.expect(413).shows(&["dépasse 5 Mo"]);
        send(b"%PDF-1.7\n1 0 obj").await.expect(400).says(&["La fin de ce fichier manque"]);
        send(b"%PDF-1.7\n<</S/JavaScript/JS(1)>>\nstartxref\n9\n%%EOF").await.expect(400);
        send(b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x82").await.expect(303);
        assert_eq!(browser.page(&form).await.header("content-type"), "image/png");
        browser.upload_as_is(&form, &[("csrf", "wrong"), ("version", &version)], &pdf("")).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn users_read_and_change_what_their_rights_cover() {
    each_app(async |app| {
        for stranger in [USER_MANAGER, DATA_MANAGER] {
            let browser = app.browser(stranger).await;
            for page in ["", "/new"] {
                browser.page(format!("{LIST}{page}")).await.expect(403);
            }
            for page in ["", "/edit", "/agreement"] {
                browser.page(format!("{SEEDED}{page}")).await.expect(403);
            }
        }
        grant(app, Scope::StatementsRead(medical::KIND)).await;
        let reader = app.browser(DATA_MANAGER).await;
        let sheet = reader.page(SEEDED).await.expect(200).keeps_silent(&["/edit", "type=\"file\""]);
        sheet.keeps_silent(&["Jardin des Lutins"]);
        reader.page(LIST).await.expect(200).keeps_silent(&["/console/doctors/new"]);
        reader.page(format!("{SEEDED}/agreement")).await.expect(200);
        reader.page(format!("{SEEDED}/edit")).await.expect(403);
        reader.send(format!("{SEEDED}/edit"), &fields(CRECHE, ("", ""))).await.expect(403);
        reader.send(format!("{LIST}/new"), &fields(CRECHE, ("", ""))).await.expect(403);
        reader.upload(format!("{SEEDED}/agreement"), &[("version", "1")], &pdf("")).await.expect(403);

        let elsewhere = enter(&app.browser(ADMINISTRATOR).await, SECOND).await;
        reader.page(&elsewhere).await.expect(404);
        grant(app, Scope::StatementsWrite(medical::KIND)).await;
        let writer = app.browser(DATA_MANAGER).await;
        let version = writer.page(format!("{SEEDED}/edit")).await.expect(200).input_values("version")[0].clone();
        let version = [("version", version.as_str())];
        // Who the doctor is also counts in the crèche out of reach; how to reach the doctor does not.
        let another = [&fields(CRECHE, ("inami", "19006951001"))[..], &version].concat();
        let refused = writer.send(format!("{SEEDED}/edit"), &another).await.expect(400);
        refused.says(&["travaille aussi dans une crèche"]);
        let same = [
            ("inami", "19006951001"),
            ("givenName", "Claire"),
            ("familyName", "Maes"),
            ("function", "generalPractitioner"),
            ("startDate", "2024-01-01"),
        ];
        let same = [&same[..], &another].concat();
        writer.send(format!("{SEEDED}/edit"), &same).await.expect(303);
        let kept = app.vendor().get(SEEDED.replace("/console", "")).await.expect(200);
        assert_eq!(kept["crecheIds"].as_array().unwrap().len(), 2, "the crèche out of reach stays");
        let neighbour = app.browser_at(OF_BOTH, OTHER).await;
        neighbour.page(SEEDED).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn a_fault_of_two_fields_is_shown_with_their_names() {
    each_app(async |app| {
        let browser = app.browser(ADMINISTRATOR).await;
        let mut wrong = fields(CRECHE, ("mobile", "1"));
        for (name, value) in &mut wrong {
            if *name == "officePhone" {
                *value = "2";
            }
        }
        let page = browser.send(format!("{LIST}/new"), &wrong).await.expect(400);
        page.shows(&["GSM\u{a0}: Ce n’est pas un numéro", "Téléphone du cabinet\u{a0}: Ce n’est pas un numéro"]);
        page.shows(&["par exemple 0470 00 00 01 ou +32 470 00 00 01"]);
    })
    .await;
}
