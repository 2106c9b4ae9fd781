//! The steps of the tour, in their order.

use serde_json::{Value, json};

use super::client::{Exchange, RequestBody, XLS, XLSX};
use super::{Tour, TourError};

const JULY: &str = include_str!("../../../sandbox/tour/2026-07.json");
const AUGUST: &[u8] = include_bytes!("../../../sandbox/tour/2026-08.xlsx");
const SEPTEMBER: &[u8] = include_bytes!("../../../sandbox/tour/2026-09.xls");

/// The state that the tour needs.
const NO_STATEMENTS: &str = "none, as in a new --data directory";

impl Tour {
    pub(super) async fn play(mut self) -> Result<(), TourError> {
        self.caller().await?;
        self.require_empty_quarter().await?;
        let july: Value = serde_json::from_str(JULY).expect("the tour's July is JSON");
        self.faulty(&july).await?;
        self.july(&july).await?;
        self.workbook("2026-08", "August as the .xlsx workbook that a director already makes", XLSX, AUGUST).await?;
        self.workbook("2026-09", "September as a legacy .xls workbook", XLS, SEPTEMBER).await?;
        let before = self.summaries("What the agency will see: July, and the third quarter").await?;
        self.correction(july).await?;
        self.explanation(&before).await?;
        self.consultations().await?;
        self.staff().await?;
        self.feed().await?;
        self.screen.title("Everything was as expected.")?;
        self.screen.note("Start `passerelle sandbox` without --tour to try it yourself; /docs says how to begin.")?;
        Ok(())
    }

    async fn caller(&mut self) -> Result<(), TourError> {
        self.next("Who am I? The key says what it may do")?;
        let answer = self.client.get("/caller").await?;
        self.expect(&answer, 200)?;
        let names = |pointer: &str, name: &str| -> String {
            let name = |item: &Value| if name.is_empty() { item.clone() } else { item[name].clone() };
            answer
                .list(pointer)
                .iter()
                .filter_map(|item| name(item).as_str().map(str::to_owned))
                .collect::<Vec<_>>()
                .join(", ")
        };
        self.screen.note(&format!(
            "  {} for {}",
            answer.text("/application/name"),
            answer.text("/organiser/legalName")
        ))?;
        self.screen.note(&format!("  crèches: {}", names("/creches", "name")))?;
        self.screen.note(&format!("  scopes:  {}", names("/scopes", "")))?;
        Ok(())
    }

    /// The tour needs a quarter without statements.
    async fn require_empty_quarter(&self) -> Result<(), TourError> {
        let path = format!("/creches/{}/attendanceStatements?from=2026-07&to=2026-09", self.creche);
        let statements = self.client.get(&path).await?;
        let found = if statements.list("/items").is_empty() {
            NO_STATEMENTS
        } else {
            "some: they are kept from an earlier time"
        };
        self.expect_value("statements of the third quarter", NO_STATEMENTS, found)
    }

    /// A month with six mistakes: all are reported at once, and nothing is stored.
    async fn faulty(&mut self, july: &Value) -> Result<(), TourError> {
        self.next("A dry run of a faulty July: every finding at once, nothing written")?;
        let mut faulty = july.clone();
        faulty["lines"][0]["days"][0]["status"] = json!("absent");
        faulty["lines"][1]["ssin"] = json!("24110295200");
        faulty["lines"][2]["birthDate"] = json!("20/01/2025");
        faulty["lines"][3]["days"][4]["date"] = json!("2026-06-30");
        faulty["lines"][4]["reference"] = faulty["lines"][3]["reference"].clone();
        faulty["lines"][6]["nickname"] = json!("Juju");
        let answer = self.put_json("2026-07", "?dryRun=true", &faulty, None).await?;
        self.expect(&answer, 400)?;
        self.screen.findings(answer.list("/issues"))?;
        for code in [
            "attendance.unknownStatus",
            "attendance.ssinInvalid",
            "attendance.dateOutsideMonth",
            "attendance.duplicateReference",
        ] {
            let found = answer.list("/issues").iter().any(|issue| issue["code"] == code);
            self.expect_value("finding", code, if found { code } else { "none" })?;
        }
        let statement = self.client.get(&self.path("2026-07")).await?;
        self.expect(&statement, 404)
    }

    async fn july(&mut self, july: &Value) -> Result<(), TourError> {
        self.next("July as JSON")?;
        let answer = self.put_json("2026-07", "", july, None).await?;
        self.deposited(&answer)?;
        self.expect_value("totals", &july["controlTotals"].to_string(), &answer.body["totals"].to_string())
    }

    async fn workbook(&mut self, month: &str, title: &str, media: &str, bytes: &[u8]) -> Result<(), TourError> {
        self.next(title)?;
        let document = RequestBody { media, bytes: bytes.to_vec() };
        let answer = self.client.put(&self.path(month), document, None).await?;
        self.deposited(&answer)
    }

