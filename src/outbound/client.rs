//! The HTTP clients of outbound connections: with timeouts, without redirects, TLS through the one cryptographic library of
//! the program.

use std::sync::Once;
use std::time::Duration;

use reqwest::ClientBuilder;
use reqwest::redirect::Policy;

/// How long a connection may take to be established.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a call may take in all.
const WHOLE: Duration = Duration::from_secs(10);

/// A client for the internet: it uses the certificate authorities of the system, and cannot be built where there are none.
#[expect(clippy::disallowed_methods, reason = "the one place where clients begin")]
pub fn public_client() -> ClientBuilder {
    static RING: Once = Once::new();
    // Fails only when a provider is installed already, which serves as well.
    RING.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    reqwest::Client::builder().connect_timeout(CONNECT).timeout(WHOLE).redirect(Policy::none()).no_proxy()
}

/// A client for this machine: it trusts no certificate, and can always be built.
pub fn loopback() -> ClientBuilder {
    public_client().tls_certs_only([])
}
