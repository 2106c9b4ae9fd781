//! What carries the steps to the software: a program, an address, or a person.

use std::process::Stdio;
use std::time::Duration;

use reqwest::{Client, Url};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::cli::api_client::http;
use crate::cli::{CliError, print_line};
use crate::words::Language;

/// What a report is where none came.
const UNSUPPORTED: &str = "unsupported";

/// What carries out the steps.
pub(super) struct Driver {
    way: Way,
    within: Duration,
    language: Language,
}

enum Way {
    Program { child: Box<Child>, to: ChildStdin, from: Lines<BufReader<ChildStdout>> },
    Address(Client, Url),
    Person,
}

impl Driver {
    pub(super) fn new(driver: Option<&str>, seconds: u64, language: Language) -> Result<Self, CliError> {
        let way = match driver {
            None => Way::Person,
            Some(address) if address.starts_with("http://") || address.starts_with("https://") => {
                let url: Url = address.parse()?;
                Way::Address(http(&url)?, url)
            }
            Some(command) => program(command)?,
        };
        Ok(Self { way, within: Duration::from_secs(seconds), language })
    }

    /// Has a step carried out; the report on it. Where none comes, the step counts as not carried out.
    pub(super) async fn carry_out(&mut self, step: &Value) -> Result<Value, CliError> {
        let line = match &mut self.way {
            Way::Person => return ask(step, self.language),
            way => match timeout(self.within, way.exchange(step)).await {
                Ok(Ok(line)) => line,
                Ok(Err(error)) if way.is_away(&error) => {
                    return Err(format!("the driver cannot be reached: {error}").into());
                }
                Ok(Err(error)) => return Ok(no_report(step, &error.to_string())),
                Err(_) => return Ok(no_report(step, &format!("no report came within {} s", self.within.as_secs()))),
            },
        };
        let Ok(Value::Object(mut report)) = serde_json::from_str::<Value>(&line) else {
            let begins: String = line.chars().take(100).collect();
            return Ok(no_report(
                step,
                &format!("the report is no JSON object on one line, it begins with {begins:?}"),
            ));
        };
        report.insert("step".to_owned(), step["step"].clone());
        Ok(Value::Object(report))
    }

    /// Ends a program: its input is closed, and it is waited for, for a moment.
    pub(super) async fn close(self) {
        if let Way::Program { mut child, to, .. } = self.way {
            drop(to);
            if timeout(Duration::from_secs(5), child.wait()).await.is_err() {
                print_line("the driver had not ended 5 s after its input was closed: it is stopped");
                // It may have ended meanwhile.
                let _ = child.kill().await;
            }
        }
    }
}

impl Way {
    /// Whether a failure to exchange a step means that no other can be exchanged.
    fn is_away(&self, error: &CliError) -> bool {
        match self {
            Self::Program { .. } => true,
            Self::Address(..) => error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect),
            Self::Person => false,
        }
    }

    async fn exchange(&mut self, step: &Value) -> Result<String, CliError> {
        match self {
            Self::Program { to, from, .. } => {
                to.write_all(format!("{step}\n").as_bytes()).await?;
                to.flush().await?;
                from.next_line().await?.ok_or_else(|| "the driver has ended".into())
            }
            Self::Address(http, url) => {
                Ok(http.post(url.clone()).json(step).send().await?.error_for_status()?.text().await?)
            }
            Self::Person => Err("a person is asked".into()),
        }
    }
}

fn program(command: &str) -> Result<Way, CliError> {
    let mut started = Command::new("sh");
    started.args(["-c", command]).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = started.spawn()?;
    let (to, from) = (child.stdin.take(), child.stdout.take());
    let (Some(to), Some(from)) = (to, from) else { return Err("the driver has no input and output".into()) };
    Ok(Way::Program { child: Box::new(child), to, from: BufReader::new(from).lines() })
}

fn no_report(step: &Value, why: &str) -> Value {
    print_line(&format!("  step {}: {why}", step["step"]));
    json!({ "step": step["step"], "outcome": UNSUPPORTED })
}

/// Shows a step to a person and asks for its outcome.
fn ask(step: &Value, language: Language) -> Result<Value, CliError> {
    print_line(&format!(
        "\n{} {}",
        step["case"].as_str().unwrap_or_default(),
        step["text"][language.code()].as_str().unwrap_or_default()
    ));
    for name in ["apiUrl", "key", "kind", "crecheId", "month", "quarter", "document", "waitSeconds"] {
        if !step[name].is_null() {
            print_line(&format!(
                "  {name}: {}",
                step[name].as_str().map_or_else(|| step[name].to_string(), str::to_owned)
            ));
        }
    }
    print_line(
        "done, refused, conflict or notDone, then the codes of findings, the numbers of events or the address of a page, with spaces between them:",
    );
    let mut line = String::new();
    if std::io::stdin().read_line(&mut line)? == 0 {
        return Err("the input has ended".into());
    }
    Ok(typed_report(step, &line))
}

/// What a person typed, as a report: the outcome, then numbers of events, addresses of pages and codes of findings.
fn typed_report(step: &Value, line: &str) -> Value {
    let mut words = line.split_whitespace();
    let outcome = words.next().unwrap_or(UNSUPPORTED);
    let (numbers, words): (Vec<&str>, Vec<&str>) = words.partition(|word| word.parse::<u64>().is_ok());
    let numbers: Vec<u64> = numbers.iter().filter_map(|number| number.parse().ok()).collect();
    let (pages, codes): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| word.contains("://"));
    let mut report = json!({ "step": step["step"], "outcome": outcome, "findings": codes, "events": numbers });
    if let Some(page) = pages.first() {
        report["page"] = json!(page);
    }
    report
}