    /// An accepted deposit: its totals and its warnings.
    fn deposited(&mut self, answer: &Exchange) -> Result<(), TourError> {
        self.expect(answer, 201)?;
        self.screen.note(&format!(
            "  revision {}, {} children",
            answer.number("/revision"),
            answer.number("/lines")
        ))?;
        self.screen.table(&[head(), totals("totals", &answer.body["totals"])])?;
        self.screen.findings(answer.list("/warnings"))?;
        Ok(())
    }

    /// The month's and the quarter's figures; returns the month's.
    async fn summaries(&mut self, title: &str) -> Result<Exchange, TourError> {
        self.next(title)?;
        let month = self.summary("2026-07").await?;
        let quarter = self.summary("2026Q3").await?;
        let sum: i64 =
            quarter.list("/months").iter().filter_map(|month| month["totals"]["present"]["fullDays"].as_i64()).sum();
        self.expect_value(
            "full days of presence",
            &sum.to_string(),
            &quarter.number("/totals/present/fullDays").to_string(),
        )?;
        Ok(month)
    }

    async fn summary(&mut self, period: &str) -> Result<Exchange, TourError> {
        let answer = self.client.get(&format!("/creches/{}/summaries/{period}", self.creche)).await?;
        self.expect(&answer, 200)?;
        let month = |month: &Value| totals(month["month"].as_str().unwrap_or_default(), &month["totals"]);
        let mut rows = vec![head()];
        rows.extend(answer.list("/months").iter().map(month));
        if rows.len() > 2 {
            rows.push(totals(period, &answer.body["totals"]));
        }
        self.screen.table(&rows)?;
        self.screen.note(&format!(
            "  status {}, {} open days, present {} of the places, {} with justified absences, claim due {}",
            answer.text("/status"),
            answer.number("/openDays"),
            percent(answer.number("/presentRate")),
            percent(answer.number("/presentAndJustifiedRate")),
            answer.text("/deadline"),
        ))?;
        Ok(answer)
    }

    /// A child was ill on two days: refused without a precondition, accepted with the current one.
    async fn correction(&mut self, mut july: Value) -> Result<(), TourError> {
        self.next("A correction: Léa was ill on 1 and 2 July, so two days of presence become justified absences")?;
        for day in [0, 1] {
            july["lines"][0]["days"][day]["status"] = json!("justifiedAbsence");
            july["lines"][0]["days"][day]["reason"] = json!("medicalCertificate");
        }
        july.as_object_mut().map(|july| july.remove("controlTotals"));
        let blind = self.put_json("2026-07", "", &july, None).await?;
        self.expect(&blind, 428)?;
        self.screen.note(&format!("  {}", blind.text("/detail")))?;
        let current = self.client.get(&self.path("2026-07")).await?;
        self.expect(&current, 200)?;
        let answer = self.put_json("2026-07", "", &july, current.etag.as_deref()).await?;
        self.expect(&answer, 200)?;
        self.expect_value("revision", "2", &answer.number("/revision").to_string())
    }

    /// The summary again, and what changed it.
    async fn explanation(&mut self, before: &Exchange) -> Result<(), TourError> {
        let after = self.summaries("The summary has changed, and says why").await?;
        let expected = before.number("/totals/present/fullDays") - 2;
        self.expect_value(
            "full days of presence",
            &expected.to_string(),
            &after.number("/totals/present/fullDays").to_string(),
        )?;
        let path = format!("/creches/{}/summaries/2026-07/contributions?comparedTo=1", self.creche);
        let answer = self.client.get(&path).await?;
        self.expect(&answer, 200)?;
        for line in answer.list("/comparisons/0/lines") {
            for day in line["days"].as_array().into_iter().flatten() {
                let text = |name: &str| day[name].as_str().unwrap_or("nothing").to_owned();
                let reference = line["reference"].as_str().unwrap_or_default();
                self.screen.note(&format!(
                    "  {reference}, {}: {} → {}",
                    text("date"),
                    text("before"),
                    text("after")
                ))?;
            }
        }
        self.expect_value(
            "change of present full days",
            "-2",
            &answer.number("/comparisons/0/totals/present/fullDays").to_string(),
        )
    }

    fn path(&self, month: &str) -> String {
        format!("/creches/{}/attendanceStatements/{month}", self.creche)
    }

    async fn put_json(
        &self,
        month: &str,
        query: &str,
        body: &Value,
        etag: Option<&str>,
    ) -> Result<Exchange, TourError> {
        let document = RequestBody { media: "application/json", bytes: body.to_string().into_bytes() };
        Ok(self.client.put(&format!("{}{query}", self.path(month)), document, etag).await?)
    }
}

/// The header of a table of totals.
fn head() -> Vec<String> {
    ["", "present", "½", "justified", "½", "unjustified", "½"].map(str::to_owned).to_vec()
}

/// A row of a table of totals.
fn totals(label: &str, totals: &Value) -> Vec<String> {
    let mut row = vec![label.to_owned()];
    for status in ["present", "justifiedAbsence", "unjustifiedAbsence"] {
        row.extend(["fullDays", "halfDays"].map(|days| totals[status][days].to_string()));
    }
    row
}

/// Basis points as a percentage.
fn percent(basis_points: i64) -> String {
    format!("{}.{:02} %", basis_points / 100, basis_points % 100)
}
