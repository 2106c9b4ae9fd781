//! Drafts: tables that users type in, saved any number of times, validated as they are, deposited like any other
//! document. There is one for each statement, for all users.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::caller::Caller;
use super::super::error::{AccessError, InternalError};
use super::super::record::Record;
use super::super::{App, creches, users};
use super::validation::{UnreadStatement, is_small, validate_deposit};
use super::{
    AcceptedStatement, DepositError, DepositOptions, DocumentForm, StatementDeposit, StatementFormat, Typed, deposit,
    previous_statement, read,
};
use crate::domain::action::{Action, RecordedStatementAction};
use crate::domain::caps::CapKind;
use crate::domain::claim::Freeze;
use crate::domain::finding::{Finding, Findings};
use crate::domain::period::{Month, Period};
use crate::domain::rule::RuleSet;
use crate::domain::statement::StatementKey;
use crate::ids::CrecheId;
use crate::seal::{Compressed, DataKey, SealContext};
use crate::store::drafts::DraftRecord;
use crate::store::{self, Tx, WritePurpose};

/// A table as it was last saved.
#[derive(Debug)]
pub struct TableDraft {
    /// What was typed.
    pub table: Typed,
    /// Raised with each save; 1 at first.
    pub version: u64,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// The name of the user who saved it.
    pub saved_by: Option<String>,
}

/// The sealed content.
#[derive(Serialize, Deserialize)]
struct SealedTable {
    /// The page on which it was typed.
    page: String,
    table: Typed,
}

/// The initial content of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableStart {
    /// Empty rows, this many.
    Blank(usize),
    /// The lines of the last month that was deposited before.
    Previous,
    /// The statement as it was deposited.
    Current,
}

/// A table to be saved.
#[derive(Debug)]
pub struct TableSave {
    /// The crèche.
    pub creche: CrecheId,
    /// The month.
    pub month: Month,
    /// What was typed.
    pub table: Typed,
    /// The id of the page: saves of one page do not conflict with each other, even where a response was lost.
    pub page: String,
    /// The version that the page has; 0 when it has none.
    pub known: u64,
}

/// What was saved.
#[derive(Debug)]
pub struct SavedTable {
    /// The table, with what the page did not have.
    pub table: Typed,
    /// The version that it has now.
    pub version: u64,
    /// When.
    pub at: Timestamp,
}

/// Why nothing was saved.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The crèche cannot be reached.
    #[error(transparent)]
    Creche(#[from] AccessError),
    /// Another user saved, deposited or discarded it meanwhile: the present table.
    #[error("somebody else was quicker")]
    Stale(Box<Option<TableDraft>>),
    /// A number in it is none of those that are taken.
    #[error("a number in it is not taken")]
    SsinNotAccepted,
    /// The organiser has as many tables as it may.
    #[error("there are too many tables")]
    TooMany(Box<Finding>),
}

impl From<InternalError> for TableError {
    fn from(fault: InternalError) -> Self {
        Self::Creche(fault.into())
    }
}

impl From<store::Error> for TableError {
    fn from(error: store::Error) -> Self {
        Self::Creche(error.into())
    }
}

/// The validation of a table.
pub struct TableValidation<T> {
    /// All findings, with the cells.
    pub findings: Findings,
    /// Its sums, when there are no errors.
    pub totals: Option<T>,
}

/// The table that is being typed in, if there is one.
pub async fn draft<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
) -> Result<Option<TableDraft>, AccessError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let mut tx = app.db.read().await?;
    let slot =
        StatementKey { creche: creches::find_within_reach(&mut tx, caller, creche).await?.id, kind: S::KIND, month };
    let Some(kept) = store::drafts::find(&mut tx, caller.organiser, slot).await? else { return Ok(None) };
    let draft = open_draft(&mut tx, caller, &key, slot, &kept).await?;
    drop(tx);
    app.record_access(caller.organiser, &caller.actor(), &record_of(RecordedStatementAction::DraftRead, slot)).await?;
    Ok(Some(draft))
}

