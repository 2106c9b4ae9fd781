//! Gateways in processes of their own over one PostgreSQL database.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use passerelle::ids::OrganiserId;
use passerelle::store::Db;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

pub struct Gateways {
    pub db: Db,
    server: String,
    name: String,
    url: String,
    home: TempDir,
    running: Vec<(Child, BufReader<ChildStdout>)>,
}

impl Gateways {
    /// So many over a fresh database of this server.
    pub async fn over(server: &str, count: usize) -> Self {
        #[expect(clippy::disallowed_methods, reason = "a name that no other run has")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let name = format!("passerelle_bench_{now}");
        let mut connection = PgConnection::connect(server).await.unwrap();
        connection.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let (url, home) = (format!("{base}/{name}"), tempfile::tempdir().unwrap());
        let db = Db::connect(&url).await.unwrap();
        let mut this = Self { db, server: server.to_owned(), name, url, home, running: Vec::new() };
        this.start(count).await;
        this
    }

    /// Starts so many more.
    #[expect(clippy::unused_async, reason = "it is awaited like its neighbours")]
    pub async fn start(&mut self, count: usize) {
        for _ in 0..count {
            let mut child = Command::new(env!("CARGO_BIN_EXE_passerelle"))
                .args(["sandbox", "--listen", "127.0.0.1:0", "--database", &self.url, "--data"])
                .arg(self.home.path())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let mut out = BufReader::new(child.stdout.take().unwrap());
            let mut line = String::new();
            while !line.contains("Keys and ids") {
                line.clear();
                assert!(out.read_line(&mut line).unwrap() > 0, "the gateway did not start");
            }
            self.running.push((child, out));
        }
    }

    /// Makes so many endpoints, which are told of revoked keys; whose they are.
    pub async fn endpoints(&self, count: usize, url: &str) -> OrganiserId {
        let told = std::fs::read(self.home.path().join("sandbox.json")).unwrap();
        let told: Value = serde_json::from_slice(&told).unwrap();
        let (api, organiser) = (told["apiUrl"].as_str().unwrap(), &told["organisers"][0]);
        let key = organiser["applications"][0]["keys"][0]["key"].as_str().unwrap();
        let http = passerelle::outbound::client::loopback().build().unwrap();
        let post = async |path: String, body: Value| {
            let answer = http.post(format!("{api}{path}")).bearer_auth(key).json(&body).send().await.unwrap();
            answer.error_for_status().unwrap().json::<Value>().await.unwrap()
        };
        for at in 0..count {
            let document =
                json!({ "url": format!("{url}/{at}"), "eventTypes": ["key.revoked"], "deliveriesPerSecond": 1000 });
            let made = post("/webhookEndpoints".to_owned(), document).await;
            let path = format!("/webhookEndpoints/{}/verifications", made["id"].as_str().unwrap());
            assert_eq!(post(path, json!({})).await["verified"], true);
        }
        organiser["id"].as_str().unwrap().parse().unwrap()
    }

    /// Kills so many.
    pub fn kill(&mut self, count: usize) {
        for (mut child, _) in self.running.drain(..count) {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Kills the rest and drops the database.
    pub async fn end(mut self) {
        self.kill(self.running.len());
        self.db.close().await;
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        connection.execute(AssertSqlSafe(format!("drop database {} with (force)", self.name))).await.unwrap();
    }
}
