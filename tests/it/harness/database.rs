//! A fresh, migrated database for each test, on each engine.
//!
//! SQLite always. PostgreSQL when `PASSERELLE_TEST_POSTGRES_URL` names a server on which databases may be created; when
//! `PASSERELLE_TEST_REQUIRE` is `postgres` its absence fails the test instead of skipping that half.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::Write as _;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Once;
use std::time::Duration;

use passerelle::store::{Db, DbOptions, EngineTx, Tx};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgRow, PgSslMode};
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, FromRow, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A database that no other test uses at the same time.
pub(crate) struct Database {
    /// The gateway's view of it.
    pub(crate) db: Db,
    /// Where another gateway finds it.
    pub(crate) url: String,
    _files: Option<TempDir>,
    /// The connection whose lock reserves a database of the server.
    _hold: Option<PgConnection>,
}

/// Runs the test on SQLite and, where there is a server, on PostgreSQL.
pub(crate) async fn each_engine(test: impl AsyncFn(&Database)) {
    for database in Database::on_each_engine().await {
        // Printed with a failure: the engine.
        println!("on {}", database.db.engine());
        test(&database).await;
    }
}

impl Database {
    /// One fresh database an engine.
    pub(crate) async fn on_each_engine() -> Vec<Self> {
        let mut databases = vec![Self::sqlite().await];
        databases.extend(Self::postgres().await);
        databases
    }

    /// A fresh SQLite file.
    pub(crate) async fn sqlite() -> Self {
        let files = tempfile::tempdir().unwrap();
        let path = files.path().join("passerelle.db");
        std::fs::write(&path, sqlite_template().await).unwrap();
        let url = format!("sqlite:{}", path.display());
        Self { db: Db::connect(&url).await.unwrap(), url, _files: Some(files), _hold: None }
    }

    /// A PostgreSQL database as if fresh; `None` where there is no server and none is required.
    pub(crate) async fn postgres() -> Option<Self> {
        let server = server()?;
        let (name, hold) = reserve_database(&server).await;
        let url = url_of(&server, &name);
        let db = Db::connect(&url).await.unwrap();
        Some(Self { db, url, _files: None, _hold: Some(hold) })
    }

    /// One database an engine with the schema of an earlier version: that of the migrations up to this one.
    pub(crate) async fn of_schema(last: i64) -> Vec<Self> {
        let all = sqlx::migrate!("./migrations");
        let earlier = all.iter().filter(|migration| migration.version <= last).cloned().collect();
        let earlier = Migrator::with_migrations(earlier);
        let files = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", files.path().join("passerelle.db").display());
        let db = Db::connect(&url).await.unwrap();
        earlier.run(&SqlitePool::connect(&url).await.unwrap()).await.unwrap();
        let mut databases = vec![Self { db, url, _files: Some(files), _hold: None }];
        if let Some(database) = Self::postgres().await {
            for statement in ["drop schema public cascade", "create schema public"] {
                database.tamper(statement).await;
            }
            earlier.run(&PgPool::connect(&database.url).await.unwrap()).await.unwrap();
            databases.push(database);
        }
        databases
    }

    /// Runs statements that have byte strings as SQLite writes them, behind the gateway's back.
    pub(crate) async fn load(&self, script: &str) {
        let mut tx = self.db.write().await.unwrap();
        match &mut tx.on {
            EngineTx::Sqlite(tx) => {
                sqlx::raw_sql(AssertSqlSafe(script.to_owned())).execute(&mut **tx).await.unwrap();
            }
            EngineTx::Postgres(tx) => {
                let script = script.replace(", x'", ", '\\x");
                sqlx::raw_sql(AssertSqlSafe(script)).execute(&mut **tx).await.unwrap();
            }
            _ => unreachable!("it has begun"),
        }
        tx.commit().await.unwrap();
    }

    /// A fresh SQLite file in this folder.
    pub(crate) async fn sqlite_in(folder: &Path, options: DbOptions) -> Self {
        let path = folder.join("passerelle.db");
        std::fs::write(&path, sqlite_template().await).unwrap();
        let url = format!("sqlite:{}", path.display());
        Self { db: Db::connect_with(&url, options).await.unwrap(), url, _files: None, _hold: None }
    }