/// Whether there is a draft.
pub async fn is_begun<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
) -> Result<bool, AccessError> {
    let tx = &mut app.db.read().await?;
    let slot = StatementKey { creche: creches::find_within_reach(tx, caller, creche).await?.id, kind: S::KIND, month };
    Ok(store::drafts::find(tx, caller.organiser, slot).await?.is_some())
}

/// Begins a table, with some `spare` empty rows below its initial lines, as far as a table may have `most`
/// rows; an existing one stays.
pub async fn begin<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
    start: TableStart,
    (spare, most): (usize, usize),
) -> Result<(), TableError> {
    let mut rows = match start {
        TableStart::Blank(_) => Vec::new(),
        TableStart::Previous => {
            let last = previous_statement::<S>(app, caller, creche, month).await?;
            last.map(|stored| S::rows(&stored.statement.carried_over(month), month)).unwrap_or_default()
        }
        TableStart::Current => {
            let stored = read::<S>(app, caller, creche, month, None).await?;
            stored.map(|stored| S::rows(&stored.statement.into_raw(), month)).unwrap_or_default()
        }
    };
    let headers = S::headers(month);
    let blank = match start {
        TableStart::Blank(rows) => rows,
        TableStart::Previous | TableStart::Current => spare,
    };
    rows.resize((rows.len() + blank).min(most.max(rows.len())), Vec::new());
    for row in &mut rows {
        row.resize(headers.len(), String::new());
    }
    let table = Typed { headers, rows };
    match save_draft::<S>(app, caller, TableSave { creche, month, table, page: String::new(), known: 0 }).await {
        Ok(_) | Err(TableError::Stale(_)) => Ok(()),
        Err(conflict) => Err(conflict),
    }
}

/// Saves a table, unless another page saved since.
pub async fn save_draft<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    save: TableSave,
) -> Result<SavedTable, TableError> {
    let Some(person) = caller.person() else { return Err(AccessError::NotGranted.into()) };
    let key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let mut work = app.begin(caller, WritePurpose::Content).await?;
    let slot = StatementKey {
        creche: creches::find_within_reach(&mut work, caller, save.creche).await?.id,
        kind: S::KIND,
        month: save.month,
    };
    let kept = store::drafts::find(&mut work, caller.organiser, slot).await?;
    let before = kept.as_ref().map(|kept| open(caller, &key, slot, kept)).transpose()?;
    let same_page = before.as_ref().is_some_and(|before| !save.page.is_empty() && before.page == save.page);
    if kept.as_ref().map_or(0, |kept| kept.version) != save.known && !same_page {
        return Err(stale_draft(&mut work, caller, &key, slot, kept.as_ref()).await?);
    }
    let mut numbers = save.table.rows.iter().filter_map(|row| row.get(S::SECRET?));
    if numbers.any(|text| app.accepted_ssins.refuse_text(text)) {
        return Err(TableError::SsinNotAccepted);
    }
    if kept.is_none() {
        let count = store::counts::count_drafts(&mut work, caller.organiser).await? + 1;
        if let Some(full) = app.caps.exceeded(CapKind::Drafts, count) {
            return Err(TableError::TooMany(Box::new(full)));
        }
    }
    let table = match &before {
        Some(before) => save.table.restored(&before.table, S::SECRET),
        None => save.table,
    };
    let now = SealedTable { page: save.page, table };
    let sealed = serde_json::to_vec(&now).map_err(InternalError::from)?;
    let sealed = key.seal(&place(caller, slot), Compressed::new(&sealed));
    let version = kept.as_ref().map_or(0, |kept| kept.version) + 1;
    let new = DraftRecord { person, sealed, saved_at: work.at(), version };
    if !store::drafts::save(&mut work, caller.organiser, slot, &new).await? {
        return Err(store::Error::Rows(0).into());
    }
    let at = work.at();
    if same_page {
        // Repeated saves of one page are one change.
        work.commit_unrecorded().await?;
    } else {
        work.record(&record_of(RecordedStatementAction::DraftChanged, slot));
        work.commit().await?;
    }
    Ok(SavedTable { table: now.table, version, at })
}

