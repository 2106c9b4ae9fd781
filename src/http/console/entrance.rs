//! The way in: to the identity provider and back, with an explanation for whoever is not let in.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::{Deserialize, Serialize};

use super::shell::{Shell, show, show_as};
use super::visit::{Guest, language, see_other};
use super::{ROOT, form};
use crate::app::sessions::{self, Identity};
use crate::app::{App, Fault};
use crate::http::problem::{Problem, Result};
use crate::http::session::Cookie;
use crate::http::urls::Urls;
use crate::outbound::oidc::{Attempt, Callback, Provider, Refusal};

/// Where the provider sends people back to, below the public origin.
pub const RETURN: &str = "/login/return";

/// How long a log-in may take, in seconds.
const ATTEMPT_SECONDS: u32 = 15 * 60;
/// How long a browser keeps a session's secret, in seconds.
const SESSION_SECONDS: u32 = 10 * 3600;

/// The provider that people log in with; none where the configuration names none.
#[derive(Clone)]
pub struct LogIn(Option<Arc<Provider>>);

impl LogIn {
    /// Through this provider.
    pub fn through(provider: Provider) -> Self {
        Self(Some(Arc::new(provider)))
    }

    /// Nobody can log in.
    pub const fn closed() -> Self {
        Self(None)
    }

    fn provider(&self) -> Result<&Provider, Kept> {
        self.0.as_deref().ok_or(Kept::Closed)
    }
}

pub(super) fn routes(log_in: LogIn) -> Router<App> {
    Router::new()
        .route("/console/login", get(door))
        .route("/console/login/begin", get(begin))
        .route(RETURN, get(finish))
        .route("/console/logout", axum::routing::post(leave))
        .layer(Extension(log_in))
}

/// Why somebody stays outside.
enum Kept {
    Closed,
    Provider(Refusal),
    Session(sessions::Refusal),
}

impl From<Refusal> for Kept {
    fn from(refusal: Refusal) -> Self {
        Self::Provider(refusal)
    }
}

impl From<sessions::Refusal> for Kept {
    fn from(refusal: sessions::Refusal) -> Self {
        Self::Session(refusal)
    }
}

/// What the browser keeps for us during a log-in.
#[derive(Serialize, Deserialize)]
struct Underway {
    attempt: Attempt,
    to: String,
}

/// Where to go after the log-in: a page of the console, whatever was asked for.
#[derive(Deserialize)]
struct Wanted {
    to: Option<String>,
}

impl Wanted {
    fn page(self) -> String {
        let ours = |page: &String| page == ROOT || page.starts_with("/console/");
        self.to.filter(ours).unwrap_or_else(|| ROOT.to_owned())
    }
}

#[derive(Template)]
#[template(path = "login.html", config = ".config/askama.toml")]
struct DoorPage {
    shell: Shell,
    begin: String,
    trouble: Option<Trouble>,
}

#[derive(Clone, Copy)]
struct Trouble {
    title: &'static str,
    words: &'static str,
}

async fn door(headers: HeaderMap, Query(wanted): Query<Wanted>) -> Response {
    let shell = Shell::stranger(language(&headers));
    show(&DoorPage { shell, begin: begin_at(&wanted.page()), trouble: None })
}

fn begin_at(page: &str) -> String {
    format!("/console/login/begin?to={page}")
}

