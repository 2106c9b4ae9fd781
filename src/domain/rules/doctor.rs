//! Rules of a doctor's sheet (docs/domain.md, Doctors).

use crate::domain::rule::rules;

rules! {
    /// A number that is not a doctor's.
    INAMI_INVALID = "doctor.inamiInvalid", Error, Encoder, Nothing;
    fr "Ce numéro INAMI n’est pas celui d’un médecin." "Recopiez les onze chiffres de son attestation ; le premier est 1.";
    nl "Dit RIZIV-nummer is niet dat van een arts." "Neem de elf cijfers van het getuigschrift over; het eerste is 1.";
    en "This INAMI number is not a doctor's." "Copy the eleven digits from the doctor's certificate; the first is 1.";
    example "\"inami\": \"19006952001\"" => "\"inami\": \"19006951001\"";

    /// A postcode that the country does not have.
    POSTCODE_INVALID = "doctor.postcodeInvalid", Error, Encoder, Nothing;
    fr "Ce code postal n’est pas valable dans ce pays." "Pour la Belgique, écrivez quatre chiffres, de 1000 à 9999, par exemple 5000 ; pour un autre pays, indiquez le pays, et de 2 à 12 lettres et chiffres.";
    nl "Deze postcode is niet geldig in dit land." "Schrijf voor België vier cijfers, van 1000 tot 9999, bijvoorbeeld 5000; geef voor een ander land het land op, en 2 tot 12 letters en cijfers.";
    en "This postcode is not valid in this country." "For Belgium write four digits from 1000 to 9999, such as 5000; for another country give the country, and 2 to 12 letters and digits.";
    example "\"postcode\": \"50000\"" => "\"postcode\": \"5000\"";

    /// A telephone number that cannot be dialled.
    PHONE_INVALID = "doctor.phoneInvalid", Error, Encoder, Nothing;
    fr "Ce n’est pas un numéro de téléphone que l’on peut former : il y manque des chiffres, il y en a trop, ou il contient autre chose." "Écrivez-en les chiffres, par exemple 081 00 00 01 ou 0470 00 00 01 ; pour un numéro étranger, commencez par + et l’indicatif du pays, comme dans +33 1 42 00 00 01.";
    nl "Dit is geen telefoonnummer dat men kan vormen: er ontbreken cijfers, er zijn er te veel, of er staat iets anders in." "Schrijf de cijfers ervan, bijvoorbeeld 081 00 00 01 of 0470 00 00 01; begin een buitenlands nummer met + en het landnummer, zoals in +33 1 42 00 00 01.";
    en "This is not a telephone number that one can dial: digits are missing, there are too many, or something else is in it." "Write its digits, such as 081 00 00 01 or 0470 00 00 01; begin a foreign number with + and the number of its country, as in +33 1 42 00 00 01.";
    example "\"mobile\": \"0470 00 00\"" => "\"mobile\": \"0470 00 00 01\"";

    /// The organiser has this doctor already.
    KNOWN = "doctor.known", Error, Encoder, Doctors;
    fr "L’organisateur a déjà un médecin avec ce numéro INAMI." "Ajoutez la crèche à sa fiche ; un médecin n’a qu’une fiche.";
    nl "De organisator heeft al een arts met dit RIZIV-nummer." "Voeg de opvang toe aan die fiche; een arts heeft maar één fiche.";
    en "The organiser has a doctor with this INAMI number already." "Add the crèche to that sheet; a doctor has one sheet only.";
    example "the same number twice" => "one sheet with both crèches";

    /// A number whose sheet is not visible to the sender, under another name.
    NAME_DIFFERS = "doctor.nameDiffers", Error, Encoder, Doctors;
    fr "Ce numéro INAMI et ce nom de famille ne vont pas ensemble." "Recopiez les deux de l’attestation du médecin ; s’ils sont justes, adressez-vous à un administrateur de votre pouvoir organisateur.";
    nl "Dit RIZIV-nummer en deze familienaam horen niet bij elkaar." "Neem beide over van het getuigschrift van de arts; kloppen ze, vraag het dan aan een beheerder van uw organisator.";
    en "This INAMI number and this family name do not go together." "Copy both from the doctor's certificate; if they are right, ask an administrator of your organiser.";
    example "\"familyName\": \"Dupond\"" => "\"familyName\": \"Dupont\"";

    /// A change that also applies in a crèche out of the sender's reach.
    SHARED_BEYOND_REACH = "doctor.sharedBeyondReach", Error, Administrator, Organiser;
    fr "Ce médecin travaille aussi dans une crèche à laquelle vous n’avez pas accès : son numéro, ses noms, sa fonction, les dates de sa collaboration et sa convention comptent là aussi." "Laissez-les tels quels, ou demandez le changement à quelqu’un qui a accès à toutes ses crèches.";
    nl "Deze arts werkt ook in een opvang waartoe u geen toegang hebt: het nummer, de namen, de functie, de datums van de samenwerking en de overeenkomst gelden ook daar." "Laat ze zoals ze zijn, of vraag de wijziging aan iemand die toegang heeft tot al die opvanglocaties.";
    en "This doctor also works in a crèche that you do not reach: number, names, function, days of the collaboration and agreement count there too." "Leave them as they are, or ask somebody who reaches all of the doctor's crèches for the change.";
    example "\"endDate\": \"2026-12-31\" with a key for one of two crèches" => "the same with a key for both";

    /// The collaboration ends before it begins.
    END_BEFORE_START = "doctor.endBeforeStart", Error, Encoder, Nothing;
    fr "La collaboration se termine avant d’avoir commencé." "Corrigez l’une des deux dates.";
    nl "De samenwerking eindigt voor ze begint." "Verbeter een van beide datums.";
    en "The collaboration ends before it begins." "Correct one of the two dates.";
    example "2026-09-01 to 2026-08-31" => "2026-09-01 to 2027-08-31";

    /// A crèche that the sender does not reach.
    UNKNOWN_CRECHE = "doctor.unknownCreche", Error, Vendor, Organiser;
    fr "L’une de ces crèches n’existe pas chez cet organisateur, ou n’est pas à votre portée." "Choisissez parmi les crèches que GET /creches vous donne.";
    nl "Een van deze opvanglocaties bestaat niet bij deze organisator, of is niet binnen uw bereik." "Kies uit de opvanglocaties die GET /creches u geeft.";
    en "One of these crèches does not exist at this organiser, or is not within your reach." "Choose among the crèches that GET /creches gives you.";
    example "an id of another organiser" => "an id that GET /creches lists";

    /// A refusal without a reason, or a validation with one.
    REASON_MISPLACED = "doctor.reasonMisplaced", Error, Vendor, Nothing;
    fr "Un refus demande une raison ; une validation n’en a pas." "Écrivez ce que l’organisateur doit corriger, ou validez sans raison.";
    nl "Een weigering vraagt een reden; een validatie heeft er geen." "Schrijf wat de organisator moet verbeteren, of valideer zonder reden.";
    en "A refusal needs a reason; a validation has none." "Write what the organiser has to put right, or validate without a reason.";
    example "\"decision\": \"refused\"" => "\"decision\": \"refused\", \"reason\": \"…\"";
}
