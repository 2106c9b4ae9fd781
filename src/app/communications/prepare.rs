//! Drafts of communications: what an agent looks at before it is published.

use std::collections::HashMap;

use super::{AgentMark, CommunicationError, CommunicationRecord, refused};
use crate::app::App;
use crate::app::agents::AgencyCaller;
use crate::app::error::InternalError;
use crate::app::files::{DataOwner, FileError, SentFile, UploadedFile, attach, refusal, upload};
use crate::app::organisers::Organiser;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::communication::{
    Audience, CommunicationFault, FieldFault, MAX_CHOSEN, NewCommunication, TypedCommunication,
};
use crate::domain::enterprise::EnterpriseNumber;
use crate::domain::event::EventType;
use crate::domain::text::name_match_key;
use crate::ids::{CommunicationId, OrganiserId};
use crate::store;

/// Stores a draft with its file; fails with everything that is wrong. `None` is no file: the caller says so beside.
pub async fn prepare(
    app: &App,
    agent: &AgencyCaller,
    typed: &TypedCommunication,
    sent: Option<SentFile>,
) -> Result<CommunicationId, CommunicationError> {
    let content = typed.validate(app.clocks.agency_clock().today(), organisers(app, typed).await?);
    let (content, sent) = match (content, sent) {
        (Ok(content), Some(sent)) => (content, sent),
        (content, sent) => {
            let file = match sent {
                Some(sent) => refusal(app, DataOwner::Agency, sent).await?.map(Box::new),
                None => None,
            };
            return Err(CommunicationError::Invalid { fields: content.err().unwrap_or_default(), file });
        }
    };
    let file = upload_checked(app, sent).await?;
    let actor = agent.actor();
    let mut work = app.acting_as(&actor).begin_for_agency().await?;
    let id = CommunicationId::new(work.machine());
    let created = AgentMark { at: work.at(), by: actor.name.clone() };
    attach(&mut work, &file).await?;
    let new = CommunicationRecord { id, content, file: file.id, created, published: None, withdrawn: None };
    if !store::communications::insert(&mut work, &new).await? {
        return Err(store::Error::Changed.into());
    }
    work.record(&Record::of(RecordedAction::CommunicationPrepared).about(id));
    work.commit().await?;
    Ok(id)
}

async fn upload_checked(app: &App, sent: SentFile) -> Result<UploadedFile, CommunicationError> {
    upload(app, DataOwner::Agency, sent).await.map_err(|error| match error {
        FileError::Refused(finding) => {
            CommunicationError::Invalid { fields: Vec::new(), file: Some(Box::new(finding)) }
        }
        FileError::Fault(fault) => fault.into(),
    })
}

/// Deletes a draft with its file.
pub async fn discard(app: &App, agent: &AgencyCaller, id: CommunicationId) -> Result<(), CommunicationError> {
    let actor = agent.actor();
    let mut work = app.acting_as(&actor).begin_for_agency().await?;
    if !store::communications::discard(&mut work, id).await? {
        drop(work);
        return Err(refused(app, id, CommunicationError::Published).await);
    }
    work.record(&Record::of(RecordedAction::CommunicationDiscarded).about(id));
    Ok(work.commit().await?)
}

/// The organisers that the lines name, each once; or what is wrong with lines. Lines beyond the most are not looked up.
async fn organisers(
    app: &App,
    typed: &TypedCommunication,
) -> Result<Result<Vec<OrganiserId>, Vec<FieldFault>>, InternalError> {
    let lines: Vec<_> = typed.organiser_lines().collect();
    if typed.audience.trim() != Audience::Chosen.code() || lines.len() > MAX_CHOSEN {
        return Ok(Ok(Vec::new()));
    }
    let known = store::organisers::list(&mut app.db.read().await?).await?;
    let directory = Directory::of(&known);
    let (mut chosen, mut faults) = (Vec::new(), Vec::new());
    for line in lines {
        match directory.find(line) {
            Ok(id) => chosen.push(id),
            Err(fault) => faults.push(FieldFault { field: "organisers", fault, line: line.to_owned() }),
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(if faults.is_empty() { Ok(chosen) } else { Err(faults) })
}

/// Organisers by enterprise number and by name.
struct Directory {
    numbers: HashMap<EnterpriseNumber, OrganiserId>,
    names: HashMap<String, Vec<OrganiserId>>,
}

impl Directory {
    fn of(known: &[Organiser]) -> Self {
        let numbers = known.iter().filter_map(|one| Some((one.enterprise_number?, one.id))).collect();
        let mut names = HashMap::<_, Vec<_>>::new();
        for organiser in known {
            names.entry(name_match_key(&organiser.legal_name)).or_default().push(organiser.id);
        }
        Self { numbers, names }
    }

    /// The organiser with this number, or with this name whatever its case, accents and hyphens.
    fn find(&self, line: &str) -> Result<OrganiserId, CommunicationFault> {
        if let Ok(number) = EnterpriseNumber::parse(line) {
            return self.numbers.get(&number).copied().ok_or(CommunicationFault::OrganiserUnknown);
        }
        match self.names.get(&name_match_key(line)).map(Vec::as_slice) {
            Some([only]) => Ok(*only),
            Some(_) => Err(CommunicationFault::OrganiserAmbiguous),
            None => Err(CommunicationFault::OrganiserUnknown),
        }
    }
}

/// Publishes a communication of a sandbox under this id, unless it is there. It is as one that was published before its
/// organisers were registered: they read it, and no event is due.
pub async fn seed(
    app: &App,
    actor: &Actor,
    (id, content): (CommunicationId, NewCommunication),
    sent: SentFile,
) -> Result<(), CommunicationError> {
    if store::communications::find(&mut app.db.read().await?, id).await?.is_some() {
        return Ok(());
    }
    let file = upload_checked(app, sent).await?;
    let mut work = app.acting_as(actor).begin_for_agency().await?;
    let mark = AgentMark { at: work.at(), by: actor.name.clone() };
    attach(&mut work, &file).await?;
    let new =
        CommunicationRecord { id, content, file: file.id, created: mark.clone(), published: None, withdrawn: None };
    // Another gateway of the same database may have been faster: its file stays, and this one is removed after a day.
    if !store::communications::insert(&mut work, &new).await? {
        return Ok(());
    }
    store::communications::publish(&mut work, id, &mark).await?;
    work.record(&Record::of(EventType::CommunicationPublished).about(id));
    Ok(work.commit().await?)
}
