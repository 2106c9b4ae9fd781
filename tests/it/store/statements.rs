//! Statements with their revisions, and verdicts.

use jiff::{SignedDuration, Timestamp};
use passerelle::clock::Fixed;
use passerelle::domain::deposit::{DepositOutcome, DepositSubject, VerdictFilter};
use passerelle::domain::kinds::attendance;
use passerelle::domain::period::Month;
use passerelle::domain::statement::{Channel, StatementFilter, StatementKey, StatementStatus};
use passerelle::ids::{CrecheId, VerdictId};
use passerelle::store::statements::{self, StoredRevision};
use passerelle::store::verdicts::{self, VerdictRecord};
use passerelle::store::{Error, Tx, creches};

use super::{World, creche, key, noon, world, write};
use crate::harness::database::each_engine;

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn slot(creche: CrecheId, text: &str) -> StatementKey {
    StatementKey { creche, kind: attendance::KIND, month: month(text) }
}

fn revision(world: &World, text: &str, number: u32) -> StoredRevision {
    StoredRevision {
        creche: world.creche,
        month: month(text),
        revision: number,
        fingerprint: format!("print {number}"),
        totals: format!("{{\"present\":{number}}}"),
        lines: 40,
        warnings: "[]".to_owned(),
        has_warnings: number == 2,
        channel: Channel::Xlsx,
        application: Some(world.application),
        key: Some(key(world.organiser, world.application).id),
        deposited_at: noon() + SignedDuration::from_secs(number.into()),
    }
}

/// Writes the next revision, and reads: the query sends it.
async fn deposit(tx: &mut Tx, world: &World, new: &StoredRevision) -> Result<(), Error> {
    let document = format!("sealed {}", new.revision);
    let slot = StatementKey { creche: new.creche, kind: attendance::KIND, month: new.month };
    let before = statements::find(tx, world.organiser, slot).await.unwrap();
    let content = (new, before.as_ref());
    statements::insert(tx, world.organiser, attendance::KIND, content, document.as_bytes(), None);
    statements::find(tx, world.organiser, slot).await.map(drop)
}

#[tokio::test]
async fn each_deposit_makes_the_next_revision_and_keeps_those_before() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        let october = slot(world.creche, "2026-10");
        assert_eq!(statements::find(&mut tx, world.organiser, october).await.unwrap(), None);
        let (first, mut second) = (revision(&world, "2026-10", 1), revision(&world, "2026-10", 2));
        (second.application, second.key) = (None, None);
        deposit(&mut tx, &world, &first).await.unwrap();
        deposit(&mut tx, &world, &second).await.unwrap();

        let current = statements::find(&mut tx, world.organiser, october).await.unwrap().unwrap();
        assert_eq!((current.status, &current.revision), (StatementStatus::Deposited, &second));
        assert_eq!(current.updated_at, second.deposited_at);
        let all = statements::revisions(&mut tx, world.organiser, october).await.unwrap();
        assert_eq!(all, [first.clone(), second]);
        assert_eq!(statements::revision(&mut tx, world.organiser, october, 1).await.unwrap(), Some(first));
        assert_eq!(statements::revision(&mut tx, world.organiser, october, 3).await.unwrap(), None);
        let document = statements::document(&mut tx, world.organiser, october, 2).await.unwrap();
        assert_eq!(document.as_deref(), Some(b"sealed 2".as_slice()));
    })
    .await;
}

#[tokio::test]
async fn a_revision_out_of_turn_is_not_written() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        deposit(&mut tx, &world, &revision(&world, "2026-10", 1)).await.unwrap();
        tx.commit().await.unwrap();
        let stolen = World { organiser: world.stranger, ..world };
        for (world, month, number) in [(&world, "2026-10", 1), (&world, "2026-10", 3), (&stolen, "2026-11", 1)] {
            let mut tx = write(&database.db).await;
            let refused = deposit(&mut tx, world, &revision(world, month, number)).await;
            assert!(matches!(refused, Err(Error::Changed)), "{month} {number}: {refused:?}");
        }
        let mut tx = write(&database.db).await;
        let october = slot(world.creche, "2026-10");
        assert_eq!(statements::revisions(&mut tx, world.organiser, october).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn statements_of_another_organiser_are_not_found() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        let (october, stranger) = (slot(world.creche, "2026-10"), world.stranger);
        deposit(&mut tx, &world, &revision(&world, "2026-10", 1)).await.unwrap();
        assert_eq!(statements::find(&mut tx, stranger, october).await.unwrap(), None);
        assert_eq!(statements::latest(&mut tx, stranger, october).await.unwrap(), None);
        assert!(statements::list(&mut tx, stranger, StatementFilter::of(attendance::KIND)).await.unwrap().is_empty());
        assert!(statements::revisions(&mut tx, stranger, october).await.unwrap().is_empty());
        assert_eq!(statements::revision(&mut tx, stranger, october, 1).await.unwrap(), None);
        assert_eq!(statements::document(&mut tx, stranger, october, 1).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn statements_are_listed_by_creche_and_month() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        let second = creche("La Ruche");
        creches::insert(&mut tx, world.organiser, &second).await.unwrap();
        let elsewhere = World { creche: second.id, ..world };
        for text in ["2026-09", "2026-07", "2026-08"] {
            deposit(&mut tx, &world, &revision(&world, text, 1)).await.unwrap();
        }
        deposit(&mut tx, &elsewhere, &revision(&elsewhere, "2026-08", 1)).await.unwrap();
        deposit(&mut tx, &world, &revision(&world, "2026-08", 2)).await.unwrap();

        let every = StatementFilter::of(attendance::KIND);
        let here = StatementFilter { creche: Some(world.creche), ..every };
        let months = [month("2026-08"), month("2026-09")];
        let within = StatementFilter { from: Some(months[0]), to: Some(months[1]), ..here };
        for (filter, expected) in [
            (every, vec![("2026-07", 1), ("2026-08", 1), ("2026-08", 2), ("2026-09", 1)]),
            (here, vec![("2026-07", 1), ("2026-08", 2), ("2026-09", 1)]),
            (within, vec![("2026-08", 2), ("2026-09", 1)]),
        ] {
            let found = statements::list(&mut tx, world.organiser, filter).await.unwrap();
            let mut seen: Vec<_> = found.iter().map(|at| (at.revision.month, at.revision.revision)).collect();
            seen.sort_unstable();
            let expected: Vec<_> = expected.into_iter().map(|(text, number)| (month(text), number)).collect();
            assert_eq!(seen, expected, "{filter:?}");
        }
        let latest = statements::latest(&mut tx, world.organiser, slot(world.creche, "2026-12")).await.unwrap();
        assert_eq!(latest.unwrap().revision.month, months[1]);
        let earlier = statements::latest(&mut tx, world.organiser, slot(world.creche, "2026-06")).await.unwrap();
        assert_eq!(earlier, None);
    })
    .await;
}

