//! The address of a call without what may be personal: ids, periods, instants and small numbers stay as they were sent, and every
//! other value is left out, because software may have put a name or a national number there by mistake.

use axum::http::Uri;

use super::urls::API_ROOT;
use crate::app::requests::is_plain_value;
use crate::ids::CrecheId;

/// What stands for a value that is left out.
const LEFT_OUT: &str = "…";
/// How many parameters of the query are logged.
const MOST: usize = 20;

/// The address of a call.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LoggedAddress {
    /// Below the root of the API, with the query.
    pub(super) path: String,
    /// The crèche that the path names.
    pub(super) creche: Option<CrecheId>,
}

impl LoggedAddress {
    /// The address of a request at the path with this template, whose query may have these parameters.
    pub(super) fn new(template: &str, uri: &Uri, names: &[&str]) -> Self {
        let sent = uri.path();
        let sent = sent.strip_prefix(API_ROOT).unwrap_or(sent);
        let (mut path, mut creche) = (String::new(), None);
        for (known, value) in template.split('/').skip(1).zip(sent.split('/').skip(1)) {
            path.push('/');
            path.push_str(if !known.starts_with('{') || is_plain_value(value) { value } else { known });
            if known == "{crecheId}" {
                creche = value.parse().ok();
            }
        }
        for (at, pair) in uri.query().into_iter().flat_map(|query| query.split('&')).take(MOST).enumerate() {
            path.push(if at == 0 { '?' } else { '&' });
            path.push_str(&parameter(pair, names));
        }
        Self { path, creche }
    }
}

/// A parameter as it is logged.
fn parameter(pair: &str, names: &[&str]) -> String {
    let (name, value) = form_urlencoded::parse(pair.as_bytes()).next().unwrap_or_default();
    match names.iter().find(|known| **known == name) {
        None => LEFT_OUT.to_owned(),
        Some(known) if is_plain_value(&value) => {
            form_urlencoded::Serializer::new(String::new()).append_pair(known, &value).finish()
        }
        Some(known) => format!("{known}={LEFT_OUT}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRECHE: &str = "019a5c00-0000-7000-8000-000000000011";

    fn logged(template: &str, address: &str, names: &[&str]) -> LoggedAddress {
        LoggedAddress::new(template, &format!("{API_ROOT}{address}").parse().unwrap(), names)
    }

    #[test]
    fn ids_periods_and_flags_stay() {
        let address = format!("/creches/{CRECHE}/attendanceStatements/2026-07?dryRun=true");
        let found = logged("/creches/{crecheId}/attendanceStatements/{month}", &address, &["dryRun"]);
        assert_eq!(found, LoggedAddress { path: address, creche: CRECHE.parse().ok() });
        let address = "/events?after=12&type=attendanceStatement.deposited&wait=30";
        assert_eq!(logged("/events", address, &["after", "type", "wait"]).path, address);
        let address = "/summaries/2026Q3?asOf=2026-10-01T09%3A00%3A00%2B02%3A00";
        assert_eq!(logged("/summaries/{period}", address, &["asOf"]).path, address);
    }

    #[test]
    fn what_may_be_personal_is_left_out() {
        let found = logged(
            "/staffMembers/{staffMemberId}",
            "/staffMembers/85031495246?crecheId=Claes&ssin=85031495246",
            &["crecheId"],
        );
        assert_eq!(found.path, "/staffMembers/{staffMemberId}?crecheId=…&…");
        assert_eq!(
            logged("/staffMembers/{staffMemberId}", "/staffMembers/Claes", &[]).path,
            "/staffMembers/{staffMemberId}"
        );
        assert_eq!(
            logged("/events", "/events?type=Claes%20Tine&after=85031495246", &["type", "after"]).path,
            "/events?type=…&after=…"
        );
    }
}
