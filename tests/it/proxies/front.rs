//! A proxy that runs with its shipped configuration, whose addresses and files are replaced by those of the test.

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use passerelle::outbound::client;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use tempfile::TempDir;

/// The name that the shipped configurations give to the host.
const HOST: &str = "passerelle.example";
/// Where they expect the gateway.
const GATEWAY: &str = "127.0.0.1:8080";
/// Where they expect the certificate and its key.
const CERTIFICATE: [&str; 2] = ["/etc/ssl/passerelle.example/fullchain.pem", "/etc/ssl/passerelle.example/key.pem"];

/// A proxy of others.
#[derive(Debug, Clone, Copy)]
pub(super) enum Program {
    Nginx,
    Caddy,
    Haproxy,
}

impl Program {
    const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Haproxy => "haproxy",
        }
    }

    /// Whether the machine has it.
    pub(super) fn is_there(self) -> bool {
        let named = std::env::var("PASSERELLE_TEST_PROXIES").unwrap_or_default();
        let there = named.split(',').any(|name| name.trim() == self.name());
        let required = std::env::var("PASSERELLE_TEST_REQUIRE").is_ok_and(|required| required.contains("proxies"));
        assert!(there || !required, "{self:?} is required: name it in PASSERELLE_TEST_PROXIES");
        if !there {
            let message = format!("SKIPPED: {}, because PASSERELLE_TEST_PROXIES does not name it\n", self.name());
            std::io::stderr().write_all(message.as_bytes()).expect("standard error can be written");
        }
        there
    }

    /// The shipped configuration.
    fn shipped(self) -> String {
        let file = match self {
            Self::Nginx => "nginx.conf",
            Self::Caddy => "Caddyfile",
            Self::Haproxy => "haproxy.cfg",
        };
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploy").join(file);
        std::fs::read_to_string(path).unwrap()
    }

    /// The program with its configuration.
    fn command(self, files: &Path) -> Command {
        // Some of them are where only administrators look.
        let path = format!("{}:/usr/sbin:/usr/local/sbin", std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("env");
        command.arg(format!("PATH={path}")).arg(self.name()).current_dir(files);
        let file = files.join("configuration");
        match self {
            Self::Nginx => command.arg("-p").arg(files).arg("-c").arg(file).args(["-e", "stderr"]),
            Self::Caddy => command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file),
            Self::Haproxy => command.args(["-db", "-f"]).arg(file),
        };
        command.env("XDG_DATA_HOME", files).env("XDG_CONFIG_HOME", files);
        command
    }
}

/// Replaces what must be there.
#[track_caller]
fn replaced(text: &str, pairs: &[(&str, String)]) -> String {
    pairs.iter().fold(text.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "the shipped configuration does not say {old:?}");
        text.replace(old, new)
    })
}

/// The configuration of the test: the shipped one with other addresses and files.
fn configuration(program: Program, files: &Path, gateway: SocketAddr, tls: u16, plain: u16) -> String {
    let (shipped, gateway) = (program.shipped(), (GATEWAY, gateway.to_string()));
    let [certificate, key] = ["fullchain.pem", "key.pem"].map(|file| files.join(file).display().to_string());
    match program {
        Program::Nginx => {
            let [shipped_certificate, shipped_key] = CERTIFICATE;
            let pairs = [
                gateway,
                ("listen 80;", format!("listen 127.0.0.1:{plain};")),
                ("listen 443 ssl;", format!("listen 127.0.0.1:{tls} ssl;")),
                (shipped_certificate, certificate),
                (shipped_key, key),
            ];
            let around = "daemon off; master_process off; pid nginx.pid; events {} http { access_log off;\n";
            format!("{around}{}\n}}\n", replaced(&shipped, &pairs))
        }
        Program::Caddy => {
            let own = format!("tls {certificate} {key}");
            let pairs = [
                gateway,
                ("{\n\tservers {", "{\n\tadmin off\n\tauto_https off\n\tservers {".to_owned()),
                ("\npasserelle.example {", format!("\nhttps://{HOST}:{tls} {{\n\tbind 127.0.0.1")),
                ("# tls /etc/ssl/passerelle.example/fullchain.pem /etc/ssl/passerelle.example/key.pem", own),
            ];
            replaced(&shipped, &pairs)
        }
        Program::Haproxy => {
            let pairs = [
                gateway,
                ("log /dev/log local0", "log stderr format raw local0".to_owned()),
                ("bind :80", format!("bind 127.0.0.1:{plain}")),
                ("bind :443", format!("bind 127.0.0.1:{tls}")),
                ("/etc/haproxy/passerelle.example.pem", files.join("both.pem").display().to_string()),
            ];
            replaced(&shipped, &pairs)
        }
    }
}

/// A self-signed certificate for the host.
fn certify(files: &Path) {
    let output = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", &format!("/CN={HOST}"), "-addext", &format!("subjectAltName=DNS:{HOST}")])
        .args(["-keyout", "key.pem", "-out", "fullchain.pem"])
        .current_dir(files)
        .stderr(Stdio::null())
        .status();
    assert!(output.unwrap().success(), "openssl makes a certificate");
    let read = |file| std::fs::read(files.join(file)).unwrap();
    std::fs::write(files.join("both.pem"), [read("fullchain.pem"), read("key.pem")].concat()).unwrap();
}

/// A free port.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A proxy that runs until it is dropped.
pub(super) struct Front {
    child: Child,
    address: SocketAddr,
    _files: TempDir,
}

impl Front {
    pub(super) fn start(program: Program, gateway: SocketAddr) -> Self {
        let files = tempfile::tempdir().unwrap();
        certify(files.path());
        let (tls, plain) = (free_port(), free_port());
        let configuration = configuration(program, files.path(), gateway, tls, plain);
        std::fs::write(files.path().join("configuration"), configuration).unwrap();
        let mut command = program.command(files.path());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Self { child, address: SocketAddr::from(([127, 0, 0, 1], tls)), _files: files }
    }

    /// A caller through the proxy from this address.
    pub(super) fn client(&self, from: [u8; 4], key: &str) -> Client {
        let http = client::public_client()
            .timeout(Duration::from_mins(2))
            .local_address(IpAddr::from(from))
            .resolve(HOST, self.address)
            .tls_danger_accept_invalid_certs(true)
            .build()
            .unwrap();
        Client { http, api: format!("https://{HOST}:{}/creche/v1", self.address.port()), key: key.to_owned() }
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A caller through the proxy.
pub(super) struct Client {
    http: reqwest::Client,
    api: String,
    key: String,
}

impl Client {
    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.call(Method::GET, path)
    }

    pub(super) fn put(&self, path: &str, document: String) -> RequestBuilder {
        self.call(Method::PUT, path).header("content-type", "application/json").body(document)
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.api));
        if self.key.is_empty() { request } else { request.bearer_auth(&self.key) }
    }

    /// Whether the gateway answers through the proxy.
    pub(super) async fn reaches(&self) -> bool {
        self.get("/health").send().await.is_ok_and(|answer| answer.status().is_success())
    }

    /// The status and the document that come back.
    pub(super) async fn answer(request: RequestBuilder) -> (u16, Value) {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.bytes().await.unwrap();
        let text = || String::from_utf8_lossy(&bytes).into_owned().into();
        (status, serde_json::from_slice(&bytes).unwrap_or_else(|_| text()))
    }
}
