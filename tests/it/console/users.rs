//! The pages of users: list, search, creation, changes, deactivation.

use axum::body::Body;
use axum::http::{Request, header};
use passerelle::app::Precondition;
use passerelle::app::users::{UserAdministrator, UserDocument, change};
use passerelle::domain::raw::Field;
use passerelle::domain::user::Profile;
use passerelle::domain::user::raw::RawChange;

use crate::harness::app::{
    ADMINISTRATOR, CRECHE, DATA_MANAGER, OF_BOTH, SECOND, SESSION_COOKIE, TestApp, USER_MANAGER, each_app, organiser,
};
use crate::harness::page::{Browser, Page};
use crate::harness::people::ssin;

const ANNE: &str = "/console/users/019a5c00-0000-7000-8000-000000000031";
const LUC: &str = "/console/users/019a5c00-0000-7000-8000-000000000032";
const KARIM: &str = "/console/users/019a5c00-0000-7000-8000-000000000033";
const SOFIE: &str = "/console/users/019a5c00-0000-7000-8000-000000000034";
const LUC_ELSEWHERE: &str = "/console/users/019a5c00-0000-7000-8000-000000000035";

/// The names in the list.
fn names(page: &Page) -> Vec<String> {
    let links = page.tags("a").into_iter().filter(|link| link.attribute("href").starts_with("/console/users/0"));
    links.map(|link| link.attribute("href").to_owned()).collect()
}

fn right(creche: &str, file: usize) -> String {
    format!("right.{creche}.{file}")
}

/// Adds Ysaline, with some fields changed.
async fn invite(browser: &Browser<'_>, otherwise: &[(&str, &str)]) -> Page {
    let (number, first) = (ssin(1), right(CRECHE, 0));
    let mut fields = vec![
        ("givenName", "Ysaline"),
        ("familyName", "d'Aspremont <Lynden>"),
        ("email", "ysaline@petits-pas.example"),
        ("ssin", number.as_str()),
        ("profile", "dataManager"),
        ("rights", "table"),
        (first.as_str(), "read"),
        ("consentCertified", "true"),
    ];
    fields.retain(|(name, _)| !otherwise.iter().any(|(other, _)| other == name));
    fields.extend(otherwise.iter().filter(|(_, value)| !value.is_empty()));
    browser.send("/console/users/new", &fields).await
}

