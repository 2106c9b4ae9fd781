//! The notice at the top of a page of the console on the last action.

use super::codes::codes;

codes! {
    /// What was done.
    pub enum Notice {
        /// What a form changed is stored.
        ChangesSaved "changesSaved" = "Les changements sont enregistrés.", "De wijzigingen zijn bewaard.", "The changes are saved.";
        /// A session was ended on another machine.
        SessionEnded "sessionEnded" = "La session est terminée.", "De sessie is beëindigd.", "The session has ended.";
        /// A statement was deposited.
        StatementDeposited "statementDeposited" = "Le relevé est déposé.", "De staat is ingediend.", "The statement is deposited.";
        /// A statement was deposited that is like the one before.
        StatementUnchanged "statementUnchanged" = "Le contenu est le même que celui de la révision en place\u{a0}: rien n’a changé.", "De inhoud is dezelfde als die van de huidige revisie: er is niets veranderd.", "The content is the same as that of the current revision: nothing has changed.";
        /// A typed table was removed.
        DraftDiscarded "draftDiscarded" = "Le brouillon est supprimé.", "Het ontwerp is verwijderd.", "The draft is gone.";
        /// A closure was added.
        ClosureAdded "closureAdded" = "La fermeture est ajoutée.", "De sluiting is toegevoegd.", "The closure is added.";
        /// A closure was removed.
        ClosureRemoved "closureRemoved" = "La fermeture est retirée.", "De sluiting is weggenomen.", "The closure is taken away.";
        /// A doctor was entered.
        DoctorAdded "doctorAdded" = "Le médecin est encodé. Déposez maintenant sa convention\u{a0}: l’ONE ne valide un médecin qu’avec elle.", "De arts is ingevoerd. Dien nu de overeenkomst in: ONE valideert een arts enkel daarmee.", "The doctor is entered. Now add the agreement: the agency validates a doctor only with it.";
        /// The sheet of a doctor or of a member of the staff was changed.
        SheetSaved "sheetSaved" = "La fiche est enregistrée.", "De fiche is bewaard.", "The sheet is saved.";
        /// The agreement with a doctor was stored.
        AgreementStored "agreementStored" = "La convention est déposée. L’ONE va l’examiner.", "De overeenkomst is ingediend. ONE bekijkt ze.", "The agreement is stored. The agency will look at it.";
        /// An agent validated a doctor.
        DoctorValidated "doctorValidated" = "Le médecin est validé\u{202f}; l’organisateur le voit dans ses pages.", "De arts is gevalideerd; de organisator ziet het op zijn pagina's.", "The doctor is validated; the organiser sees it on their pages.";
        /// An agent refused a doctor.
        DoctorRefused "doctorRefused" = "Le médecin est refusé\u{202f}; l’organisateur en lit la raison dans ses pages.", "De arts is geweigerd; de organisator leest de reden op zijn pagina's.", "The doctor is refused; the organiser reads the reason on their pages.";
        /// A member of the staff was entered.
        StaffMemberAdded "staffMemberAdded" = "La personne est enregistrée. Ajoutez son contrat.", "De persoon is bewaard. Voeg het contract toe.", "The person is stored. Add the contract.";
        /// A line of a sheet was removed.
        EntryRemoved "entryRemoved" = "La ligne est supprimée.", "De regel is verwijderd.", "The entry is removed.";
        /// The staff register was deposited.
        RegisterDeposited "registerDeposited" = "Le registre est déposé.", "Het register is ingediend.", "The register is deposited.";
        /// The staff of a crèche was validated.
        StaffValidated "staffValidated" = "Le personnel de la crèche est validé.", "Het personeel van de opvang is gevalideerd.", "The staff of the crèche is validated.";
        /// A user was added.
        UserAdded "userAdded" = "L’utilisateur est ajouté\u{a0}: il peut se connecter.", "De gebruiker is toegevoegd en kan zich aanmelden.", "The user is added and can log in.";
        /// A user was deactivated.
        UserDeactivated "userDeactivated" = "L’utilisateur est désactivé et déconnecté.", "De gebruiker is gedeactiveerd en afgemeld.", "The user is deactivated and logged out.";
        /// A user was reactivated.
        UserReactivated "userReactivated" = "L’utilisateur est réactivé\u{a0}: il peut de nouveau se connecter.", "De gebruiker is geheractiveerd en kan zich weer aanmelden.", "The user is reactivated and can log in again.";
        /// A user was deleted.
        UserDeleted "userDeleted" = "L’utilisateur est supprimé.", "De gebruiker is verwijderd.", "The user is deleted.";
        /// An application was registered.
        ApplicationRegistered "applicationRegistered" = "L’application est enregistrée.", "De toepassing is geregistreerd.", "The application is registered.";
        /// An application was suspended.
        ApplicationSuspended "applicationSuspended" = "L’application est suspendue.", "De toepassing is opgeschort.", "The application is suspended.";
        /// An application was resumed.
        ApplicationResumed "applicationResumed" = "L’application est à nouveau en service.", "De toepassing is weer in gebruik.", "The application is in use again.";
        /// An application was revoked.
        ApplicationRevoked "applicationRevoked" = "L’application est révoquée.", "De toepassing is ingetrokken.", "The application is revoked.";
        /// A key was revoked.
        KeyRevoked "keyRevoked" = "La clé est révoquée.", "De sleutel is ingetrokken.", "The key is revoked.";
        /// A webhook endpoint accepted its test.
        EndpointVerified "endpointVerified" = "L’adresse a reçu l’essai\u{a0}: elle est en service.", "Het adres ontving de test: het is in gebruik.", "The address took the test: it is in use.";
        /// A webhook endpoint was paused.
        EndpointPaused "endpointPaused" = "L’adresse est en pause\u{a0}: ce qui se passe est gardé pour elle.", "Het adres is gepauzeerd: wat er gebeurt, wordt ervoor bewaard.", "The address is paused: what happens is kept for it.";
        /// A webhook endpoint was resumed.
        EndpointResumed "endpointResumed" = "L’adresse est à nouveau en service.", "Het adres is weer in gebruik.", "The address is in use again.";
        /// Deliveries are sent again.
        DeliveriesReplayed "deliveriesReplayed" = "C’est en route à nouveau.", "Het is opnieuw onderweg.", "It is on its way once more.";
        /// No delivery matched the redelivery.
        NothingReplayed "nothingReplayed" = "Rien n’est à renvoyer dans cette période.", "Er is niets opnieuw te verzenden in deze periode.", "There is nothing to send again in this period.";
    }
}
