//! The displayed names of scopes and of kinds of keys.

use crate::domain::key::{KeyKind, Scope};
use crate::domain::text::LocalText;

/// The operations that a scope allows.
pub const fn scope_words(scope: Scope) -> LocalText {
    let (fr, nl, en) = match scope {
        Scope::StatementsRead(kind) => return kind.facts().read.words,
        Scope::StatementsWrite(kind) => return kind.facts().write.words,
        Scope::StaffRead => ("Lire les membres du personnel", "Personeelsleden lezen", "Read staff members"),
        Scope::StaffWrite => ("Modifier les membres du personnel", "Personeelsleden wijzigen", "Change staff members"),
        Scope::SummariesRead => ("Lire les récapitulatifs", "Overzichten lezen", "Read summaries"),
        Scope::EventsRead => ("Suivre les événements", "Gebeurtenissen volgen", "Follow events"),
        Scope::WebhooksManage => {
            ("Gérer les notifications automatiques", "Automatische meldingen beheren", "Manage webhooks")
        }
        Scope::StaffDocumentsRead => {
            ("Lire les documents du personnel", "Documenten van het personeel lezen", "Read staff documents")
        }
        Scope::StaffDocumentsWrite => {
            ("Ajouter des documents du personnel", "Documenten van het personeel toevoegen", "Add staff documents")
        }
    };
    LocalText { fr, nl, en }
}

/// What a key of a kind is for.
pub const fn kind_words(kind: KeyKind) -> LocalText {
    let (fr, nl, en) = match kind {
        KeyKind::Live => ("Réelle : dépose pour de bon", "Echt: dient werkelijk in", "Live: deposits for real"),
        KeyKind::Trial => (
            "Essai : vérifie sans rien enregistrer",
            "Proef: controleert zonder iets te bewaren",
            "Trial: checks, stores nothing",
        ),
        KeyKind::Test => ("Test : pour le bac à sable", "Test: voor de zandbak", "Test: for the sandbox"),
    };
    LocalText { fr, nl, en }
}
