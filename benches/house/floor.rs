//! What everything costs at least: a handler that does nothing but parse the statement and commit one row, in a
//! process of its own on the same web framework, the same database library and the same durability.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::{get, put};
use jiff::civil::Date;
use passerelle::http::server::ConnectionSettings;
use serde::Deserialize;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

/// The argument by which a bench starts itself as the floor.
pub const ROLE: &str = "--floor";

#[derive(Deserialize)]
struct Statement {
    lines: Vec<FloorLine>,
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

/// Keeps the statement as it came.
async fn keep(State(pool): State<SqlitePool>, body: Bytes) -> StatusCode {
    insert(&pool, &body, &body).await
}

/// Keeps only how many lines it had.
async fn count(State(pool): State<SqlitePool>, body: Bytes) -> StatusCode {
    insert(&pool, &body, &[]).await
}

async fn insert(pool: &SqlitePool, body: &[u8], kept: &[u8]) -> StatusCode {
    let Ok(statement) = serde_json::from_slice::<Statement>(body) else { return StatusCode::BAD_REQUEST };
    let lines = i64::try_from(statement.lines.len()).unwrap();
    sqlx::query("insert into statement (lines, document) values ($1, $2)")
        .bind(lines)
        .bind(kept)
        .execute(pool)
        .await
        .unwrap();
    StatusCode::CREATED
}

/// The latest row, by its key.
async fn latest(State(pool): State<SqlitePool>) -> String {
    let row: (i64,) =
        sqlx::query_as("select lines from statement order by id desc limit 1").fetch_one(&pool).await.unwrap();
    format!("{{\"lines\":{}}}", row.0)
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
    sqlx::query("create table statement (id integer primary key, lines integer, document blob)")
        .execute(&pool)
        .await
        .unwrap();
    let router = Router::new()
        .route("/keep", put(keep))
        .route("/count", put(count))
        .route("/latest", get(latest))
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
}

impl Drop for Floor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
