//! Legacy `.xls`: never read in the serving process. A malformed file of a few kilobytes can make any reader of the
//! format allocate gigabytes, which ends a process and cannot be caught; so a short-lived child process reads it, with
//! little memory and little time, no file and no network, and returns the bare cells.

mod restriction;

use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use calamine::{Data, DataRef, Dimensions, Range, Reader as _, SheetVisible, Xls, XlsError, XlsOptions};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::model::{Model, VERSION_NAME};
use super::package::only_sheet;
use super::table::{CellAddress, MergedCells, Table, TableFull, Value};
use super::xls_traits::FileTraits;
use super::{RequestedSheet, every_form, misplaced_table, refusal};
use crate::domain::finding::{Finding, FindingPlace, Param};
use crate::domain::rules::workbook::{
    PASSWORD_PROTECTED, SHEET_AMBIGUOUS, SHEET_HIDDEN, SHEET_MISSING, TOO_LARGE, UNREADABLE,
};
use crate::ingest::Sheets;

/// The hidden command of this program by which it reads one `.xls` from its standard input.
pub const COMMAND: &str = "read-xls";
/// The argument in the place of models with which the child reports whether it is restricted.
const CONFINEMENT: &str = "confinement";
/// The argument in the place of models to check that a child responds: no model has this code.
const PROBE: &str = "probe";
/// The child's time limit.
const WALL: Duration = Duration::from_secs(10);
/// The most children at once.
const AT_ONCE: usize = 2;
/// The largest output of a child, in bytes.
const MAX_ANSWER: u64 = 32 << 20;

/// Reads `.xls` files in children of this program.
#[derive(Debug, Clone)]
pub struct XlsReader {
    program: PathBuf,
    places: Arc<Semaphore>,
    wall: Duration,
}

/// The child's output.
#[derive(Serialize, Deserialize)]
enum ChildAnswer {
    Table(Table),
    Password,
    NoSheet,
    HiddenSheet,
    Sheets(u64),
    Full,
    FarCell(CellAddress),
    Unreadable,
}

impl ChildAnswer {
    /// The sheet, or the finding.
    fn into_table(self, model: &Model) -> Result<Table, Finding> {
        let sheet = |rule| refusal(rule).with("sheet", Param::Code(model.sheet.to_owned()));
        match self {
            Self::Table(table) if table.is_sound() => Ok(table),
            Self::Table(_) | Self::Unreadable => Err(refusal(&UNREADABLE)),
            Self::Password => Err(refusal(&PASSWORD_PROTECTED)),
            Self::NoSheet => Err(sheet(&SHEET_MISSING)),
            Self::HiddenSheet => Err(sheet(&SHEET_HIDDEN)),
            Self::Sheets(count) => Err(sheet(&SHEET_AMBIGUOUS).with("count", Param::Count(count))),
            Self::Full => Err(refusal(&TOO_LARGE)),
            Self::FarCell(address) => {
                let mut finding = refusal(&TOO_LARGE);
                finding.places =
                    vec![FindingPlace { cell: Some(format!("{}!{address}", model.sheet)), ..FindingPlace::default() }];
                Err(finding)
            }
        }
    }
}

impl XlsReader {
    /// `program` is the path of this program: it is started with [`COMMAND`].
    pub fn new(program: PathBuf) -> Self {
        Self { program, places: Arc::new(Semaphore::new(AT_ONCE)), wall: WALL }
    }

    /// With a shorter time limit, for tests.
    pub const fn with_time_limit(mut self, wall: Duration) -> Self {
        self.wall = wall;
        self
    }

    /// Reads the sheet of `model`. When the child fails, times out or has malformed output, the finding is that the
    /// file is unreadable.
    pub async fn read(&self, bytes: &[u8], model: &Model) -> Result<Table, Finding> {
        self.answers(bytes, &[model.code]).await.pop().unwrap_or(ChildAnswer::Unreadable).into_table(model)
    }

    /// Reads the sheets of `parts`, each likewise; one child reads them all.
    pub async fn read_sheets(&self, bytes: &[u8], parts: &[RequestedSheet]) -> Result<Sheets, Finding> {
        let codes: Vec<_> = parts.iter().map(|part| part.model.code).collect();
        let answers =
            self.answers(bytes, &codes).await.into_iter().chain(std::iter::repeat_with(|| ChildAnswer::Unreadable));
        parts.iter().zip(answers).map(|(part, answer)| part.optional_table(answer.into_table(part.model))).collect()
    }

    /// The child's output for the sheets with these codes; nothing where it is malformed.
    async fn answers(&self, bytes: &[u8], codes: &[&str]) -> Vec<ChildAnswer> {
        let Ok(_place) = self.places.acquire().await else { return Vec::new() };
        let answer = tokio::time::timeout(self.wall, self.ask(bytes, codes)).await;
        let answer = answer.ok().and_then(Result::ok).unwrap_or_default();
        serde_json::from_slice(&answer).unwrap_or_default()
    }

