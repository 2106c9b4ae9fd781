//! The real program as a process of its own, and the way to it over HTTP.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use passerelle::outbound::client;
use reqwest::{Method, RequestBuilder};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::database::Database;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_passerelle");

/// The program with these words, and nothing of this process's own configuration.
pub(crate) fn command<'a>(words: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(PROGRAM);
    let ours = std::env::vars_os().map(|(name, _)| name);
    for name in ours.filter(|name| name.to_string_lossy().starts_with("PASSERELLE_")) {
        command.env_remove(name);
    }
    command.args(words).stdin(Stdio::null());
    command
}

/// A sandbox on any free port with its state in `data`, over `database` if given.
pub(crate) fn sandbox(data: Option<&Path>, database: Option<&Database>) -> Command {
    let mut command = command(["sandbox", "--listen", "127.0.0.1:0"]);
    if let Some(data) = data {
        command.arg("--data").arg(data);
    }
    if let Some(database) = database {
        command.arg("--database").arg(&database.url);
    }
    command
}

/// A gateway that runs until it is dropped.
pub(crate) struct Process {
    child: Child,
    out: BufReader<ChildStdout>,
    errors: File,
    output: String,
}

/// The exit status of a process, and its output.
#[derive(Debug)]
pub(crate) struct End {
    /// Its exit status; `None` when it was killed.
    pub(crate) status: Option<i32>,
    /// Its standard output.
    pub(crate) out: String,
    /// Its standard error.
    pub(crate) errors: String,
}

impl Process {
    /// Starts the program and waits until a line of its output begins with `ready`.
    pub(crate) fn start(command: &mut Command, ready: &str) -> Self {
        let errors = tempfile::tempfile().unwrap();
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::from(errors.try_clone().unwrap())).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self { child, out, errors, output: String::new() };
        running.wait_for(ready, |line| line.starts_with(ready));
        running
    }

    /// Waits until a line of its output contains `text`.
    pub(crate) fn wait_for_text(&mut self, text: &str) {
        self.wait_for(text, |line| line.contains(text));
    }

    fn wait_for(&mut self, expected: &str, is_it: impl Fn(&str) -> bool) {
        while !self.output.lines().any(&is_it) {
            let read = self.out.read_line(&mut self.output).unwrap();
            assert!(read > 0, "it never said “{expected}”: {:?}", self.end());
        }
    }

    /// What follows `ready` on the line that begins with it.
    pub(crate) fn line_after(&self, ready: &str) -> &str {
        self.output.lines().find_map(|line| line.strip_prefix(ready)).expect("it was waited for").trim()
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) fn stop(mut self) -> End {
        self.terminate();
        self.end()
    }

    /// Waits for the end after SIGTERM.
    pub(crate) fn wait_for_end(mut self) -> End {
        self.end()
    }

    /// Ends it at once, whatever it is doing.
    pub(crate) fn kill(mut self) -> End {
        self.child.kill().unwrap();
        self.end()
    }

    /// Waits for its end.
    fn end(&mut self) -> End {
        self.out.read_to_string(&mut self.output).unwrap();
        let status = self.child.wait().unwrap().code();
        let mut errors = String::new();
        self.errors.rewind().unwrap();
        self.errors.read_to_string(&mut errors).unwrap();
        End { status, out: self.output.clone(), errors }
    }

    /// Its resource limits, one a line.
    pub(crate) fn limits(&self) -> String {
        std::fs::read_to_string(format!("/proc/{}/limits", self.child.id())).unwrap()
    }

    /// The most memory that it ever had, in kilobytes, without what is mapped from files: the code of the program as the tests
    /// build it takes three times as much as that of a release.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kilobytes = |name: &str| -> u64 {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0 kB");
            line.trim().trim_end_matches(" kB").parse().unwrap()
        };
        kilobytes("VmHWM:").saturating_sub(kilobytes("RssFile:"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running sandbox.
pub(crate) struct Sandbox {
    /// The process.
    pub(crate) process: Process,
    /// Where its description is.
    pub(crate) file: PathBuf,
    /// Its description.
    pub(crate) description: Value,
}

impl Sandbox {
    /// Starts one and reads its description.
    pub(crate) fn start(command: &mut Command) -> Self {
        const READY: &str = "Keys and ids for scripts: ";
        let process = Process::start(command, READY);
        let file = PathBuf::from(process.line_after(READY));
        let description = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        Self { process, file, description }
    }

    /// A text of the description.
    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.description.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer}"))
    }

    /// The software of the first organiser.
    pub(crate) fn vendor(&self) -> Caller {
        Caller::new(self.text("/apiUrl"), self.text("/organisers/0/applications/0/keys/0/key"))
    }
}

/// A caller over HTTP.
#[derive(Clone)]
pub(crate) struct Caller {
    http: reqwest::Client,
    /// The API's root.
    pub(crate) api: String,
    /// The key.
    pub(crate) key: String,
}

impl Caller {
    /// With a key, at an API's root.
    pub(crate) fn new(api: &str, key: &str) -> Self {
        let http = client::loopback().timeout(Duration::from_mins(2)).build().unwrap();
        Self { http, api: api.to_owned(), key: key.to_owned() }
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.api)).bearer_auth(&self.key)
    }

    /// Reads.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.call(Method::GET, path)
    }

    /// Adds.
    pub(crate) fn post(&self, path: &str, document: String) -> RequestBuilder {
        self.call(Method::POST, path).header("content-type", "application/json").body(document)
    }

    /// Replaces by a document.
    pub(crate) fn put(&self, path: &str, media: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.call(Method::PUT, path).header("content-type", media).body(body)
    }

    /// What is answered to a GET: the status and the document.
    pub(crate) async fn read(&self, path: &str) -> (u16, Value) {
        answer(self.get(path)).await.expect("the gateway answers")
    }
}

/// Sends a request and returns status and document; `None` when the gateway ended before its response.
pub(crate) async fn answer(request: RequestBuilder) -> Option<(u16, Value)> {
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let bytes = response.bytes().await.ok()?;
    Some((status, serde_json::from_slice(&bytes).unwrap_or_default()))
}

/// The number in an environment variable, or another one where it is not set.
pub(crate) fn number_in(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |number| number.parse().expect("a number"))
}
