//! Every page, wide and narrow, empty and full: well-formed, and accessible by the rules of axe.

use super::{CONSULTATIONS, JULY, Stage, one_stage};
use crate::cli::poll_until;
use crate::harness::people::ssin;
use crate::harness::process::answer;

#[tokio::test]
async fn every_page_is_sound_on_a_desk() {
    one_stage(1280, async |stage| walk(stage, "wide").await).await;
}

#[tokio::test]
async fn every_page_is_sound_on_a_telephone() {
    one_stage(390, async |stage| walk(stage, "narrow").await).await;
}

/// A June of which one Monday was sent, and not the others.
const JUNE: &str = r#"{"lines":[{"reference":"K-1","familyName":"Exemple","givenName":"Lou","birthDate":"2025-01-02",
    "days":[{"date":"2026-06-01","status":"present","duration":"full"}]}]}"#;

/// The doctor of the seeded world.
const DOCTOR: &str = "019a5c00-0000-7000-8000-000000000041";

/// The documentation for vendors, which needs no log-in.
async fn documentation(stage: &Stage, width: &str) {
    for (name, path, says) in [
        ("overview", "/docs", "Passerelle for vendors"),
        ("start", "/docs/start", "Your first accepted call"),
        ("attendance", "/docs/attendance", "Closures"),
        ("errors", "/docs/errors", "How to wait"),
        ("rules", "/docs/rules", "attendance.ssinInvalid"),
        ("problems", "/docs/problems", "preconditionRequired"),
        ("events", "/docs/events", "doctor.validated"),
        ("operations", "/docs/operations", "putAttendanceStatement"),
        ("limits", "/docs/limits", "Lists and repeats"),
        ("changelog", "/docs/changelog", "Unreleased"),
        ("found", "/docs/search?q=etag", "Concepts"),
        ("not-found", "/docs/search?q=zzzqqq", "No section has all of these words"),
    ] {
        stage.go(path).await;
        stage.sound(&format!("docs-{name}-{width}"), says).await;
    }
}

async fn walk(stage: &Stage, width: &str) {
    documentation(stage, width).await;
    let creche = stage.creche();
    let month = |month: &str| format!("/console/creches/{creche}/attendance/{month}");
    let application = format!("/console/applications/{}", stage.sandbox.text("/organisers/0/applications/0/id"));
    let pages = [
        ("home", "/console".to_owned(), "À faire"),
        ("board", "/console/board".to_owned(), "Présences"),
        ("month", month("2026-07"), "2026"),
        ("table", format!("{}/table", month("2026-08")), "2026"),
        ("quarter", "/console/quarters/2026Q3".to_owned(), "2026"),
        ("consultations", "/console/consultations".to_owned(), "Consultations"),
        ("consultations-month", month("2026-07").replace("attendance", "medical"), "2026"),
        ("consultations-signature", month("2026-07/signature").replace("attendance", "medical"), "juillet 2026"),
        ("consultations-begin", format!("{}/table", month("2026-08").replace("attendance", "medical")), "2026"),
        ("creche-quarter", format!("/console/creches/{creche}/quarters/2026Q3"), "2026"),
        ("quarter-details", format!("/console/creches/{creche}/quarters/2026Q3/details"), "Détail des chiffres"),
        ("doctors", "/console/doctors".to_owned(), "Claire Maes"),
        ("doctor-new", "/console/doctors/new".to_owned(), "Encoder un médecin"),
        ("closures", "/console/closures".to_owned(), "Fermetures"),
        ("reports", "/console/reports".to_owned(), "Rapports d’activités"),
        ("report", format!("/console/creches/{creche}/report/2026Q1"), "Enregistrer le brouillon"),
        ("sign-together", "/console/reports/2026Q1/sign".to_owned(), "Signer les rapports"),
        ("claim", format!("/console/creches/{creche}/report/2026Q1/claim"), "ne peut pas encore être signé"),
        ("attachments", format!("/console/creches/{creche}/report/2026Q1/attachments"), "Joindre un fichier"),
        ("salaries", format!("/console/creches/{creche}/report/2026Q1/salaries"), "Reprendre dans le brouillon"),
        ("subsidies", "/console/subsidies".to_owned(), "Subsides"),
        ("communications", "/console/communications".to_owned(), "Forfaits 2026 T2 officiel"),
        ("communications-none", "/console/communications?type=scale".to_owned(), "ne correspond à ces critères"),
        ("users", "/console/users".to_owned(), "Utilisateurs"),
        ("user-new", "/console/users/new".to_owned(), "Utilisateurs"),
        ("applications", "/console/applications".to_owned(), "Applications externes"),
        ("application-calls", format!("{application}/calls"), "Appels du logiciel"),
        ("application-new", "/console/applications/new".to_owned(), "Enregistrer une application externe"),
        ("webhooks", "/console/webhooks".to_owned(), "Notifications automatiques"),
        ("webhook-new", "/console/webhooks/new".to_owned(), "Ajouter une adresse à avertir"),
        ("history", "/console/history".to_owned(), "Historique"),
    ];
    stage.log_in("Anne Dubois").await;
    for (name, path, says) in &pages {
        stage.go(path).await;
        stage.sound(&format!("{name}-empty-{width}"), says).await;
    }
    deposit(stage, creche).await;
    for (name, path, says) in &pages {
        stage.go(path).await;
        stage.sound(&format!("{name}-full-{width}"), says).await;
    }
    call(stage, &application, width).await;
    stage.go("/console").await;
    stage.sound(&format!("home-missing-{width}"), "08/06/2026").await;
    stage.go(&month("2026-06")).await;
    stage.sound(&format!("month-missing-{width}"), "Fermé ce jour-là").await;
    staff(stage, width).await;
    agency(stage, width).await;
    stage.go("/console/nowhere").await;
    stage.sound(&format!("failure-{width}"), "Page introuvable").await;
}

