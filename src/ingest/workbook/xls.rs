//! Legacy `.xls`: never read in the serving process. A mutated file of a few kilobytes can make any reader of the
//! format ask for gigabytes, which ends a process and cannot be caught; so a short-lived child reads it, with little
//! memory and little time, no file and no network, and hands back the bare cells.

mod confine;

use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use calamine::{Data, DataRef, Reader as _, Xls, XlsError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::model::{ATTENDANCE, Model, VERSION_NAME};
use super::package::only_sheet;
use super::table::{MAX_COLUMN, Table};
use super::{Part, cells, refusal};
use crate::domain::finding::{Finding, Param};
use crate::domain::rules::workbook::{PASSWORD_PROTECTED, SHEET_AMBIGUOUS, SHEET_MISSING, TOO_LARGE, UNREADABLE};
use crate::ingest::Sheets;
use serde::{Deserialize, Serialize};

/// The hidden command of this program by which it reads one `.xls` from its standard input.
pub const COMMAND: &str = "read-xls";
/// Asked in the place of models, the child tells whether it is confined.
const CONFINEMENT: &str = "confinement";
/// What the child may take of time on the wall.
const WALL: Duration = Duration::from_secs(10);
/// The most children at once.
const AT_ONCE: usize = 2;
/// The most that a child may hand back.
const MAX_ANSWER: u64 = 32 << 20;

/// Reads `.xls` files in children of this program.
#[derive(Debug, Clone)]
pub struct XlsReader {
    program: PathBuf,
    places: Arc<Semaphore>,
    wall: Duration,
}

/// What the child answers.
#[derive(Serialize, Deserialize)]
enum Answer {
    Table(Table),
    Password,
    NoSheet,
    Sheets(u64),
    Full,
    Unreadable,
}

impl Answer {
    /// The sheet, or the finding.
    fn told(self, model: &Model) -> Result<Table, Finding> {
        let sheet = |rule| refusal(rule).with("sheet", Param::Code(model.sheet.to_owned()));
        match self {
            Self::Table(table) if table.is_sound() => Ok(table),
            Self::Table(_) | Self::Unreadable => Err(refusal(&UNREADABLE)),
            Self::Password => Err(refusal(&PASSWORD_PROTECTED)),
            Self::NoSheet => Err(sheet(&SHEET_MISSING)),
            Self::Sheets(count) => Err(sheet(&SHEET_AMBIGUOUS).with("count", Param::Count(count))),
            Self::Full => Err(refusal(&TOO_LARGE)),
        }
    }
}

impl XlsReader {
    /// `program` is this program: it is started with [`COMMAND`].
    pub fn new(program: PathBuf) -> Self {
        Self { program, places: Arc::new(Semaphore::new(AT_ONCE)), wall: WALL }
    }

    /// With less time, for tests.
    pub const fn within(mut self, wall: Duration) -> Self {
        self.wall = wall;
        self
    }

    /// Reads the sheet of `model`. The child's death, silence or nonsense is the finding that the file is unreadable.
    pub async fn read(&self, bytes: &[u8], model: &Model) -> Result<Table, Finding> {
        self.answers(bytes, &[model.code]).await.pop().unwrap_or(Answer::Unreadable).told(model)
    }

    /// Reads the sheets of `parts`, each likewise; one child reads them all.
    pub async fn read_sheets(&self, bytes: &[u8], parts: &[Part]) -> Result<Sheets, Finding> {
        let codes: Vec<_> = parts.iter().map(|part| part.model.code).collect();
        let answers =
            self.answers(bytes, &codes).await.into_iter().chain(std::iter::repeat_with(|| Answer::Unreadable));
        parts.iter().zip(answers).map(|(part, answer)| part.settled(answer.told(part.model))).collect()
    }

    /// What a child says of the sheets with these codes; nothing where it has nothing sound to say.
    async fn answers(&self, bytes: &[u8], codes: &[&str]) -> Vec<Answer> {
        let Ok(_place) = self.places.acquire().await else { return Vec::new() };
        let answer = tokio::time::timeout(self.wall, self.ask(bytes, codes)).await;
        let answer = answer.ok().and_then(Result::ok).unwrap_or_default();
        serde_json::from_slice(&answer).unwrap_or_default()
    }

    /// Whether a child can be started and answers.
    pub async fn probe(&self) -> std::io::Result<()> {
        let answer = tokio::time::timeout(self.wall, self.ask(b"", &[ATTENDANCE.code])).await??;
        serde_json::from_slice::<Vec<Answer>>(&answer).map(drop).map_err(Into::into)
    }

    /// Whether a child can reach neither the network nor files nor other programs.
    pub async fn is_confined(&self) -> std::io::Result<bool> {
        let answer = tokio::time::timeout(self.wall, self.ask(b"", &[CONFINEMENT])).await??;
        serde_json::from_slice(&answer).map_err(Into::into)
    }

    /// Starts a child, gives it the file, takes its answer. Dropping the future kills the child.
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

/// Writes and reads at the same time, so that neither side waits for the other.
async fn exchange(child: &mut Child, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(Vec::new());
    };
    let mut answer = Vec::new();
    let mut stdout = stdout.take(MAX_ANSWER);
    let give = async {
        // A child that refuses early closes its end; what it answered counts.
        let _ = stdin.write_all(bytes).await;
        drop(stdin);
    };
    let ((), taken) = tokio::join!(give, stdout.read_to_end(&mut answer));
    taken?;
    Ok(answer)
}

/// The child's whole life: bounds itself, reads one `.xls` from `input`, answers on `output`.
///
/// `models` are codes of [`Model`]s: there is an answer for each.
pub fn serve(models: &[String], input: &mut impl Read, output: &mut impl Write) -> std::io::Result<()> {
    confine::confine()?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    if models == [CONFINEMENT] {
        serde_json::to_writer(&mut *output, &confine::is_confined())?;
        return output.flush();
    }
    let models: Vec<_> = models.iter().map(|code| Model::named(code)).collect();
    serde_json::to_writer(&mut *output, &read(bytes, &models))?;
    output.flush()
}

/// Reads the sheet of each model.
fn read(bytes: Vec<u8>, models: &[Option<&Model>]) -> Vec<Answer> {
    let refused = |answer: fn() -> Answer| models.iter().map(|_| answer()).collect();
    let mut workbook = match Xls::new(Cursor::new(bytes)) {
        Ok(workbook) => workbook,
        Err(XlsError::Password) => return refused(|| Answer::Password),
        Err(_) => return refused(|| Answer::Unreadable),
    };
    let sheet = |model: Option<&Model>| model.map_or(Answer::Unreadable, |model| sheet_of(&mut workbook, model));
    models.iter().copied().map(sheet).collect()
}

fn sheet_of(workbook: &mut Xls<Cursor<Vec<u8>>>, model: &Model) -> Answer {
    let names = workbook.sheet_names();
    let name = match only_sheet(model, names.iter().map(String::as_str)) {
        Ok(name) => name,
        Err(finding) => return sheet_answer(&finding),
    };
    let Ok(range) = workbook.worksheet_range(name) else { return Answer::Unreadable };
    let mut table = Table::new(name);
    table.from_1904 = workbook.has_1904_epoch();
    let version = workbook.defined_names().iter().find(|(other, _)| other.eq_ignore_ascii_case(VERSION_NAME));
    table.version = version.map(|(_, meaning)| meaning.clone());
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let (Ok(row), Ok(column)) = (u32::try_from(row), u32::try_from(column)) else { return Answer::Full };
        if left + column < MAX_COLUMN && cells::push(&mut table, top + row, left + column, &borrowed(value)).is_err() {
            return Answer::Full;
        }
    }
    table.settle();
    Answer::Table(table)
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

/// A finding on the choice of the sheet, as an answer.
fn sheet_answer(finding: &Finding) -> Answer {
    let count = finding.params.iter().find_map(|(_, param)| match param {
        Param::Count(count) => Some(*count),
        _ => None,
    });
    count.map_or(Answer::NoSheet, Answer::Sheets)
}