    /// Whether a child can be started and responds.
    pub async fn probe(&self) -> std::io::Result<()> {
        let answer = tokio::time::timeout(self.wall, self.ask(b"", &[PROBE])).await??;
        serde_json::from_slice::<Vec<ChildAnswer>>(&answer).map(drop).map_err(Into::into)
    }

    /// Whether a child can reach neither the network nor files nor other programs.
    pub async fn is_confined(&self) -> std::io::Result<bool> {
        let answer = tokio::time::timeout(self.wall, self.ask(b"", &[CONFINEMENT])).await??;
        serde_json::from_slice(&answer).map_err(Into::into)
    }

    /// Starts a child, writes the file to it, reads its output. Dropping the future kills the child.
    async fn ask(&self, bytes: &[u8], codes: &[&str]) -> std::io::Result<Vec<u8>> {
        let mut child = Command::new(&self.program)
            .arg(COMMAND)
            .args(codes)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let answer = exchange(&mut child, bytes).await?;
        let status = child.wait().await?;
        if status.success() { Ok(answer) } else { Ok(Vec::new()) }
    }
}

/// Writes and reads concurrently, so that neither side blocks the other.
async fn exchange(child: &mut Child, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(Vec::new());
    };
    let mut answer = Vec::new();
    let mut stdout = stdout.take(MAX_ANSWER);
    let give = async {
        // A child that refuses early closes its input; its output counts.
        let _ = stdin.write_all(bytes).await;
        drop(stdin);
    };
    let ((), taken) = tokio::join!(give, stdout.read_to_end(&mut answer));
    taken?;
    Ok(answer)
}

/// The child's main function: restricts itself, reads one `.xls` from `input`, writes the result to `output`.
///
/// `models` are codes of some of the [`Model`]s in `known`: there is a result for each.
pub fn run_child(
    models: &[String],
    known: &[&'static Model],
    input: &mut impl Read,
    output: &mut impl Write,
) -> std::io::Result<()> {
    restriction::confine_process()?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    if models == [CONFINEMENT] {
        serde_json::to_writer(&mut *output, &restriction::is_confined())?;
        return output.flush();
    }
    let models: Vec<_> = models.iter().map(|code| known.iter().copied().find(|model| model.code == code)).collect();
    serde_json::to_writer(&mut *output, &read(bytes, &models))?;
    output.flush()
}

/// Reads the sheet of each model.
fn read(bytes: Vec<u8>, models: &[Option<&Model>]) -> Vec<ChildAnswer> {
    let refused = |answer: fn() -> ChildAnswer| models.iter().map(|_| answer()).collect();
    let traits = FileTraits::of(&bytes);
    if let Some(address) = traits.far_cell {
        return models.iter().map(|_| ChildAnswer::FarCell(address)).collect();
    }
    // The texts of Excel 97 and later do not depend on a code page, whichever the file declares. Those of Excel 5 are
    // read as a character for each byte and decoded afterwards.
    let mut options = XlsOptions::default();
    options.force_codepage = Some(UTF_16);
    let mut workbook = match Xls::new_with_options(Cursor::new(bytes), options) {
        Ok(workbook) => workbook,
        Err(XlsError::Password) => return refused(|| ChildAnswer::Password),
        Err(_) => return refused(|| ChildAnswer::Unreadable),
    };
    let sheet =
        |model: Option<&Model>| model.map_or(ChildAnswer::Unreadable, |model| sheet_of(&mut workbook, model, &traits));
    let mut answers: Vec<_> = models.iter().copied().map(sheet).collect();
    note_others(&mut workbook, models, &mut answers, &traits);
    answers
}

/// Sets in the sheets that were read which others have the same table.
fn note_others(
    workbook: &mut Xls<Cursor<Vec<u8>>>,
    models: &[Option<&Model>],
    answers: &mut [ChildAnswer],
    traits: &FileTraits,
) {
    let tables = answers.iter_mut().map(|answer| match answer {
        ChildAnswer::Table(table) => Some(table),
        _ => None,
    });
    let mut read: Vec<_> = models.iter().zip(tables).filter_map(|(model, table)| Some(((*model)?, table))).collect();
    let known: Vec<_> = read.iter().filter_map(|(_, table)| Some(table.as_ref()?.sheet.clone())).collect();
    let sheets: Vec<_> = workbook.sheets_metadata().to_vec();
    let visible = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let tabs: Vec<_> = visible.map(|sheet| (traits.text(&sheet.name), sheet.name.as_str())).collect();
    let wanted = misplaced_table::candidates(tabs.iter().map(|(shown, _)| &**shown), &known);
    let others = tabs.iter().filter(|(shown, _)| wanted.contains(&&**shown));
    let others: Vec<_> = others.filter_map(|(shown, name)| beginning(workbook, shown, name, traits)).collect();
    misplaced_table::record_unread(&mut read, &others);
}

/// The beginning of the sheet named `name` by the reader.
fn beginning(workbook: &mut Xls<Cursor<Vec<u8>>>, shown: &str, name: &str, traits: &FileTraits) -> Option<Table> {
    let range = workbook.worksheet_range(name).ok()?;
    let (top, left) = range.start().unwrap_or_default();
    let mut table = Table::new(shown);
    for (row, column, value) in range.used_cells().take(misplaced_table::MAX_CELLS) {
        let (row, column) = (u32::try_from(row).ok()? + top, u32::try_from(column).ok()? + left);
        match value {
            Data::String(text) => table.push(row, column, Value::Text(&traits.text(text))).ok()?,
            value => every_form::push(&mut table, row, column, &borrowed(value)).ok()?,
        }
    }
    table.sort_cells();
    Some(table)
}

/// The code page with which the reader leaves texts unchanged.
const UTF_16: u16 = 1200;

fn sheet_of(workbook: &mut Xls<Cursor<Vec<u8>>>, model: &Model, traits: &FileTraits) -> ChildAnswer {
    let sheets: Vec<_> = workbook.sheets_metadata().to_vec();
    let names: Vec<_> = sheets.iter().map(|sheet| traits.text(&sheet.name)).collect();
    let listed = names.iter().zip(&sheets).map(|(name, sheet)| (&**name, sheet.visible != SheetVisible::Visible));
    let name = match only_sheet(model, &listed) {
        Ok(name) => name,
        Err(finding) => return sheet_answer(&finding),
    };
    let Some(sheet) = names.iter().position(|other| other == name).map(|at| &sheets[at].name) else {
        return ChildAnswer::Unreadable;
    };
    let Ok(range) = workbook.worksheet_range(sheet) else { return ChildAnswer::Unreadable };
    let mut table = Table::new(name);
    table.from_1904 = workbook.has_1904_epoch();
    let version = workbook.defined_names().iter().find(|(other, _)| other.eq_ignore_ascii_case(VERSION_NAME));
    table.version = version.map(|(_, meaning)| meaning.clone());
    table.merged = workbook.merge_cells_by_sheet_name(sheet).unwrap_or_default().iter().filter_map(merged).collect();
    let uncertain = workbook.worksheet_formula(sheet).map(|formulas| uncertain(&formulas, &range, traits));
    if fill(&mut table, &range, &uncertain.unwrap_or_default(), traits).is_err() {
        return ChildAnswer::Full;
    }
    table.sort_cells();
    ChildAnswer::Table(table)
}

/// Copies every cell; the formulas at the `uncertain` places as errors.
fn fill(
    table: &mut Table,
    range: &Range<Data>,
    uncertain: &[(u32, u32)],
    traits: &FileTraits,
) -> Result<(), TableFull> {
    for &(row, column) in uncertain {
        table.push(row, column, Value::Error("#N/A"))?;
    }
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let row = u32::try_from(row).map_err(|_| TableFull)? + top;
        let column = u32::try_from(column).map_err(|_| TableFull)? + left;
        if uncertain.binary_search(&(row, column)).is_ok() {
            continue;
        }
        match value {
            Data::String(text) => table.push(row, column, Value::Text(&traits.text(text)))?,
            value => every_form::push(table, row, column, &borrowed(value))?,
        }
    }
    Ok(())
}

