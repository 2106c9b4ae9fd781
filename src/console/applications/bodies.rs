//! Keeping the content of an application's calls for a time, and ending it.

use axum::response::Response;

use super::{ApplicationPath, href};
use crate::app::applications;
use crate::console::form::PageForm;
use crate::domain::application::BodyLoggingTime;
use crate::domain::notice::Notice;
use crate::http::extract::Path;
use crate::http::problem::Result;

/// Begins it for the chosen time; ends it where the form has none.
pub(super) async fn change(
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    visit.administrator()?;
    let time = BodyLoggingTime::from_code(fields.get("time"));
    let (actor, organiser) = (visit.acting.actor(), visit.acting.organiser);
    applications::change_body_logging(&visit.app, &actor, organiser, id, time).await?;
    let notice = if time.is_some() { Notice::BodyLoggingAllowed } else { Notice::BodyLoggingEnded };
    Ok(visit.done(&href(id), notice).await)
}
