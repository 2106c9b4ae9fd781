//! A real browser: headless Chromium, driven through its WebDriver.
//!
//! It needs the programs `chromium` and `chromedriver`, and the accessibility rules of axe in the file that
//! `PASSERELLE_TEST_AXE` names. Where one is missing the tests say that they skip; where `PASSERELLE_TEST_REQUIRE` has
//! `browser` they fail instead.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// How long a page may take to load or change.
const PATIENCE: Duration = Duration::from_secs(20);

/// How high a window is, in pixels.
const HEIGHT: u64 = 900;

/// What the tests in a browser need and may lack.
pub(crate) struct Tools {
    axe: String,
}

impl Tools {
    /// The tools; `None`, with a message, where they are missing and not required.
    pub(crate) fn find() -> Option<Self> {
        static SAID: Once = Once::new();
        let path = std::env::var_os("PASSERELLE_TEST_AXE").map(PathBuf::from);
        let axe = path.and_then(|path| std::fs::read_to_string(path).ok());
        let there = |program| Command::new(program).arg("--version").output().is_ok();
        if let (Some(axe), true) = (axe, there("chromium") && there("chromedriver")) {
            return Some(Self { axe });
        }
        let required = std::env::var("PASSERELLE_TEST_REQUIRE").is_ok_and(|required| required.contains("browser"));
        assert!(!required, "chromium, chromedriver or the file that PASSERELLE_TEST_AXE names is missing");
        // Written past the test runner, which would swallow it when the test passes.
        SAID.call_once(|| {
            let message = "SKIPPED: the browser, because chromium, chromedriver or PASSERELLE_TEST_AXE is missing\n";
            std::io::stderr().write_all(message.as_bytes()).expect("standard error can be written");
        });
        None
    }
}

/// A browser with one window.
pub(crate) struct Browser {
    _driver: Driver,
    session: String,
    http: Client,
    axe: String,
    width: u32,
    _profile: tempfile::TempDir,
}

/// The name of element references in WebDriver.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The label that has the text in it.
const LABEL: &str = "[...document.querySelectorAll('label')].find(one => one.textContent.includes(arguments[0]))";

impl Browser {
    /// Opens a browser with a window of this width.
    pub(crate) async fn open(tools: &Tools, width: u32) -> Self {
        let driver =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut driver = Driver(driver);
        let lines = BufReader::new(driver.0.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let base = format!("http://127.0.0.1:{}/session", port.expect("chromedriver tells its port"));
        let profile = tempfile::tempdir().unwrap();
        let folder = format!("--user-data-dir={}", profile.path().display());
        let words = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &folder,
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": words}}}});
        let http = passerelle::outbound::client::loopback().timeout(PATIENCE * 3).build().unwrap();
        let answer: Value = http.post(&base).json(&wanted).send().await.unwrap().json().await.unwrap();
        let id = answer["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no browser: {answer}"));
        let session = format!("{base}/{id}");
        let browser = Self { _driver: driver, session, http, axe: tools.axe.clone(), width, _profile: profile };
        browser.be_high(HEIGHT).await;
        browser
    }

    /// Makes the page's window this high. Its width is set here too, because no real window is as narrow as a telephone.
    async fn be_high(&self, height: u64) {
        let metrics = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": false}});
        self.send_command(Method::POST, "/goog/cdp/execute", metrics).await.unwrap();
    }

    /// Renders pages as for print, or again as for a screen.
    pub(crate) async fn emulate_paper(&self, on: bool) {
        let media = json!({"cmd": "Emulation.setEmulatedMedia", "params": {"media": if on { "print" } else { "" }}});
        self.send_command(Method::POST, "/goog/cdp/execute", media).await.unwrap();
    }

    async fn send_command(&self, method: Method, path: &str, body: Value) -> Result<Value, Value> {
        let request = self.http.request(method, format!("{}{path}", self.session));
        let request = if body.is_null() { request } else { request.json(&body) };
        let mut answer: Value = request.send().await.unwrap().json().await.unwrap();
        let value = answer["value"].take();
        if value.get("error").is_some() { Err(value) } else { Ok(value) }
    }

    /// Opens an address.
    pub(crate) async fn go(&self, url: &str) {
        self.send_command(Method::POST, "/url", json!({"url": url})).await.unwrap();
    }

    /// Where the browser is.
    pub(crate) async fn address(&self) -> String {
        self.send_command(Method::GET, "/url", Value::Null).await.unwrap().as_str().unwrap().to_owned()
    }

    /// What a script that runs in the page returns.
    pub(crate) async fn run(&self, script: &str, arguments: Value) -> Value {
        self.send_command(Method::POST, "/execute/sync", json!({"script": script, "args": arguments})).await.unwrap()
    }

    /// The element that a CSS selector finds, once it is there.
    async fn find(&self, selector: &str) -> String {
        let wanted = json!({"using": "css selector", "value": selector});
        let found = self.send_command(Method::POST, "/element", wanted).await;
        match found {
            Ok(element) => element[ELEMENT].as_str().unwrap().to_owned(),
            Err(error) => panic!("no {selector} at {}: {error}\n{}", self.address().await, self.text().await),
        }
    }