    /// The same database, opened once more with these options.
    pub(crate) async fn opened_with(&self, options: DbOptions) -> Self {
        let db = Db::connect_with(&self.url, options).await.unwrap();
        Self { db, url: self.url.clone(), _files: None, _hold: None }
    }

    /// Blocks writes, not reads, until the transaction ends.
    pub(crate) async fn hold_writes(&self) -> Tx {
        let mut tx = self.db.write().await.unwrap();
        if let EngineTx::Postgres(tx) = &mut tx.on {
            run(tx, "lock table data_key in share mode".to_owned()).await;
        }
        tx
    }

    /// The number that a query finds.
    pub(crate) async fn number(&self, query: impl Into<String>) -> i64 {
        let query = AssertSqlSafe(query.into());
        let (number,): (i64,) = match &mut self.db.read().await.unwrap().on {
            EngineTx::Sqlite(tx) => sqlx::query_as(query).fetch_one(&mut **tx).await.unwrap(),
            EngineTx::Postgres(tx) => sqlx::query_as(query).fetch_one(&mut **tx).await.unwrap(),
            _ => unreachable!("it has begun"),
        };
        number
    }

    /// Waits until this query counts nothing any more.
    pub(crate) async fn until_none(&self, query: &str) {
        let none = async {
            while self.number(query).await > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), none).await.unwrap_or_else(|_| panic!("always some: {query}"));
    }

    /// Runs a statement without the gateway and returns the number of affected rows.
    pub(crate) async fn tamper(&self, statement: impl Into<String>) -> u64 {
        let statement = AssertSqlSafe(statement.into());
        let mut tx = self.db.write().await.unwrap();
        let touched = match &mut tx.on {
            EngineTx::Sqlite(tx) => sqlx::query(statement).execute(&mut **tx).await.unwrap().rows_affected(),
            EngineTx::Postgres(tx) => sqlx::query(statement).execute(&mut **tx).await.unwrap().rows_affected(),
            _ => unreachable!("it has begun"),
        };
        tx.commit().await.unwrap();
        touched
    }

    /// Every column of every row of every table, as its bytes, under the name of the column.
    pub(crate) async fn dump(&self) -> Vec<(String, Vec<u8>)> {
        let columns = if self.db.is_a_file() {
            "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'"
        } else {
            "select table_name::text, column_name::text from information_schema.columns \
             where table_schema = current_schema()"
        };
        let columns: Vec<(String, String)> = self.rows(columns).await;
        assert!(columns.len() > 60, "there are more columns than these: {columns:?}");
        let mut dump = Vec::new();
        for (table, column) in columns {
            // Bytes in hexadecimal, whose digits must not be taken for those of a number.
            let cell = if self.db.is_a_file() {
                format!(
                    "typeof({column}) = 'blob', \
                     case typeof({column}) when 'blob' then hex({column}) else cast({column} as text) end"
                )
            } else {
                format!("cast(cast(pg_typeof({column}) as text) = 'bytea' as int)::bigint, cast({column} as text)")
            };
            let cells: Vec<(i64, Option<String>)> = self.rows(&format!("select {cell} from {table}")).await;
            for (is_bytes, cell) in cells {
                let Some(cell) = cell else { continue };
                let name = format!("{table}.{column}");
                dump.push((name.clone(), unhex(&cell)));
                if is_bytes == 0 {
                    dump.push((name, cell.into_bytes()));
                }
            }
        }
        dump
    }

    /// The rows that a query finds behind the gateway's back.
    pub(crate) async fn rows<T>(&self, query: &str) -> Vec<T>
    where
        T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
    {
        let query = AssertSqlSafe(query.to_owned());
        match &mut self.db.read().await.unwrap().on {
            EngineTx::Sqlite(tx) => sqlx::query_as(query).fetch_all(&mut **tx).await.unwrap(),
            EngineTx::Postgres(tx) => sqlx::query_as(query).fetch_all(&mut **tx).await.unwrap(),
            _ => unreachable!("it has begun"),
        }
    }
}

