//! The log of deliveries to an endpoint.

use axum::http::StatusCode;

use super::ACCESS;
use super::body::{DeliveriesBody, DeliveryBody, LoggedBody};
use crate::api::call_context::ApiCall;
use crate::api::events::TYPE;
use crate::app::App;
use crate::app::webhooks;
use crate::domain::webhook::{DeliveryFilter, DeliveryProgress};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Parameters, Path, Query, QueryReader};
use crate::http::operation_table::Route;
use crate::http::path_parameters::{AtDelivery, AtWebhookEndpoint};
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::{EventId, WebhookEndpointId};
use crate::words::{self, LocalText};

/// The default and the greatest number of deliveries of a page.
const PAGE: u64 = 50;
const MOST: u64 = 100;

const LOG: &str = "/webhookEndpoints/{webhookEndpointId}/deliveries";
const ONE: &str = "/webhookEndpoints/{webhookEndpointId}/deliveries/{deliveryId}";
const REPLAYS: &str = "/webhookEndpoints/{webhookEndpointId}/deliveries/{deliveryId}/replays";

pub(super) fn routes() -> Vec<Route<App>> {
    let names = &["state", "type", "before", "pageSize"];
    vec![
        Route::get(LOG, "listDeliveries", ACCESS, list).query(names),
        Route::get(ONE, "getDelivery", ACCESS, get),
        Route::post(REPLAYS, "replayDelivery", ACCESS, replay).consumes(&[]),
    ]
}

/// The query.
struct DeliveryQuery {
    filter: DeliveryFilter,
    before: Option<EventId>,
    page_size: u64,
}

const STATE: LocalText = words::api::STATE;
const BEFORE: LocalText = words::api::BEFORE;

impl Parameters for DeliveryQuery {
    fn read(query: &mut QueryReader) -> Self {
        Self {
            filter: DeliveryFilter { progress: query.optional("state", STATE), kind: query.optional("type", TYPE) },
            before: query.optional("before", BEFORE),
            page_size: query.number("pageSize", 1..=MOST).unwrap_or(PAGE),
        }
    }
}

impl DeliveryQuery {
    /// The same list, before another delivery.
    fn address(&self, endpoint: WebhookEndpointId, before: Option<EventId>, urls: &Urls) -> String {
        let query = [
            before.map(|before| format!("before={before}")),
            self.filter.progress.map(|state| format!("state={}", DeliveryProgress::code(state))),
            self.filter.kind.map(|kind| format!("type={kind}")),
            (self.page_size != PAGE).then(|| format!("pageSize={}", self.page_size)),
        ];
        urls.api_list(format_args!("/webhookEndpoints/{endpoint}/deliveries"), query.into_iter().flatten())
    }
}

async fn list(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtWebhookEndpoint { endpoint: id }): Path<AtWebhookEndpoint>,
    Query(asked): Query<DeliveryQuery>,
) -> Result<ResponseBuilder> {
    let most = u32::try_from(asked.page_size).unwrap_or(u32::MAX);
    let page = webhooks::list_deliveries(&app, &caller, id, asked.filter, asked.before, most).await?;
    let last = page.items.last().map(|delivery| delivery.event).filter(|_| page.more);
    Ok(ResponseBuilder::json(&DeliveriesBody {
        this: asked.address(id, asked.before, &urls),
        next: last.map(|last| asked.address(id, Some(last), &urls)),
        items: page.items.iter().map(|delivery| DeliveryBody::new(id, delivery, &urls)).collect(),
        page_size: asked.page_size,
    }))
}

async fn get(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtDelivery { endpoint: id, delivery }): Path<AtDelivery>,
) -> Result<ResponseBuilder> {
    let logged = webhooks::find_delivery(&app, &caller, id, delivery).await?;
    Ok(ResponseBuilder::json(&LoggedBody::new((caller.organiser, id), &logged, &urls.api(""), &urls)))
}

async fn replay(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtDelivery { endpoint: id, delivery }): Path<AtDelivery>,
) -> Result<ResponseBuilder> {
    let replayed = webhooks::replay(&app, &caller, id, delivery).await?;
    Ok(ResponseBuilder::json(&DeliveryBody::new(id, &replayed, &urls)).status(StatusCode::ACCEPTED))
}
