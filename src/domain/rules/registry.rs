//! Rules of the file by which an operator imports organisers and their crèches.

use crate::domain::rule::rules;

rules! {
    /// An enterprise number that does not pass its checks.
    ENTERPRISE_NUMBER_INVALID = "registry.enterpriseNumberInvalid", Error, Agency, Nothing;
    fr "Ce numéro d’entreprise n’est pas valable." "Recopiez les dix chiffres de la Banque-Carrefour des Entreprises ; le premier est 0 ou 1 (de 2 à 8, c’est une unité d’établissement).";
    nl "Dit ondernemingsnummer is niet geldig." "Neem de tien cijfers over uit de Kruispuntbank van Ondernemingen; het eerste is 0 of 1 (van 2 tot 8 is het een vestigingseenheid).";
    en "This enterprise number is not valid." "Copy the ten digits from the Crossroads Bank for Enterprises; the first is 0 or 1 (2 to 8 is an establishment unit).";
    example "0566.988.258" => "0566.988.259";

    /// A national number that does not pass its checks.
    SSIN_INVALID = "registry.ssinInvalid", Error, Agency, Today;
    fr "Ce numéro de registre national n’est pas valable." "Recopiez les onze chiffres de la carte d’identité : c’est par lui que la personne sera reconnue.";
    nl "Dit rijksregisternummer is niet geldig." "Neem de elf cijfers over van de identiteitskaart: daaraan wordt de persoon herkend.";
    en "This national number is not valid." "Copy the eleven digits from the identity card: the person is recognised by it.";
    example "\"ssin\": \"85031497722\"" => "\"ssin\": \"85031497721\"";

    /// A value that must be unique occurs twice.
    REPEATED = "registry.repeated", Error, Agency, Nothing;
    fr "La même valeur de « {field} » figure déjà plus haut dans le fichier." "Corrigez l’une des deux, ou réunissez-les.";
    nl "Dezelfde waarde van ‘{field}’ staat al hoger in het bestand." "Verbeter een van beide, of voeg ze samen.";
    en "The same value of “{field}” is further up in the file already." "Correct one of the two, or merge them.";
    example "73/1 and 73/1" => "73/1 and 73/2";

    /// Two lines of a table contradict each other on one organiser or crèche.
    CONTRADICTION = "registry.contradiction", Error, Agency, Nothing;
    fr "« {field} » a une autre valeur à la ligne {line}, qui parle du même organisateur ou de la même crèche." "Écrivez partout la même chose, ou ne l’écrivez qu’une fois.";
    nl "‘{field}’ heeft een andere waarde op regel {line}, die over dezelfde organisator of dezelfde opvang gaat." "Schrijf overal hetzelfde, of schrijf het maar één keer.";
    en "“{field}” has another value on line {line}, which speaks of the same organiser or crèche." "Write the same everywhere, or write it once.";
    example "0566988259;Les Lucioles and 0566988259;Lucioles" => "0566988259;Les Lucioles twice";

    /// The authorisation ends before it begins.
    END_BEFORE_START = "registry.endBeforeStart", Error, Agency, Nothing;
    fr "L’autorisation se termine avant d’avoir commencé." "Corrigez l’une des deux dates.";
    nl "De vergunning eindigt voor ze begint." "Verbeter een van beide datums.";
    en "The authorisation ends before it begins." "Correct one of the two dates.";
    example "2026-09-01 to 2026-08-31" => "2026-09-01 to 2027-08-31";

    /// Another organiser has the crèche.
    CRECHE_ELSEWHERE = "registry.crecheElsewhere", Error, Agency, Nothing;
    fr "Un autre organisateur a déjà la crèche au numéro ONE « {creche} »." "Vérifiez le numéro et l’organisateur ; une crèche reprise par un autre s’enregistre à la main (admin creche add).";
    nl "Een andere organisator heeft de opvang met het ONE-nummer ‘{creche}’ al." "Kijk het nummer en de organisator na; een opvang die wordt overgenomen, wordt met de hand geregistreerd (admin creche add).";
    en "Another organiser has the crèche with the ONE number “{creche}” already." "Check the number and the organiser; a crèche that is taken over is registered by hand (admin creche add).";
    example "73/1 under two organisers" => "73/1 under its own";

    /// The person is a user of the organiser already, and not an administrator who may log in.
    USER_STAYS = "registry.userStays", Warning, Agency, Nothing;
    fr "Cette personne est déjà connue de l’organisateur, mais n’en est pas un administrateur actif : elle reste ce qu’elle est." "Un administrateur de l’organisateur change son profil ou la réactive dans la console ; sinon, ôtez-la du fichier.";
    nl "Deze persoon is al bekend bij de organisator, maar is er geen actieve beheerder: die blijft wat die is." "Een beheerder van de organisator wijzigt het profiel of activeert de persoon opnieuw in de console; zo niet, neem de persoon uit het bestand.";
    en "The organiser knows this person already, but not as an active administrator: the person stays as is." "An administrator of the organiser changes the profile or reactivates the person in the console; otherwise take the person out of the file.";
    example "an administrator who was deactivated since" => "left out of the file";

    /// No places are authorised on the first days of the authorisation.
    PLACES_UNKNOWN = "registry.placesUnknown", Warning, Agency, Nothing;
    fr "L’autorisation commence avant le premier nombre de places, le {date}." "Ajoutez le nombre de places depuis le début ; sans lui, il n’y a pas de taux d’occupation.";
    nl "De vergunning begint voor het eerste aantal plaatsen, op {date}." "Voeg het aantal plaatsen vanaf het begin toe; zonder dat aantal is er geen bezettingsgraad.";
    en "The authorisation begins before the first number of places, on {date}." "Add the number of places from the beginning; without it there is no rate of occupation.";
    example "authorised from 2024-09-01, places from 2025-01-01" => "both from 2024-09-01";
}
