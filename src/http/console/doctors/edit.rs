//! The form in which a doctor is entered and changed.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::sheet::{EMAIL, INAMI, MOBILE, OFFICE};
use super::{PART, href, writer};
use crate::app::doctors::{self, Change, Doctor, Refusal};
use crate::app::{Guard, Input, creches};
use crate::domain::doctor::Function;
use crate::domain::doctor::raw::{Creches, RawDoctor};
use crate::domain::key::Scope;
use crate::domain::raw::{Choice, Field};
use crate::domain::text::Text;
use crate::http::api::at::AtDoctor;
use crate::http::console::entries::{Entry, Faults, Tick, chosen, creche_tick, digits, text};
use crate::http::console::form::{Fields, Form};
use crate::http::console::shell::{Shell, show_as};
use crate::http::console::visit::{Visit, refused, see_other};
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::ids::{CrecheId, DoctorId};

#[derive(Template)]
#[template(path = "doctors/edit.html", config = ".config/askama.toml")]
struct EditPage {
    shell: Shell,
    /// The doctor's name; none for a new one.
    name: Option<String>,
    back: String,
    action: String,
    entries: Vec<Entry>,
    functions: Vec<Tick>,
    creches: Vec<Tick>,
    faults: Faults,
    /// Somebody else changed the sheet meanwhile.
    stale: bool,
    version: u64,
}

/// What is to be shown of a form.
#[derive(Default)]
struct Shown {
    fields: Fields,
    faults: Faults,
    stale: bool,
}

pub(super) async fn blank(visit: Visit) -> Result<Response> {
    visit.caller(Scope::MedicalWrite)?;
    let fields = Fields::from(vec![("country".to_owned(), "BE".to_owned())]);
    form(&visit, None, Shown { fields, ..Shown::default() }).await
}

pub(super) async fn add(Form { visit, fields }: Form) -> Result<Response> {
    let caller = visit.caller(Scope::MedicalWrite)?;
    match doctors::add(&visit.app, &caller, Input::Fields(read(&fields, &[])), false).await {
        Ok(kept) => Ok(see_other(&format!("{}?said=added", href(kept.doctor.id)))),
        Err(refusal) => again(&visit, None, fields, refusal).await,
    }
}

pub(super) async fn filled(visit: Visit, Path(AtDoctor { doctor: id }): Path<AtDoctor>) -> Result<Response> {
    let doctor = found(&visit, id).await?;
    let fields = fields_of(&doctor);
    form(&visit, Some(&doctor), Shown { fields, ..Shown::default() }).await
}

pub(super) async fn change(
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
    Form { visit, fields }: Form,
) -> Result<Response> {
    let (caller, doctor) = (visit.caller(Scope::MedicalWrite)?, found(&visit, id).await?);
    // What the person cannot see stays.
    let unseen: Vec<_> = doctor.sheet.creche_ids.iter().copied().filter(|creche| !caller.reaches(*creche)).collect();
    let guard = Guard::Known(fields.number("version").into_iter().collect());
    let change = Change::Sheet(Box::new(read(&fields, &unseen)));
    match doctors::change(&visit.app, &caller, id, &guard, change, false).await {
        Ok(_) => Ok(see_other(&format!("{}?said=changed", href(id)))),
        Err(refusal) => again(&visit, Some(&doctor), fields, refusal).await,
    }
}

/// A doctor whom the person may change.
async fn found(visit: &Visit, id: DoctorId) -> Result<Doctor> {
    let doctor = doctors::find(&visit.app, &visit.caller(Scope::MedicalRead)?, id).await?;
    writer(visit, &doctor).ok_or_else(refused)?;
    Ok(doctor)
}

/// The form again, when what was sent can be mended there.
async fn again(visit: &Visit, doctor: Option<&Doctor>, fields: Fields, refusal: Refusal) -> Result<Response> {
    let shown = match refusal {
        Refusal::Invalid(findings) => {
            Shown { fields, faults: Faults::new(&findings, visit.language), ..Shown::default() }
        }
        Refusal::Blocked(_) => Shown { fields, stale: true, ..Shown::default() },
        refusal => return Err(refusal.into()),
    };
    form(visit, doctor, shown).await
}

async fn form(visit: &Visit, doctor: Option<&Doctor>, shown: Shown) -> Result<Response> {
    let Shown { fields, faults, stale } = shown;
    let creches = creches::list(&visit.app, &visit.caller(Scope::MedicalWrite)?).await?;
    let status = match (stale, faults.0.is_empty()) {
        (true, _) => StatusCode::PRECONDITION_FAILED,
        (false, false) => StatusCode::BAD_REQUEST,
        (false, true) => StatusCode::OK,
    };
    let back = doctor.map_or_else(|| PART.to_owned(), |doctor| href(doctor.id));
    let shell = Shell::at(PART, visit);
    let function = |function: &Function| Tick {
        value: function.code().to_owned(),
        words: function.label().get(visit.language).to_owned(),
        ticked: fields.get("function") == function.code(),
    };
    let page = EditPage {
        name: doctor.map(Doctor::name),
        action: doctor.map_or_else(|| format!("{PART}/new"), |doctor| format!("{}/edit", href(doctor.id))),
        back,
        entries: entries(&shell, &fields, &faults),
        functions: Function::ALL.iter().map(function).collect(),
        creches: creches.iter().map(|creche| creche_tick("crecheIds", creche, &fields)).collect(),
        // Who was shown the sheet as it is now may save over it.
        version: if stale { doctor.map_or(0, |doctor| doctor.version) } else { fields.number("version").unwrap_or(0) },
        faults,
        stale,
        shell,
    };
    Ok(show_as(status, &page))
}

