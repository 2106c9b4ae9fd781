//! Our client against the simulated CSAM: who gets in, and who does not.

use jiff::SignedDuration;
use passerelle::outbound::oidc::LoginError;
use passerelle::sandbox::csam::{SCOPES, STRONG, WEAK};
use passerelle::words::Language;

use super::{GOODBYE, RETURN, SSIN, Stage, parameter, provider};

#[tokio::test]
async fn a_person_with_a_strong_level_is_who_they_chose_to_be() {
    let stage = Stage::start().await;
    let identity = stage.log_in(&[]).await.unwrap();
    assert_eq!(identity.ssin.expose(), SSIN);
    assert_eq!(identity.given_name.as_deref(), Some("Ève <b>"));
    assert_eq!(identity.family_name.as_deref(), Some("Exemple"));
    assert_eq!(identity.assurance, STRONG[0]);
    let hint = identity.id_token_hint.as_deref().unwrap();
    assert!(hint.split('.').count() == 3 && !format!("{identity:?}").contains(SSIN));
    let itsme = stage.log_in(&[("person", "0"), ("level", "itsme"), ("decision", "allow")]).await.unwrap();
    assert_eq!(itsme.assurance, STRONG[1]);
}

#[tokio::test]
async fn a_typed_person_may_log_in_too() {
    let stage = Stage::start().await;
    let choice = [
        ("person", "other"),
        ("ssin", "85.03.14-961.37"),
        ("givenName", " Lou "),
        ("familyName", "D’Exemple"),
        ("level", "eid"),
        ("decision", "allow"),
    ];
    let identity = stage.log_in(&choice).await.unwrap();
    assert_eq!((identity.ssin.expose(), identity.given_name.as_deref()), (SSIN, Some("Lou")));
}

#[tokio::test]
async fn a_weak_level_and_a_cancellation_have_their_errors() {
    let stage = Stage::start().await;
    let weak = stage.log_in(&[("person", "0"), ("level", "password"), ("decision", "allow")]).await;
    assert_eq!(weak.unwrap_err(), LoginError::Weak { given: Some(WEAK.to_owned()) });
    let denied = stage.log_in(&[("person", "0"), ("level", "eid"), ("decision", "refuse")]).await;
    assert_eq!(denied.unwrap_err(), LoginError::Denied("access_denied".to_owned()));
}

#[tokio::test]
async fn a_client_that_does_not_ask_for_the_number_does_not_get_it() {
    let mut stage = Stage::start().await;
    stage.login.scopes = vec![SCOPES[0].to_owned()];
    stage.provider = provider(stage.login.clone(), &stage.clock);
    assert_eq!(stage.log_in(&[]).await.unwrap_err(), LoginError::NoSsin);
}

#[tokio::test]
async fn the_request_asks_for_strength_and_protects_itself() {
    let stage = Stage::start().await;
    let (address, attempt) = stage.provider.begin_login(Language::Nl).await.unwrap();
    assert_eq!(parameter(&address, "response_type"), "code");
    assert_eq!(parameter(&address, "client_id"), "passerelle");
    assert_eq!(parameter(&address, "redirect_uri"), RETURN);
    assert_eq!(parameter(&address, "scope"), "openid profile egovnrn");
    assert_eq!(parameter(&address, "acr_values"), STRONG.join(" "));
    assert_eq!(parameter(&address, "ui_locales"), "nl");
    assert_eq!(parameter(&address, "code_challenge_method"), "S256");
    let kept = serde_json::to_value(&attempt).unwrap();
    assert_eq!(kept["state"], parameter(&address, "state"));
    assert_eq!(kept["nonce"], parameter(&address, "nonce"));
    assert!(!address.as_str().contains(kept["verifier"].as_str().unwrap()));
    let (again, _) = stage.begin().await;
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(parameter(&address, name), parameter(&again, name), "{name}");
    }
}

#[tokio::test]
async fn a_wrong_secret_does_not_exchange_the_code() {
    let mut stage = Stage::start().await;
    stage.login.client_secret = Some("another".to_owned().into());
    stage.provider = provider(stage.login.clone(), &stage.clock);
    let refusal = stage.log_in(&[]).await.unwrap_err();
    assert!(matches!(&refusal, LoginError::Untrusted(reason) if reason.contains("invalid_client")), "{refusal}");
}

#[tokio::test]
async fn a_new_key_is_found_once_some_seconds_have_gone_by() {
    let stage = Stage::start().await;
    let (address, attempt) = stage.begin().await;
    stage.csam.rotate();
    let callback = stage.allow(&address, &[]).await;
    let refusal = stage.provider.verify_callback(&callback, &attempt).await.unwrap_err();
    assert!(matches!(&refusal, LoginError::Untrusted(reason) if reason.contains("does not publish")), "{refusal}");
    stage.clock.advance(SignedDuration::from_secs(6));
    assert_eq!(stage.log_in(&[]).await.unwrap().ssin.expose(), SSIN);
}

#[tokio::test]
async fn a_log_out_leads_over_the_provider_and_back() {
    let stage = Stage::start().await;
    let identity = stage.log_in(&[]).await.unwrap();
    let address = stage.provider.logout_url(identity.id_token_hint.as_deref(), GOODBYE).await.unwrap().unwrap();
    assert_eq!(parameter(&address, "client_id"), "passerelle");
    assert_eq!(Some(parameter(&address, "id_token_hint")), identity.id_token_hint);
    let back = stage.browser.get(address).send().await.unwrap();
    assert_eq!((back.status().as_u16(), back.headers()["location"].to_str().unwrap()), (303, GOODBYE));
    let elsewhere = stage.provider.logout_url(None, "https://elsewhere.example/").await.unwrap().unwrap();
    assert_eq!(stage.browser.get(elsewhere).send().await.unwrap().status().as_u16(), 200, "a page, no way on");
}
