//! The process is killed again and again during a stream of deposits: what was answered is there, once, and nothing is
//! half-written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use passerelle::app::audit;
use passerelle::seal::{MasterKey, MasterKeys};
use passerelle::vault::Vault;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::harness::app::{CRECHE, SECOND, UNSUBSIDISED};
use crate::harness::call::JSON;
use crate::harness::database::{Database, each_engine};
use crate::harness::process::{Caller, Sandbox, answer, number_in, sandbox};
use crate::harness::statement::Sheet;

/// How often it is killed, and how many deposits are answered in between at least: more of both with
/// `PASSERELLE_TEST_KILLS` and `PASSERELLE_TEST_DEPOSITS_PER_KILL`.
static KILLS: LazyLock<usize> = LazyLock::new(|| number_in("PASSERELLE_TEST_KILLS", 8));
static ANSWERED: LazyLock<usize> = LazyLock::new(|| number_in("PASSERELLE_TEST_DEPOSITS_PER_KILL", 12));

/// The crèche and the month of each client. Every fifth shares one with the client before it, and they race. Many deposits
/// are spread over several months: a statement has a thousand revisions at most.
static SLOTS: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let of_turn = |turn| {
        let slots = [
            (CRECHE, 2 * turn + 1),
            (CRECHE, 2 * turn + 2),
            (SECOND, turn + 1),
            (UNSUBSIDISED, turn + 3),
            (UNSUBSIDISED, turn + 3),
        ];
        slots.map(|(creche, month)| (creche, format!("2026-{month:02}")))
    };
    (0..=(*KILLS * *ANSWERED / 2_500).min(4)).flat_map(of_turn).collect()
});

fn path((creche, month): &(&str, String)) -> String {
    format!("/creches/{creche}/attendanceStatements/{month}")
}

/// The vendor's software for one crèche and month: sends correction after correction, and after a crash first what was
/// not answered.
#[derive(Debug)]
struct Client {
    name: usize,
    sent: u32,
    known: Option<u32>,
    unanswered: Option<String>,
    /// By reference of the line that identifies the deposit: the revision in its response.
    answered: BTreeMap<String, u64>,
}

impl Client {
    fn new(name: usize) -> Self {
        Self { name, sent: 0, known: None, unanswered: None, answered: BTreeMap::new() }
    }

    /// A unique deposit, identified by the reference of its last line.
    fn document(&self, reference: &str) -> Value {
        let day = format!("5:P {}:AJ", 6 + self.sent % 20);
        Sheet::of(&SLOTS[self.name].1)
            .children(8 + self.sent % 5, &day)
            .child(40, "7:P/2")
            .with("reference", reference)
            .into()
    }

    /// Sends until the gateway is gone.
    async fn work(&mut self, caller: &Caller, tell: &UnboundedSender<()>) {
        loop {
            let again = self.unanswered.is_some();
            if !again {
                self.sent += 1;
                self.unanswered = Some(format!("C{}-{}", self.name, self.sent));
            }
            let reference = self.unanswered.clone().expect("it was set");
            let request = caller.put(&path(&SLOTS[self.name]), JSON, self.document(&reference).to_string());
            let request = match self.known {
                Some(revision) => request.header("if-match", format!("\"{revision}\"")),
                None => request.header("if-none-match", "*"),
            };
            let Some((status, body)) = answer(request).await else { return };
            let revision = || body["revision"].as_u64().expect("a revision");
            match status {
                200 | 201 => {
                    assert!(self.answered.insert(reference, revision()).is_none());
                    self.known = u32::try_from(revision()).ok();
                    self.unanswered = None;
                }
                // Another client was faster, or our own unanswered deposit was stored and then replaced.
                412 => {
                    let Some((status, current)) = answer(caller.get(&path(&SLOTS[self.name]))).await else { return };
                    assert_eq!(status, 200, "{current}");
                    self.known = current["revision"].as_u64().and_then(|revision| u32::try_from(revision).ok());
                    if again {
                        self.unanswered = None;
                    }
                }
                status => panic!("{status} {body}"),
            }
            if tell.send(()).is_err() {
                return;
            }
        }
    }
}

/// One life of the gateway, ended by force in the middle of the work.
async fn live_and_die(data: &Path, database: &Database, clients: &mut Vec<Client>, life: usize) {
    let gateway = start(data, database);
    let (tell, mut told) = unbounded_channel();
    let mut tasks = Vec::new();
    for mut client in clients.drain(..) {
        let (caller, tell) = (gateway.vendor(), tell.clone());
        tasks.push(tokio::spawn(async move {
            client.work(&caller, &tell).await;
            client
        }));
    }
    for _ in 0..*ANSWERED + life {
        told.recv().await.expect("the clients work");
    }
    let end = gateway.process.kill();
    assert_eq!(end.status, None);
    assert!(!end.errors.contains("ERROR"), "{}", end.errors);
    for task in tasks {
        clients.push(task.await.unwrap());
    }
}

/// A sandbox whose keys may read thousands of revisions at once.
fn start(data: &Path, database: &Database) -> Sandbox {
    let mut command = sandbox(Some(data), Some(database));
    command.env("PASSERELLE_LIMITS__REQUESTS_PER_MINUTE", "1000000").env("PASSERELLE_LIMITS__BURST", "1000000");
    Sandbox::start(&mut command)
}