/// The bytes of hexadecimal digits; empty when they are invalid.
fn unhex(text: &str) -> Vec<u8> {
    let digits = text.trim_start_matches("\\x").as_bytes();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(pair).collect::<Option<_>>().unwrap_or_default()
}

/// The bytes of a migrated SQLite file.
async fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let make = async || {
        let files = tempfile::tempdir().unwrap();
        let path = files.path().join("template.db");
        let db = Db::open(&path).await.unwrap();
        db.migrate().await.unwrap();
        db.close().await;
        std::fs::read(path).unwrap()
    };
    TEMPLATE.get_or_init(make).await
}

/// The server to test on.
fn server() -> Option<PgConnectOptions> {
    static SAID: Once = Once::new();
    if let Ok(url) = std::env::var("PASSERELLE_TEST_POSTGRES_URL") {
        let server = PgConnectOptions::from_str(&url).expect("PASSERELLE_TEST_POSTGRES_URL is a PostgreSQL URL");
        // Unoptimised, a TLS handshake takes a tenth of a second, and every test connects several times.
        return Some(if url.contains("sslmode") { server } else { server.ssl_mode(PgSslMode::Disable) });
    }
    let required = std::env::var("PASSERELLE_TEST_REQUIRE").is_ok_and(|required| required.contains("postgres"));
    assert!(!required, "PostgreSQL is required: set PASSERELLE_TEST_POSTGRES_URL");
    // Written past the test runner, which would swallow it when the test passes.
    SAID.call_once(|| {
        let message = "SKIPPED: everything on PostgreSQL, because PASSERELLE_TEST_POSTGRES_URL is not set\n";
        std::io::stderr().write_all(message.as_bytes()).expect("standard error can be written");
    });
    None
}

/// The name of a migrated database, the template of those of the tests: created once for each state of the migrations, and
/// reused.
async fn postgres_template(server: &PgConnectOptions) -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let make = async || {
        let name = format!("passerelle_template_{:016x}", migrations());
        let mut maintenance = server.connect().await.unwrap();
        // Other test processes wait here until the template is whole.
        run(&mut maintenance, "select pg_advisory_lock(7277)".to_owned()).await;
        let exists: Option<(String,)> = sqlx::query_as("select datname::text from pg_database where datname = $1")
            .bind(&name)
            .fetch_optional(&mut maintenance)
            .await
            .unwrap();
        if exists.is_none() {
            forget_others(&mut maintenance).await;
            let draft = format!("{name}_draft");
            run(&mut maintenance, format!("drop database if exists {draft} with (force)")).await;
            run(&mut maintenance, format!("create database {draft}")).await;
            let db = Db::connect(server.clone().database(&draft).to_url_lossy().as_str()).await.unwrap();
            db.migrate().await.unwrap();
            db.close().await;
            run(&mut maintenance, format!("alter database {draft} rename to {name}")).await;
        }
        // Locked until the process ends, so that runs with other migrations do not drop it.
        run(&mut maintenance, format!("select pg_advisory_lock_shared(7279, {})", state_of(&name))).await;
        run(&mut maintenance, "select pg_advisory_unlock(7277)".to_owned()).await;
        Box::leak(Box::new(maintenance));
        name
    };
    TEMPLATE.get_or_init(make).await
}

/// The state of the migrations of a database, as the key of a lock: the end of the fingerprint in its name.
fn state_of(name: &str) -> i32 {
    let fingerprint = name.split('_').nth(2).and_then(|digits| u64::from_str_radix(digits, 16).ok());
    fingerprint.map_or(0, |fingerprint| i32::from_ne_bytes([0, 1, 2, 3].map(|at| fingerprint.to_ne_bytes()[at])))
}