#[tokio::test]
async fn a_colleague_is_added_with_rights_on_one_creche() {
    each_app(async |app| {
        let anne = app.browser(ADMINISTRATOR).await;
        let blank = anne.page("/console/users/new").await.expect(200);
        assert_eq!(
            (blank.field_value("givenName"), blank.field_value("profile"), blank.field_value(&right(SECOND, 3))),
            Default::default()
        );
        let typed = ssin(1);
        let card = format!("{}.{}.{}-{}.{}", &typed[..2], &typed[2..4], &typed[4..6], &typed[6..9], &typed[9..]);
        let answer = invite(&anne, &[("ssin", &card)]).await.expect(303);
        assert_eq!(answer.location(), "/console/users");
        let list = anne.page(answer.location()).await.expect(200);
        assert!(
            list.reads("L’utilisateur est ajouté") && list.reads("d'Aspremont <Lynden> Ysaline"),
            "{}",
            list.words()
        );
        assert!(!list.text.contains("<Lynden>") && !list.text.contains(&typed), "escaped, and without the number");
        assert!(list.reads("1 crèche"));
        let new = app.browser(&typed).await;
        new.page("/console/users").await.expect(403);
        app.person(&typed).await.get(format!("/creches/{CRECHE}/attendanceStatements")).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn typed_values_are_preserved_when_a_form_is_refused() {
    each_app(async |app| {
        let anne = app.browser(ADMINISTRATOR).await;
        let second = right(SECOND, 2);
        let otherwise = [
            ("email", "ysaline@nowhere"),
            ("ssin", "85.03.14-977.22"),
            ("consentCertified", ""),
            (second.as_str(), "write"),
        ];
        let page = invite(&anne, &otherwise).await.expect(400);
        for (field, words) in [
            ("email", "Le champ « E-mail » n’a pas la forme attendue."),
            ("ssin", "Ce numéro de registre national n’est pas valable."),
            ("consentCertified", "L’accord de la personne n’est pas certifié."),
        ] {
            assert!(page.field_error(field).unwrap().starts_with(words), "{field}: {:?}", page.field_error(field));
        }
        assert_eq!(page.field_error("givenName"), None);
        assert_eq!(page.field_value("familyName"), "d'Aspremont <Lynden>");
        assert_eq!(
            (page.field_value("email"), page.field_value("ssin")),
            (otherwise[0].1.to_owned(), otherwise[1].1.to_owned())
        );
        assert_eq!(
            (page.field_value("profile"), page.field_value("consentCertified")),
            ("dataManager".to_owned(), String::new())
        );
        assert_eq!(
            (page.field_value(&right(CRECHE, 0)), page.field_value(&second)),
            ("read".to_owned(), "write".to_owned())
        );
        assert_eq!(names(&anne.page("/console/users").await).len(), 4, "nobody was let in");
        let bare = anne.send("/console/users/new", &[]).await.expect(400);
        for field in ["givenName", "familyName", "email", "ssin", "profile", "consentCertified"] {
            assert!(bare.field_error(field).is_some(), "{field}");
        }
    })
    .await;
}

#[tokio::test]
async fn users_are_found_by_part_of_name_or_address_and_by_profile_and_state() {
    each_app(async |app| {
        let anne = app.browser(ADMINISTRATOR).await;
        let found = async |fields: &[(&str, &str)]| names(&anne.send("/console/users", fields).await.expect(200));
        assert_eq!(names(&anne.page("/console/users").await.expect(200)), [KARIM, ANNE, LUC, SOFIE]);
        assert_eq!(found(&[("words", "BÉNALI k")]).await, [KARIM]);
        assert_eq!(found(&[("words", "luc.lambert@")]).await, [LUC]);
        assert_eq!(found(&[("profile", "administrator")]).await, [ANNE, LUC]);
        anne.send(&format!("{SOFIE}/access"), &[("version", "1"), ("active", "false")]).await.expect(303);
        assert_eq!(found(&[("state", "deactivated")]).await, [SOFIE]);
        assert_eq!(found(&[("state", "active"), ("profile", "dataManager")]).await, [""; 0]);
        let none = anne.send("/console/users", &[("words", "Nobody")]).await.expect(200);
        assert!(none.reads("Aucun utilisateur ne correspond") && none.field_value("words") == "Nobody");
    })
    .await;
}

/// The fields of a user's page, with some of them changed.
fn fields<'a>(page: &Page, names: &[&'a str], otherwise: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    let said = |name: &str| otherwise.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
    names.iter().map(|name| (*name, said(name).unwrap_or_else(|| page.field_value(name)))).collect()
}

async fn save(browser: &Browser<'_>, path: &str, otherwise: &[(&str, &str)]) -> Page {
    let page = browser.page(path).await.expect(200);
    let first = right(CRECHE, 0);
    let names = ["version", "givenName", "familyName", "email", "profile", "rights", first.as_str()];
    let names: Vec<_> = names.into_iter().filter(|name| page.has_field(name)).collect();
    let fields = fields(&page, &names, otherwise);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.send(path, &fields).await
}

#[tokio::test]
async fn a_user_is_changed_deactivated_reactivated_and_deleted() {
    each_app(async |app| {
        let anne = app.browser(ADMINISTRATOR).await;
        let page = anne.page(SOFIE).await.expect(200);
        assert!(page.reads("Un numéro valable est enregistré") && !page.text.contains(DATA_MANAGER));
        assert_eq!(
            (page.field_value("profile"), page.field_value(&right(CRECHE, 0))),
            ("dataManager".to_owned(), "write".to_owned())
        );
        let answer = save(&anne, SOFIE, &[("familyName", "Maes"), (&right(CRECHE, 0), "read")]).await.expect(303);
        let page = anne.page(answer.location()).await.expect(200);
        assert!(page.reads("Les changements sont enregistrés.") && page.reads("Sofie Maes"));
        assert_eq!(page.field_value(&right(CRECHE, 0)), "read");
        let access = format!("{SOFIE}/access");
        let page = anne.send_on(&access, &[("version", "2"), ("active", "false")]).await;
        assert!(page.reads("désactivé et déconnecté") && page.reads("Réactiver"));
        let page = anne.send_on(&access, &[("version", "3"), ("active", "true")]).await;
        assert!(page.reads("réactivé") && page.reads("Désactiver"));
        let ask = anne.page(&format!("{SOFIE}/delete")).await.expect(200);
        assert!(ask.reads("Supprimer Sofie Maes ?"));
        let list = anne.send_on(&format!("{SOFIE}/delete"), &[("version", &ask.field_value("version"))]).await;
        assert!(list.reads("L’utilisateur est supprimé.") && names(&list) == [KARIM, ANNE, LUC]);
        anne.page(SOFIE).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn a_refused_change_shows_typed_values_and_faults() {
    each_app(async |app| {
        let anne = app.browser(ADMINISTRATOR).await;
        let page =
            save(&anne, SOFIE, &[("givenName", ""), ("familyName", "Maes"), (&right(CRECHE, 0), "")]).await.expect(400);
        assert!(
            page.field_error("givenName").is_some() && page.field_error("rights").unwrap().contains("sans aucun droit")
        );
        assert_eq!(
            (page.field_value("familyName"), page.field_value(&right(CRECHE, 0))),
            ("Maes".to_owned(), String::new())
        );
        assert!(page.reads("Sofie Peeters"), "the heading says who is kept");
    })
    .await;
}

#[tokio::test]
async fn a_conflicting_save_shows_both_versions() {
    each_app(async |app| {
        let anne = app.browser(ADMINISTRATOR).await;
        anne.page(SOFIE).await.expect(200);
        let raw = RawChange { email: Field::from_text("sofie@petits-pas.example"), ..RawChange::default() };
        let luc = UserAdministrator::person(organiser(), "019a5c00-0000-7000-8000-000000000032".parse().unwrap());
        let sofie = "019a5c00-0000-7000-8000-000000000034".parse().unwrap();
        change(&app.app, &luc, sofie, &Precondition::Any, UserDocument::Fields(raw)).await.unwrap();
        let mine =
            [("version", "1"), ("givenName", "Sophie"), ("familyName", "Peeters"), ("email", "s@petits-pas.example")];
        let page = anne.send(SOFIE, &mine).await.expect(412);
        assert!(page.reads("Quelqu’un d’autre a changé cet utilisateur") && page.reads("sofie@petits-pas.example"));
        assert_eq!((page.field_value("givenName"), page.field_value("version")), ("Sophie".to_owned(), "2".to_owned()));
        let again = [mine[1], mine[2], mine[3], ("version", "2")];
        let page = anne.send_on(SOFIE, &again).await;
        assert_eq!(page.field_value("email"), "s@petits-pas.example");
        anne.send(&format!("{SOFIE}/delete"), &[("version", "1")]).await.expect(412);
    })
    .await;
}

#[tokio::test]
async fn a_users_own_page_offers_names_and_address_only() {
    each_app(async |app| {
        for (ssin, own, profile) in
            [(ADMINISTRATOR, ANNE, "Administrateur"), (USER_MANAGER, KARIM, "Gestionnaire des utilisateurs")]
        {
            let browser = app.browser(ssin).await;
            let page = browser.page(own).await.expect(200);
            assert!(page.reads(profile) && page.reads("Personne ne change son propre profil"));
            assert!(!page.has_field("profile") && !page.has_field("rights") && !page.reads("Désactiver"));
            save(&browser, own, &[("email", "moi@petits-pas.example")]).await.expect(303);
            let forced = [
                ("version", "2"),
                ("givenName", "A"),
                ("familyName", "B"),
                ("email", "c@d.example"),
                ("profile", "dataManager"),
            ];
            let page = browser.send(own, &forced).await.expect(400);
            assert!(page.reads("Personne ne change son propre profil. Demandez-le à un autre administrateur."));
            let page =
                browser.send(&format!("{own}/access"), &[("version", "2"), ("active", "false")]).await.expect(400);
            assert!(page.reads("Personne ne se désactive ni ne se supprime soi-même."));
        }
    })
    .await;
}

#[tokio::test]
async fn a_user_manager_sees_users_and_nothing_else() {
    each_app(async |app| {
        let karim = app.browser(USER_MANAGER).await;
        let list = karim.page("/console/users").await.expect(200);
        let ways: Vec<_> = list.tags("a").iter().map(|link| link.attribute("href").to_owned()).collect();
        assert!(!ways.iter().any(|way| way == "/console/history" || way == "/console/applications"), "{ways:?}");
        karim.page("/console/history").await.expect(403);
        let page = karim.page(ANNE).await.expect(200);
        assert!(page.reads("Seul un administrateur peut modifier un administrateur.") && !page.has_field("email"));
        let forced = [("version", "1"), ("givenName", "X"), ("familyName", "Y"), ("email", "z@d.example")];
        karim.send(ANNE, &forced).await.expect(403);
        karim.send(&format!("{ANNE}/delete"), &[("version", "1")]).await.expect(403);
        let refused = invite(&karim, &[("profile", "administrator")]).await.expect(400);
        assert!(refused.field_error("profile").unwrap().starts_with("Seul un administrateur peut donner"));
        invite(&karim, &[]).await.expect(303);
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_cannot_be_removed() {
    each_app(async |app| {
        let anne = app.browser(ADMINISTRATOR).await;
        assert!(!anne.page("/console/users").await.reads("moins de deux administrateurs"));
        let list = anne.send_on(&format!("{LUC}/delete"), &[("version", "1")]).await;
        assert!(list.reads("moins de deux administrateurs actifs"), "{}", list.words());
        let refused = anne.send(&format!("{ANNE}/delete"), &[("version", "1")]).await.expect(400);
        assert!(refused.reads("C’est le dernier administrateur actif"));
        app.add_user(7, Profile::Administrator).await;
        assert!(!anne.page("/console/users").await.reads("moins de deux administrateurs"));
    })
    .await;
}

#[tokio::test]
async fn users_without_the_right_are_refused_and_foreign_users_are_not_found() {
    each_app(async |app| {
        let (sofie, anne) = (app.browser(DATA_MANAGER).await, app.browser(ADMINISTRATOR).await);
        for path in ["/console/users", "/console/users/new", ANNE, &format!("{SOFIE}/delete")] {
            sofie.page(path).await.expect(403);
        }
        anne.page(LUC_ELSEWHERE).await.expect(404);
        for path in [LUC_ELSEWHERE.to_owned(), format!("{LUC_ELSEWHERE}/access"), format!("{LUC_ELSEWHERE}/delete")] {
            let fields = [("version", "1"), ("givenName", "X"), ("familyName", "Y"), ("email", "z@d.example")];
            anne.send(&path, &fields).await.expect(404);
        }
        anne.page("/console/users/nobody").await.expect(404);
        assert!(app.person(OF_BOTH).await.get("/users").await.status == 403, "no organiser is chosen yet");
    })
    .await;
}

/// Every form of these pages.
const FORMS: [&str; 5] = ["/console/users", "/console/users/new", SOFIE, "/access", "/delete"];

#[tokio::test]
async fn a_form_that_was_not_made_for_the_session_is_refused() {
    each_app(async |app| {
        let anne = app.browser(ADMINISTRATOR).await;

        let stolen = app.browser(USER_MANAGER).await.csrf;

        let forms = FORMS.map(|form| if form.len() < 8 { format!("{SOFIE}{form}") } else { form.to_owned() });
        for token in ["", "0", stolen.as_str()] {
            for form in &forms {
                let fields = [("csrf", token), ("version", "1"), ("active", "false")];
                let refused = anne.send_as_is(form, &fields).await.expect(403);
                assert!(refused.reads("Ce formulaire n’est plus valable"), "{form}");
            }
        }
        assert_eq!(cross_site(app, &anne.secret).await, 403);
        assert_eq!(anne.page(SOFIE).await.expect(200).field_value("version"), "1");
    })
    .await;
}

/// A form with the right token that another site had the browser send.
async fn cross_site(app: &TestApp, secret: &str) -> u16 {
    use tower::ServiceExt as _;
    let visitor = passerelle::app::sessions::resume(&app.app, secret).await.unwrap().unwrap();
    let request = Request::post(format!("{SOFIE}/access"))
        .header(header::COOKIE, format!("{SESSION_COOKIE}={secret}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from(format!("csrf={}&version=1&active=false", visitor.csrf)));
    app.way_in().oneshot(request.unwrap()).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn every_page_has_three_languages() {
    each_app(async |app| {
        for (language, list, new, field) in [
            ("fr", "Utilisateurs", "Ajouter un utilisateur", "Prénom"),
            ("nl", "Gebruikers", "Een gebruiker toevoegen", "Voornaam"),
            ("en", "Users", "Add a user", "Given name"),
        ] {
            let anne = app.browser(ADMINISTRATOR).await.speaking(language);
            assert!(anne.page("/console/users").await.expect(200).reads(list));
            let page = anne.send("/console/users/new", &[]).await.expect(400);
            assert!(page.reads(new) && page.reads(field) && page.tags("html")[0].attribute("lang") == language);
            anne.page(SOFIE).await.expect(200);
            anne.page(&format!("{SOFIE}/delete")).await.expect(200);
            anne.page("/console/history").await.expect(200);
        }
    })
    .await;
}