/// Everything that was answered is there once, under its revision, and the document opens.
async fn all_answered_is_there(caller: &Caller, clients: &[Client]) {
    for slot in SLOTS.iter().collect::<BTreeSet<_>>() {
        let (status, list) = caller.read(&format!("{}/revisions", path(slot))).await;
        let ours = || clients.iter().filter(|client| SLOTS[client.name] == *slot);
        if status == 404 {
            assert!(ours().all(|client| client.answered.is_empty()));
            continue;
        }
        let count = list["items"].as_array().expect("revisions").len();
        let mut stored: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for number in 1..=count as u64 {
            let (status, held) = caller.read(&format!("{}/revisions/{number}", path(slot))).await;
            assert_eq!((status, &held["revision"]), (200, &number.into()), "no holes");
            let lines = held["lines"].as_array().expect("lines");
            let reference = lines.last().expect("a line")["reference"].as_str().unwrap().to_owned();
            stored.entry(reference).or_default().push(number);
        }
        let answered: BTreeMap<_, _> = ours().flat_map(|client| &client.answered).collect();
        for (reference, revision) in &answered {
            assert_eq!(stored.get(*reference), Some(&vec![**revision]), "{reference}");
        }
        // What was stored without a response was sent once, and its response was lost.
        let unanswered = stored.iter().filter(|(reference, _)| !answered.contains_key(reference));
        assert!(unanswered.clone().all(|(_, revisions)| revisions.len() == 1), "{stored:?}");
        assert!(unanswered.count() <= *KILLS * ours().count());
    }
}

const COUNTS: &str = "select \
    (select count(*) from revision), \
    (select count(*) from revision r where r.revision > 1 and not exists (select 1 from revision p \
        where p.organiser_id = r.organiser_id and p.creche_id = r.creche_id and p.kind = r.kind \
        and p.month = r.month and p.revision = r.revision - 1)) \
    + (select count(*) from statement s where s.revision <> (select coalesce(max(revision), 0) from revision r \
        where r.organiser_id = s.organiser_id and r.creche_id = s.creche_id and r.kind = s.kind and r.month = s.month)) \
    + (select count(*) from revision r where not exists (select 1 from statement s \
        where s.organiser_id = r.organiser_id and s.creche_id = r.creche_id and s.kind = r.kind and s.month = r.month)) \
    + (select count(*) from organiser o where o.last_event <> (select count(*) from event e \
        where e.organiser_id = o.id) or o.last_event <> (select coalesce(max(number), 0) from event e \
        where e.organiser_id = o.id)), \
    (select count(distinct v.creche_id || v.period || v.revision) from verdict v where v.outcome = 'accepted'), \
    (select count(*) from verdict where outcome = 'accepted'), \
    (select count(distinct e.creche_id || e.period || e.revision) from event e where e.revision is not null), \
    (select count(*) from event where revision is not null), \
    (select count(*) from audit_entry where action in ('attendanceStatement.deposited', 'attendanceStatement.replaced'))";

/// No revision, statement, verdict, event or audit entry without the others; chains and numbers without holes.
async fn nothing_is_half_written(data: &Path, database: &Database) {
    type Counts = (i64, i64, i64, i64, i64, i64, i64);
    let (revisions, faults, judged, verdicts, told, events, entries) = database.rows::<Counts>(COUNTS).await[0];
    assert_eq!(faults, 0);
    assert_eq!([judged, verdicts, told, events, entries], [revisions; 5]);
    let master = MasterKey::parse(&std::fs::read_to_string(data.join("master.key")).unwrap()).unwrap();
    let vault = Vault::open(&database.db, MasterKeys::only(master)).await.unwrap();
    for (chain, verdict) in audit::verify_all(&database.db, vault.index_key()).await.unwrap() {
        verdict.unwrap_or_else(|broken| panic!("{}: {broken}", chain.name()));
    }
    if database.db.is_a_file() {
        assert_eq!(database.rows::<(String,)>("pragma integrity_check").await, [("ok".to_owned(),)]);
        assert!(database.rows::<(String,)>("select \"table\" from pragma_foreign_key_check").await.is_empty());
    }
}

#[tokio::test]
async fn a_gateway_killed_repeatedly_loses_no_answered_deposit_and_stores_none_partially() {
    each_engine(async |database| {
        let home = tempfile::tempdir().unwrap();
        let mut clients: Vec<_> = (0..SLOTS.len()).map(Client::new).collect();
        for life in 0..*KILLS {
            live_and_die(home.path(), database, &mut clients, life).await;
            nothing_is_half_written(home.path(), database).await;
        }
        let answered: usize = clients.iter().map(|client| client.answered.len()).sum();
        println!("{answered} deposits were answered, and the process was killed {} times", *KILLS);
        assert!(answered > *KILLS * *ANSWERED / 2, "{answered} deposits were answered");
        let gateway = start(home.path(), database);
        all_answered_is_there(&gateway.vendor(), &clients).await;
        // The deposit of a lost response is repeated: the same deposit is the same revision.
        for client in &clients {
            let Some(reference) = &client.unanswered else { continue };
            let slot = path(&SLOTS[client.name]);
            let (_, before) = gateway.vendor().read(&slot).await;
            let stored = before["lines"]
                .as_array()
                .and_then(|lines| lines.last())
                .is_some_and(|last| last["reference"] == **reference);
            let request = gateway.vendor().put(&slot, JSON, client.document(reference).to_string());
            let (status, body) = answer(request).await.unwrap();
            if stored {
                assert_eq!((status, &body["unchanged"], &body["revision"]), (200, &true.into(), &before["revision"]));
            }
        }
        nothing_is_half_written(home.path(), database).await;
    })
    .await;
}
