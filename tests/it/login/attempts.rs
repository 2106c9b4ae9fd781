//! An attempt is finished once, in time, by the one who began it.

use jiff::SignedDuration;
use passerelle::outbound::oidc::{Callback, LoginAttempt, LoginError};
use serde_json::Value;

use super::{SSIN, Stage, parameter};

/// The attempt with another value, as if the stored one had been changed.
fn with(attempt: &LoginAttempt, member: &str, value: &str) -> LoginAttempt {
    let mut kept = serde_json::to_value(attempt).unwrap();
    assert_ne!(kept[member], Value::Null);
    kept[member] = value.into();
    serde_json::from_value(kept).unwrap()
}

fn untrusted(refusal: &LoginError, reason: &str) {
    assert!(matches!(refusal, LoginError::Untrusted(told) if told.contains(reason)), "{reason}: {refusal}");
}

#[tokio::test]
async fn a_stored_attempt_is_read_back_and_its_debug_output_reveals_nothing() {
    let stage = Stage::start().await;
    let (address, attempt) = stage.begin().await;
    let written = serde_json::to_string(&attempt).unwrap();
    let read: LoginAttempt = serde_json::from_str(&written).unwrap();
    let callback = stage.allow(&address, &[]).await;
    assert_eq!(stage.provider.verify_callback(&callback, &read).await.unwrap().ssin.expose(), SSIN);
    let kept: Value = serde_json::from_str(&written).unwrap();
    for secret in ["state", "nonce", "verifier"] {
        assert!(!format!("{attempt:?}").contains(kept[secret].as_str().unwrap()), "{secret}");
    }
    assert!(!format!("{callback:?}").contains(callback.code.as_deref().unwrap()));
}

#[tokio::test]
async fn an_answer_to_another_attempt_is_refused() {
    let stage = Stage::start().await;
    let (address, attempt) = stage.begin().await;
    let good = stage.allow(&address, &[]).await;
    let answers = [
        Callback { state: Some("x".to_owned()), ..good.clone() },
        Callback { state: None, ..good.clone() },
        Callback { state: None, code: None, error: Some("access_denied".to_owned()), iss: None },
    ];
    for answer in answers {
        untrusted(&stage.provider.verify_callback(&answer, &attempt).await.unwrap_err(), "another attempt");
    }
    let stranger = Callback { iss: Some("https://stranger.example".to_owned()), ..good.clone() };
    untrusted(&stage.provider.verify_callback(&stranger, &attempt).await.unwrap_err(), "another issuer");
    let empty = Callback { code: None, ..good.clone() };
    untrusted(&stage.provider.verify_callback(&empty, &attempt).await.unwrap_err(), "neither a code nor an error");
    assert!(stage.provider.verify_callback(&good, &attempt).await.is_ok(), "none of them cost the code");
}

#[tokio::test]
async fn a_token_of_another_attempt_is_refused() {
    let stage = Stage::start().await;
    let (address, attempt) = stage.begin().await;
    let callback = stage.allow(&address, &[]).await;
    let refusal = stage.provider.verify_callback(&callback, &with(&attempt, "nonce", "another")).await.unwrap_err();
    untrusted(&refusal, "of another attempt");
}

#[tokio::test]
async fn a_code_is_valid_once_for_a_minute_and_for_its_client() {
    let stage = Stage::start().await;
    let (address, attempt) = stage.begin().await;
    let callback = stage.allow(&address, &[]).await;
    assert!(stage.provider.verify_callback(&callback, &attempt).await.is_ok());
    assert_eq!(stage.provider.verify_callback(&callback, &attempt).await.unwrap_err(), LoginError::Expired, "once");
    let callback = stage.allow(&address, &[]).await;
    stage.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(stage.provider.verify_callback(&callback, &attempt).await.unwrap_err(), LoginError::Expired, "a minute");
    let callback = stage.allow(&address, &[]).await;
    let other = with(&attempt, "verifier", &"v".repeat(43));
    assert_eq!(
        stage.provider.verify_callback(&callback, &other).await.unwrap_err(),
        LoginError::Expired,
        "whoever asked"
    );
}

#[tokio::test]
async fn an_expired_attempt_is_refused() {
    let stage = Stage::start().await;
    let (address, attempt) = stage.begin().await;
    stage.clock.advance(SignedDuration::from_mins(16));
    let callback = stage.allow(&address, &[]).await;
    assert_eq!(stage.provider.verify_callback(&callback, &attempt).await.unwrap_err(), LoginError::Expired);
}

#[tokio::test]
async fn errors_of_the_provider_are_distinguished_and_sanitised() {
    let stage = Stage::start().await;
    let (address, attempt) = stage.begin().await;
    let answer = |error: &str| Callback {
        code: None,
        error: Some(error.to_owned()),
        iss: None,
        state: Some(parameter(&address, "state")),
    };
    let refusal = async |error| stage.provider.verify_callback(&answer(error), &attempt).await.unwrap_err();
    assert_eq!(refusal("access_denied").await, LoginError::Denied("access_denied".to_owned()));
    assert_eq!(refusal("unmet_authentication_requirements").await, LoginError::Weak { given: None });
    assert_eq!(refusal("temporarily_unavailable").await, LoginError::Unreachable("temporarily_unavailable".to_owned()));
    untrusted(&refusal("unauthorized_client").await, "unauthorized_client");
    assert!(!refusal("<script>\nforged line").await.to_string().contains("script"));
}
