//! The console's way in, from the log-in page to the session: cookies, attempts, the page to go back to.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use passerelle::console::LogIn;
use tower::ServiceExt as _;
use url::Url;

use super::{Stage, provider};
use crate::harness::app::{ADMINISTRATOR, BASE, DATA_MANAGER, SESSION_COOKIE, TestApp, each_app};

const LOG_IN_COOKIE: &str = "__Host-passerelle-login";

/// A gateway in the test's own process with a simulated CSAM to log in with.
struct Gateway {
    stage: Stage,
    router: Router,
}

impl Gateway {
    async fn start(app: &TestApp) -> Self {
        let stage = Stage::start().await;
        let log_in = LogIn::through(provider(stage.login.clone(), &stage.clock));
        Self { router: app.way_in_with(log_in, BASE), stage }
    }

    async fn get(&self, path: &str, cookies: &[(&str, &str)]) -> Response {
        get(&self.router, path, cookies).await
    }

    /// A log-in under way: the provider's address, and the attempt's cookie.
    async fn begin(&self, to: &str) -> (Url, String) {
        let begun = self.get(&format!("/console/login/begin?to={to}"), &[]).await;
        assert_eq!(begun.status(), StatusCode::SEE_OTHER);
        (Url::parse(location(&begun)).unwrap(), set(begun.headers(), LOG_IN_COOKIE))
    }

    /// Where the provider sends the browser back to when a person logs in there, or does not.
    async fn return_address(&self, address: &Url, ssin: &str, decision: &str) -> String {
        let choice = [
            ("person", "other"),
            ("ssin", ssin),
            ("givenName", "Prénom"),
            ("familyName", "Nom"),
            ("level", "eid"),
            ("decision", decision),
        ];
        let sent = self.stage.choose(address, &choice).await;
        let back = sent.headers()[header::LOCATION].to_str().unwrap();
        back.strip_prefix(BASE).unwrap_or_else(|| panic!("{back}")).to_owned()
    }

    /// A whole log-in by a browser with these cookies: the answer.
    async fn log_in(&self, ssin: &str, cookies: &[(&str, &str)]) -> Response {
        let (address, attempt) = self.begin("/console/users").await;
        let back = self.return_address(&address, ssin, "allow").await;
        let cookies: Vec<_> = cookies.iter().copied().chain([(LOG_IN_COOKIE, attempt.as_str())]).collect();
        self.get(&back, &cookies).await
    }

    /// Whether a request with these cookies is logged in.
    async fn knows(&self, cookies: &[(&str, &str)]) -> bool {
        let page = self.get("/console/sessions", cookies).await;
        let users = self.get("/creche/v1/users", cookies).await.status();
        let known = page.status() == StatusCode::OK;
        assert_eq!(known, users != StatusCode::UNAUTHORIZED, "the API and the console agree");
        assert_eq!(known, location(&page) != "/console/login?to=/console/sessions");
        known
    }
}

async fn get(router: &Router, path: &str, cookies: &[(&str, &str)]) -> Response {
    let cookies: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::get(path).header(header::COOKIE, cookies.join("; ")).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap()
}

fn location(response: &Response) -> &str {
    response.headers().get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
}

/// The value that a cookie of this very name is set to.
#[track_caller]
fn set(headers: &HeaderMap, name: &str) -> String {
    let all: Vec<_> = headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
    let of = |text: &&str| text.split_once('=').is_some_and(|(known, _)| known == name);
    let text = all.iter().copied().find(of).unwrap_or_else(|| panic!("{name} is not set: {all:?}"));
    text.split(';').next().unwrap().split_once('=').unwrap().1.to_owned()
}

