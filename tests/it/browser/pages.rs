//! Every page, wide and narrow, empty and full: sound, and accessible by the rules that axe knows.

use serde_json::Value;

use super::{Stage, each_stage};

/// A July that a vendor's software would send.
const JULY: &str = include_str!("../../../sandbox/tour/2026-07.json");

#[tokio::test]
async fn every_page_is_sound_on_a_desk() {
    each_stage(1280, async |stage| walk(stage, "wide").await).await;
}

#[tokio::test]
async fn every_page_is_sound_on_a_telephone() {
    each_stage(390, async |stage| walk(stage, "narrow").await).await;
}

async fn walk(stage: &Stage, width: &str) {
    let creche = stage.world["organisers"][0]["creches"][0]["id"].as_str().unwrap();
    let month = |month: &str| format!("/console/creches/{creche}/attendance/{month}");
    let pages = [
        ("board", "/console/board".to_owned(), "Présences"),
        ("month", month("2026-07"), "2026"),
        ("table", format!("{}/table", month("2026-08")), "2026"),
        ("quarter", "/console/quarters/2026Q3".to_owned(), "2026"),
        ("closures", "/console/closures".to_owned(), "Fermetures"),
        ("users", "/console/users".to_owned(), "Utilisateurs"),
        ("user-new", "/console/users/new".to_owned(), "Utilisateurs"),
        ("applications", "/console/applications".to_owned(), "Applications externes"),
        ("application-new", "/console/applications/new".to_owned(), "Enregistrer une application externe"),
        ("history", "/console/history".to_owned(), "Historique"),
    ];
    stage.log_in("Anne Dubois").await;
    for (name, path, says) in &pages {
        stage.go(path).await;
        stage.sound(&format!("{name}-empty-{width}"), says).await;
    }
    stage.deposit(creche, "2026-07", JULY).await;
    for (name, path, says) in &pages {
        stage.go(path).await;
        stage.sound(&format!("{name}-full-{width}"), says).await;
    }
    stage.go("/console/nowhere").await;
    stage.sound(&format!("failure-{width}"), "Page introuvable").await;
}

impl Stage {
    /// The first organiser's first key.
    pub(crate) fn key(&self) -> &str {
        self.world["organisers"][0]["applications"][0]["keys"][0]["key"].as_str().unwrap()
    }

    /// Deposits a month as a vendor's software does.
    pub(crate) async fn deposit(&self, creche: &str, month: &str, document: &str) -> Value {
        let address = format!("{}/creche/v1/creches/{creche}/attendanceStatements/{month}", self.base);
        let http = passerelle::outbound::client::loopback().build().unwrap();
        let request = http.put(address).bearer_auth(self.key()).header("content-type", "application/json");
        let answer = request.body(document.to_owned()).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }
}