async fn begin(
    State(app): State<App>,
    Extension(log_in): Extension<LogIn>,
    urls: Urls,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Response {
    let to = wanted.page();
    match to_provider(&app, &log_in, &headers, to.clone()).await {
        Ok((address, kept)) => {
            let mut response = see_other(&address);
            let cookie = Cookie::LogIn.set(&kept, ATTEMPT_SECONDS, urls.encrypted());
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(kept) => refuse(kept, &headers, &to),
    }
}

async fn to_provider(app: &App, log_in: &LogIn, headers: &HeaderMap, to: String) -> Result<(String, String), Kept> {
    let (address, attempt) = log_in.provider()?.begin(language(headers)).await?;
    let underway =
        serde_json::to_vec(&Underway { attempt, to }).map_err(|error| Kept::Session(Fault::from(error).into()))?;
    Ok((address.into(), sessions::hide(app, "log-in", &underway)))
}

async fn finish(
    State(app): State<App>,
    Extension(log_in): Extension<LogIn>,
    urls: Urls,
    headers: HeaderMap,
    Query(callback): Query<Callback>,
) -> Response {
    let kept = Cookie::LogIn.read(&headers).and_then(|kept| sessions::reveal(&app, "log-in", &kept));
    let underway = kept.and_then(|kept| serde_json::from_slice::<Underway>(&kept).ok());
    let to = underway.as_ref().map_or_else(|| ROOT.to_owned(), |underway| underway.to.clone());
    let mut response = match let_in(&app, &log_in, &callback, underway).await {
        Ok(secret) => {
            let mut response = see_other(&to);
            let cookie = Cookie::Session.set(&secret, SESSION_SECONDS, urls.encrypted());
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(kept) => refuse(kept, &headers, &to),
    };
    response.headers_mut().append(header::SET_COOKIE, Cookie::LogIn.clear(urls.encrypted()));
    response
}

async fn let_in(app: &App, log_in: &LogIn, callback: &Callback, underway: Option<Underway>) -> Result<String, Kept> {
    let Underway { attempt, .. } = underway.ok_or(Refusal::Expired)?;
    let told = log_in.provider()?.finish(callback, &attempt).await?;
    let identity = Identity {
        given_name: told.given_name.unwrap_or_default(),
        family_name: told.family_name.unwrap_or_default(),
        id_token: told.id_token_hint,
    };
    Ok(sessions::begin(app, &told.ssin, &told.assurance, identity).await?.secret)
}

#[derive(Template)]
#[template(path = "left.html", config = ".config/askama.toml")]
struct LeftPage {
    shell: Shell,
    /// Where the log-in at the provider is ended, too.
    provider: Option<String>,
}

/// Ends the session. That at the provider is ended by a link: the form's own policy keeps it from leading elsewhere.
async fn leave(Extension(log_in): Extension<LogIn>, form: form::GuestForm) -> Result<Response> {
    let Guest { app, visitor, language, urls } = form.guest;
    sessions::end(&app, &visitor).await?;
    let provider = match &log_in.0 {
        Some(provider) => {
            let back = format!("{}/console/login", urls.base());
            provider.logout_url(visitor.identity.id_token.as_deref(), &back).await.unwrap_or_else(|refusal| {
                tracing::warn!(%refusal, "the provider could not be asked where a log-in ends");
                None
            })
        }
        None => None,
    };
    let mut response = show(&LeftPage { shell: Shell::stranger(language), provider: provider.map(String::from) });
    response.headers_mut().append(header::SET_COOKIE, Cookie::Session.clear(urls.encrypted()));
    Ok(response)
}

/// The door again, with the reason.
fn refuse(kept: Kept, headers: &HeaderMap, to: &str) -> Response {
    if let Kept::Session(sessions::Refusal::Fault(fault)) = kept {
        return axum::response::IntoResponse::into_response(Problem::from(fault));
    }
    if let Kept::Provider(refusal) = &kept {
        tracing::warn!(%refusal, "a log-in did not succeed");
    }
    let shell = Shell::stranger(language(headers));
    let (status, trouble) = explain(&kept, &shell);
    show_as(status, &DoorPage { shell, begin: begin_at(to), trouble: Some(trouble) })
}

/// What is said to somebody who stays outside, and what to do.
fn explain(kept: &Kept, shell: &Shell) -> (StatusCode, Trouble) {
    let say = |status, title: [&'static str; 3], words: [&'static str; 3]| {
        let t = |[fr, nl, en]: [&'static str; 3]| shell.t(fr, nl, en);
        (status, Trouble { title: t(title), words: t(words) })
    };
    match kept {
        Kept::Closed => say(
            StatusCode::SERVICE_UNAVAILABLE,
            ["La connexion n'est pas encore ouverte", "Aanmelden is nog niet mogelijk", "Logging in is not open yet"],
            [
                "Aucun fournisseur d'identité n'est configuré. L'exploitant de la passerelle doit compléter la section [login] de sa configuration.",
                "Er is geen identiteitsprovider ingesteld. De beheerder van de gateway moet het deel [login] van zijn configuratie invullen.",
                "No identity provider is configured. The operator of the gateway has to fill in the section [login] of its configuration.",
            ],
        ),
        Kept::Provider(Refusal::Weak { .. }) => say(
            StatusCode::FORBIDDEN,
            [
                "Une connexion plus forte est demandée",
                "Een sterkere aanmelding is nodig",
                "A stronger log-in is needed",
            ],
            [
                "Ces données demandent une connexion par eID ou itsme. Recommencez et choisissez l'une des deux.",
                "Deze gegevens vragen een aanmelding met eID of itsme. Begin opnieuw en kies een van beide.",
                "These data need a log-in with eID or itsme. Begin again and choose one of the two.",
            ],
        ),
        Kept::Provider(Refusal::NoSsin) => say(
            StatusCode::FORBIDDEN,
            ["Votre numéro national manque", "Uw rijksregisternummer ontbreekt", "Your national number is missing"],
            [
                "CSAM ne nous a pas transmis de numéro de registre national valable. Recommencez ; si cela se répète, contactez l'assistance de CSAM.",
                "CSAM gaf ons geen geldig rijksregisternummer. Begin opnieuw; gebeurt het weer, neem dan contact op met de helpdesk van CSAM.",
                "CSAM gave us no valid national number. Begin again; if it happens again, contact the support of CSAM.",
            ],
        ),
        Kept::Provider(Refusal::Denied(_)) => say(
            StatusCode::FORBIDDEN,
            ["La connexion a été interrompue", "De aanmelding werd afgebroken", "The log-in was broken off"],
            [
                "Vous avez refusé ou interrompu la connexion. Vous pouvez recommencer.",
                "U heeft de aanmelding geweigerd of afgebroken. U kunt opnieuw beginnen.",
                "You refused the log-in or broke it off. You can begin again.",
            ],
        ),
        Kept::Provider(Refusal::Unreachable(_)) => say(
            StatusCode::BAD_GATEWAY,
            ["CSAM ne répond pas", "CSAM antwoordt niet", "CSAM does not answer"],
            [
                "Le service de connexion ne répond pas pour l'instant. Réessayez dans quelques minutes ; vos logiciels continuent à déposer entre-temps.",
                "De aanmelddienst antwoordt nu niet. Probeer over enkele minuten opnieuw; uw software blijft ondertussen gegevens indienen.",
                "The log-in service does not answer at the moment. Try again in a few minutes; your software goes on depositing meanwhile.",
            ],
        ),
        Kept::Provider(Refusal::Untrusted(_)) => say(
            StatusCode::FORBIDDEN,
            [
                "La connexion n'a pas pu être vérifiée",
                "De aanmelding kon niet gecontroleerd worden",
                "The log-in could not be verified",
            ],
            [
                "La réponse reçue n'est pas celle que nous attendions. Recommencez depuis cette page, sans utiliser le bouton Retour.",
                "Het antwoord is niet wat wij verwachtten. Begin opnieuw vanaf deze pagina, zonder de knop Terug te gebruiken.",
                "The answer is not the one that we expected. Begin again from this page, without the Back button.",
            ],
        ),
        Kept::Provider(Refusal::Expired) => say(
            StatusCode::FORBIDDEN,
            ["La connexion a duré trop longtemps", "De aanmelding duurde te lang", "The log-in took too long"],
            [
                "Recommencez depuis cette page : une connexion se fait en un quart d'heure et n'est utilisable qu'une fois.",
                "Begin opnieuw vanaf deze pagina: een aanmelding gebeurt binnen een kwartier en is maar één keer bruikbaar.",
                "Begin again from this page: a log-in takes a quarter of an hour at most and can be used once only.",
            ],
        ),
        Kept::Session(sessions::Refusal::Deactivated) => say(
            StatusCode::FORBIDDEN,
            ["Votre accès est désactivé", "Uw toegang is uitgeschakeld", "Your access is deactivated"],
            [
                "Votre pouvoir organisateur a désactivé votre accès. Demandez à l'un de ses administrateurs de le réactiver.",
                "Uw organisator heeft uw toegang uitgeschakeld. Vraag een van zijn beheerders om ze weer in te schakelen.",
                "Your organiser has deactivated your access. Ask one of its administrators to reactivate it.",
            ],
        ),
        Kept::Session(_) => say(
            StatusCode::FORBIDDEN,
            ["Nous ne vous connaissons pas encore", "Wij kennen u nog niet", "We do not know you yet"],
            [
                "Aucun pouvoir organisateur ne vous a déclaré. Demandez à un administrateur ou au gestionnaire des utilisateurs du vôtre de vous ajouter sous « Utilisateurs », avec votre numéro national.",
                "Geen enkele organisator heeft u aangemeld. Vraag een beheerder of de gebruikersbeheerder van de uwe om u toe te voegen onder ‘Gebruikers’, met uw rijksregisternummer.",
                "No organiser has declared you. Ask an administrator or the user manager of yours to add you under “Users”, with your national number.",
            ],
        ),
    }
}
