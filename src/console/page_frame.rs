//! The frame of every page: title, navigation, language, log-out.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;

use super::addresses::{
    AGENCY_CLAIMS, AGENCY_COMMUNICATIONS, AGENCY_DOCTORS, AGENCY_ORGANISERS, AGENCY_PAYMENTS, COMMUNICATIONS, REPORTS,
    SUBSIDIES, WEBHOOKS,
};
use super::form_fields::{FieldErrors, is_within};
use super::page_context::{PageContext, SessionContext};
use crate::app::sessions::LoggedIn;
use crate::app::{closures, doctors};
use crate::clock;
use crate::domain::key::Scope;
use crate::domain::money::Cents;
use crate::domain::report;
use crate::domain::statement::StatementKind;
use crate::http::problem::Problem;
use crate::http::urls::CONSOLE_ROOT;
use crate::words::{self, Language, LocalText, navigation};

/// The content security policy: styles, scripts, pictures and forms of the same origin, nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A link of the navigation.
pub(super) struct NavLink {
    pub(super) href: &'static str,
    pub(super) name: &'static str,
    /// Whether the page is in that part.
    pub(super) here: bool,
}

/// What the frame of a page needs.
pub(super) struct PageFrame {
    pub(super) language: Language,
    /// The name of the person; none before the log-in.
    pub(super) person: Option<String>,
    /// The organiser that the person acts for; none before one is chosen.
    pub(super) organiser: Option<String>,
    /// The CSRF token of forms.
    pub(super) csrf: String,
    pub(super) ways: Vec<NavLink>,
    /// The notice of the last action, at the top.
    pub(super) notice: Option<&'static str>,
    /// The errors of the form that was sent, listed at the top.
    pub(super) errors: Vec<FormError>,
    /// Whether the form that was sent is refused, which is in the title of the page.
    pub(super) refused: bool,
}

/// An error of a form.
pub(super) struct FormError {
    pub(super) words: String,
    /// The id of its field, where it is on the page.
    pub(super) field: Option<String>,
}

impl PageFrame {
    /// For a person who is not logged in.
    pub(super) const fn anonymous(language: Language) -> Self {
        Self {
            language,
            person: None,
            organiser: None,
            csrf: String::new(),
            ways: Vec::new(),
            notice: None,
            errors: Vec::new(),
            refused: false,
        }
    }

    /// For a person who may have yet to choose an organiser, in the part of the console that begins at `part`.
    pub(super) fn of_session(part: &str, session: &SessionContext) -> Self {
        Self::of(part, &session.visitor, session.language)
    }

    /// For a user who acts for an organiser, likewise.
    pub(super) fn at(part: &str, visit: &PageContext) -> Self {
        Self::of(part, &visit.visitor, visit.language)
    }

    /// For the person of a session.
    pub(super) fn of(part: &str, visitor: &LoggedIn, language: Language) -> Self {
        let name = format!("{} {}", visitor.identity.given_name, visitor.identity.family_name);
        let ways = ways(part, visitor, language);
        let organiser = visitor.acting.as_ref().map(|acting| acting.legal_name.clone());
        Self {
            person: Some(name),
            organiser,
            csrf: visitor.csrf.clone(),
            ways,
            notice: visitor.notice.map(|notice| notice.label().get(language)),
            ..Self::anonymous(language)
        }
    }

    /// A colon, after the space that the language puts before it.
    pub(super) const fn colon(&self) -> &'static str {
        self.text(&words::page_frame::COLON)
    }

    /// An amount with its currency.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(super) fn amount(&self, amount: &Cents) -> String {
        amount.with_currency(self.language)
    }

    /// The one of two words, the singular and the plural, that goes with a number. French says zero in the singular.
    pub(super) fn with_number(&self, number: &impl ToString, [one, many]: &[LocalText; 2]) -> &'static str {
        self.text(if self.plural(number) == 0 { one } else { many })
    }

    /// The one of two sentences that goes with a number, with the number in it.
    pub(super) fn counted(&self, count: &impl ToString, forms: &[LocalText; 2]) -> String {
        self.with_number(count, forms).replace("{count}", &count.to_string())
    }

    /// A list in words: "a, b and c".
    pub(super) fn listed(&self, items: &[String]) -> String {
        match items {
            [before @ .., last] if !before.is_empty() => {
                format!("{}{}{last}", before.join(", "), self.text(&words::home::LIST_END))
            }
            _ => items.concat(),
        }
    }

    /// 1 where a number takes the plural.
    fn plural(&self, number: &impl ToString) -> usize {
        let number = number.to_string();
        usize::from(number != "1" && !(number == "0" && self.language == Language::Fr))
    }

    /// Lists the errors of a form, in the order of its `fields`, which are the ids on the page.
    pub(super) fn refusing(mut self, faults: &FieldErrors, fields: &[&str]) -> Self {
        let position = |place: &str| fields.iter().position(|field| is_within(place, field));
        let mut errors: Vec<_> = faults.0.iter().map(|(place, words)| (position(place), words)).collect();
        errors.sort_by_key(|(position, _)| position.unwrap_or(usize::MAX));
        let error = |(at, words): (Option<usize>, &String)| FormError {
            words: words.clone(),
            field: at.map(|at| fields[at].to_owned()),
        };
        self.refused |= !errors.is_empty();
        self.errors.extend(errors.into_iter().map(error));
        self
    }

    /// The same with the name of the field before each sentence that does not have it; `fields` are ids and names.
    pub(super) fn refusing_named(self, faults: &FieldErrors, fields: &[(&str, &str)]) -> Self {
        let named = |(place, words): &(String, String)| {
            let name = fields.iter().find(|(id, _)| is_within(place, id)).map_or("", |(_, name)| name);
            let said = name.is_empty() || words.to_lowercase().contains(&name.to_lowercase());
            let words = if said { words.clone() } else { format!("{name}{} {words}", self.colon()) };
            (place.clone(), words)
        };
        let faults = FieldErrors(faults.0.iter().map(named).collect());
        let ids: Vec<_> = fields.iter().map(|(id, _)| *id).collect();
        self.refusing(&faults, &ids)
    }

    /// Marks the title as that of a refused form, where the page itself has the reason.
    pub(super) const fn refused_if(mut self, refused: bool) -> Self {
        self.refused |= refused;
        self
    }

    /// The prefix of the title of a page with a refused form.
    pub(super) const fn title_prefix(&self) -> &'static str {
        if self.refused { self.text(&words::page_frame::ERROR) } else { "" }
    }

    /// Words in the page's language.
    pub(super) const fn text(&self, words: &LocalText) -> &'static str {
        words.get(self.language)
    }
}

