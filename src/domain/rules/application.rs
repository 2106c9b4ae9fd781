//! Rules of applications and of their keys.

use crate::domain::rule::rules;

rules! {
    /// A crèche that the organiser does not have.
    UNKNOWN_CRECHE = "application.unknownCreche", Error, Administrator, Nothing;
    fr "Cette crèche n’est pas une crèche de votre pouvoir organisateur." "Choisissez-la dans la liste de vos crèches.";
    nl "Deze opvang is geen opvang van uw organisator." "Kies ze in de lijst van uw opvanglocaties.";
    en "The organiser has no crèche with this id." "Choose it in the list of your crèches.";
    example "\"creches\": [\"019a5c00-0000-7000-8000-00000000dead\"]" => "\"creches\": [\"019a5c00-0000-7000-8000-000000000011\"]";

    /// A telephone number of the contact that cannot be dialled.
    PHONE_INVALID = "application.phoneInvalid", Error, Administrator, Nothing;
    fr "Ce n’est pas un numéro de téléphone que l’on peut former : il y manque des chiffres, il y en a trop, ou il contient autre chose." "Écrivez-en les chiffres, par exemple 081 00 00 01 ou 0470 00 00 01 ; pour un numéro étranger, commencez par + et l’indicatif du pays, comme dans +33 1 42 00 00 01.";
    nl "Dit is geen telefoonnummer dat men kan vormen: er ontbreken cijfers, er zijn er te veel, of er staat iets anders in." "Schrijf de cijfers ervan, bijvoorbeeld 081 00 00 01 of 0470 00 00 01; begin een buitenlands nummer met + en het landnummer, zoals in +33 1 42 00 00 01.";
    en "This is not a telephone number that one can dial: digits are missing, there are too many, or something else is in it." "Write its digits, such as 081 00 00 01 or 0470 00 00 01; begin a foreign number with + and the number of its country, as in +33 1 42 00 00 01.";
    example "\"phone\": \"02 555 01\"" => "\"phone\": \"02 555 01 23\"";

    /// A last day that is past.
    ENDED = "application.ended", Error, Administrator, Today;
    fr "Le dernier jour de l’application, le {date}, est passé." "Choisissez aujourd’hui ou un jour à venir ; pour l’arrêter tout de suite, suspendez-la ou révoquez-la.";
    nl "De laatste dag van de toepassing, {date}, is voorbij." "Kies vandaag of een latere dag; om ze meteen te stoppen, schort ze op of trek ze in.";
    en "The last day of the application, {date}, is in the past." "Choose today or a day to come; to stop it at once, suspend or revoke it.";
    example "\"endsOn\": \"2020-12-31\"" => "\"endsOn\": \"2030-12-31\"";

    /// A change of an application that was revoked.
    REVOKED = "application.revoked", Error, Administrator, History;
    fr "L’application a été révoquée : c’est définitif, et rien n’y change plus." "Enregistrez une nouvelle application.";
    nl "De toepassing is ingetrokken: dat is definitief, en er verandert niets meer aan." "Registreer een nieuwe toepassing.";
    en "The application was revoked: that is for good, and nothing of it changes any more." "Register a new application.";
    example "\"state\": \"active\" after \"revoked\"" => "a new application";

    /// A key for an application that has ended.
    OVER = "key.applicationOver", Error, Administrator, Today;
    fr "L’application est révoquée ou arrivée à son terme : elle ne reçoit plus de clé." "Prolongez-la, ou enregistrez une nouvelle application.";
    nl "De toepassing is ingetrokken of afgelopen: ze krijgt geen sleutel meer." "Verleng ze, of registreer een nieuwe toepassing.";
    en "The application was revoked or has ended: it gets no key any more." "Prolong it, or register a new application.";
    example "a key after \"endsOn\"" => "a later \"endsOn\" first";

    /// A kind of key that does not work in this deployment.
    WRONG_KIND = "key.wrongKind", Error, Administrator, Nothing;
    fr "Une clé {kind} ne fonctionnerait pas ici : ce portail est {deployment}." "Choisissez une clé de production ou d’essai en production, une clé de test dans un bac à sable (API : live, trial ou test).";
    nl "Een {kind}sleutel zou hier niet werken: deze gateway draait {deployment}." "Kies een productiesleutel of een proefsleutel in productie, een testsleutel in een zandbak (API: live, trial of test).";
    en "A {kind} key would not work here: this gateway is {deployment}." "Choose a live or a trial key in production, a test key in a sandbox (API: live, trial or test).";
    example "\"kind\": \"test\" in production" => "\"kind\": \"trial\"";

    /// A scope that the application does not have.
    SCOPE_NOT_GRANTED = "key.scopeNotGranted", Error, Administrator, Nothing;
    fr "L’application n’a pas le droit {scope}." "Retirez-le, ou donnez d’abord ce droit à l’application.";
    nl "De toepassing heeft het recht {scope} niet." "Verwijder het, of geef het recht eerst aan de toepassing.";
    en "The application does not have the scope {scope}." "Take it out, or grant it to the application first.";
    example "\"scopes\": [\"staff:write\"]" => "\"scopes\": [\"attendance:write\"]";

    /// A crèche that the application does not reach.
    CRECHE_NOT_GRANTED = "key.crecheNotGranted", Error, Administrator, Nothing;
    fr "L’application n’a pas accès à cette crèche." "Retirez-la, ou donnez d’abord cet accès à l’application.";
    nl "De toepassing heeft geen toegang tot deze opvang." "Verwijder ze, of geef de toepassing eerst die toegang.";
    en "The application does not reach this crèche." "Take it out, or let the application reach it first.";
    example "a crèche that the application was not given" => "one that it was given";

    /// A key that would be expired when it is issued.
    EXPIRED = "key.expired", Error, Administrator, Today;
    fr "La fin de la clé est dans le passé." "Choisissez aujourd’hui ou un jour à venir.";
    nl "Het einde van de sleutel ligt in het verleden." "Kies vandaag of een latere dag.";
    en "The end of the key is in the past." "Choose today or a day to come.";
    example "\"expiresOn\": \"2020-12-31\"" => "\"expiresOn\": \"2030-12-31\"";
}
