//! The crèches within the key's reach.

use jiff::civil::Date;
use serde::Serialize;

use super::call_context::ApiCall;
use crate::app::{App, creches};
use crate::domain::creche::{Creche, Places};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::Path;
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtCreche;
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::CrecheId;

/// A crèche with its name.
#[derive(Serialize)]
pub(super) struct CrecheReference {
    id: CrecheId,
    href: String,
    name: String,
}

impl CrecheReference {
    pub(super) fn of(creche: &Creche, urls: &Urls) -> Self {
        Self::named(creche.id, creche.name.clone(), urls)
    }

    pub(super) fn named(id: CrecheId, name: String, urls: &Urls) -> Self {
        Self { id, href: urls.api(format_args!("/creches/{id}")), name }
    }
}

#[derive(Serialize)]
struct CrechesBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<CrecheReference>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CrecheBody<'a> {
    #[serde(rename = "self")]
    this: String,
    id: CrecheId,
    name: &'a str,
    one_number: &'a str,
    subsidised: bool,
    authorised_from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorised_until: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity: Option<u32>,
    capacities: &'a [Places],
}

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        Route::get("/creches", "listCreches", Access::KeyOrUser, list_creches),
        Route::get("/creches/{crecheId}", "getCreche", Access::KeyOrUser, get_creche),
    ]
}

async fn list_creches(ApiCall { app, caller, urls, .. }: ApiCall) -> Result<ResponseBuilder> {
    let found = creches::list(&app, &caller).await?;
    let items = found.iter().map(|creche| CrecheReference::of(creche, &urls)).collect();
    Ok(ResponseBuilder::json(&CrechesBody { this: urls.api("/creches"), items }))
}

async fn get_creche(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtCreche { creche: id }): Path<AtCreche>,
) -> Result<ResponseBuilder> {
    let creche = creches::find(&app, &caller, id).await?;
    Ok(ResponseBuilder::json(&CrecheBody {
        this: urls.api(format_args!("/creches/{id}")),
        id,
        name: &creche.name,
        one_number: &creche.one_number,
        subsidised: creche.subsidised,
        authorised_from: creche.authorised_from,
        authorised_until: creche.authorised_until,
        capacity: creche.capacity.on(caller.clock.today()),
        capacities: creche.capacity.history(),
    }))
}