/// Drops unused databases of other states of the migrations.
async fn forget_others(maintenance: &mut PgConnection) {
    let old = "select datname::text from pg_database where datname ~ '^passerelle_(template|test)_[0-9a-f]{16}' \
               and not exists (select 1 from pg_stat_activity where datname = pg_database.datname)";
    let old: Vec<(String,)> = sqlx::query_as(old).fetch_all(&mut *maintenance).await.unwrap();
    for (name,) in old {
        let state = state_of(&name);
        let lock = sqlx::query_as("select pg_try_advisory_lock(7279, $1)").bind(state);
        let (unused,): (bool,) = lock.fetch_one(&mut *maintenance).await.unwrap();
        if !unused {
            continue;
        }
        let drop = AssertSqlSafe(format!("drop database if exists {name}"));
        // Another run may be using it again.
        let _ = sqlx::query(drop).execute(&mut *maintenance).await;
        run(maintenance, format!("select pg_advisory_unlock(7279, {state})")).await;
    }
}

/// A database that no other test uses, emptied or new. Creating one takes a second, emptying one a twentieth: they are
/// reused, and a lock of the returned connection reserves it. It ends with the connection, however the test ends.
async fn reserve_database(server: &PgConnectOptions) -> (String, PgConnection) {
    let template = postgres_template(server).await;
    let mut hold = server.connect().await.unwrap();
    for number in 0.. {
        let lock = sqlx::query_as("select pg_try_advisory_lock(7278, $1)").bind(number);
        let (free,): (bool,) = lock.fetch_one(&mut hold).await.unwrap();
        if free {
            let name = format!("{}_{number}", template.replace("_template_", "_test_"));
            if !empty(server, &mut hold, &name).await {
                run(&mut hold, format!("drop database if exists {name} with (force)")).await;
                run(&mut hold, format!("create database {name} template {template}")).await;
                let mut inside = server.clone().database(&name).connect().await.unwrap();
                let made = shape(&mut inside).await.expect("the template is whole");
                inside.close().await.unwrap();
                run(&mut hold, format!("comment on database {name} is '{made}'")).await;
            }
            return (name, hold);
        }
    }
    unreachable!("there is always another number")
}

/// Empties a database that an earlier test had; `false` where there is none, or not as it was made.
async fn empty(server: &PgConnectOptions, hold: &mut PgConnection, name: &str) -> bool {
    let made = "select shobj_description(oid, 'pg_database') from pg_database where datname = $1";
    let made: Option<(Option<String>,)> = sqlx::query_as(made).bind(name).fetch_optional(&mut *hold).await.unwrap();
    let Some((Some(made),)) = made else { return false };
    let others = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1";
    sqlx::query(others).bind(name).execute(hold).await.unwrap();
    let mut inside = server.clone().database(name).connect().await.unwrap();
    let sound = shape(&mut inside).await == Some(made);
    if sound {
        // Truncating waits for the disk. Without the checks of foreign keys the order does not matter.
        let clear = "set session_replication_role = replica; set synchronous_commit = off; do $$ declare t text; begin \
                     for t in select tablename from pg_tables where schemaname = 'public' \
                     and tablename <> '_sqlx_migrations' loop execute 'delete from ' || t; end loop; end $$";
        sqlx::raw_sql(clear).execute(&mut inside).await.unwrap();
    }
    inside.close().await.unwrap();
    sound
}

/// The schema of a database and its migrations; `None` when they cannot be read.
async fn shape(inside: &mut PgConnection) -> Option<String> {
    let query = "select md5(concat( \
                 (select string_agg(concat(table_name, column_name, data_type), ',' order by table_name, column_name) \
                 from information_schema.columns where table_schema = 'public'), \
                 (select string_agg(concat(version, success, checksum), ',' order by version) from _sqlx_migrations)))";
    let found: Option<(String,)> = sqlx::query_as(query).fetch_one(inside).await.ok();
    found.map(|(shape,)| shape)
}

/// The address of a database. What tests write need not survive a power cut.
fn url_of(server: &PgConnectOptions, name: &str) -> String {
    let mut url = server.clone().database(name).to_url_lossy();
    url.query_pairs_mut().append_pair("options[synchronous_commit]", "off");
    url.to_string()
}

/// A fingerprint of the migrations.
fn migrations() -> u64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        (file.file_name(), std::fs::read(&file).unwrap()).hash(&mut hasher);
    }
    hasher.finish()
}

async fn run(connection: &mut PgConnection, statement: String) {
    sqlx::query(AssertSqlSafe(statement)).execute(connection).await.unwrap();
}
