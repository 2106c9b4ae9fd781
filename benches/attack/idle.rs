//! 2 000 connections that say nothing, from 16 addresses.

use std::sync::Arc;

use tokio::io::AsyncReadExt as _;
use tokio::task::JoinSet;

use crate::target::Target;

const CONNECTIONS: usize = 2000;
const ADDRESSES: usize = 16;

pub fn begin(target: &Arc<Target>) -> JoinSet<()> {
    let mut attackers = JoinSet::new();
    for number in 0..CONNECTIONS {
        let target = Arc::clone(target);
        attackers.spawn(async move {
            loop {
                let Some(mut stream) = target.connect(number % ADDRESSES).await else { continue };
                let _ = stream.read_to_end(&mut Vec::new()).await;
            }
        });
    }
    attackers
}
