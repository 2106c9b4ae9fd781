//! The form for entering and changing a person, or a record of one.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::staff::StaffError;
use crate::console::form::Fields;
use crate::console::form_fields::{FieldErrors, TextField, TickBox};
use crate::console::page_frame::{PageFrame, render_with_status};
use crate::http::problem::Problem;
use crate::words::{Language, LocalText};

/// A field with a choice of one value.
pub(super) struct Select {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) options: Vec<TickBox>,
    /// Whether it is optional.
    pub(super) blank: bool,
    pub(super) error: Option<String>,
}

/// The options of a list of codes, with their words.
pub(super) type Codes<'a, T> = (&'a [T], fn(T) -> &'static str, fn(T) -> LocalText);

impl Select {
    /// Of the codes of a list.
    pub(super) fn of<T: Copy>(
        name: &'static str,
        label: &'static str,
        (all, code, words): Codes<'_, T>,
        (fields, faults): (&Fields, &FieldErrors),
        language: Language,
    ) -> Self {
        let option = |one: &T| TickBox {
            value: code(*one).to_owned(),
            words: words(*one).get(language).to_owned(),
            ticked: fields.get(name) == code(*one),
        };
        let error = faults.at(name).map(str::to_owned);
        Self { name, label, options: all.iter().map(option).collect(), blank: true, error }
    }
}

/// A group of fields.
pub(super) struct FieldGroup {
    pub(super) legend: String,
    pub(super) selects: Vec<Select>,
    pub(super) entries: Vec<TextField>,
}

#[derive(Template)]
#[template(path = "staff/edit.html", config = ".config/askama.toml")]
pub(super) struct EditPage {
    pub(super) frame: PageFrame,
    pub(super) title: &'static str,
    /// The person's name; none for a new one.
    pub(super) name: Option<String>,
    pub(super) lead: Option<&'static str>,
    pub(super) back: String,
    pub(super) action: String,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) selects: Vec<Select>,
    pub(super) entries: Vec<TextField>,
    pub(super) rows: Vec<FieldGroup>,
    pub(super) faults: FieldErrors,
    /// Another user changed the sheet meanwhile.
    pub(super) stale: bool,
    pub(super) removable: bool,
}

impl EditPage {
    /// The form with the HTTP status for its errors.
    pub(super) fn show(mut self) -> Response {
        let rows = self.rows.iter().map(|row| (&row.selects, &row.entries));
        let groups = std::iter::once((&self.selects, &self.entries)).chain(rows);
        let names = |(selects, entries): (&Vec<Select>, &Vec<TextField>)| {
            let selects: Vec<_> = selects.iter().map(|select| (select.name, select.label)).collect();
            selects.into_iter().chain(entries.iter().map(|entry| (entry.name, entry.label))).collect::<Vec<_>>()
        };
        let names: Vec<_> = groups.flat_map(names).collect();
        self.frame = self.frame.refusing_named(&self.faults, &names).refused_if(self.stale);
        let status = match (self.stale, self.faults.0.is_empty()) {
            (true, _) => StatusCode::PRECONDITION_FAILED,
            (false, false) => StatusCode::BAD_REQUEST,
            (false, true) => StatusCode::OK,
        };
        render_with_status(status, &self)
    }
}

/// The input of a form, and its result.
#[derive(Default)]
pub(super) struct SubmittedForm {
    pub(super) fields: Fields,
    pub(super) faults: FieldErrors,
    pub(super) stale: bool,
}

impl SubmittedForm {
    /// A form that can be corrected: its errors by the names that `named` returns for their places.
    pub(super) fn from_refusal(
        fields: Fields,
        refusal: StaffError,
        language: Language,
        named: impl Fn(&str) -> String,
    ) -> Result<Self, Problem> {
        match refusal {
            StaffError::Invalid { findings, .. } => {
                Ok(Self { fields, faults: FieldErrors::new(&findings, language).named(named), stale: false })
            }
            StaffError::Blocked(_) => Ok(Self { fields, stale: true, ..Self::default() }),
            refusal => Err(refusal.into()),
        }
    }
}
