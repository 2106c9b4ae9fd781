//! Findings as JSON: the same form in a refusal's `issues` and in an accepted response's `warnings`.

use jiff::civil::Date;
use serde::Serialize;

use super::urls::Urls;
use crate::domain::announced_rules;
use crate::domain::finding::{ExistingItem, Finding, FindingPlace, Findings};
use crate::domain::rule::{AnnouncedSeverity, Severity};
use crate::words::Language;

/// One finding.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingBody {
    r#type: &'static str,
    href: String,
    title: &'static str,
    code: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    announced: Option<AnnouncedBody>,
    r#in: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
    owner: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    existing: Option<ExistingBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<PlaceBody>,
}

/// The severity that a rule will have.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct AnnouncedBody {
    severity: &'static str,
    from: Date,
}

impl AnnouncedBody {
    /// The severity and its first day, in a few words of English.
    pub fn in_words(self) -> String {
        format!("{} from {} on", self.severity, self.from)
    }
}

impl From<AnnouncedSeverity> for AnnouncedBody {
    fn from(AnnouncedSeverity { severity, from }: AnnouncedSeverity) -> Self {
        Self { severity: severity.name(), from }
    }
}

#[derive(Debug, Serialize)]
struct PlaceBody {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
}

/// The existing resource that a finding refers to.
#[derive(Debug, Serialize)]
struct ExistingBody {
    id: String,
    href: String,
}

impl ExistingBody {
    fn new(existing: ExistingItem, urls: &Urls) -> Self {
        let (collection, id) = match existing {
            ExistingItem::Doctor(id) => ("doctors", id.to_string()),
            ExistingItem::StaffMember(id) => ("staffMembers", id.to_string()),
            ExistingItem::User(id) => ("users", id.to_string()),
        };
        Self { href: urls.api(format_args!("/{collection}/{id}")), id }
    }
}

impl FindingBody {
    /// The finding in a language.
    pub fn new(finding: &Finding, language: Language, urls: &Urls) -> Self {
        let (kind, title) = issue_type(finding.rule.code);
        let folded = finding.count > 1;
        Self {
            r#type: kind,
            href: urls.rule(finding.rule.code),
            title,
            code: finding.rule.code,
            severity: finding.severity.name(),
            announced: announced_rules::announced(finding.rule)
                .filter(|_| finding.is_announced)
                .map(AnnouncedBody::from),
            r#in: finding.part.name(),
            name: finding.place().pointer.clone(),
            cell: finding.place().cell.clone(),
            owner: finding.rule.owner.name(),
            detail: finding.detail_with_source(language),
            existing: finding.existing.map(|existing| ExistingBody::new(existing, urls)),
            value: finding.value.clone(),
            count: folded.then_some(finding.count),
            places: if folded { finding.places.iter().map(PlaceBody::from).collect() } else { Vec::new() },
        }
    }

    /// The findings of one severity.
    pub fn of(findings: &Findings, severity: Severity, language: Language, urls: &Urls) -> Vec<Self> {
        findings.of(severity).map(|finding| Self::new(finding, language, urls)).collect()
    }
}

impl From<&FindingPlace> for PlaceBody {
    fn from(place: &FindingPlace) -> Self {
        Self { name: place.pointer.clone(), cell: place.cell.clone() }
    }
}

/// The shared Belgian issue type and its title for a rule: unknown input, a schema violation, or other invalid input.
fn issue_type(code: &str) -> (&'static str, &'static str) {
    let (family, rule) = code.split_once('.').unwrap_or(("", code));
    match (family, rule) {
        (_, "unknownProperty" | "unknownParameter") => {
            ("urn:problem-type:belgif:input-validation:unknownInput", "Unknown input")
        }
        ("input" | "json" | "request", _) if rule != "unknownResource" => {
            ("urn:problem-type:belgif:input-validation:schemaViolation", "Input isn't valid with respect to schema")
        }
        _ => ("urn:problem-type:belgif:input-validation:invalidInput", "Invalid input"),
    }
}
