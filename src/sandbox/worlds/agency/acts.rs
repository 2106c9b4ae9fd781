//! The acts of a simulated agency, by the use cases of the agents.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::policy::{ClaimPolicy, DoctorPolicy};
use crate::app::agents::{ActingAgent, AgencyCaller};
use crate::app::claims::{self, AssignedTo, ClaimError, KnownClaim, ListedClaim, NewAnswer, WorkListQuery};
use crate::app::communications::{self, CommunicationError};
use crate::app::doctors::{self, DoctorError};
use crate::app::files::SentFile;
use crate::app::subsidies::{self, PaymentError};
use crate::app::{App, Precondition};
use crate::cli::CliError;
use crate::domain::actor::Actor;
use crate::domain::claim::{AnswerDetails, ClaimAct, ClaimState};
use crate::domain::communication::{Audience, CommunicationType, TypedCommunication};
use crate::domain::doctor::Decision;
use crate::domain::money::SignedCents;
use crate::domain::period::{Month, Period, Quarter};
use crate::domain::raw::Field;
use crate::domain::rule::Severity;
use crate::domain::rules::payment::RECORDED;
use crate::domain::search::PageBounds;
use crate::domain::subsidy::{PaymentType, RawPayment};
use crate::ids::CrecheId;
use crate::pdf::{self, Block};
use crate::sandbox::seed::content::SeedWorld;
use crate::store;
use crate::words::{Language, sandbox_agency as words};

/// How many claims are looked at, at a time.
const PAGE: u64 = 100;
/// What is paid for each authorised place of a quarter, in cents. Invented.
const CENTS_PER_PLACE: i64 = 150_000;
/// The invented rates of a table: the function and the amount of a quarter.
const RATES: [(&str, &str); 3] =
    [("Accueil", "14 210,35 €"), ("Psycho-médico-social", "17 884,10 €"), ("Direction", "19 402,75 €")];

/// The acts of a simulated agency.
pub(super) struct AgencyActs {
    app: App,
    /// Who answers, and who confirms where a second agent has to.
    agents: Vec<ActingAgent>,
    /// Each crèche with its number and its authorised places at the beginning.
    creches: Vec<(CrecheId, String, i64)>,
}

impl AgencyActs {
    pub(super) fn new(app: App, world: &SeedWorld) -> Self {
        let agent =
            |agent: &crate::sandbox::seed::content::SeedAgent| ActingAgent::new(&app, &agent.ssin, &agent.matricule);
        let agents = world.agents.iter().map(agent).collect();
        let creches = world.organisers.iter().flat_map(|organiser| &organiser.creches).map(|creche| {
            let places = creche.capacity.last().map_or(0, |places| places.places.into());
            (creche.id, creche.one_number.clone(), places)
        });
        let creches = creches.collect();
        Self { app, agents, creches }
    }

    /// The day by the clock of the agency.
    pub(super) fn today(&self) -> Date {
        self.app.clocks.agency_clock().today()
    }

    /// The instant that is so many days ago.
    fn days_ago(&self, days: u16) -> Timestamp {
        let ago = SignedDuration::from_hours(24 * i64::from(days));
        self.app.clocks.agency_clock().now().checked_sub(ago).unwrap_or(Timestamp::MIN)
    }

