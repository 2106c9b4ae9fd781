//! Rules of a doctor's sheet (domain note §3).

use crate::domain::rule::rules;

rules! {
    /// A number that is not a doctor's.
    INAMI_INVALID = "doctor.inamiInvalid", Error, Organiser, Nothing;
    fr "Ce numéro INAMI n'est pas celui d'un médecin." "Recopiez les onze chiffres de son attestation ; le premier est 1.";
    nl "Dit RIZIV-nummer is niet dat van een arts." "Neem de elf cijfers van het getuigschrift over; het eerste is 1.";
    en "This INAMI number is not a doctor's." "Copy the eleven digits from the doctor's certificate; the first is 1.";
    example "\"inami\": \"19006952001\"" => "\"inami\": \"19006951001\"";

    /// The organiser has this doctor already.
    KNOWN = "doctor.known", Error, Organiser, Doctors;
    fr "L'organisateur a déjà un médecin avec ce numéro INAMI." "Ajoutez la crèche à sa fiche ; un médecin n'a qu'une fiche.";
    nl "De organisator heeft al een arts met dit RIZIV-nummer." "Voeg de opvang toe aan die fiche; een arts heeft maar één fiche.";
    en "The organiser has a doctor with this INAMI number already." "Add the crèche to that sheet; a doctor has one sheet only.";
    example "the same number twice" => "one sheet with both crèches";

    /// The collaboration ends before it begins.
    END_BEFORE_START = "doctor.endBeforeStart", Error, Organiser, Nothing;
    fr "La collaboration se termine avant d'avoir commencé." "Corrigez l'une des deux dates.";
    nl "De samenwerking eindigt voor ze begint." "Verbeter een van beide datums.";
    en "The collaboration ends before it begins." "Correct one of the two dates.";
    example "2026-09-01 to 2026-08-31" => "2026-09-01 to 2027-08-31";

    /// A crèche that the sender does not reach.
    UNKNOWN_CRECHE = "doctor.unknownCreche", Error, Vendor, Organiser;
    fr "L'une de ces crèches n'existe pas chez cet organisateur, ou n'est pas à votre portée." "Choisissez parmi les crèches que GET /creches vous donne.";
    nl "Een van deze opvanglocaties bestaat niet bij deze organisator, of is niet binnen uw bereik." "Kies uit de opvanglocaties die GET /creches u geeft.";
    en "One of these crèches does not exist at this organiser, or is not within your reach." "Choose among the crèches that GET /creches gives you.";
    example "an id of another organiser" => "an id that GET /creches lists";

    /// A refusal without a reason, or a validation with one.
    REASON_MISPLACED = "doctor.reasonMisplaced", Error, Vendor, Nothing;
    fr "Un refus demande une raison ; une validation n'en a pas." "Écrivez ce que l'organisateur doit corriger, ou validez sans raison.";
    nl "Een weigering vraagt een reden; een validatie heeft er geen." "Schrijf wat de organisator moet verbeteren, of valideer zonder reden.";
    en "A refusal needs a reason; a validation has none." "Write what the organiser has to put right, or validate without a reason.";
    example "\"decision\": \"refused\"" => "\"decision\": \"refused\", \"reason\": \"…\"";
}
