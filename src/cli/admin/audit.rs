//! `passerelle admin audit`.

use std::path::PathBuf;

use clap::Subcommand;
use jiff::Timestamp;
use serde::Serialize;

use super::context::AdminContext;
use super::report::CommandReport;
use crate::app::audit::{self, ChainBreak};
use crate::app::checkpoint::Checkpoint;
use crate::app::operator::OperatorError;
use crate::app::{integrity, organisers};
use crate::cli::{CliError, checkpoint};
use crate::domain::audit::AuditChain;
use crate::domain::period::Period;
use crate::ids::{CrecheId, OrganiserId};
use crate::store::audit::ChainLink;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Walk the chains of audit entries and name what was altered, removed or added outside the gateway. Exit status 1
    /// when a chain is broken.
    Verify {
        /// Only the chain of this organiser; without it, every organiser's and the operator's.
        #[arg(long, value_name = "ID")]
        organiser: Option<OrganiserId>,
        /// Compare with the checkpoint in this file; without it, with audit.checkpointFile if that is set and there.
        #[arg(long, value_name = "FILE", conflicts_with = "organiser")]
        checkpoint: Option<PathBuf>,
    },
    /// Write down where each chain ends now, under a keyed hash, in audit.checkpointFile or in FILE.
    ///
    /// A running gateway does this by itself when audit.checkpointFile is set. A checkpoint that is there and that the
    /// database contradicts is left as it is.
    Checkpoint {
        /// Where to; without it, audit.checkpointFile.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Write it although the database contradicts the one that is there: after a backup was put back.
        #[arg(long)]
        replace: bool,
    },
    /// Give every row an authentication code as it is now, whatever code it had, and record that in every chain.
    ///
    /// Only after `passerelle doctor --deep` was read and every row it names was looked at: what was forged counts as the
    /// gateway's own from then on.
    AcceptRows {
        /// Say that you have looked.
        #[arg(long, required = true)]
        certified: bool,
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
    fn new(chain: AuditChain, verdict: Result<u64, ChainBreak>) -> Self {
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

impl From<ChainLink> for EntryBody {
    fn from(link: ChainLink) -> Self {
        let entry = link.entry;
        Self {
            number: link.number,
            at: entry.at,
            actor_kind: entry.actor.kind.code(),
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

impl AuditCommand {
    pub(super) async fn run(self, admin: &AdminContext) -> Result<CommandReport, CliError> {
        match self {
            Self::Verify { organiser, checkpoint } => verify(admin, organiser, checkpoint).await,
            Self::Checkpoint { file, replace } => make_checkpoint(admin, file, replace).await,
            Self::AcceptRows { certified: _ } => {
                let rows = integrity::accept(admin.act()).await?;
                let line = format!("{rows} row(s) were given an authentication code as they are.");
                Ok(CommandReport::new(&serde_json::json!({ "rows": rows }), line))
            }
            Self::List { organiser, limit, before } => {
                let chain = chain(admin, organiser).await?;
                let entries = audit::list(&admin.app.db, chain, before, limit).await?;
                let bodies: Vec<_> = entries.into_iter().map(EntryBody::from).collect();
                let headings = ["NUMBER", "AT", "BY", "ACTION", "ABOUT"];
                Ok(CommandReport::list(&bodies, headings, EntryBody::row, "There is no entry."))
            }
        }
    }
}

/// Writes the heads of the chains to the checkpoint file.
async fn make_checkpoint(
    admin: &AdminContext,
    file: Option<PathBuf>,
    replace: bool,
) -> Result<CommandReport, CliError> {
    let configured = admin.config.audit.checkpoint_file.clone();
    let file = file.or(configured).ok_or("audit.checkpointFile is not set: name a file with --file")?;
    let written = if replace {
        checkpoint::replace(&file, &admin.app).await?
    } else {
        checkpoint::advance(&file, &admin.app).await?
    };
    let line = format!("{} has the ends of {} chain(s) as of {:.0}.", file.display(), written.chains.len(), written.at);
    Ok(CommandReport::new(&serde_json::json!({ "file": file, "at": written.at, "chains": written.chains }), line))
}

/// The named checkpoint, or the configured one if it exists.
fn checkpoint_of(admin: &AdminContext, named: Option<PathBuf>) -> Result<Option<Checkpoint>, CliError> {
    let required = named.is_some();
    let Some(file) = named.or_else(|| admin.config.audit.checkpoint_file.clone()) else { return Ok(None) };
    let checkpoint = checkpoint::read(&file, &admin.app)?;
    if required && checkpoint.is_none() {
        Err(format!("there is no {}", file.display()).into())
    } else {
        Ok(checkpoint)
    }
}

async fn verify(
    admin: &AdminContext,
    organiser: Option<OrganiserId>,
    checkpoint: Option<PathBuf>,
) -> Result<CommandReport, CliError> {
    let (db, index) = (&admin.app.db, admin.app.vault.index_key());
    let verdicts = if organiser.is_none() {
        audit::verify_all(db, index).await?
    } else {
        let chain = chain(admin, organiser).await?;
        vec![(chain, audit::verify_whole(db, index, chain).await?)]
    };
    let checkpoint = if organiser.is_none() { checkpoint_of(admin, checkpoint)? } else { None };
    let lost = match &checkpoint {
        Some(checkpoint) => checkpoint.compare(db).await?,
        None => Vec::new(),
    };
    let mut bodies: Vec<_> = verdicts.into_iter().map(|(chain, verdict)| VerdictBody::new(chain, verdict)).collect();
    for (chain, fault) in lost {
        bodies.retain(|body| body.chain != chain || !body.intact);
        bodies.push(VerdictBody { chain, intact: false, entries: None, fault: Some(fault.to_string()) });
    }
    let broken = bodies.iter().filter(|body| !body.intact).count();
    let summary = match broken {
        0 => format!("All {} chain(s) are intact.", bodies.len()),
        _ => format!("{broken} of {} chain(s) are broken.", bodies.len()),
    };
    let answer = serde_json::json!({ "intact": broken == 0, "chains": &bodies });
    let mut report = CommandReport::new(&answer, summary).failing_if(broken > 0);
    if let Some(checkpoint) = checkpoint {
        report = report.line(format!("Compared with the checkpoint of {:.0}.", checkpoint.at));
    }
    Ok(bodies.iter().fold(report, |report, body| report.line(body.sentence())))
}

/// The chain of an existing organiser, or the operator's.
async fn chain(admin: &AdminContext, organiser: Option<OrganiserId>) -> Result<AuditChain, CliError> {
    let Some(id) = organiser else { return Ok(AuditChain::Operator) };
    let exists = organisers::list(&admin.app.db).await?.iter().any(|organiser| organiser.id == id);
    if exists { Ok(AuditChain::Organiser(id)) } else { Err(OperatorError::NoOrganiser(id).into()) }
}