/// Discards a table; `false` when it has another version by now.
pub async fn discard<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
    version: u64,
) -> Result<bool, AccessError> {
    let mut work = app.begin(caller, WritePurpose::RecordOnly).await?;
    let slot =
        StatementKey { creche: creches::find_within_reach(&mut work, caller, creche).await?.id, kind: S::KIND, month };
    let gone = store::drafts::delete(&mut work, caller.organiser, slot, version).await?;
    if gone {
        work.record(&record_of(RecordedStatementAction::DraftDiscarded, slot));
        work.commit().await?;
    }
    Ok(gone)
}

/// Validates a table as a deposit would, without a record.
pub async fn validate_table<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
    table: &Typed,
) -> Result<TableValidation<S::Totals>, DepositError> {
    let creche = creches::find(app, caller, creche).await?;
    let bytes = table.write().map_err(InternalError::from)?;
    let form = DocumentForm::Typed;
    let mut sent = UnreadStatement {
        creche,
        month,
        form,
        is_small: is_small(form, bytes.len()),
        bytes,
        rules: RuleSet::Current,
        current: None,
        freeze: Freeze::default(),
    };
    let (judged, _) = validate_deposit::<S>(app, caller, &mut sent).await?;
    Ok(TableValidation { findings: judged.findings, totals: judged.statement.map(|statement| statement.totals) })
}

/// Deposits version `version` of the saved table, and removes it once it is accepted.
pub async fn deposit_table<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    (creche, month): (CrecheId, Month),
    (version, table): (u64, &Typed),
    options: DepositOptions,
) -> Result<AcceptedStatement<S::Totals>, DepositError> {
    let bytes = table.write().map_err(InternalError::from)?;
    let typed = StatementDeposit { creche, month, form: DocumentForm::Typed, bytes, options };
    let accepted = deposit::<S>(app, caller, typed).await?;
    let slot = StatementKey { creche, kind: S::KIND, month };
    let mut work = app.begin(caller, WritePurpose::RecordOnly).await?;
    // A version that was saved meanwhile stays. The deposit is recorded already.
    store::drafts::delete(&mut work, caller.organiser, slot, version).await?;
    work.commit_unrecorded().await?;
    Ok(accepted)
}

async fn stale_draft(
    tx: &mut Tx,
    caller: &Caller,
    key: &DataKey,
    slot: StatementKey,
    kept: Option<&DraftRecord>,
) -> Result<TableError, InternalError> {
    let now = match kept {
        Some(kept) => Some(open_draft(tx, caller, key, slot, kept).await?),
        None => None,
    };
    Ok(TableError::Stale(Box::new(now)))
}

async fn open_draft(
    tx: &mut Tx,
    caller: &Caller,
    key: &DataKey,
    slot: StatementKey,
    kept: &DraftRecord,
) -> Result<TableDraft, InternalError> {
    let saved_by = users::name(tx, key, caller.organiser, kept.person).await?;
    let table = open(caller, key, slot, kept)?.table;
    Ok(TableDraft { table, version: kept.version, saved_at: kept.saved_at, saved_by })
}

fn open(caller: &Caller, key: &DataKey, slot: StatementKey, kept: &DraftRecord) -> Result<SealedTable, InternalError> {
    Ok(serde_json::from_slice(&key.open(&place(caller, slot), &kept.sealed)?)?)
}

fn place(caller: &Caller, slot: StatementKey) -> SealContext {
    let (creche, month) = (slot.creche.to_string(), slot.month.to_string());
    SealContext::of("draft", &[&caller.organiser.to_string(), &creche, slot.kind.name(), &month])
}

fn record_of(action: RecordedStatementAction, slot: StatementKey) -> Record {
    Record::of(Action::OfStatement(slot.kind, action)).creche(slot.creche).period(Period::Month(slot.month))
}
