//! Four vendors with keys of their own that send 8 MB at once and the rest as slowly as they may, twice each at a time.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;

use crate::target::Target;

const VENDORS: usize = 4;
const FIRST: usize = 8_000_000;
const ANNOUNCED: usize = 9_500_000;
/// More than the least that must arrive in half a second.
const PIECE: usize = 5000;

pub fn begin(target: &Arc<Target>) -> JoinSet<()> {
    let mut attackers = JoinSet::new();
    for vendor in (0..VENDORS).chain(0..VENDORS) {
        let target = Arc::clone(target);
        attackers.spawn(async move {
            loop {
                dribble(&target, vendor).await;
            }
        });
    }
    attackers
}

/// One body, until the gateway has had enough.
async fn dribble(target: &Target, vendor: usize) {
    let Some(mut stream) = target.connect(vendor).await else { return };
    let (key, path) = &target.keys[vendor];
    let head = format!(
        "PUT {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n\
         content-length: {ANNOUNCED}\r\n\r\n"
    );
    let begun = [head.as_bytes(), &vec![b' '; FIRST]].concat();
    if stream.write_all(&begun).await.is_err() {
        return;
    }
    let mut ticks = tokio::time::interval(Duration::from_millis(500));
    for _ in 0..(ANNOUNCED - FIRST) / PIECE {
        ticks.tick().await;
        if stream.write_all(&[b' '; PIECE]).await.is_err() {
            return;
        }
    }
}
