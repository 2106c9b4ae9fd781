//! What the tasks of deposits, reports and claims are made of, read in one transaction.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use crate::app::error::InternalError;
use crate::app::sessions::ActingUser;
use crate::app::{App, creches, doctors};
use crate::clock::to_brussels;
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::period::{Month, Quarter};
use crate::domain::report;
use crate::domain::standing_facts::CurrentDoctor;
use crate::domain::statement::{StatementFilter, StatementKind, StatementStatus};
use crate::ids::CrecheId;
use crate::store;
use crate::store::statements::CurrentStatement;

/// How many quarters are looked at, the present one among them.
const QUARTERS: usize = 5;

/// Statements by kind, crèche and month; a report by the first month of its quarter.
type Statements = HashMap<(StatementKind, CrecheId, Month), CurrentStatement>;

/// What was read.
pub(super) struct HomeInputs<'a> {
    pub(super) acting: &'a ActingUser,
    pub(super) today: Date,
    /// The crèches in which the user has any right, in their order.
    pub(super) creches: Vec<Creche>,
    /// The statements and reports of the quarters.
    statements: Statements,
    /// The first month of the quarters with anything of a crèche.
    first_used: HashMap<CrecheId, Month>,
    /// When each crèche was registered.
    registered: HashMap<CrecheId, Date>,
    /// The doctors whose collaboration has not ended.
    pub(super) doctors: Vec<CurrentDoctor>,
    /// The quarters, the latest first.
    quarters: Vec<Quarter>,
}

impl<'a> HomeInputs<'a> {
    pub(super) async fn read(app: &App, acting: &'a ActingUser) -> Result<Self, InternalError> {
        let today = acting.clock.today();
        let present = Month::of(today).quarter();
        let quarters = std::iter::successors(Some(present), |one| Some(one.previous())).take(QUARTERS).collect();
        let mut inputs = Self {
            acting,
            today,
            creches: Vec::new(),
            statements: Statements::new(),
            first_used: HashMap::new(),
            registered: HashMap::new(),
            doctors: Vec::new(),
            quarters,
        };
        let Some(caller) = acting.caller_anywhere() else { return Ok(inputs) };
        let key = app.vault.organiser_key(&app.db, acting.organiser).await?;
        let from = inputs.first_month();
        let tx = &mut app.db.read().await?;
        inputs.creches = creches::list_within_reach(tx, &caller).await?;
        let registered = store::creches::list(tx, acting.organiser).await?;
        inputs.registered = registered.into_iter().map(|one| (one.id, to_brussels(one.created_at).date())).collect();
        for kind in StatementKind::ALL {
            let filter = StatementFilter { from: Some(from), ..StatementFilter::of(*kind) };
            for current in store::statements::list(tx, acting.organiser, filter).await? {
                let (creche, month) = (current.revision.creche, current.revision.month);
                let first = inputs.first_used.entry(creche).or_insert(month);
                *first = month.min(*first);
                inputs.statements.insert((*kind, creche, month), current);
            }
        }
        inputs.doctors = doctors::current_doctors(tx, &key, acting.organiser).await?;
        inputs.doctors.retain(|doctor| doctor.collaboration.1.is_none_or(|end| end >= today));
        Ok(inputs)
    }

    /// The first month of the quarters.
    pub(super) fn first_month(&self) -> Month {
        self.quarters.last().map_or_else(|| Month::of(self.today), |quarter| quarter.months()[0])
    }

    /// The months of the quarters that are over, the latest first.
    pub(super) fn months_over(&self) -> impl Iterator<Item = Month> {
        let last = Month::of(self.today).previous();
        std::iter::successors(Some(last), |month| Some(month.previous()))
            .take_while(|month| *month >= self.first_month())
    }

    /// The crèches in which the user has a right.
    pub(super) fn creches_with(&self, scope: Scope) -> impl Iterator<Item = &Creche> {
        self.creches.iter().filter(move |creche| self.acting.mandate.may(scope, creche.id))
    }

    /// The quarters whose report a crèche is to have signed and has not, the latest first. Of those past their deadline, only
    /// quarters since the first of which anything was deposited, and those whose deadline was after the registration: before,
    /// the crèche did not use the gateway.
    pub(super) fn open_quarters(&self, creche: &Creche) -> impl Iterator<Item = Quarter> {
        let first = self.first_used.get(&creche.id).copied();
        let registered = self.registered.get(&creche.id).copied();
        let is_registered = move |quarter: &Quarter| registered.is_some_and(|day| day <= quarter.deadline());
        let is_open = move |quarter: &Quarter| {
            let is_used = first.is_some_and(|first| first <= quarter.months()[2]);
            let (begin, end) = (quarter.months()[0].first_day(), quarter.months()[2].last_day());
            creche.is_authorised_within(begin, end) && (is_used || is_registered(quarter))
        };
        let quarters = self.quarters.iter().copied().filter(|_| creche.subsidised).filter(is_open);
        quarters.filter(|quarter| !self.is_signed(creche.id, *quarter))
    }

    /// The statement of a month.
    pub(super) fn statement(&self, kind: StatementKind, creche: CrecheId, month: Month) -> Option<&CurrentStatement> {
        self.statements.get(&(kind, creche, month))
    }

    /// The report of a quarter.
    pub(super) fn report(&self, creche: CrecheId, quarter: Quarter) -> Option<&CurrentStatement> {
        self.statement(report::KIND, creche, quarter.months()[0])
    }

    /// Whether the report of a quarter is signed. A report that is signed is stored.
    pub(super) fn is_signed(&self, creche: CrecheId, quarter: Quarter) -> bool {
        self.report(creche, quarter).is_some_and(|report| report.status == StatementStatus::Locked)
    }

    /// The crèches of which statements of a kind that is not due every month are expected: some were deposited, or a doctor
    /// works there.
    pub(super) fn expected(&self, kind: StatementKind) -> HashSet<CrecheId> {
        let deposited = self.statements.keys().filter(|(of, ..)| *of == kind).map(|(_, creche, _)| *creche);
        deposited.chain(self.doctors.iter().flat_map(|doctor| doctor.creches.iter().copied())).collect()
    }
}

/// The kinds of which a statement is due every month.
pub(super) fn due_kinds() -> impl Iterator<Item = StatementKind> {
    StatementKind::MONTHLY.iter().copied().filter(|kind| kind.is_due())
}
