//! Our client against a certified provider. `.ci/run` starts one (`.ci/login.mjs`) and gives its address in
//! `PASSERELLE_TEST_OIDC_ISSUER`; without it this is skipped, unless `PASSERELLE_TEST_REQUIRE` names `oidc`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Arc, Once};

use passerelle::clock::System;
use passerelle::outbound::client;
use passerelle::outbound::oidc::{Identity, LoginError, LoginProvider};
use passerelle::sandbox::csam::{STRONG, WEAK};
use passerelle::words::Language;
use reqwest::{Response, header};
use url::{Url, form_urlencoded};

use super::{GOODBYE, RETURN, SSIN, callback, login, parameter};

/// Where the provider is.
fn issuer() -> Option<String> {
    static SAID: Once = Once::new();
    let issuer = std::env::var("PASSERELLE_TEST_OIDC_ISSUER").ok().filter(|issuer| !issuer.is_empty());
    let required = std::env::var("PASSERELLE_TEST_REQUIRE").is_ok_and(|required| required.contains("oidc"));
    assert!(issuer.is_some() || !required, "a provider is required: set PASSERELLE_TEST_OIDC_ISSUER");
    if issuer.is_none() {
        // Written past the test runner, which would swallow it when the test passes.
        SAID.call_once(|| {
            let said = "SKIPPED: the log-in with a foreign provider, because PASSERELLE_TEST_OIDC_ISSUER is not set\n";
            std::io::stderr().write_all(said.as_bytes()).expect("standard error can be written");
        });
    }
    issuer
}

/// A browser: it stores cookies, follows redirects within the provider, and fills in every form the same way.
struct Browser {
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
    account: &'static str,
}

impl Browser {
    /// Continues until it is redirected away from `issuer`; returns the address.
    async fn leave(&mut self, issuer: &str, mut at: Url) -> Url {
        for _ in 0..20 {
            let mut answer = self.ask(self.http.get(at.clone())).await;
            if answer.status().is_success() {
                let page = answer.text().await.unwrap();
                assert!(page.contains("<form"), "{at}: {page}");
                let form =
                    form_urlencoded::Serializer::new(String::new()).append_pair("account", self.account).finish();
                let request =
                    self.http.post(at.clone()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                answer = self.ask(request.body(form)).await;
            }
            assert!(answer.status().is_redirection(), "{at}: {answer:?}");
            at = at.join(answer.headers()[header::LOCATION].to_str().unwrap()).unwrap();
            if !at.as_str().starts_with(issuer) {
                return at;
            }
        }
        panic!("it goes on and on, lastly at {at}")
    }

    async fn ask(&mut self, request: reqwest::RequestBuilder) -> Response {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header(header::COOKIE, cookies.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

fn provider(issuer: &str) -> LoginProvider {
    LoginProvider::new(login(issuer), RETURN, client::loopback().build().unwrap(), Arc::new(System)).unwrap()
}

async fn log_in(issuer: &str, account: &'static str) -> Result<Identity, LoginError> {
    let provider = provider(issuer);
    let (address, attempt) = provider.begin_login(Language::Fr).await?;
    let mut browser = Browser { http: client::loopback().build().unwrap(), cookies: BTreeMap::new(), account };
    let back = browser.leave(issuer, address).await;
    assert!(back.as_str().starts_with(RETURN), "{back}");
    provider.verify_callback(&callback(&back), &attempt).await
}

#[tokio::test]
async fn a_person_logs_in_at_a_certified_provider() {
    let Some(issuer) = issuer() else { return };
    let identity = log_in(&issuer, "lou").await.unwrap();
    assert_eq!((identity.ssin.expose(), identity.assurance.as_str()), (SSIN, STRONG[0]));
    assert_eq!(identity.given_name.as_deref(), Some("Lou"));
    assert_eq!(identity.family_name.as_deref(), Some("Exemple"));
    let end = provider(&issuer).logout_url(identity.id_token_hint.as_deref(), GOODBYE).await.unwrap().unwrap();
    assert_eq!(parameter(&end, "post_logout_redirect_uri"), GOODBYE);
    let page = client::loopback().build().unwrap().get(end).send().await.unwrap();
    assert!(page.status().is_success(), "it accepts our way of ending a log-in: {page:?}");
}

#[tokio::test]
async fn a_weak_level_and_a_refusal_of_a_certified_provider_are_recognised() {
    let Some(issuer) = issuer() else { return };
    let weak = LoginError::Weak { given: Some(WEAK.to_owned()) };
    assert_eq!(log_in(&issuer, "weak").await.unwrap_err(), weak);
    assert_eq!(log_in(&issuer, "nobody").await.unwrap_err(), LoginError::Denied("access_denied".to_owned()));
}
