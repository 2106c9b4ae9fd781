//! Communications of the agency: prepared and published by agents, read by those that they are addressed to.

mod announcing;
mod pages;
mod reading;

use axum::http::Method;
use passerelle::app::agents;
use passerelle::domain::actor::Actor;
use passerelle::domain::ssin::Ssin;

use crate::harness::app::TestApp;
use crate::harness::page::{Browser, Page};
use crate::harness::people::ssin;

const AGENCY: &str = "/console/agency/communications";
const FILE: &[u8] = b"%PDF-1.7\n% Forfaits\nstartxref\n9\n%%EOF\n";

/// The fields of a table of rates that is addressed to all.
const FIELDS: [(&str, &str); 8] = [
    ("date", "05/10/2026"),
    ("title", "Forfaits T3 2026"),
    ("type", "rateTable"),
    ("quarter", "T3 2026"),
    ("sector", "public"),
    ("staffStatus", "statutory"),
    ("audience", "all"),
    ("organisers", ""),
];

async fn agent(app: &TestApp) -> Browser<'_> {
    agent_named(app, &ssin(7), "ONE-1207").await
}

/// The browser of a person who becomes an agent of the agency under this matricule.
pub(crate) async fn agent_named<'a>(app: &'a TestApp, person: &str, matricule: &str) -> Browser<'a> {
    let actor = Actor::operator("tests");
    agents::add(app.app.acting_as(&actor), &Ssin::parse(person).unwrap(), matricule).await.unwrap();
    app.browser(person).await
}

/// Sends the form with these fields in place of the usual ones.
async fn prepare(agent: &Browser<'_>, other: &[(&str, &str)], file: (&str, &[u8])) -> Page {
    let value =
        |name: &str, usual| other.iter().find(|(changed, _)| *changed == name).map_or(usual, |(_, value)| *value);
    let mut fields = vec![("csrf", agent.csrf.as_str())];
    fields.extend(FIELDS.iter().map(|(name, usual)| (*name, value(name, *usual))));
    agent.upload_called(AGENCY, &fields, file).await
}

/// The page of a new draft.
pub(crate) async fn draft(agent: &Browser<'_>, other: &[(&str, &str)]) -> String {
    prepare(agent, other, ("Forfaits.pdf", FILE)).await.expect(303).goes_to()
}

/// The id of a new published communication.
async fn published(agent: &Browser<'_>, other: &[(&str, &str)]) -> String {
    let page = draft(agent, other).await;
    agent.send(&page, &[("act", "publish")]).await.expect(303);
    page.rsplit('/').next().expect("an id").to_owned()
}

/// Calls what reads the communication and its file; the statuses.
async fn statuses(who: &crate::harness::call::Persona<'_>, id: &str) -> [u16; 2] {
    let one = who.call(Method::GET, format!("/communications/{id}")).await.status;
    [one, who.call(Method::GET, format!("/communications/{id}/file")).await.status]
}
