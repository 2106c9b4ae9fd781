//! What everything costs at least: handlers that do nothing but parse the document and commit one row, or read rows by
//! their key, in a process of its own on the same web framework, the same database library and the same durability.

use std::io::{BufRead as _, BufReader, Cursor};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::{get, put};
use calamine::{Reader as _, Xlsx};
use jiff::civil::Date;
use passerelle::http::server::ConnectionSettings;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

/// The argument by which a bench starts itself as the floor.
pub const ROLE: &str = "--floor";

/// A document that the floor parses.
trait Document: DeserializeOwned {
    fn lines(&self) -> usize;
}

#[derive(Deserialize)]
struct Statement {
    lines: Vec<FloorLine>,
}

impl Document for Statement {
    fn lines(&self) -> usize {
        self.lines.len()
    }
}

#[derive(Deserialize)]
struct Consultations {
    lines: Vec<Consultation>,
}

impl Document for Consultations {
    fn lines(&self) -> usize {
        self.lines.len()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read and not looked at: that is the point")]
struct Consultation {
    date: Date,
    arrival: String,
    departure: String,
    inami: String,
    fee_cents: u64,
}

#[derive(Deserialize)]
struct Register {
    members: Vec<Member>,
}

impl Document for Register {
    fn lines(&self) -> usize {
        self.members.len()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read and not looked at: that is the point")]
struct Member {
    reference: String,
    given_name: String,
    family_name: String,
    birth_date: Option<Date>,
    contracts: Vec<Contract>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read and not looked at: that is the point")]
struct Contract {
    reference: String,
    status: String,
    start_date: Date,
    functions: Vec<Function>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read and not looked at: that is the point")]
struct Function {
    creche_id: String,
    category: String,
    fte_hundredths: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "read and not looked at: that is the point")]
struct FloorLine {
    reference: String,
    family_name: String,
    given_name: String,
    birth_date: Date,
    ssin: Option<String>,
    days: Vec<Day>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read and not looked at: that is the point")]
struct Day {
    date: Date,
    status: String,
    duration: String,
}

/// Keeps how many lines a document had.
async fn keep<D: Document>(State(pool): State<SqlitePool>, body: Bytes) -> StatusCode {
    match serde_json::from_slice::<D>(&body) {
        Ok(document) => insert(&pool, document.lines()).await,
        Err(_) => StatusCode::BAD_REQUEST,
    }
}

/// Keeps how many rows a workbook had.
async fn keep_workbook(State(pool): State<SqlitePool>, body: Bytes) -> StatusCode {
    let mut workbook = Xlsx::new(Cursor::new(body)).unwrap();
    let rows = workbook.worksheet_range_at(0).unwrap().unwrap().height();
    insert(&pool, rows).await
}

async fn insert(pool: &SqlitePool, lines: usize) -> StatusCode {
    let lines = i64::try_from(lines).unwrap();
    sqlx::query("insert into statement (lines) values ($1)").bind(lines).execute(pool).await.unwrap();
    StatusCode::CREATED
}

/// A row by its key.
async fn by_key(State(pool): State<SqlitePool>) -> String {
    let row: (i64,) =
        sqlx::query_as("select lines from statement where id = $1").bind(1).fetch_one(&pool).await.unwrap();
    format!("{{\"lines\":{}}}", row.0)
}

/// The last hundred rows.
async fn page(State(pool): State<SqlitePool>) -> String {
    let sql = "select id, lines from statement order by id desc limit 100";
    let rows: Vec<(i64, i64)> = sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
    serde_json::to_string(&rows).unwrap()
}

/// Serves when this process was started as the floor.
pub fn play_role() -> bool {
    let mut words = std::env::args().skip_while(|word| word != ROLE);
    let Some(folder) = words.nth(1).map(PathBuf::from) else { return false };
    tokio::runtime::Runtime::new().unwrap().block_on(serve(&folder));
    true
}

async fn serve(folder: &Path) {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("floor.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    sqlx::query("create table statement (id integer primary key, lines integer)").execute(&pool).await.unwrap();
    let router = Router::new()
        .route("/attendance", put(keep::<Statement>))
        .route("/medical", put(keep::<Consultations>))
        .route("/register", put(keep::<Register>))
        .route("/workbook", put(keep_workbook))
        .route("/row", get(by_key))
        .route("/page", get(page))
        .layer(DefaultBodyLimit::max(10_000_000))
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    passerelle::http::server::serve(listener, router, ConnectionSettings::default(), std::future::pending()).await;
}

/// The floor, running; killed when dropped.
pub struct Floor {
    pub url: String,
    child: Child,
}

impl Floor {
    pub fn start(folder: &Path) -> Self {
        let this = std::env::current_exe().unwrap();
        let mut child = Command::new(this).arg(ROLE).arg(folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { url: url.trim().to_owned(), child }
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
