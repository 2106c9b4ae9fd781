//! The simulated CSAM itself: its pages, and the requests that it accepts and refuses.

use passerelle::sandbox::csam::STRONG;
use reqwest::{StatusCode, header};
use url::Url;

use super::{GOODBYE, RETURN, Stage, callback, parameter, way_back};

/// The address with another value of a parameter, or without it.
fn with(address: &Url, name: &str, value: Option<&str>) -> Url {
    let kept: Vec<(String, String)> = address.query_pairs().into_owned().filter(|(known, _)| known != name).collect();
    let mut changed = address.clone();
    changed.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(value.map(|value| (name, value)));
    changed
}

#[tokio::test]
async fn the_page_says_what_it_is_in_three_languages() {
    let stage = Stage::start().await;
    let (address, _) = stage.begin().await;
    let cases = [("fr", "Ceci est une simulation"), ("nl", "Dit is een simulatie"), ("en", "This is a simulation")];
    for (language, words) in cases {
        let page = stage.browser.get(with(&address, "ui_locales", Some(language))).send().await.unwrap();
        assert_eq!(page.headers()[header::CONTENT_LANGUAGE], language);
        let text = page.text().await.unwrap();
        assert!(text.contains(words) && text.contains(&format!("<html lang=\"{language}\">")), "{text}");
    }
    let unasked = stage.browser.get(with(&address, "ui_locales", None)).send().await.unwrap();
    assert_eq!(unasked.headers()[header::CONTENT_LANGUAGE], "fr");
    let browser = stage.browser.get(with(&address, "ui_locales", None)).header("accept-language", "nl-BE, fr;q=0.5");
    assert_eq!(browser.send().await.unwrap().headers()[header::CONTENT_LANGUAGE], "nl");
}