fn verdict(world: &World, seconds: i64, outcome: DepositOutcome) -> VerdictRecord {
    VerdictRecord {
        id: VerdictId::new(&Fixed::at(noon())),
        subject: DepositSubject::Statement {
            creche: world.creche,
            kind: attendance::KIND,
            period: "2026-10".parse().unwrap(),
        },
        at: noon() + SignedDuration::from_secs(seconds),
        application: Some(world.application),
        key: None,
        channel: Channel::Json,
        outcome,
        errors: 2,
        warnings: 1,
        counts: "{}".to_owned(),
        revision: Some(3),
    }
}

#[tokio::test]
async fn verdicts_are_paged_from_the_latest() {
    each_engine(async |database| {
        let world = world(&database.db).await;
        let mut tx = write(&database.db).await;
        let outcomes =
            [DepositOutcome::Refused, DepositOutcome::DryRun, DepositOutcome::Unchanged, DepositOutcome::Accepted];
        let mut all: Vec<_> = (0..).zip(outcomes).map(|(turn, outcome)| verdict(&world, turn / 2, outcome)).collect();
        for new in &all {
            verdicts::insert(&mut tx, world.organiser, new);
        }
        tx.commit().await.unwrap();
        let mut again = write(&database.db).await;
        verdicts::insert(&mut again, world.organiser, &all[0]);
        assert!(again.commit().await.is_err(), "an id is stored once");
        let mut tx = write(&database.db).await;
        all.sort_by_key(|verdict| std::cmp::Reverse((verdict.at, verdict.id.to_string())));

        let here = VerdictFilter {
            creche: Some(world.creche),
            period: all[0].subject.place().map(|(_, period)| period),
            ..VerdictFilter::default()
        };
        let first = verdicts::list(&mut tx, world.organiser, &VerdictFilter::default(), None, 3).await.unwrap();
        assert_eq!(first, all[..3]);
        let rest =
            verdicts::list(&mut tx, world.organiser, &here, first.last().map(VerdictRecord::place), 3).await.unwrap();
        assert_eq!(rest, all[3..]);
        let refused = VerdictFilter {
            outcome: Some(DepositOutcome::Refused),
            application: all[0].application,
            ..VerdictFilter::default()
        };
        let refused = verdicts::list(&mut tx, world.organiser, &refused, None, 3).await.unwrap();
        assert_eq!(
            refused,
            all.iter().filter(|one| one.outcome == DepositOutcome::Refused).cloned().collect::<Vec<_>>()
        );
        let others = [
            VerdictFilter { creche: Some(creche("").id), ..VerdictFilter::default() },
            VerdictFilter { application: Some(super::application("").id), ..VerdictFilter::default() },
            VerdictFilter { period: Some("2020-01".parse().unwrap()), ..VerdictFilter::default() },
            VerdictFilter { kind: "staff".parse().ok(), ..VerdictFilter::default() },
            VerdictFilter { from: Some(Timestamp::MAX), ..VerdictFilter::default() },
            VerdictFilter { until: Some(Timestamp::MIN), ..VerdictFilter::default() },
        ];
        for elsewhere in others {
            assert!(verdicts::list(&mut tx, world.organiser, &elsewhere, None, 3).await.unwrap().is_empty());
        }
        assert_eq!(verdicts::find(&mut tx, world.organiser, all[1].id).await.unwrap().as_ref(), Some(&all[1]));
        assert_eq!(verdicts::find(&mut tx, world.stranger, all[1].id).await.unwrap(), None);
        assert!(verdicts::list(&mut tx, world.stranger, &VerdictFilter::default(), None, 3).await.unwrap().is_empty());
    })
    .await;
}