/// The fields for one line of text: name, kind, whether there must be something in it, label, hint.
const ENTRIES: [(&str, &str, bool, Text, Text); 14] = [
    (
        "inami",
        "text",
        true,
        INAMI,
        Text {
            fr: "Onze chiffres ; le premier est 1. Il figure sur ses attestations de soins.",
            nl: "Elf cijfers; het eerste is 1. Het staat op de getuigschriften.",
            en: "Eleven digits; the first is 1. It stands on the doctor's certificates.",
        },
    ),
    ("givenName", "text", true, Text { fr: "Prénom", nl: "Voornaam", en: "Given name" }, NO_HINT),
    ("familyName", "text", true, Text { fr: "Nom", nl: "Naam", en: "Family name" }, NO_HINT),
    ("street", "text", true, Text { fr: "Rue", nl: "Straat", en: "Street" }, NO_HINT),
    ("houseNumber", "text", true, Text { fr: "Numéro", nl: "Huisnummer", en: "House number" }, NO_HINT),
    ("box", "text", false, Text { fr: "Boîte", nl: "Bus", en: "Box" }, NO_HINT),
    ("postcode", "text", true, Text { fr: "Code postal", nl: "Postcode", en: "Postcode" }, NO_HINT),
    ("town", "text", true, Text { fr: "Localité", nl: "Plaats", en: "Town" }, NO_HINT),
    (
        "country",
        "text",
        false,
        Text { fr: "Pays", nl: "Land", en: "Country" },
        Text {
            fr: "Deux lettres : BE pour la Belgique.",
            nl: "Twee letters: BE voor België.",
            en: "Two letters: BE for Belgium.",
        },
    ),
    ("mobile", "tel", true, MOBILE, NO_HINT),
    ("officePhone", "tel", true, OFFICE, NO_HINT),
    ("email", "email", true, EMAIL, NO_HINT),
    (
        "startDate",
        "date",
        true,
        Text {
            fr: "Premier jour de la collaboration",
            nl: "Eerste dag van de samenwerking",
            en: "First day of the collaboration",
        },
        NO_HINT,
    ),
    (
        "endDate",
        "date",
        false,
        Text {
            fr: "Dernier jour de la collaboration",
            nl: "Laatste dag van de samenwerking",
            en: "Last day of the collaboration",
        },
        Text {
            fr: "Laissez vide tant qu'il n'est pas connu.",
            nl: "Laat leeg zolang die niet bekend is.",
            en: "Leave it empty as long as it is not known.",
        },
    ),
];

const NO_HINT: Text = Text { fr: "", nl: "", en: "" };

fn entries(shell: &Shell, fields: &Fields, faults: &Faults) -> Vec<Entry> {
    let entry = |(name, kind, required, label, hint): (&'static str, &'static str, bool, Text, Text)| {
        Entry::new(name, fields, faults).is(kind, shell.say(&label), shell.say(&hint), required)
    };
    ENTRIES.into_iter().map(entry).collect()
}

/// What a form says, as a raw document; `unseen` are the crèches that were not on it.
fn read(fields: &Fields, unseen: &[CrecheId]) -> RawDoctor {
    let Choice(mut creches): Creches = chosen(fields, "crecheIds");
    creches.extend(unseen);
    RawDoctor {
        inami: digits(fields.get("inami")),
        given_name: text(fields, "givenName"),
        family_name: text(fields, "familyName"),
        street: text(fields, "street"),
        house_number: text(fields, "houseNumber"),
        bus: text(fields, "box"),
        postcode: text(fields, "postcode"),
        town: text(fields, "town"),
        country: text(fields, "country"),
        mobile: text(fields, "mobile"),
        office_phone: text(fields, "officePhone"),
        email: text(fields, "email"),
        function: text(fields, "function"),
        start_date: text(fields, "startDate"),
        end_date: text(fields, "endDate"),
        creches: if creches.is_empty() { Field::Absent } else { Field::Present(Choice(creches)) },
        unknown: false,
    }
}

/// A doctor's sheet as the form has it.
fn fields_of(doctor: &Doctor) -> Fields {
    let sheet = &doctor.sheet;
    let at = &sheet.address;
    let (start, end) = (sheet.start_date.to_string(), sheet.end_date.map(|end| end.to_string()));
    let (number, version) = (sheet.inami.to_string(), doctor.version.to_string());
    let pairs = [
        ("inami", number.as_str()),
        ("givenName", &sheet.given_name),
        ("familyName", &sheet.family_name),
        ("street", &at.street),
        ("houseNumber", &at.house_number),
        ("box", at.bus.as_deref().unwrap_or_default()),
        ("postcode", &at.postcode),
        ("town", &at.town),
        ("country", &at.country),
        ("mobile", &sheet.mobile),
        ("officePhone", &sheet.office_phone),
        ("email", sheet.email.expose()),
        ("function", sheet.function.code()),
        ("startDate", &start),
        ("endDate", end.as_deref().unwrap_or_default()),
        ("version", &version),
    ];
    let own = pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    own.chain(sheet.creche_ids.iter().map(|creche| ("crecheIds".to_owned(), creche.to_string())))
        .collect::<Vec<_>>()
        .into()
}