#[tokio::test]
async fn the_page_is_locked_down_and_escapes_everything() {
    let stage = Stage::start().await;
    let (address, _) = stage.begin().await;
    let evil = "\"><script>alert(1)</script>";
    let page = stage.browser.get(with(&address, "state", Some(evil))).send().await.unwrap();
    let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert_eq!(
        policy,
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' https://passerelle.example; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    assert_eq!(page.headers()[header::CACHE_CONTROL], "no-store");
    let text = page.text().await.unwrap();
    assert!(!text.contains("<script") && !text.contains("<b>") && !text.contains(" style=") && !text.contains(" on"));
    let choice = [
        ("person", "other"),
        ("ssin", evil),
        ("givenName", evil),
        ("familyName", evil),
        ("level", "eid"),
        ("decision", "allow"),
    ];
    let wrong = stage.choose(&address, &choice).await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let text = wrong.text().await.unwrap();
    assert!(!text.contains("<script") && text.contains("alert(1)") && text.contains("aria-invalid"), "{text}");
    let style = stage.browser.get(format!("{}/style.css", stage.login.issuer)).send().await.unwrap();
    assert!(style.text().await.unwrap().contains(".csam"));
}

#[tokio::test]
async fn the_form_carries_all_that_was_asked_for() {
    let stage = Stage::start().await;
    let (address, _) = stage.begin().await;
    let page = stage.browser.get(address.clone()).send().await.unwrap().text().await.unwrap();
    for (name, value) in address.query_pairs() {
        let field = format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        assert!(page.contains(&field), "{field} in {page}");
    }
    assert!(page.contains("action=\"/csam/authorize\"") && page.contains("href=\"/csam/style.css\""));
}

#[tokio::test]
async fn a_number_must_be_invented_and_everything_filled_in() {
    let stage = Stage::start().await;
    let (address, _) = stage.begin().await;
    let cases = [
        // No person was born on a 99th, but real numbers have this sequence.
        ("85039912371", "Lou", "Exemple", "eid", &["réelle"][..]),
        ("85031496138", "Lou", "Exemple", "eid", &["n’est pas un NISS"]),
        ("", "", " ", "eid", &["n’est pas un NISS", "Écrivez un prénom", "Écrivez un nom"]),
        ("85031496137", "Lou", "Exemple", "nothing", &["Choisissez"]),
    ];
    for (ssin, given_name, family_name, level, words) in cases {
        let choice = [
            ("person", "other"),
            ("ssin", ssin),
            ("givenName", given_name),
            ("familyName", family_name),
            ("level", level),
            ("decision", "allow"),
        ];
        let text = stage.choose(&address, &choice).await.text().await.unwrap();
        for word in words {
            assert!(text.contains(word), "{word} in {text}");
        }
    }
    for person in ["7", "", "-1"] {
        let choice = [("person", person), ("level", "eid"), ("decision", "allow")];
        assert_eq!(stage.choose(&address, &choice).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "{person}");
    }
}

#[tokio::test]
async fn an_unknown_client_gets_a_page_and_no_redirect() {
    let stage = Stage::start().await;
    let (address, _) = stage.begin().await;
    let cases = [
        with(&address, "client_id", Some("somebody")),
        with(&address, "redirect_uri", Some("https://elsewhere.example/")),
        with(&address, "redirect_uri", Some(&format!("{RETURN}/more"))),
        with(&address, "redirect_uri", None),
    ];
    let mut twice = address.clone();
    twice.query_pairs_mut().append_pair("redirect_uri", "https://elsewhere.example/");
    for wrong in cases.into_iter().chain([twice]) {
        let answer = stage.browser.get(wrong.clone()).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{wrong}");
        assert!(answer.text().await.unwrap().contains("recommencez"));
    }
}

#[tokio::test]
async fn a_request_that_is_not_safe_is_sent_back() {
    let stage = Stage::start().await;
    let (address, _) = stage.begin().await;
    let cases = [
        ("response_type", Some("token"), "unsupported_response_type"),
        ("scope", Some("profile"), "invalid_scope"),
        ("code_challenge", None, "invalid_request"),
        ("code_challenge_method", Some("plain"), "invalid_request"),
        ("prompt", Some("none"), "login_required"),
        ("request_uri", Some("https://elsewhere.example/"), "request_not_supported"),
    ];
    for (name, value, error) in cases {
        let answer = stage.browser.get(with(&address, name, value)).send().await.unwrap();
        let back = way_back(&answer);
        assert_eq!((back.error.as_deref(), back.code), (Some(error), None));
        assert_eq!(back.state, Some(parameter(&address, "state")));
        assert_eq!(back.iss.as_deref(), Some(stage.login.issuer.as_str()));
    }
}

#[tokio::test]
async fn userinfo_needs_an_access_token() {
    let stage = Stage::start().await;
    let details = format!("{}/userinfo", stage.login.issuer);
    for request in [stage.browser.get(&details), stage.browser.get(&details).bearer_auth("guessed")] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert!(answer.headers().contains_key(header::WWW_AUTHENTICATE));
    }
}

#[tokio::test]
async fn the_levels_of_the_page_are_those_that_the_description_names() {
    let stage = Stage::start().await;
    let address = format!("{}/.well-known/openid-configuration", stage.login.issuer);
    let described: serde_json::Value = stage.browser.get(address).send().await.unwrap().json().await.unwrap();
    assert_eq!(described["acr_values_supported"][0], STRONG[0]);
    assert_eq!(described["issuer"], stage.login.issuer);
}

#[tokio::test]
async fn a_log_out_may_carry_a_state() {
    let stage = Stage::start().await;
    let mut address = stage.provider.logout_url(None, GOODBYE).await.unwrap().unwrap();
    address.query_pairs_mut().append_pair("state", "a b");
    let back = stage.browser.get(address).send().await.unwrap();
    let back = Url::parse(back.headers()[header::LOCATION].to_str().unwrap()).unwrap();
    assert_eq!(callback(&back).state.as_deref(), Some("a b"));
}
