//! The steps of the tour of the other kinds: consultations, and the staff register.

use serde_json::Value;

use super::client::{RequestBody, XLSX};
use super::{Tour, TourError};

const CONSULTATIONS: &[u8] = include_bytes!("../../../sandbox/samples/consultations.xlsx");
const STAFF: &[u8] = include_bytes!("../../../sandbox/samples/staff.xlsx");

impl Tour {
    /// A month of consultations, by the same channel as attendance.
    pub(super) async fn consultations(&mut self) -> Result<(), TourError> {
        self.next("July's medical consultations, the same way: an .xlsx workbook made by another program")?;
        let path = format!("/creches/{}/medicalStatements/2026-07", self.creche);
        let answer = self.client.put(&path, RequestBody { media: XLSX, bytes: CONSULTATIONS.to_vec() }, None).await?;
        self.expect(&answer, 201)?;
        let totals = &answer.body["totals"];
        self.screen.table(&[
            ["", "consultations", "hours", "fees", "travel"].map(str::to_owned).to_vec(),
            vec![
                "totals".to_owned(),
                totals["consultations"].to_string(),
                hours(&totals["minutes"]),
                euros(&totals["feeCents"]),
                euros(&totals["travelCents"]),
            ],
        ])?;
        self.screen.findings(answer.list("/warnings"))?;
        self.expect_value("fees in cents", "27075", &totals["feeCents"].to_string())
    }

    /// The staff register: a dry run, then the deposit.
    pub(super) async fn staff(&mut self) -> Result<(), TourError> {
        self.next("The staff register as a workbook: a dry run tells what it would change")?;
        let document = || RequestBody { media: XLSX, bytes: STAFF.to_vec() };
        let dry_run = self.client.put("/staffRegister?dryRun=true", document(), None).await?;
        self.expect(&dry_run, 200)?;
        for (name, label) in [("added", "new"), ("changed", "changed"), ("leftOut", "not in it, kept as held")] {
            let references = dry_run.list(&format!("/changes/{name}")).iter().filter_map(Value::as_str);
            self.screen.note(&format!("  {label}: {}", references.collect::<Vec<_>>().join(", ")))?;
        }
        self.screen.findings(dry_run.list("/warnings"))?;
        self.next("The same deposited; the crèche's staffing stands beside its places in the summary")?;
        let deposited = self.client.put("/staffRegister", document(), dry_run.etag.as_deref()).await?;
        self.expect(&deposited, 200)?;
        self.expect_value("written", "true", &deposited.body["written"].to_string())?;
        let summary = self.client.get(&format!("/creches/{}/summaries/2026Q3", self.creche)).await?;
        self.expect(&summary, 200)?;
        let average = summary.body["staffing"]["averageHundredths"].as_object().into_iter().flatten();
        let mut rows = vec![["", "full-time equivalents"].map(str::to_owned).to_vec()];
        rows.extend(average.map(|(category, hundredths)| vec![category.clone(), equivalents(hundredths)]));
        self.screen.table(&rows)?;
        self.screen.note(&format!("  for {} authorised places", summary.number("/places")))?;
        self.expect_value("childcare", "160", &summary.body["staffing"]["averageHundredths"]["childcare"].to_string())
    }
}

impl Tour {
    /// The events of this day in the feed.
    pub(super) async fn feed(&mut self) -> Result<(), TourError> {
        self.next("What happened so far: the feed that webhooks hint at")?;
        let answer = self.client.get("/events").await?;
        self.expect(&answer, 200)?;
        for event in answer.list("/items") {
            let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            self.screen.note(&format!("  {} {} {}", event["number"], text("/type"), text("/data/period")))?;
        }
        let deposited = answer.list("/items").iter().filter(|event| event["type"] == "attendanceStatement.deposited");
        self.expect_value("months deposited", "3", &deposited.count().to_string())
    }
}

fn hours(minutes: &Value) -> String {
    let minutes = minutes.as_u64().unwrap_or_default();
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

fn euros(cents: &Value) -> String {
    let cents = cents.as_u64().unwrap_or_default();
    format!("{}.{:02} €", cents / 100, cents % 100)
}

fn equivalents(hundredths: &Value) -> String {
    let hundredths = hundredths.as_u64().unwrap_or_default();
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