#[tokio::test]
async fn over_tls_cookies_have_the_host_prefix_and_every_response_has_hsts() {
    each_app(async |app| {
        let gateway = Gateway::start(app).await;
        let entered = gateway.log_in(ADMINISTRATOR, &[]).await;
        assert_eq!(location(&entered), "/console/users");
        let cookies = entered.headers().get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        for cookie in cookies {
            assert!(cookie.starts_with("__Host-passerelle-"), "{cookie}");
            for attribute in ["; Path=/;", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
                assert!(cookie.contains(attribute), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
        assert_eq!(set(entered.headers(), LOG_IN_COOKIE), "", "the attempt's cookie is taken away");
        for path in ["/console/login", "/creche/v1/health", "/creche/v1/caller", "/nowhere"] {
            let answer = gateway.get(path, &[]).await;
            assert_eq!(answer.headers()[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000", "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_tls_cookies_have_no_prefix_and_there_is_no_hsts() {
    each_app(async |app| {
        let router = app.way_in_with(LogIn::closed(), "http://127.0.0.1:8080");
        let (secret, _) = app.log_in(ADMINISTRATOR).await;
        let known = get(&router, "/console/sessions", &[("passerelle-session", &secret)]).await;
        assert_eq!(known.status(), StatusCode::OK);
        assert!(known.headers().get(header::STRICT_TRANSPORT_SECURITY).is_none());
        assert_eq!(
            get(&router, "/console/sessions", &[(SESSION_COOKIE, &secret)]).await.status(),
            StatusCode::SEE_OTHER
        );
    })
    .await;
}

#[tokio::test]
async fn only_one_session_cookie_of_the_right_name_is_a_session() {
    each_app(async |app| {
        let gateway = Gateway::start(app).await;
        let (secret, _) = app.log_in(ADMINISTRATOR).await;
        let secret = secret.as_str();
        assert!(gateway.knows(&[(SESSION_COOKIE, secret)]).await);
        assert!(!gateway.knows(&[("passerelle-session", secret)]).await, "a name that any neighbour can set");
        assert!(
            gateway.knows(&[("passerelle-session", "x"), (SESSION_COOKIE, secret)]).await,
            "it is no cookie of ours"
        );
        for other in ["x", "", secret] {
            assert!(!gateway.knows(&[(SESSION_COOKIE, secret), (SESSION_COOKIE, other)]).await, "{other:?}");
            assert!(!gateway.knows(&[(SESSION_COOKIE, other), (SESSION_COOKIE, secret)]).await, "{other:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_attempt_is_finished_once() {
    each_app(async |app| {
        let gateway = Gateway::start(app).await;
        let (address, attempt) = gateway.begin("/console/users").await;
        let cookies = [(LOG_IN_COOKIE, attempt.as_str())];
        let back = gateway.return_address(&address, ADMINISTRATOR, "allow").await;
        assert_eq!(gateway.get(&back, &cookies).await.status(), StatusCode::SEE_OTHER);
        for back in [back, gateway.return_address(&address, ADMINISTRATOR, "allow").await] {
            let again = gateway.get(&back, &cookies).await;
            assert_eq!(again.status(), StatusCode::FORBIDDEN);
            assert!(
                again
                    .headers()
                    .get_all(header::SET_COOKIE)
                    .iter()
                    .all(|cookie| { !cookie.to_str().unwrap().starts_with(SESSION_COOKIE) })
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_attempt_that_was_refused_is_over_too() {
    each_app(async |app| {
        let gateway = Gateway::start(app).await;
        let (address, attempt) = gateway.begin("/console/users").await;
        let cookies = [(LOG_IN_COOKIE, attempt.as_str())];
        let denied = gateway.return_address(&address, ADMINISTRATOR, "deny").await;
        assert_eq!(gateway.get(&denied, &cookies).await.status(), StatusCode::FORBIDDEN);
        let back = gateway.return_address(&address, ADMINISTRATOR, "allow").await;
        assert_eq!(gateway.get(&back, &cookies).await.status(), StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn an_answer_to_another_attempt_does_not_use_one_up() {
    each_app(async |app| {
        let gateway = Gateway::start(app).await;
        let (address, attempt) = gateway.begin("/console/users").await;
        let cookies = [(LOG_IN_COOKIE, attempt.as_str())];
        let strange = gateway.get("/login/return?state=another&code=guessed", &cookies).await;
        assert!(strange.status().is_client_error());
        let back = gateway.return_address(&address, ADMINISTRATOR, "allow").await;
        assert_eq!(gateway.get(&back, &cookies).await.status(), StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn the_session_that_a_browser_had_ends_when_it_begins_another() {
    each_app(async |app| {
        let gateway = Gateway::start(app).await;
        let first = set(gateway.log_in(ADMINISTRATOR, &[]).await.headers(), SESSION_COOKIE);
        let elsewhere = set(gateway.log_in(ADMINISTRATOR, &[]).await.headers(), SESSION_COOKIE);
        let second = gateway.log_in(DATA_MANAGER, &[(SESSION_COOKIE, &first)]).await;
        let second = set(second.headers(), SESSION_COOKIE);
        assert!(!gateway.knows(&[(SESSION_COOKIE, &first)]).await);
        assert!(gateway.knows(&[(SESSION_COOKIE, &second)]).await);
        assert!(gateway.knows(&[(SESSION_COOKIE, &elsewhere)]).await, "another browser keeps its own");
    })
    .await;
}

#[tokio::test]
async fn the_page_to_go_back_to_is_one_of_the_console_and_on_one_line() {
    each_app(async |app| {
        let gateway = Gateway::start(app).await;
        for bad in ["/console/%0d%0aSet-Cookie:%20a=b", "/console/users%0a", "%00/console/", "/console/%E2%80%AEsresu"]
        {
            for path in ["/console/login", "/console/login/begin"] {
                let refused = gateway.get(&format!("{path}?to={bad}"), &[]).await;
                assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{path} {bad}");
                assert!(refused.headers().get(header::SET_COOKIE).is_none());
            }
        }
        let strange = [
            "https://elsewhere.example/console/",
            "//elsewhere.example/console/",
            "/consolefake",
            "/console/../sandbox",
            "/console//elsewhere.example",
            "/console/%5C%5Celsewhere.example",
            "/console/users%26to=x",
            "/console/%250d",
        ];
        for to in strange {
            let (address, attempt) = gateway.begin(to).await;
            let back = gateway.return_address(&address, ADMINISTRATOR, "allow").await;
            let entered = gateway.get(&back, &[(LOG_IN_COOKIE, &attempt)]).await;
            assert_eq!(location(&entered), "/console", "{to}");
        }
    })
    .await;
}
