//! Postcodes, telephone numbers and e-mail addresses: accepted in every usual notation, refused when invalid, and never
//! repeated in findings.

use passerelle::seal::{Compressed, SealContext};
use passerelle::store;
use serde_json::{Value, json};

use crate::harness::app::{ADMINISTRATOR, CRECHE, TestApp, each_app, organiser};
use crate::harness::call::{Persona, Reply};
use crate::harness::people::new_user;

/// The seeded doctor.
const CLAIRE: &str = "019a5c00-0000-7000-8000-000000000041";

fn sheet(member: &str, value: &str) -> Value {
    let mut sheet = json!({ "inami": "17385467004", "givenName": "Youssef", "familyName": "Exemple",
        "street": "Rue des Tilleuls", "houseNumber": "12", "postcode": "5000", "town": "Namur",
        "mobile": "+32 470 00 00 02", "officePhone": "+32 81 00 00 02", "email": "youssef@cabinet.example",
        "function": "paediatrician", "startDate": "2026-09-01", "crecheIds": [CRECHE] });
    sheet[member] = value.into();
    sheet
}

async fn tried(vendor: &Persona<'_>, member: &str, value: &str) -> Reply {
    vendor.post("/doctors?dryRun=true", sheet(member, value)).await
}

/// It is refused for one reason, at one place, without a word of what was sent.
#[track_caller]
fn refused(reply: Reply, (code, place): (&str, &str), sent: &str) {
    let reply = reply.refused(400, "badRequest");
    assert_eq!((reply.codes("issues"), &reply["issues"][0]["name"]), (vec![code], &json!(place)), "{sent}");
    assert!(!reply.json.to_string().contains(sent.trim()), "{}", reply.json);
}

#[tokio::test]
async fn a_doctors_numbers_are_accepted_in_every_notation() {
    each_app(async |app| {
        let vendor = app.vendor();
        for (member, sent, kept) in [
            ("postcode", " B-5000", "5000"),
            ("postcode", "BE 5000", "5000"),
            ("mobile", " 0470/00.00.02 ", "0470/00.00.02"),
            ("officePhone", "+32 (0)81 00 00 02", "+32 (0)81 00 00 02"),
            ("officePhone", "+33 1 42 00 00 01", "+33 1 42 00 00 01"),
            ("email", "\u{a0}youssef@cabinet.example ", "youssef@cabinet.example"),
        ] {
            assert_eq!(tried(&vendor, member, sent).await.expect(200)[member], kept, "{sent}");
        }
        let mut abroad = sheet("postcode", " L-1234 ");
        abroad["country"] = "LU".into();
        assert_eq!(vendor.post("/doctors?dryRun=true", abroad).await.expect(200)["postcode"], "L-1234");
    })
    .await;
}

#[tokio::test]
async fn an_invalid_postcode_or_number_is_refused_at_its_field() {
    each_app(async |app| {
        let vendor = app.vendor();
        for (member, sent, code) in [
            ("postcode", "0999", "doctor.postcodeInvalid"),
            ("postcode", "F-75008", "doctor.postcodeInvalid"),
            ("mobile", "0470 98 76", "doctor.phoneInvalid"),
            ("mobile", "chez Sofie", "doctor.phoneInvalid"),
            ("officePhone", "081 98 76 54 ext. 12", "doctor.phoneInvalid"),
            ("mobile", "0470 98 76 54\n", "input.malformed"),
            ("email", "youssef@médecin.example", "input.malformed"),
            ("email", ".youssef@cabinet.example", "input.malformed"),
            ("email", "you..ssef@cabinet.example", "input.malformed"),
            ("email", "youssef@cabinet.123", "input.malformed"),
            ("country", "XX", "input.malformed"),
        ] {
            refused(tried(&vendor, member, sent).await, (code, &format!("/{member}")), sent);
        }
        let mut both = sheet("mobile", "1");
        both["officePhone"] = "2".into();
        let both = vendor.post("/doctors", both).await.refused(400, "badRequest");
        assert_eq!(both.each("issues", "name"), ["/mobile", "/officePhone"]);
        let path = format!("/doctors/{CLAIRE}");
        let patched =
            async |member: &str, value: &str| vendor.patch(&path, json!({ member: value })).if_match("*").await;
        refused(patched("mobile", "0470 98 76").await, ("doctor.phoneInvalid", "/mobile"), "0470 98 76");
        refused(patched("country", "FR-").await, ("input.malformed", "/country"), "FR-");
        assert_eq!(patched("postcode", "B-5100").await.expect(200)["postcode"], "5100");
        assert_eq!(patched("country", "FR").await.expect(200)["postcode"], "5100", "kept as it is");
        patched("postcode", "75008 ").await.expect(200);
        refused(patched("country", "BE").await, ("doctor.postcodeInvalid", "/postcode"), "75008");
    })
    .await;
}

#[tokio::test]
async fn accents_in_an_address_are_named_in_three_languages() {
    each_app(async |app| {
        let wrong = sheet("email", "youssef@médecin.example");
        for (language, words) in
            [("fr", "sans lettres accentuées"), ("nl", "zonder letters met accenten"), ("en", "without accented")]
        {
            let reply = app.vendor().post("/doctors", wrong.clone()).language(language).await.expect(400);
            assert!(reply["issues"][0]["detail"].as_str().unwrap().contains(words), "{}", reply.json);
        }
    })
    .await;
}

