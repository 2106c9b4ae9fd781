//! What the audit trail calls what was done, in words for people.

use super::text::LocalText;

macro_rules! actions {
    ($($code:literal: $fr:literal, $nl:literal, $en:literal;)+) => {
        /// Every action and its words.
        pub const ALL: &[(&str, LocalText)] = &[$(($code, LocalText { fr: $fr, nl: $nl, en: $en })),+];
    };
}

actions! {
    "organiser.created": "Pouvoir organisateur enregistré", "Organisator geregistreerd", "Organiser registered";
    "organiser.read": "Fiche du pouvoir organisateur consultée", "Fiche van de organisator ingekeken", "Organiser's sheet read";
    "organiser.renamed": "Nom du pouvoir organisateur changé", "Naam van de organisator gewijzigd", "Organiser renamed";
    "creche.created": "Crèche enregistrée", "Opvang geregistreerd", "Crèche registered";
    "creche.renamed": "Nom de la crèche changé", "Naam van de opvang gewijzigd", "Crèche renamed";
    "creche.placesAuthorised": "Places autorisées changées", "Vergunde plaatsen gewijzigd", "Authorised places changed";
    "creche.authorised": "Dates d’autorisation changées", "Data van de vergunning gewijzigd", "Dates of the authorisation changed";
    "creche.subsidyChanged": "Subside de la crèche changé", "Subsidie van de opvang gewijzigd", "Subsidy of the crèche changed";
    "closures.replaced": "Fermetures modifiées", "Sluitingen gewijzigd", "Closures changed";
    "attendanceStatement.deposited": "Relevé de présences déposé", "Aanwezigheidsstaat ingediend", "Attendance statement deposited";
    "attendanceStatement.replaced": "Relevé de présences remplacé", "Aanwezigheidsstaat vervangen", "Attendance statement replaced";
    "attendanceStatement.refused": "Relevé de présences refusé", "Aanwezigheidsstaat geweigerd", "Attendance statement refused";
    "attendanceStatement.read": "Relevé de présences consulté", "Aanwezigheidsstaat ingekeken", "Attendance statement read";
    "contributions.read": "Détail des chiffres consulté", "Detail van de cijfers ingekeken", "Make-up of the figures read";
    "medicalStatement.deposited": "Relevé des consultations déposé", "Staat van de raadplegingen ingediend", "Statement of consultations deposited";
    "medicalStatement.replaced": "Relevé des consultations remplacé", "Staat van de raadplegingen vervangen", "Statement of consultations replaced";
    "medicalStatement.refused": "Relevé des consultations refusé", "Staat van de raadplegingen geweigerd", "Statement of consultations refused";
    "medicalStatement.read": "Relevé des consultations consulté", "Staat van de raadplegingen ingekeken", "Statement of consultations read";
    "doctors.read": "Médecins consultés", "Artsen ingekeken", "Doctors read";
    "doctor.entered": "Médecin encodé", "Arts ingevoerd", "Doctor entered";
    "doctor.changed": "Fiche d’un médecin modifiée", "Fiche van een arts gewijzigd", "Doctor's sheet changed";
    "doctor.agreementStored": "Convention d’un médecin déposée", "Overeenkomst van een arts ingediend", "Doctor's agreement stored";
    "doctor.agreementRead": "Convention d’un médecin consultée", "Overeenkomst van een arts ingekeken", "Doctor's agreement read";
    "doctor.validated": "Médecin validé par l’ONE", "Arts gevalideerd door ONE", "Doctor validated by the agency";
    "doctor.refused": "Médecin refusé par l’ONE", "Arts geweigerd door ONE", "Doctor refused by the agency";
    "staff.read": "Registre du personnel consulté", "Personeelsregister ingekeken", "Staff register read";
    "staff.asked": "Numéro national recherché", "Rijksregisternummer opgezocht", "National number asked about";
    "staff.tooManyTries": "Trop d’essais sur des numéros nationaux", "Te veel pogingen met rijksregisternummers", "Too many tries at national numbers";
    "staffMember.entered": "Membre du personnel encodé", "Personeelslid ingevoerd", "Member of staff entered";
    "staffMember.changed": "Fiche du personnel modifiée", "Personeelsfiche gewijzigd", "Member of staff changed";
    "staffRegister.replaced": "Registre du personnel déposé", "Personeelsregister ingediend", "Staff register deposited";
    "staffRegister.refused": "Registre du personnel refusé", "Personeelsregister geweigerd", "Staff register refused";
    "staffRegister.validated": "Personnel d’une crèche validé", "Personeel van een opvang gevalideerd", "Staff of a crèche validated";
    "application.registered": "Application externe enregistrée", "Externe toepassing geregistreerd", "Application registered";
    "application.changed": "Application externe modifiée", "Externe toepassing gewijzigd", "Application changed";
    "application.suspended": "Application externe suspendue", "Externe toepassing geschorst", "Application suspended";
    "application.resumed": "Application externe réactivée", "Externe toepassing hervat", "Application resumed";
    "key.issued": "Clé API créée", "API-sleutel aangemaakt", "API key issued";
    "key.expiring": "Échéance d’une clé API annoncée", "Vervaldag van een API-sleutel aangekondigd", "End of an API key announced";
    "key.revoked": "Clé API révoquée", "API-sleutel ingetrokken", "API key revoked";
    "webhookEndpoint.created": "Point de notification créé", "Meldpunt aangemaakt", "Webhook endpoint made";
    "webhookEndpoint.changed": "Point de notification modifié", "Meldpunt gewijzigd", "Webhook endpoint changed";
    "webhookEndpoint.deleted": "Point de notification supprimé", "Meldpunt verwijderd", "Webhook endpoint deleted";
    "webhookEndpoint.verified": "Point de notification vérifié", "Meldpunt gecontroleerd", "Webhook endpoint verified";
    "webhookEndpoint.secretRotated": "Secret d’un point de notification changé", "Geheim van een meldpunt gewisseld", "Secret of a webhook endpoint changed";
    "webhookEndpoint.tested": "Notification d’essai envoyée", "Testmelding verstuurd", "Test event sent";
    "webhookEndpoint.replayed": "Notifications renvoyées", "Meldingen opnieuw verstuurd", "Deliveries sent once more";
    "webhookEndpoint.paused": "Notifications suspendues après des échecs", "Meldingen gepauzeerd na mislukkingen", "Webhook endpoint paused after failures";
    "webhookEndpoint.disabled": "Notifications arrêtées : adresse disparue", "Meldingen gestopt: adres verdwenen", "Webhook endpoint disabled because it is gone";
    "session.begun": "Connexion", "Aanmelding", "Log-in";
    "users.read": "Utilisateurs consultés", "Gebruikers ingekeken", "Users read";
    "user.created": "Utilisateur ajouté", "Gebruiker toegevoegd", "User added";
    "user.changed": "Utilisateur modifié", "Gebruiker gewijzigd", "User changed";
    "user.rightsChanged": "Droits d’un utilisateur changés", "Rechten van een gebruiker gewijzigd", "Rights of a user changed";
    "user.deactivated": "Utilisateur désactivé", "Gebruiker gedeactiveerd", "User deactivated";
    "user.reactivated": "Utilisateur réactivé", "Gebruiker geheractiveerd", "User reactivated";
    "user.deleted": "Utilisateur supprimé", "Gebruiker verwijderd", "User deleted";
    "history.read": "Historique consulté", "Geschiedenis ingekeken", "History read";
    "agent.added": "Agent ajouté", "Ambtenaar toegevoegd", "Agent added";
    "agent.removed": "Agent retiré", "Ambtenaar verwijderd", "Agent removed";
    "rows.authenticated": "Codes d’authentification attribués aux données", "Authenticatiecodes toegekend aan gegevens", "Rows given authentication codes";
    "retention.applied": "Données échues supprimées", "Vervallen gegevens verwijderd", "Data past their period removed";
    "masterKey.rotated": "Clé maîtresse remplacée", "Hoofdsleutel vervangen", "Master key rotated";
    "database.backedUp": "Base de données sauvegardée", "Reservekopie van de databank gemaakt", "Database backed up";
    "database.restored": "Base de données restaurée", "Databank teruggezet", "Database restored";
}

/// The words for an action; `None` for one that is not known here.
pub fn words(code: &str) -> Option<LocalText> {
    ALL.iter().find(|(known, _)| *known == code).map(|(_, words)| *words)
}
