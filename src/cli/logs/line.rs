//! A logged call as a line, and as a command for curl.

use std::fmt;

use serde::Deserialize;

/// A call as `GET /requests` has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoggedCall {
    id: String,
    at: String,
    method: String,
    path: String,
    status: u16,
    problem_type: Option<String>,
    duration_millis: u64,
    content_type: Option<String>,
    body_bytes: Option<u64>,
    verdict: Option<Verdict>,
    body: Option<Body>,
}

/// Its masked body.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    masked: String,
    is_cut: bool,
}

/// What became of its deposit.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    outcome: String,
    findings: Vec<FindingCount>,
}

#[derive(Deserialize)]
struct FindingCount {
    code: String,
    count: u64,
}

/// `2026-10-12T07:00:00Z PUT /creches/…/attendanceStatements/2026-07 400 badRequest 12 ms refused input.required×2 id`.
impl fmt::Display for LoggedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.at, self.method, self.path, self.status)?;
        if let Some(problem) = self.problem_type.as_deref().and_then(|urn| urn.rsplit(':').next()) {
            write!(f, " {problem}")?;
        }
        write!(f, " {} ms", self.duration_millis)?;
        if let Some(Verdict { outcome, findings }) = &self.verdict {
            write!(f, " {outcome}")?;
            for FindingCount { code, count } in findings {
                write!(f, " {code}×{count}")?;
            }
        }
        write!(f, " {}", self.id)
    }
}

impl LoggedCall {
    /// The command that makes the call again at the API with this root. The key stays in the environment. The body is the masked
    /// one; where the log does not have it whole, it is a file.
    pub(super) fn as_curl(&self, api: &str) -> String {
        let mut words = format!("curl -sS -X {} -H \"Authorization: Bearer $PASSERELLE_KEY\"", self.method);
        if let Some(media) = &self.content_type {
            words = format!("{words} -H {}", quoted(&format!("Content-Type: {media}")));
        }
        match &self.body {
            Some(body) if !body.is_cut => words = format!("{words} --data-binary {}", quoted(&body.masked)),
            _ if self.body_bytes.is_some_and(|bytes| bytes > 0) => words += " --data-binary @body",
            _ => {}
        }
        format!("{words} {}", quoted(&format!("{api}{}", self.path)))
    }
}

/// A word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(path: &str) -> LoggedCall {
        serde_json::from_value(serde_json::json!({
            "id": "019a5c00-0000-7000-8000-0000000000d2", "at": "2026-10-12T07:00:00Z", "method": "PUT", "path": path,
            "status": 400, "problemType": "urn:problem-type:belgif:badRequest", "durationMillis": 12,
            "contentType": "application/json", "bodyBytes": 14,
            "verdict": { "outcome": "refused", "findings": [{ "code": "input.required", "count": 2 }] }
        }))
        .unwrap()
    }

    #[test]
    fn a_line_has_what_became_of_the_call() {
        let line = "2026-10-12T07:00:00Z PUT /a 400 badRequest 12 ms refused input.required×2 \
                    019a5c00-0000-7000-8000-0000000000d2";
        assert_eq!(call("/a").to_string(), line);
    }

    #[test]
    fn a_command_quotes_what_a_shell_would_read() {
        let words = r#"curl -sS -X PUT -H "Authorization: Bearer $PASSERELLE_KEY" -H 'Content-Type: application/json' --data-binary @body 'https://a/x'\''$(y)?z=…'"#;
        assert_eq!(call("/x'$(y)?z=…").as_curl("https://a"), words);
    }

    #[test]
    fn a_masked_body_is_sent_again_where_it_is_whole() {
        let mut call = call("/x");
        call.body = Some(Body { masked: "{\"a\":\"~1\"}".to_owned(), is_cut: false });
        assert!(call.as_curl("https://a").contains(r#" --data-binary '{"a":"~1"}' 'https://a/x'"#));
        call.body = Some(Body { masked: "{".to_owned(), is_cut: true });
        assert!(call.as_curl("https://a").contains(" --data-binary @body 'https://a/x'"));
    }
}
