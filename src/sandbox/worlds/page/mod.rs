//! The page on which a world is made with one button, and what is shown of it once: its secret, its keys, the first call.

mod first_call;

use askama::Template;
use axum::Router;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use jiff::civil::Date;
use serde_json::Value;

use self::first_call::{CallTarget, FirstCall};
use super::Worlds;
use super::access::page_cookie;
use super::content::Shape;
use super::create::{WorldWish, any_seed};
use super::description::DescribedWorld;
use super::secret::WorldSecret;
use super::world::World;
use super::world_request::is_possible_start;
use crate::http::extract::WholeBody;
use crate::http::origin::RequestOrigin;
use crate::http::problem::{Problem, Result};
use crate::sandbox::pages::{answer, page_language};
use crate::sandbox::seed::{self, Persona};
use crate::words::{Language, LocalText, sandbox_world_page as words, sandbox_worlds};

/// The key that the first call shows.
const FIRST_KEY: &str = "everything";

/// The page before.
#[derive(Template)]
#[template(path = "new_world.html", config = ".config/askama.toml")]
struct NewWorldPage {
    language: Language,
    /// Why the form was refused.
    refusal: Option<&'static str>,
    /// The code of each shape, its name, and whether it is chosen.
    shapes: Vec<(&'static str, &'static str, bool)>,
    start_date: String,
}

/// The page after.
#[derive(Template)]
#[template(path = "world.html", config = ".config/askama.toml")]
struct WorldPage {
    language: Language,
    /// The names and the values of the environment.
    variables: Vec<(&'static str, String)>,
    calls: Vec<FirstCall>,
    organisers: Vec<OrganiserKeys>,
    /// Who can log in, with the role.
    people: Vec<(String, String)>,
}

/// The keys and the crèches of an organiser.
struct OrganiserKeys {
    name: String,
    rows: Vec<(String, String)>,
}

/// The routes.
pub(super) fn routes() -> Router<Worlds> {
    Router::new().route("/sandbox", get(form).post(make))
}

async fn form(headers: HeaderMap) -> Response {
    answer(&NewWorldPage::new(page_language(&headers), None, Shape::OneCreche, String::new()))
}

/// Makes the world that the form asks for, opens its pages to the browser, and shows everything of it once.
async fn make(
    State(worlds): State<Worlds>,
    headers: HeaderMap,
    Extension(origin): Extension<RequestOrigin>,
    body: WholeBody,
) -> Result<Response> {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&body.bytes).into_owned().collect();
    let field = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim());
    let (language, known) = (page_language(&headers), shape(field("shape")));
    let again = |refusal| {
        let chosen = known.unwrap_or(Shape::OneCreche);
        let page = NewWorldPage::new(language, Some(refusal), chosen, field("startDate").to_owned());
        Ok((StatusCode::BAD_REQUEST, answer(&page)).into_response())
    };
    let Some(shape) = known else { return again(words::SHAPE_REFUSED) };
    let today = worlds.registry.shared.today();
    let Some(start_date) = start_date(field("startDate"), today) else { return again(words::DATE_REFUSED) };
    if worlds.limit.take(&origin).is_err() {
        return again(sandbox_worlds::TOO_MANY_MADE);
    }
    let secret = WorldSecret::generate();
    let wish = WorldWish { shape, seed: any_seed(), start_date };
    let world = worlds.builder.create(&worlds.registry, &secret, wish).await?;
    let page = answer(&WorldPage::new(&worlds, &world, &secret, language).await?);
    Ok(([(header::SET_COOKIE, page_cookie(&worlds, &world, &secret))], page).into_response())
}

/// The shape that the field names; one crèche where it is empty.
fn shape(field: &str) -> Option<Shape> {
    if field.is_empty() { Some(Shape::OneCreche) } else { Shape::from_code(field) }
}

/// The day that the field names; today where it is empty.
fn start_date(field: &str, today: Date) -> Option<Date> {
    if field.is_empty() { Some(today) } else { field.parse().ok().filter(|date| is_possible_start(*date)) }
}

impl NewWorldPage {
    fn new(language: Language, refusal: Option<LocalText>, chosen: Shape, start_date: String) -> Self {
        let shape = |shape: &Shape| (shape.code(), shape_name(*shape).get(language), *shape == chosen);
        let refusal = refusal.map(|text| text.get(language));
        Self { language, refusal, shapes: Shape::ALL.iter().map(shape).collect(), start_date }
    }

    fn text(&self, words: &LocalText) -> &'static str {
        words.get(self.language)
    }
}

const fn shape_name(shape: Shape) -> LocalText {
    match shape {
        Shape::OneCreche => words::ONE_CRECHE,
        Shape::FiveCreches => words::FIVE_CRECHES,
        Shape::Unsubsidised => words::UNSUBSIDISED,
        Shape::SeveralOrganisers => words::SEVERAL_ORGANISERS,
    }
}

impl WorldPage {
    async fn new(worlds: &Worlds, world: &World, secret: &WorldSecret, language: Language) -> Result<Self> {
        let (shared, record) = (&worlds.registry.shared, &world.record);
        let open = worlds.registry.open(world).await?;
        let described = DescribedWorld::new(shared, record, &open, None).await?;
        let described = serde_json::to_value(&described).map_err(Problem::internal)?;
        let organisers: Vec<_> = items(&described["organisers"]).map(OrganiserKeys::of).collect();
        let key = text(first_key(&described));
        let (api, content) = (text(&described["apiUrl"]), record.content());
        let target = CallTarget::new(&content, record.start_date, (api.clone(), key.clone()));
        let creche = target.as_ref().map(|target| target.creche.clone()).unwrap_or_default();
        let variables = vec![
            ("PASSERELLE_API", api),
            ("PASSERELLE_KEY", key),
            ("PASSERELLE_CRECHE", creche),
            ("PASSERELLE_WORLD", text(&described["href"])),
            ("PASSERELLE_WORLD_SECRET", secret.expose().to_owned()),
        ];
        let person = |persona: Persona| {
            (format!("{} {}", persona.given_name, persona.family_name), persona.remark.get(language).to_owned())
        };
        let people = seed::personas_of(content.world).into_iter().map(person).collect();
        let calls = target.map(|target| target.calls()).unwrap_or_default();
        Ok(Self { language, variables, calls, organisers, people })
    }

    fn text(&self, words: &LocalText) -> &'static str {
        words.get(self.language)
    }
}

impl OrganiserKeys {
    /// The crèches and the keys of an organiser, as it is described.
    fn of(described: &Value) -> Self {
        let creche = |creche: &Value| (text(&creche["name"]), text(&creche["id"]));
        let key = |key: &Value| (text(&key["name"]), text(&key["key"]));
        let keys = items(&described["applications"]).flat_map(|application| items(&application["keys"]));
        let rows = items(&described["creches"]).map(creche).chain(keys.map(key)).collect();
        Self { name: text(&described["legalName"]), rows }
    }
}

/// The key with every right of the first application.
fn first_key(described: &Value) -> &Value {
    let keys = &described["organisers"][0]["applications"][0]["keys"];
    items(keys).find(|key| key["name"] == FIRST_KEY).map_or(&Value::Null, |key| &key["key"])
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