/// The formulas whose stored result is not certain, in order: those without a result, and, in a file that was never
/// calculated by a spreadsheet program, those with an empty text or a zero.
fn uncertain(formulas: &Range<String>, values: &Range<Data>, traits: &FileTraits) -> Vec<(u32, u32)> {
    let (top, left) = formulas.start().unwrap_or_default();
    let places = formulas
        .used_cells()
        .filter(|(.., formula)| !formula.is_empty())
        .filter_map(|(row, column, _)| Some((u32::try_from(row).ok()? + top, u32::try_from(column).ok()? + left)));
    let is_uncertain = |place: &(u32, u32)| match values.get_value(*place) {
        None | Some(Data::Empty) => true,
        Some(Data::String(text)) => text.is_empty() && !traits.calculated,
        Some(Data::Int(0)) => !traits.calculated,
        Some(Data::Float(number)) => *number == 0.0 && !traits.calculated,
        Some(Data::DateTime(moment)) => moment.as_f64() == 0.0 && !traits.calculated,
        Some(_) => false,
    };
    let mut uncertain: Vec<_> = places.filter(is_uncertain).collect();
    uncertain.sort_unstable();
    uncertain
}

fn merged(cells: &Dimensions) -> Option<MergedCells> {
    let at = |(row, column): (u32, u32)| Some(CellAddress::new(row, u16::try_from(column).ok()?));
    Some(MergedCells { first: at(cells.start)?, last: at(cells.end)? })
}

/// A cell's value, without copying its text.
fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) | Data::DurationIso(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// A finding on the choice of the sheet, as a result.
fn sheet_answer(finding: &Finding) -> ChildAnswer {
    let count = finding.params.iter().find_map(|(_, param)| match param {
        Param::Count(count) => Some(*count),
        _ => None,
    });
    match count {
        Some(count) => ChildAnswer::Sheets(count),
        None if finding.rule.code == SHEET_HIDDEN.code => ChildAnswer::HiddenSheet,
        None => ChildAnswer::NoSheet,
    }
}