/// A day and an hour in the Belgian format.
pub(super) fn date_time(at: Timestamp) -> String {
    clock::to_brussels(at).strftime("%d/%m/%Y %H:%M").to_string()
}

/// A day in the Belgian format.
pub(super) fn day(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

/// Basis points as a percentage in the Belgian format.
pub(super) fn percent(rate: Option<u64>) -> String {
    rate.map_or_else(|| "–".to_owned(), |rate| format!("{},{:02}\u{a0}%", rate / 100, rate % 100))
}

/// The navigation for the user's rights: the home page, the boards of the kinds of statement, then the others.
fn ways(part: &str, visitor: &LoggedIn, language: Language) -> Vec<NavLink> {
    let acting = visitor.acting.as_ref();
    let reads = |scope| acting.is_some_and(|acting| acting.caller(scope).is_some());
    let manages = acting.is_some_and(|acting| acting.mandate.manages_users());
    let administers = acting.is_some_and(|acting| acting.mandate.administers());
    let told = reads(Scope::WebhooksManage);
    let others: [(bool, &str, LocalText); 15] = [
        (reads(Scope::StatementsRead(report::KIND)), REPORTS, navigation::REPORTS),
        (reads(Scope::StatementsRead(report::KIND)), SUBSIDIES, navigation::SUBSIDIES),
        (acting.is_some_and(|acting| acting.caller_anywhere().is_some()), COMMUNICATIONS, navigation::COMMUNICATIONS),
        (reads(doctors::READ), "/console/doctors", navigation::DOCTORS),
        (reads(Scope::StaffRead), "/console/staff", navigation::STAFF),
        (reads(closures::READ), "/console/closures", navigation::CLOSURES),
        (manages, "/console/users", navigation::USERS),
        (administers, "/console/applications", navigation::APPLICATIONS),
        (told, WEBHOOKS, navigation::WEBHOOKS),
        (administers, "/console/history", navigation::HISTORY),
        (visitor.agent.is_some(), AGENCY_ORGANISERS, navigation::ORGANISERS),
        (visitor.agent.is_some(), AGENCY_CLAIMS, navigation::CLAIMS),
        (visitor.agent.is_some(), AGENCY_PAYMENTS, navigation::PAYMENTS),
        (visitor.agent.is_some(), AGENCY_COMMUNICATIONS, navigation::AGENCY_COMMUNICATIONS),
        (visitor.agent.is_some(), AGENCY_DOCTORS, navigation::DOCTORS_TO_VALIDATE),
    ];
    let home = (acting.is_some() || visitor.agent.is_some(), CONSOLE_ROOT, navigation::HOME);
    let board = |kind: &StatementKind| Some((reads(Scope::StatementsRead(*kind)), kind.board()?, kind.facts().title));
    let boards = StatementKind::ALL.iter().filter_map(board);
    let shown = std::iter::once(home).chain(boards).chain(others).filter(|(allowed, ..)| *allowed);
    shown.map(|(_, href, name)| NavLink { href, name: name.get(language), here: href == part }).collect()
}

/// A page, or the problem in rendering it.
pub(super) fn render(page: &impl Template) -> Response {
    render_with_status(StatusCode::OK, page)
}

/// The same with another status.
pub(super) fn render_with_status(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, headers(), html).into_response(),
        Err(error) => Problem::internal(error).into_response(),
    }
}

fn headers() -> HeaderMap {
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        // The referrer stays within the origin: the choice of a language redirects back to the page where it was made.
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    ])
}
