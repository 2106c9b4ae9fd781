//! What is attacked, and sockets from the attackers' addresses.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpSocket, TcpStream};

use crate::house::Tenant;

/// The gateway, as attackers know it.
pub struct Target {
    pub address: SocketAddr,
    /// What follows the origin in the address of the API.
    pub root: String,
    /// Neighbours' keys, each with the path of a statement that it may send.
    pub keys: Vec<(String, String)>,
}

impl Target {
    /// The gateway with this API, and the keys of these organisers.
    pub fn new(api: &str, tenants: &[Tenant]) -> Self {
        let (host, root) = api.trim_start_matches("http://").split_once('/').unwrap();
        let path = |tenant: &Tenant| format!("/{root}/creches/{}/attendanceStatements/2026-08", tenant.creches[0]);
        let keys = tenants.iter().map(|tenant| (tenant.key.clone(), path(tenant))).collect();
        Self { address: host.parse().unwrap(), root: format!("/{root}"), keys }
    }

    /// The address of the API.
    pub fn api(&self) -> String {
        format!("http://{}{}", self.address, self.root)
    }

    /// A connection from an attacker's address, the first of which is 127.0.0.2; nothing when the gateway gives none.
    pub async fn connect(&self, attacker: usize) -> Option<TcpStream> {
        self.connect_with(attacker, |_| {}).await
    }

    /// The same on a socket with other options.
    pub async fn connect_with(&self, attacker: usize, change: impl FnOnce(&TcpSocket)) -> Option<TcpStream> {
        let socket = TcpSocket::new_v4().unwrap();
        change(&socket);
        let host = u8::try_from(2 + attacker % 250).unwrap();
        socket.bind((Ipv4Addr::new(127, 0, 0, host), 0).into()).unwrap();
        socket.connect(self.address).await.ok()
    }
}
