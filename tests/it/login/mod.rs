//! The log-in protocol, over real HTTP: our client and the simulated CSAM, each against the other and against hostile others.

mod attempts;
mod console;
mod foreign;
mod hostile;
mod pages;
mod simulated;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use jiff::Timestamp;
use passerelle::clock::{Clock, Fixed};
use passerelle::config::Login;
use passerelle::domain::ssin::Ssin;
use passerelle::http::server::{self, ConnectionSettings};
use passerelle::outbound::client;
use passerelle::outbound::oidc::{Callback, Identity, LoginAttempt, LoginError, LoginProvider};
use passerelle::sandbox::csam::{self, Client, Csam, Persona};
use passerelle::words::{Language, OwnedLocalText};
use reqwest::{Response, StatusCode, header};
use tokio::net::TcpListener;
use url::Url;

/// Where the client under test has people sent back to.
const RETURN: &str = "https://passerelle.example/login/return";
/// Where it has them sent after a log-out.
const GOODBYE: &str = "https://passerelle.example/";
/// The first persona's number.
const SSIN: &str = "85031496137";

fn login(issuer: &str) -> Login {
    Login {
        issuer: issuer.to_owned(),
        client_id: "passerelle".to_owned(),
        client_secret: Some("a secret: with signs & spaces".to_owned().into()),
        scopes: csam::SCOPES.map(str::to_owned).into(),
        ssin_claim: csam::SSIN_CLAIM.to_owned(),
        given_name_claim: "given_name".to_owned(),
        family_name_claim: "family_name".to_owned(),
        assurance_claim: "acr".to_owned(),
        strong: csam::STRONG.map(str::to_owned).into(),
    }
}

fn provider(login: Login, clock: &Arc<Fixed>) -> LoginProvider {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    LoginProvider::new(login, RETURN, client::loopback().build().unwrap(), clock).unwrap()
}

fn clock() -> Arc<Fixed> {
    Arc::new(Fixed::at("2026-10-12T09:00:00+02:00".parse::<Timestamp>().unwrap()))
}

/// A simulated CSAM that listens, and our client of it.
struct Stage {
    csam: Csam,
    clock: Arc<Fixed>,
    login: Login,
    provider: LoginProvider,
    browser: reqwest::Client,
}

impl Stage {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/csam", listener.local_addr().unwrap());
        let (clock, login) = (clock(), login(&issuer));
        let client = Client {
            id: login.client_id.clone(),
            secret: login.client_secret.as_ref().map(|secret| secret.expose().to_owned()),
            redirects: vec![RETURN.to_owned()],
            logouts: vec![GOODBYE.to_owned()],
        };
        let csam = Csam::new(&issuer, client, vec![persona()], Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
        let router = Router::new().nest("/csam", csam::router(csam.clone()));
        tokio::spawn(server::serve(listener, router, ConnectionSettings::default(), std::future::pending()));
        let provider = provider(login.clone(), &clock);
        Self { csam, clock, login, provider, browser: client::loopback().build().unwrap() }
    }

    async fn begin(&self) -> (Url, LoginAttempt) {
        self.provider.begin_login(Language::Fr).await.unwrap()
    }

    /// What the page at `address` answers to a choice.
    async fn choose(&self, address: &Url, choice: &[(&str, &str)]) -> Response {
        let page = self.browser.get(address.clone()).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        let form =
            url::form_urlencoded::Serializer::new(address.query().unwrap().to_owned()).extend_pairs(choice).finish();
        let mut action = address.clone();
        action.set_query(None);
        let request = self.browser.post(action).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(form).send().await.unwrap()
    }

    /// The way back after the first persona has logged in with eID, or another choice.
    async fn allow(&self, address: &Url, choice: &[(&str, &str)]) -> Callback {
        let eid = [("person", "0"), ("level", "eid"), ("decision", "allow")];
        way_back(&self.choose(address, if choice.is_empty() { &eid } else { choice }).await)
    }

    /// A whole log-in.
    async fn log_in(&self, choice: &[(&str, &str)]) -> Result<Identity, LoginError> {
        let (address, attempt) = self.begin().await;
        let callback = self.allow(&address, choice).await;
        self.provider.verify_callback(&callback, &attempt).await
    }
}

fn persona() -> Persona {
    let remark =
        OwnedLocalText { fr: "Administratrice".to_owned(), nl: "Beheerder".to_owned(), en: "Administrator".to_owned() };
    let (given_name, family_name) = ("Ève <b>".to_owned(), "Exemple".to_owned());
    Persona { given_name, family_name, ssin: Ssin::parse(SSIN).unwrap(), remark }
}

/// What a redirection to our own address brings.
fn way_back(response: &Response) -> Callback {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let address = response.headers()[header::LOCATION].to_str().unwrap();
    assert!(address.starts_with(RETURN), "{address}");
    callback(&Url::parse(address).unwrap())
}

fn callback(address: &Url) -> Callback {
    let mut pairs: HashMap<String, String> = address.query_pairs().into_owned().collect();
    Callback {
        state: pairs.remove("state"),
        code: pairs.remove("code"),
        error: pairs.remove("error"),
        iss: pairs.remove("iss"),
    }
}

/// A parameter of an address.
fn parameter(address: &Url, name: &str) -> String {
    let mut found = address.query_pairs().filter(|(known, _)| known == name);
    let value = found.next().unwrap_or_else(|| panic!("{name} in {address}")).1.into_owned();
    assert!(found.next().is_none(), "{name} once in {address}");
    value
}
