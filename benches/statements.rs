//! What one request costs, next to the least that it could cost: `cargo bench --bench statements`.
//!
//! Real HTTP on loopback, durable commits on SQLite, one request at a time, gateway and floor in turn.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on fails and shows why")]
#![expect(unreachable_pub, dead_code, reason = "shared between benches")]

mod house;

use calamine::{Reader as _, Xlsx};
use house::figures::{head, pairs};
use house::floor::{self, Floor};
use house::{World, client, documents};
use passerelle::ids::CrecheId;
use passerelle::ingest::workbook::XLSX;
use reqwest::{Client, StatusCode};

const TIMES: usize = 200;

fn main() {
    if floor::play_role() {
        return;
    }
    tokio::runtime::Runtime::new().unwrap().block_on(measure());
}

async fn measure() {
    let world = World::new(1, 6).await;
    let gateway = world.serve();
    let floor = Floor::start(world.folder());
    let bench =
        Bench { http: client(), api: gateway.api.clone(), key: world.tenants[0].key.clone(), floor: floor.url.clone() };
    let creches = &world.tenants[0].creches;
    head();
    bench.json(creches[0], "typical statement, 40 × 21", 40, 21).await;
    bench.json(creches[1], "largest statement, 500 × 23", 500, 23).await;
    bench.workbook(creches[2], "typical workbook, 40 × 21, .xlsx", 40, 21).await;
    bench.workbook(creches[3], "largest workbook, 500 × 23, .xlsx", 500, 23).await;
    bench.xls(creches[4]).await;
    bench.summary(creches[0]).await;
}

struct Bench {
    http: Client,
    api: String,
    key: String,
    floor: String,
}

/// A revision that was accepted.
type Tag = Option<String>;

impl Bench {
    /// A statement as JSON against both floors: one that keeps the document as it came, one that keeps a number.
    async fn json(&self, creche: CrecheId, what: &str, children: usize, days: usize) {
        let editions = [0, 1].map(|edition| documents::statement("2026-07", children, days, edition));
        println!("{what}: {} bytes", editions[0].len());
        let mut edition = 0;
        for (path, kept) in [("keep", "keeping the document"), ("count", "keeping a number")] {
            let mut tag = self.current(creche).await;
            let below = async |turn: usize| self.put_floor(path, &editions[turn % 2]).await;
            let above = async |_| {
                edition += 1;
                tag = self.put(creche, "application/json", &editions[edition % 2], tag.take()).await;
            };
            pairs(TIMES, below, above).await.say(&format!("  against {kept}"));
        }
    }

    /// The same statement as a workbook, against reading its cells with nothing done to them.
    async fn workbook(&self, creche: CrecheId, what: &str, children: usize, days: usize) {
        let mut editions = Vec::new();
        let mut tag = None;
        for edition in [0, 1] {
            tag = self
                .put(creche, "application/json", &documents::statement("2026-07", children, days, edition), tag)
                .await;
            editions.push(self.fetch(creche).await);
        }
        println!("{what}: {} bytes", editions[0].len());
        let below = async |turn: usize| {
            let mut workbook = Xlsx::new(std::io::Cursor::new(&editions[turn % 2])).unwrap();
            assert!(workbook.worksheet_range("Présences").unwrap().height() > children);
        };
        let above = async |turn: usize| {
            tag = self.put(creche, XLSX, &editions[turn % 2], tag.take()).await;
        };
        pairs(TIMES, below, above).await.say("  against calamine alone");
    }

    /// A small legacy workbook, which a child process reads, against calamine in this one.
    async fn xls(&self, creche: CrecheId) {
        let sample = include_bytes!("../sandbox/tour/2026-09.xls");
        println!("a legacy workbook, 16 children, .xls: {} bytes", sample.len());
        let address = self.address(creche, "2026-09");
        let below = async |_| {
            let mut workbook = calamine::Xls::new(std::io::Cursor::new(sample)).unwrap();
            assert!(workbook.worksheet_range("Présences").unwrap().height() > 10);
        };
        // The same content again makes no revision: what is measured is reading and judging.
        let above = async |_| {
            let request =
                self.http.put(&address).bearer_auth(&self.key).header("content-type", "application/vnd.ms-excel");
            let answer = request.body(sample.to_vec()).send().await.unwrap();
            assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
            answer.bytes().await.unwrap();
        };
        pairs(TIMES / 4, below, above).await.say("  against calamine alone (a child reads it)");
    }

    /// The figures of a quarter, against a handler that reads one row.
    async fn summary(&self, creche: CrecheId) {
        println!("quarterly summary of a crèche");
        let (floor, address) =
            (format!("{}/latest", self.floor), format!("{}/creches/{creche}/summaries/2026Q3", self.api));
        let below = async |_| {
            self.http.get(&floor).send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap();
        };
        let above = async |_| {
            let answer = self.http.get(&address).bearer_auth(&self.key).send().await.unwrap();
            answer.error_for_status().unwrap().bytes().await.unwrap();
        };
        pairs(TIMES * 5, below, above).await.say("  against reading one row");
    }

    fn address(&self, creche: CrecheId, month: &str) -> String {
        format!("{}/creches/{creche}/attendanceStatements/{month}", self.api)
    }

    /// Deposits a new revision of July.
    async fn put(&self, creche: CrecheId, media: &str, body: &[u8], known: Tag) -> Tag {
        let request =
            self.http.put(self.address(creche, "2026-07")).bearer_auth(&self.key).header("content-type", media);
        let request = match &known {
            Some(tag) => request.header("if-match", tag),
            None => request,
        };
        let answer = request.body(body.to_vec()).send().await.unwrap();
        let (status, tag) = (answer.status(), answer.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned()));
        let said = answer.text().await.unwrap();
        assert!(matches!(status, StatusCode::OK | StatusCode::CREATED), "{said}");
        assert!(tag.is_some() && tag != known, "no new revision was made");
        tag
    }

    async fn put_floor(&self, path: &str, body: &[u8]) {
        let answer = self.http.put(format!("{}/{path}", self.floor)).body(body.to_vec()).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
    }

    /// July as a workbook.
    async fn fetch(&self, creche: CrecheId) -> Vec<u8> {
        let request = self.http.get(self.address(creche, "2026-07")).bearer_auth(&self.key).header("accept", XLSX);
        request.send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap().to_vec()
    }

    /// The tag of July's revision.
    async fn current(&self, creche: CrecheId) -> Tag {
        let answer = self.http.get(self.address(creche, "2026-07")).bearer_auth(&self.key).send().await.unwrap();
        answer.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned())
    }
}