/// The sealed JSON with another value in it, as an earlier version without checks stored it.
async fn resealed(app: &TestApp, kind: &str, id: &str, sealed: &[u8], (member, value): (&str, &str)) -> Vec<u8> {
    let key = app.app.vault.organiser_key(&app.app.db, organiser()).await.unwrap();
    let place = SealContext::of(kind, &[&organiser().to_string(), id]);
    let mut document: Value = serde_json::from_slice(&key.open(&place, sealed).unwrap()).unwrap();
    document[member] = value.into();
    key.seal(&place, Compressed::new(&serde_json::to_vec(&document).unwrap()))
}

#[tokio::test]
async fn an_old_sheet_is_readable_and_corrected_when_it_is_changed() {
    each_app(async |app| {
        let (vendor, path) = (app.vendor(), format!("/doctors/{CLAIRE}"));
        let mut tx = app.app.db.write().await.unwrap();
        let mut row = store::doctors::find(&mut tx, organiser(), CLAIRE.parse().unwrap()).await.unwrap().unwrap();
        row.sealed = resealed(app, "doctor", CLAIRE, &row.sealed, ("mobile", "chez Sofie")).await;
        assert!(store::doctors::update(&mut tx, organiser(), &row, app.app.clocks.machine().now()).await.unwrap());
        app.commit(tx).await;
        assert_eq!(vendor.get(&path).await.expect(200)["mobile"], "chez Sofie");
        let patched = async |change: Value| vendor.patch(&path, change).if_match("*").await;
        refused(patched(json!({ "town": "Dinant" })).await, ("doctor.phoneInvalid", "/mobile"), "chez Sofie");
        let mended = patched(json!({ "town": "Dinant", "mobile": "0470 00 00 01" })).await.expect(200);
        assert_eq!((&mended["town"], &mended["mobile"]), (&json!("Dinant"), &json!("0470 00 00 01")));
    })
    .await;
}

#[tokio::test]
async fn an_old_address_is_read_as_stored() {
    each_app(async |app| {
        let mut tx = app.app.db.write().await.unwrap();
        let mut row = store::doctors::find(&mut tx, organiser(), CLAIRE.parse().unwrap()).await.unwrap().unwrap();
        row.sealed = resealed(app, "doctor", CLAIRE, &row.sealed, ("email", "claire..maes@cabinet.example")).await;
        assert!(store::doctors::update(&mut tx, organiser(), &row, app.app.clocks.machine().now()).await.unwrap());
        app.commit(tx).await;
        let page = app.browser(ADMINISTRATOR).await.page(format!("/console/doctors/{CLAIRE}")).await.expect(200);
        page.shows(&["claire..maes@cabinet.example"]);
    })
    .await;
}

fn application(phone: &str) -> Value {
    let contact = json!({ "name": "Élise Desk", "email": " desk@sud.example ", "phone": phone });
    json!({ "name": "Agenda", "vendor": "Logiciels du Sud", "contact": contact, "scopes": ["attendance:read"] })
}

#[tokio::test]
async fn the_number_and_the_address_of_an_application_are_checked_too() {
    each_app(async |app| {
        let administrator = app.person(ADMINISTRATOR).await;
        let wrong = administrator.post("/applications", application("02 555 98")).await;
        refused(wrong, ("application.phoneInvalid", "/contact/phone"), "02 555 98");
        let new = administrator.post("/applications", application(" 02 555 01 23 ")).await.expect(201);
        let contact = json!({ "name": "Élise Desk", "email": "desk@sud.example", "phone": "02 555 01 23" });
        assert_eq!(new["contact"], contact);
        let id = new["id"].as_str().unwrap();
        let path = format!("/applications/{id}");
        let wrong = administrator.patch(&path, json!({ "contact": { "phone": "poste 98" } })).await;
        refused(wrong, ("application.phoneInvalid", "/contact/phone"), "poste 98");

        let mut tx = app.app.db.write().await.unwrap();
        let mut row = store::applications::find(&mut tx, organiser(), id.parse().unwrap()).await.unwrap().unwrap();
        row.sealed = Some(resealed(app, "application", id, &row.sealed.unwrap(), ("phone", "poste 98")).await);
        assert!(store::applications::update(&mut tx, organiser(), &row).await.unwrap());
        app.commit(tx).await;
        assert_eq!(administrator.get(&path).await.expect(200)["contact"]["phone"], "poste 98");
        let suspended = administrator.patch(&path, json!({ "state": "suspended" })).await.expect(200);
        assert_eq!(suspended["state"], "suspended", "an old number is in nobody's way");
    })
    .await;
}

#[tokio::test]
async fn the_address_of_a_user_is_checked_too() {
    each_app(async |app| {
        let administrator = app.person(ADMINISTRATOR).await;
        let mut user = new_user(1);
        user["email"] = " ysaline@creche.example\u{a0}".into();
        let added = administrator.post("/users", user).await.expect(201);
        assert_eq!(added["email"], "ysaline@creche.example");
        let path = format!("/users/{}", added["id"].as_str().unwrap());
        let wrong = administrator.patch(&path, json!({ "email": "ysaline@crèche.example" })).if_match("*").await;
        refused(wrong, ("input.malformed", "/email"), "ysaline@crèche.example");
    })
    .await;
}