    /// Clicks an element; a page that follows is there afterwards.
    pub(crate) async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        self.do_to(&element, "click", json!({})).await;
    }

    async fn do_to(&self, element: &str, what: &str, with: Value) {
        self.send_command(Method::POST, &format!("/element/{element}/{what}"), with).await.unwrap();
    }

    /// The element that a script finds for a text; one whose page is still on its way is waited for.
    async fn find_by(&self, script: &str, text: &str) -> String {
        let look = async || {
            let found =
                self.send_command(Method::POST, "/execute/sync", json!({"script": script, "args": [text]})).await;
            found.ok().and_then(|found| Some(found[ELEMENT].as_str()?.to_owned()))
        };
        let there = async {
            loop {
                if let Some(element) = look().await {
                    return element;
                }
            }
        };
        let Ok(element) = tokio::time::timeout(PATIENCE, there).await else {
            panic!("nothing says “{text}” at {}:\n{}", self.address().await, self.text().await)
        };
        element
    }

    /// Clicks the link or button with this text.
    pub(crate) async fn press(&self, text: &str) {
        let script = "const all = [...document.querySelectorAll('a, button, summary')]; \
             return all.find(one => one.textContent.trim() === arguments[0]) \
               ?? all.find(one => one.textContent.trim().startsWith(arguments[0]));";
        let found = self.find_by(script, text).await;
        self.do_to(&found, "click", json!({})).await;
    }

    /// Ticks the box, or chooses the one of several, whose label has this text in it.
    pub(crate) async fn tick(&self, text: &str) {
        let label = self.find_by(&format!("return {LABEL};"), text).await;
        self.do_to(&label, "click", json!({})).await;
    }

    /// Types into the field whose label has this text in it, in the place of what is there.
    pub(crate) async fn fill(&self, label: &str, typed: &str) {
        let field = self.find_by(&format!("return {LABEL}?.control;"), label).await;
        self.do_to(&field, "clear", json!({})).await;
        self.do_to(&field, "value", json!({"text": typed})).await;
    }

    /// Puts a file of this machine into a field.
    pub(crate) async fn attach(&self, field: &str, file: &Path) {
        let field = self.find(field).await;
        self.do_to(&field, "value", json!({"text": file})).await;
    }

    /// The text of an element.
    pub(crate) async fn text_of(&self, selector: &str) -> String {
        let element = self.find(selector).await;
        let text = self.send_command(Method::GET, &format!("/element/{element}/text"), Value::Null).await.unwrap();
        text.as_str().unwrap().to_owned()
    }

    /// The text of the page.
    pub(crate) async fn text(&self) -> String {
        self.run("return document.body ? document.body.innerText : ''", json!([]))
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits until the page contains this text.
    pub(crate) async fn shows(&self, says: &str) {
        self.wait(async || self.text().await, says).await;
    }

    /// The address has this in it; one that is still on its way is waited for.
    pub(crate) async fn is_at(&self, part: &str) {
        self.wait(async || self.address().await, part).await;
    }

    async fn wait(&self, look: impl AsyncFn() -> String, part: &str) {
        let there = async { while !look().await.contains(part) {} };
        let loaded = tokio::time::timeout(PATIENCE, there).await.is_ok();
        assert!(loaded, "“{part}” is not there at {}:\n{}", self.address().await, self.text().await);
    }

    /// The page breaks no rule of WCAG 2.1 AA in axe, and is no wider than the window.
    pub(crate) async fn is_accessible(&self) {
        // The page's policy blocks foreign scripts, but not the driver's.
        self.run(&self.axe, json!([])).await;
        let script = "const done = arguments[arguments.length - 1]; \
             axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}) \
               .then(found => done(found.violations.map(rule => rule.id + ': ' + \
                 rule.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))), \
               error => done([String(error)]));";
        let body = json!({"script": script, "args": []});
        let found = self.send_command(Method::POST, "/execute/async", body).await.unwrap();
        assert_eq!(found, json!([]), "at {}", self.address().await);
        let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(self.run(wide, json!([])).await, json!(0), "{} is wider than its window", self.address().await);
        assert!(self.run("return innerWidth", json!([])).await == self.width, "the window has another width");
    }

    /// Stores a screenshot of the whole page in the folder that `PASSERELLE_TEST_PICTURES` names, if set.
    pub(crate) async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("PASSERELLE_TEST_PICTURES") else { return };
        let height = self.run("return document.documentElement.scrollHeight", json!([])).await;
        self.be_high(height.as_u64().unwrap()).await;
        let picture = self.send_command(Method::GET, "/screenshot", Value::Null).await.unwrap();
        self.be_high(HEIGHT).await;
        let bytes = BASE64_STANDARD.decode(picture.as_str().unwrap()).unwrap();
        std::fs::write(PathBuf::from(folder).join(format!("{name}.png")), bytes).unwrap();
    }

    /// Ends the browser; without this the window would outlive the test.
    pub(crate) async fn close(self) {
        self.send_command(Method::DELETE, "", Value::Null).await.unwrap();
    }
}

/// The program between us and the browser: it ends with the test, however that ends.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
