//! `passerelle admin audit`.

use clap::Subcommand;
use jiff::Timestamp;
use serde::Serialize;

use super::desk::Desk;
use super::report::Report;
use crate::app::act::Refusal;
use crate::app::audit::{self, Break};
use crate::app::organisers;
use crate::cli::Failure;
use crate::domain::period::Period;
use crate::ids::{CrecheId, OrganiserId};
use crate::store::audit::{Chain, Link};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Walk the chains of audit entries and name what was altered, removed or added outside the gateway. Exit status 1
    /// when a chain is broken.
    Verify {
        /// Only the chain of this organiser; without it, every organiser's and the operator's.
        #[arg(long, value_name = "ID")]
        organiser: Option<OrganiserId>,
    },
    /// List the entries of one chain, the latest first.
    List {
        /// The chain of this organiser; without it, the operator's own.
        #[arg(long, value_name = "ID")]
        organiser: Option<OrganiserId>,
        /// How many entries at most.
        #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Only entries before this number, to turn the page.
        #[arg(long, value_name = "NUMBER")]
        before: Option<u64>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerdictBody {
    chain: String,
    intact: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

impl VerdictBody {
    fn new(chain: Chain, verdict: Result<u64, Break>) -> Self {
        let chain = chain.name();
        match verdict {
            Ok(entries) => Self { chain, intact: true, entries: Some(entries), fault: None },
            Err(fault) => Self { chain, intact: false, entries: None, fault: Some(fault.to_string()) },
        }
    }

    fn sentence(&self) -> String {
        match (&self.fault, self.entries) {
            (Some(fault), _) => format!("broken  {}: {fault}", self.chain),
            (None, entries) => format!("intact  {}: {} entries", self.chain, entries.unwrap_or_default()),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryBody {
    number: u64,
    at: Timestamp,
    actor_kind: &'static str,
    actor: String,
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    creche_id: Option<CrecheId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<Period>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl From<Link> for EntryBody {
    fn from(link: Link) -> Self {
        let entry = link.entry;
        Self {
            number: link.number,
            at: entry.at,
            actor_kind: entry.actor.kind.name(),
            actor: entry.actor.name,
            action: entry.action,
            creche_id: entry.creche,
            period: entry.period,
            detail: entry.detail,
        }
    }
}

impl EntryBody {
    fn row(&self) -> [String; 5] {
        let about = [
            self.creche_id.map(|creche| creche.to_string()),
            self.period.map(|period| period.to_string()),
            self.detail.clone(),
        ];
        let about: Vec<_> = about.into_iter().flatten().collect();
        let actor = format!("{} {}", self.actor_kind, self.actor);
        [self.number.to_string(), self.at.to_string(), actor, self.action.clone(), about.join(" ")]
    }
}

impl Verb {
    pub(super) async fn run(self, desk: &Desk) -> Result<Report, Failure> {
        match self {
            Self::Verify { organiser } => verify(desk, organiser).await,
            Self::List { organiser, limit, before } => {
                let chain = chain(desk, organiser).await?;
                let found = audit::list(&desk.app.db, chain, before, limit).await?;
                let bodies: Vec<_> = found.into_iter().map(EntryBody::from).collect();
                let headings = ["NUMBER", "AT", "BY", "ACTION", "ABOUT"];
                Ok(Report::list(&bodies, headings, EntryBody::row, "There is no entry."))
            }
        }
    }
}

async fn verify(desk: &Desk, organiser: Option<OrganiserId>) -> Result<Report, Failure> {
    let (db, index) = (&desk.app.db, desk.app.vault.index());
    let verdicts = if organiser.is_none() {
        audit::verify_all(db, index).await?
    } else {
        let chain = chain(desk, organiser).await?;
        vec![(chain, audit::verify_whole(db, index, chain).await?)]
    };
    let bodies: Vec<_> = verdicts.into_iter().map(|(chain, verdict)| VerdictBody::new(chain, verdict)).collect();
    let broken = bodies.iter().filter(|body| !body.intact).count();
    let summary = match broken {
        0 => format!("All {} chain(s) are intact.", bodies.len()),
        _ => format!("{broken} of {} chain(s) are broken.", bodies.len()),
    };
    let answer = serde_json::json!({ "intact": broken == 0, "chains": &bodies });
    let report = Report::new(&answer, summary).alarming(broken > 0);
    Ok(bodies.iter().fold(report, |report, body| report.line(body.sentence())))
}

/// The chain of an organiser, who must be there, or the operator's.
async fn chain(desk: &Desk, organiser: Option<OrganiserId>) -> Result<Chain, Failure> {
    let Some(id) = organiser else { return Ok(Chain::Operator) };
    let known = organisers::list(&desk.app.db).await?.iter().any(|known| known.id == id);
    if known { Ok(Chain::Organiser(id)) } else { Err(Refusal::NoOrganiser(id).into()) }
}