    /// Decides on the doctors whose agreement has been there for so many days.
    pub(super) async fn decide_on_doctors(&self, policy: DoctorPolicy, days: u16) -> Result<(), CliError> {
        let Some(agent) = self.agents.first() else { return Ok(()) };
        if doctors::count_awaiting_validation(&self.app).await? == 0 {
            return Ok(());
        }
        let decision = match policy {
            DoctorPolicy::Validate => Decision::Validated,
            DoctorPolicy::Refuse => Decision::Refused(words::DOCTOR_REFUSED.get(Language::Fr).to_owned()),
        };
        let since = self.days_ago(days);
        for found in doctors::list_awaiting_validation(&self.app, &agent.matricule).await? {
            let doctor = found.doctor;
            if doctor.agreed_at.is_none_or(|at| at > since) {
                continue;
            }
            let known = Precondition::Known(vec![doctor.version]);
            match doctors::decide(&self.app, &agent.matricule, doctor.id, &known, &decision).await {
                // The organiser changed the doctor meanwhile: it is decided anew the next time.
                Ok(_) | Err(DoctorError::Blocked(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Answers the claims that were signed so many days ago.
    pub(super) async fn answer_claims(&self, policy: ClaimPolicy, days: u16) -> Result<(), CliError> {
        for listed in self.claims(ClaimState::Signed, days).await? {
            match self.answer_claim(policy, &listed).await {
                // The organiser withdrew it, or signed again meanwhile: it is answered the next time.
                Ok(()) | Err(ClaimError::NotPossible { .. } | ClaimError::Outdated | ClaimError::Blocked(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The claims in a state, unchanged for so many days.
    async fn claims(&self, state: ClaimState, days: u16) -> Result<Vec<ListedClaim>, CliError> {
        let query = WorkListQuery {
            state: Some(state),
            quarter: None,
            days,
            with_warnings: None,
            assigned_to: AssignedTo::Anybody,
            with_message: false,
            words: "",
        };
        let mut claims = Vec::new();
        loop {
            let page = PageBounds { skip: claims.len() as u64, most: PAGE };
            let found = claims::work_list(&self.app, query, page).await?.claims;
            if found.is_empty() {
                return Ok(claims);
            }
            claims.extend(found);
        }
    }

    async fn answer_claim(&self, policy: ClaimPolicy, listed: &ListedClaim) -> Result<(), ClaimError> {
        let answer = match policy {
            ClaimPolicy::Accept => ClaimAct::Accept,
            ClaimPolicy::AcceptWithRemarks => ClaimAct::AcceptWithRemarks,
            ClaimPolicy::Refuse => ClaimAct::Refuse,
            ClaimPolicy::ReturnOnce if listed.claim.standing.was_taken_up => ClaimAct::Accept,
            ClaimPolicy::ReturnOnce => ClaimAct::Return,
        };
        self.claim_act(0, listed, ClaimAct::TakeUp).await?;
        if !self.app.second_agent.confirms(answer) {
            return self.claim_act(0, listed, answer).await;
        }
        self.claim_act(0, listed, proposal_of(answer)).await?;
        self.claim_act(1, listed, answer).await
    }

    /// An act of one of the agents.
    async fn claim_act(&self, agent: usize, listed: &ListedClaim, act: ClaimAct) -> Result<(), ClaimError> {
        let key = listed.claim.key;
        let Some(agent) = self.agents.get(agent).cloned() else { return Ok(()) };
        let months = if act == ClaimAct::Return { key.period.months() } else { Vec::new() };
        let new = NewAnswer {
            act,
            known: KnownClaim::Acts(Precondition::Any),
            reason: reason(act).unwrap_or_default(),
            details: AnswerDetails { remarks: Vec::new(), months },
        };
        let of = (key.organiser, key.creche, key.period);
        claims::answer(&self.app, &AgencyCaller::Agent(agent), of, new).await.map(drop)
    }

    /// Pays for the quarters that were accepted so many days ago. A payment that is recorded is not recorded again.
    pub(super) async fn pay(&self, days: u16) -> Result<(), CliError> {
        let Some(agent) = self.agents.first() else { return Ok(()) };
        let mut accepted = self.claims(ClaimState::Accepted, days).await?;
        accepted.extend(self.claims(ClaimState::AcceptedWithRemarks, days).await?);
        for listed in accepted {
            let Period::Quarter(quarter) = listed.claim.key.period else { continue };
            let Some(payment) = self.payment(listed.claim.key.creche, quarter) else { continue };
            match subsidies::record(&self.app, &Actor::agent(&agent.matricule), &[payment], false).await {
                Ok(_) => {}
                Err(PaymentError::Invalid(found))
                    if found.of(Severity::Error).all(|one| one.rule.code == RECORDED.code) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The payment of a quarter.
    fn payment(&self, creche: CrecheId, quarter: Quarter) -> Option<RawPayment> {
        let (_, number, places) = self.creches.iter().find(|(id, ..)| *id == creche)?;
        Some(RawPayment {
            one_number: Field::from_text(number),
            quarter: Field::Present(quarter),
            payment_type: Field::Present(PaymentType::Subsidy),
            paid_on: Field::Present(self.today()),
            amount: Field::Present(SignedCents(places * CENTS_PER_PLACE)),
            balance: Field::Absent,
            reference: Field::from_text(&format!("SIM-{quarter}")),
        })
    }

    /// Publishes the table of rates of the current quarter, where there is none yet.
    pub(super) async fn publish_rates(&self) -> Result<(), CliError> {
        let Some(agent) = self.agents.first().cloned() else { return Ok(()) };
        let (agent, quarter) = (AgencyCaller::Agent(agent), Month::of(self.today()).quarter());
        let title = words::RATES_TITLE.get(Language::Fr).replace("{quarter}", &quarter.in_words(Language::Fr));
        let latest = PageBounds { skip: 0, most: PAGE };
        let known = store::communications::list_all(&mut self.app.db.read().await?, latest).await?;
        if known.iter().any(|communication| communication.content.title == title) {
            return Ok(());
        }
        let typed = TypedCommunication {
            date: self.today().to_string(),
            title: title.clone(),
            communication_type: CommunicationType::RateTable.code().to_owned(),
            quarter: quarter.to_string(),
            sector: String::new(),
            staff_status: String::new(),
            audience: Audience::All.code().to_owned(),
            organisers: String::new(),
        };
        let id = communications::prepare(&self.app, &agent, &typed, Some(rates(&title)?)).await?;
        match communications::publish(&self.app, &agent, id).await {
            Ok(()) | Err(CommunicationError::Published) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The proposal of an answer.
fn proposal_of(answer: ClaimAct) -> ClaimAct {
    let proposals = ClaimAct::ALL.iter().copied();
    proposals.into_iter().find(|act| act.proposed_answer() == Some(answer)).unwrap_or(answer)
}

/// What is said with an act that needs a reason.
fn reason(act: ClaimAct) -> Option<&'static str> {
    let text = match act.proposed_answer().unwrap_or(act) {
        ClaimAct::AcceptWithRemarks => words::ACCEPTED_WITH_REMARKS,
        ClaimAct::Return => words::RETURNED,
        ClaimAct::Refuse => words::REFUSED,
        _ => return None,
    };
    Some(text.get(Language::Fr))
}

/// A table of rates.
fn rates(title: &str) -> Result<SentFile, CliError> {
    let header = [words::RATES_FUNCTION, words::RATES_AMOUNT].map(|text| text.get(Language::Fr).to_owned());
    let rows = RATES.map(|(function, amount)| vec![function.to_owned(), amount.to_owned()]);
    let blocks = [
        Block::Heading(1, title.to_owned()),
        Block::Paragraph(words::RATES_NOTICE.get(Language::Fr).to_owned()),
        Block::Table(std::iter::once(header.to_vec()).chain(rows).collect()),
    ];
    Ok(SentFile { name: format!("{title}.pdf"), bytes: pdf::write(title, "fr", &blocks)? })
}