/// What the vendor's software sends between both visits of the pages.
async fn deposit(stage: &Stage, creche: &str) {
    for (kind, month, body) in
        [("attendance", "2026-07", JULY), ("attendance", "2026-06", JUNE), ("medical", "2026-07", CONSULTATIONS)]
    {
        let path = format!("/creches/{creche}/{kind}Statements/{month}");
        let (status, told) = answer(stage.sandbox.vendor().put(&path, "application/json", body)).await.unwrap();
        assert_eq!(status, 201, "{told}");
    }
}

/// A call of the software, with its verdict and its masked body.
async fn call(stage: &Stage, application: &str, width: &str) {
    let vendor = stage.sandbox.vendor();
    let logged = async || vendor.read("/requests?operation=putMedicalStatement").await.1["items"][0]["id"].clone();
    poll_until(async || logged().await.is_string()).await;
    stage.go(&format!("{application}/calls/{}", logged().await.as_str().unwrap())).await;
    stage.sound(&format!("application-call-{width}"), "lines").await;
}

/// Mon Équipe, with the faults of its forms.
async fn staff(stage: &Stage, width: &str) {
    let sheet = "/console/staff/019a5c00-0000-7000-8000-000000000051";
    for (name, path, says) in [
        ("list", "/console/staff", "Janssens Nadia"),
        ("list-empty", "/console/staff?contractStatus=noContract", "Aucune personne"),
        ("sheet", sheet, "NISS valide"),
        ("identity", &format!("{sheet}/identity"), "orthographe"),
        ("contract", &format!("{sheet}/contracts/1"), "Fonction 3"),
        ("training", &format!("{sheet}/trainings/1"), "Formation"),
        ("register", "/console/staff/register", "Classeur Excel"),
        ("validations", "/console/staff/validations", "Pas encore validée"),
        ("new", "/console/staff/new", "numéro national"),
    ] {
        stage.go(path).await;
        stage.sound(&format!("staff-{name}-{width}"), says).await;
    }
    stage.browser.fill("NISS", "85031495148").await;
    stage.browser.press("Enregistrer").await;
    stage.sound(&format!("staff-new-faults-{width}"), "Ce numéro national n’existe pas").await;
    stage.browser.fill("NISS", "85031495246").await;
    stage.browser.press("Enregistrer").await;
    stage.sound(&format!("staff-new-name-{width}"), "ne connaît pas encore").await;
    stage.go(&format!("{sheet}/absences/new")).await;
    stage.browser.press("Enregistrer").await;
    stage.sound(&format!("staff-absence-faults-{width}"), "Rien n’est enregistré").await;
}

