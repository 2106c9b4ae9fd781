//! Rules of an organiser's users.

use crate::domain::rule::rules;

rules! {
    /// The number does not pass its checks.
    SSIN_INVALID = "user.ssinInvalid", Error, Administrator, Today;
    fr "Ce numéro de registre national n’est pas valable." "Recopiez les onze chiffres de la carte d’identité de la personne.";
    nl "Dit rijksregisternummer is niet geldig." "Neem de elf cijfers over van de identiteitskaart van de persoon.";
    en "This national number is not valid." "Copy the eleven digits from the person's identity card.";
    example "\"ssin\": \"85031497722\"" => "\"ssin\": \"85031497721\"";

    /// It was not certified that the person agrees.
    CONSENT_MISSING = "user.consentMissing", Error, Administrator, Nothing;
    fr "L’accord de la personne n’est pas certifié." "Demandez-lui si elle accepte que ses données soient utilisées pour lui donner accès, puis certifiez-le.";
    nl "De toestemming van de persoon is niet bevestigd." "Vraag of de persoon ermee instemt dat de gegevens gebruikt worden om toegang te geven, en bevestig dat.";
    en "Nobody certified that the person agrees." "Ask whether the person accepts that the data are used to give access, then certify it.";
    example "without consentCertified" => "\"consentCertified\": true";

    /// The person is a user of the organiser already.
    ALREADY_LET_IN = "user.alreadyLetIn", Error, Administrator, History;
    fr "Une personne qui a ce numéro est déjà utilisateur chez vous." "Cherchez-la dans la liste, aussi parmi les utilisateurs désactivés, et changez ses droits ou réactivez-la.";
    nl "Een persoon met dit nummer is al gebruiker bij u." "Zoek de persoon in de lijst, ook bij de gedeactiveerde gebruikers, en wijzig de rechten of heractiveer de gebruiker.";
    en "A person with this number is a user of yours already." "Look for the person in the list, among the deactivated users too, and change the rights or reactivate the user.";
    example "the same ssin twice" => "each person once";

    /// Rights for a crèche that the organiser has not.
    UNKNOWN_CRECHE = "user.unknownCreche", Error, Vendor, Nothing;
    fr "Votre pouvoir organisateur n’a pas de crèche avec cet identifiant." "Prenez l’identifiant dans la liste des crèches.";
    nl "Uw organisator heeft geen opvang met deze identificatie." "Neem de identificatie uit de lijst van opvanglocaties.";
    en "Your organiser has no crèche with this id." "Take the id from the list of crèches.";
    example "the id of another organiser's crèche" => "an id of GET /creches";

    /// A data manager without rights.
    NO_RIGHTS = "user.noRights", Error, Administrator, Nothing;
    fr "Un gestionnaire des données sans aucun droit ne pourrait rien faire." "Donnez-lui la lecture ou l’écriture d’un fichier dans une crèche au moins.";
    nl "Een beheerder van gegevens zonder enig recht zou niets kunnen doen." "Geef minstens voor één opvang het recht om een bestand te lezen of te schrijven.";
    en "A manager of data without any right could do nothing." "Give the right to read or to write one file in one crèche at least.";
    example "\"profile\": \"dataManager\"" => "\"profile\": \"dataManager\", \"rights\": [{…}]";

    /// The organiser would have no active administrator left.
    LAST_ADMINISTRATOR = "user.lastAdministrator", Error, Administrator, Nothing;
    fr "C’est le dernier administrateur actif : sans lui, plus personne ne pourrait gérer votre accès." "Donnez d’abord le profil administrateur à une autre personne.";
    nl "Dit is de laatste actieve beheerder: zonder deze persoon kan niemand uw toegang nog beheren." "Geef eerst iemand anders het profiel beheerder.";
    en "This is the last active administrator: without one, nobody could manage your access any more." "Give somebody else the profile of administrator first.";
    example "deactivate the only administrator" => "make somebody else administrator, then deactivate";

    /// A user changes their own profile.
    OWN_PROFILE = "user.ownProfile", Error, Administrator, Nothing;
    fr "Personne ne change son propre profil." "Demandez-le à un autre administrateur.";
    nl "Niemand wijzigt het eigen profiel." "Vraag het aan een andere beheerder.";
    en "Nobody changes their own profile." "Ask another administrator.";
    example "\"profile\": \"dataManager\" on oneself" => "the same, by another administrator";

    /// A user changes their own rights.
    OWN_RIGHTS = "user.ownRights", Error, Administrator, Nothing;
    fr "Personne ne change ses propres droits." "Demandez-le à un autre administrateur ou gestionnaire des utilisateurs.";
    nl "Niemand wijzigt de eigen rechten." "Vraag het aan een andere beheerder of gebruikersbeheerder.";
    en "Nobody changes their own rights." "Ask another administrator or user manager.";
    example "\"rights\": […] on oneself" => "the same, by somebody else";

    /// A user removes their own access.
    OWN_ACCESS = "user.ownAccess", Error, Administrator, Nothing;
    fr "Personne ne se désactive ni ne se supprime soi-même." "Demandez-le à un autre administrateur ou gestionnaire des utilisateurs.";
    nl "Niemand deactiveert of verwijdert zichzelf." "Vraag het aan een andere beheerder of gebruikersbeheerder.";
    en "Nobody deactivates or deletes themselves." "Ask another administrator or user manager.";
    example "\"active\": false on oneself" => "the same, by somebody else";

    /// A user manager makes a user an administrator.
    ADMINISTRATOR_RESERVED = "user.administratorReserved", Error, Administrator, Nothing;
    fr "Seul un administrateur peut donner le profil administrateur." "Choisissez un autre profil, ou demandez à un administrateur.";
    nl "Enkel een beheerder kan het profiel beheerder geven." "Kies een ander profiel, of vraag het aan een beheerder.";
    en "Only an administrator can give the profile of administrator." "Choose another profile, or ask an administrator.";
    example "\"profile\": \"administrator\" by a user manager" => "\"profile\": \"dataManager\"";

    /// Fewer active administrators than recommended.
    FEW_ADMINISTRATORS = "user.fewAdministrators", Warning, Administrator, Nothing;
    fr "Votre pouvoir organisateur a moins de deux administrateurs actifs : si le seul est absent, personne ne peut le remplacer." "Donnez le profil administrateur à une deuxième personne.";
    nl "Uw organisator heeft minder dan twee actieve beheerders: is de enige afwezig, dan kan niemand inspringen." "Geef een tweede persoon het profiel beheerder.";
    en "Your organiser has fewer than two active administrators: when the only one is away, nobody can step in." "Give a second person the profile of administrator.";
    example "one administrator" => "two administrators";
}
