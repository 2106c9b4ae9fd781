//! How well an application says it is, under faults of its database.

use std::time::Duration;

use passerelle::app::health::{Health, look};

use crate::harness::app::TestApp;
use crate::harness::database::each_engine;

#[tokio::test]
async fn uses_that_cannot_be_written_down_degrade_it_until_they_are() {
    each_engine(async |database| {
        let test = TestApp::start(database).await;
        let app = &test.app;
        app.authenticate(&test.issue(test.ours(test.writing())).await).await.unwrap();
        let health = async || look(app, Duration::from_secs(10)).await;
        assert_eq!(health().await, Health::Up);
        database.tamper("alter table api_key rename to hidden").await;
        assert!(app.keys.flush_last_use(&app.db).await.is_err());
        assert_eq!(health().await, Health::Degraded);
        database.tamper("alter table hidden rename to api_key").await;
        app.keys.flush_last_use(&app.db).await.unwrap();
        assert_eq!(health().await, Health::Up);
    })
    .await;
}

#[tokio::test]
async fn a_writer_that_does_not_come_free_degrades_it_and_a_lost_database_is_its_end() {
    each_engine(async |database| {
        let app = &TestApp::start(database).await.app;
        database.tamper("alter table data_key rename to hidden").await;
        assert_eq!(look(app, Duration::from_secs(10)).await, Health::Down, "nothing can be read");
        database.tamper("alter table hidden rename to data_key").await;
        let hold = database.hold_writes().await;
        assert_eq!(look(app, Duration::from_millis(50)).await, Health::Degraded);
        drop(hold);
        assert_eq!(look(app, Duration::from_secs(10)).await, Health::Up);
        app.db.close().await;
        assert_eq!(look(app, Duration::from_secs(10)).await, Health::Down);
    })
    .await;
}
