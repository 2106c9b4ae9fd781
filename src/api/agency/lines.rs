//! The lines below the figures of a signed claim: names, days and amounts; no number of a person and no reason of an absence.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{AgencyCall, address};
use crate::app::App;
use crate::app::claims::{self, SignedLines};
use crate::domain::agency_key::AgencyScope;
use crate::domain::kinds::attendance::{self, ChildLine, Day, Duration, Status};
use crate::domain::kinds::medical::{self, ConsultationLine};
use crate::domain::money::Cents;
use crate::domain::period::Month;
use crate::domain::raw::TimeOfDay;
use crate::domain::statement::StatementKind;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::Path;
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtClaimMonth;
use crate::http::problem::{Problem, Result};
use crate::ids::DoctorId;

const ATTENDANCE: &str = "/agency/claims/{organiserId}/{crecheId}/{period}/attendanceLines/{month}";
const CONSULTATIONS: &str = "/agency/claims/{organiserId}/{crecheId}/{period}/consultationLines/{month}";

pub(super) fn routes() -> Vec<Route<App>> {
    let read = Access::Agency(AgencyScope::ClaimsRead);
    vec![
        Route::get(ATTENDANCE, "listAgencyAttendanceLines", read, attendance_lines),
        Route::get(CONSULTATIONS, "listAgencyConsultationLines", read, consultation_lines),
    ]
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LinesBody<T> {
    #[serde(rename = "self")]
    this: String,
    claim: String,
    month: Month,
    items: Vec<T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChildBody {
    family_name: String,
    given_name: String,
    days: Vec<DayBody>,
}

#[derive(Serialize)]
struct DayBody {
    date: Date,
    status: Status,
    duration: Duration,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsultationBody {
    date: Date,
    arrival: TimeOfDay,
    departure: TimeOfDay,
    /// The doctor's name where the organiser entered the doctor, else the INAMI number.
    doctor: String,
    fee_cents: Cents,
    travel_cents: Cents,
}

fn child(line: ChildLine) -> ChildBody {
    let day = |Day { date, status, duration, .. }: Day| DayBody { date, status, duration };
    ChildBody {
        family_name: line.family_name,
        given_name: line.given_name,
        days: line.days.into_iter().map(day).collect(),
    }
}

fn consultation(line: &ConsultationLine, names: &HashMap<DoctorId, String>) -> ConsultationBody {
    ConsultationBody {
        date: line.date,
        arrival: line.arrival,
        departure: line.departure,
        doctor: line.doctor.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| line.inami.to_string()),
        fee_cents: line.fee_cents,
        travel_cents: line.travel_cents,
    }
}

/// The signed lines of a kind, and the address of the claim. Where the claim names no statement of the month, the month is not
/// found.
async fn read(call: &AgencyCall, at: AtClaimMonth, kind: StatementKind) -> Result<(String, SignedLines)> {
    let key = (at.organiser, at.creche, at.period);
    let read = claims::signed_lines(&call.app, &call.caller, key, (kind, at.month)).await?;
    let (_, lines) = read.ok_or_else(|| Problem::not_found("month"))?;
    Ok((address(&call.urls, key), lines))
}

async fn attendance_lines(call: AgencyCall, Path(at): Path<AtClaimMonth>) -> Result<ResponseBuilder> {
    let (claim, lines) = read(&call, at, attendance::KIND).await?;
    let SignedLines::Attendance(statement) = lines else { return Err(Problem::internal("lines of another kind")) };
    let items = statement.lines.into_iter().map(child).collect();
    let this = format!("{claim}/attendanceLines/{}", at.month);
    Ok(ResponseBuilder::json(&LinesBody::<ChildBody> { this, claim, month: at.month, items }))
}

async fn consultation_lines(call: AgencyCall, Path(at): Path<AtClaimMonth>) -> Result<ResponseBuilder> {
    let (claim, lines) = read(&call, at, medical::KIND).await?;
    let SignedLines::Consultations(statement, names) = lines else {
        return Err(Problem::internal("lines of another kind"));
    };
    let items = statement.lines.iter().map(|line| consultation(line, &names)).collect();
    let this = format!("{claim}/consultationLines/{}", at.month);
    Ok(ResponseBuilder::json(&LinesBody::<ConsultationBody> { this, claim, month: at.month, items }))
}