/// Payments of a file, with errors and without.
async fn payment_import(stage: &Stage, width: &str) {
    let headers = "Numéro ONE;Trimestre;Type;Date de liquidation;Montant;Solde de la demande;Référence\n";
    let wrong = "63/25118/01;T2 2026;Subside;01/10/26;1.085;;SANDBOX-1\nx;T2 2026;Prime;01/10/2026;5;;\n";
    let right = "63/25118/01;T2 2026;Subside;01/10/2026;1.085,50;12,00;ONE-1\n\
                 63/25118/03;T2 2026;Prime exceptionnelle;01/10/2026;500;;ONE-2\n";
    stage.browser.press("Enregistrer les paiements d’un fichier").await;
    stage.sound(&format!("agency-payment-import-{width}"), "Modèles vides").await;
    for (name, lines, says) in
        [("wrong", wrong, "Aucun paiement n’est enregistré"), ("right", right, "seraient enregistrés")]
    {
        let file = stage.operator.file(&format!("{name}.csv"), format!("{headers}{lines}"));
        stage.browser.attach("input[name=file]", &stage.operator.path(&file)).await;
        stage.browser.press("Vérifier le fichier").await;
        stage.sound(&format!("agency-payment-import-{name}-{width}"), says).await;
    }
    stage.browser.press("Enregistrer ces paiements").await;
    stage.sound(&format!("agency-payment-imported-{width}"), "Les paiements sont enregistrés.").await;
}

/// The pages of an agent of the agency, who is no user of any organiser.
async fn agency(stage: &Stage, width: &str) {
    stage.operator.run_with_input(&["admin", "agent", "add", "ONE-1207"], &ssin(7)).expect_success();
    stage.browser.press("Se déconnecter").await;
    stage.browser.shows("Vous êtes déconnecté").await;
    stage.log_in_as(&ssin(7)).await;
    stage.sound(&format!("agency-home-{width}"), "Pour l’ONE").await;
    stage.go("/console/agency/organisers").await;
    stage.sound(&format!("agency-{width}"), "ASBL Les Petits Pas").await;
    stage.go("/console/agency/organisers?words=nul").await;
    stage.sound(&format!("agency-empty-{width}"), "ne correspond à cette recherche").await;
    stage.go("/console/agency/organisers").await;
    stage.browser.press("ASBL Les Petits Pas").await;
    stage.sound(&format!("agency-organiser-{width}"), "Les P'tits Loups").await;
    stage.go("/console/agency/claims").await;
    stage.sound(&format!("agency-claims-empty-{width}"), "Aucune demande n’est dans cet état").await;
    stage.go("/console/agency/payments").await;
    stage.sound(&format!("agency-payments-{width}"), "Paiements").await;
    payment_import(stage, width).await;
    communications(stage, width).await;
    stage.go("/console/agency/doctors").await;
    stage.sound(&format!("agency-doctors-empty-{width}"), "n’attend de décision").await;
    stage.go(&format!("/console/agency/doctors/{DOCTOR}")).await;
    stage.sound(&format!("agency-doctor-{width}"), "Claire Maes").await;
    stage.browser.press("Refuser").await;
    stage.sound(&format!("agency-doctor-faults-{width}"), "Un refus demande une raison").await;
    stage.browser.fill("Raison d’un refus", "La convention n’est pas signée.").await;
    stage.browser.press("Refuser").await;
    stage.sound(&format!("agency-doctors-refused-{width}"), "Le médecin est refusé").await;
}

/// The communications of the agency, as its agents see them.
async fn communications(stage: &Stage, width: &str) {
    stage.go("/console/agency/communications").await;
    stage.sound(&format!("agency-communications-{width}"), "Officiel statutaire").await;
    stage.go("/console/agency/communications/new").await;
    stage.sound(&format!("agency-communication-new-{width}"), "Pouvoirs organisateurs choisis").await;
    stage.browser.press("Enregistrer le brouillon").await;
    stage.sound(&format!("agency-communication-faults-{width}"), "Choisissez les destinataires").await;
    stage.go("/console/agency/communications/019a5c00-0000-7000-8000-0000000000c1").await;
    stage.sound(&format!("agency-communication-{width}"), "Retirer la communication").await;
    stage.browser.press("Retirer la communication").await;
    stage.sound(&format!("agency-communication-reason-{width}"), "Indiquez la raison du retrait").await;
}
