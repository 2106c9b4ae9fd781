//! 250 connections that ask for the contract again and again and never read it.

use std::sync::Arc;

use tokio::io::{AsyncWriteExt as _, Interest};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::target::Target;

const CONNECTIONS: usize = 250;
const ADDRESSES: usize = 8;
/// What is asked for on one connection.
const REQUESTS: usize = 100;

pub fn begin(target: &Arc<Target>) -> JoinSet<()> {
    let mut attackers = JoinSet::new();
    for number in 0..CONNECTIONS {
        let target = Arc::clone(target);
        attackers.spawn(async move {
            let request = format!("GET {}/doc/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n", target.root);
            loop {
                let small = |socket: &tokio::net::TcpSocket| socket.set_recv_buffer_size(4096).unwrap();
                let Some(mut stream) = target.connect_with(number % ADDRESSES, small).await else { continue };
                if stream.write_all(request.repeat(REQUESTS).as_bytes()).await.is_ok() {
                    closed(&stream).await;
                }
            }
        });
    }
    attackers
}

/// Waits until the gateway has reset the connection.
async fn closed(stream: &TcpStream) {
    let _ = stream.ready(Interest::ERROR).await;
}
