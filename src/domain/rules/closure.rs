//! Rules of a crèche's closures.

use crate::domain::rule::rules;

rules! {
    /// The last day is before the first.
    END_BEFORE_START = "closure.endBeforeStart", Error, Encoder, Nothing;
    fr "La fermeture se termine avant d’avoir commencé." "Corrigez la date de début ou de fin ; pour un seul jour, donnez deux fois la même date.";
    nl "De sluiting eindigt voor ze begint." "Verbeter de begin- of einddatum; geef voor één dag tweemaal dezelfde datum.";
    en "The closure ends before it begins." "Correct the first or the last day; for a single day give the same date twice.";
    example "2026-07-20 to 2026-07-10" => "2026-07-20 to 2026-07-31";

    /// A day so long ago or so far ahead that it is a typing error.
    DATE_OUTSIDE = "closure.dateOutside", Error, Encoder, Today;
    fr "Une fermeture peut aller du {first} au {last}." "Corrigez l’année de cette date.";
    nl "Een sluiting kan van {first} tot en met {last} gaan." "Verbeter het jaar van deze datum.";
    en "A closure may lie between {first} and {last}." "Correct the year of this date.";
    example "2026-12-25 to 2062-01-01" => "2026-12-25 to 2027-01-01";

    /// More days than a single closure usually has.
    LONG = "closure.long", Warning, Encoder, Nothing;
    fr "La fermeture compte {days} jours." "Vérifiez le premier et le dernier jour.";
    nl "De sluiting telt {days} dagen." "Controleer de eerste en de laatste dag.";
    en "The closure has {days} days." "Check the first and the last day.";
    example "2026-07-01 to 2026-12-31" => "2026-07-01 to 2026-07-31";

    /// A crèche that does not exist, in a file of closures.
    UNKNOWN_CRECHE = "closure.unknownCreche", Error, Encoder, Nothing;
    fr "Aucune crèche n’a l’identifiant ou le numéro ONE « {creche} »." "Vérifiez-le dans la liste des crèches ; les espaces et les barres comptent.";
    nl "Geen enkele opvang heeft de identificatie of het ONE-nummer ‘{creche}’." "Kijk het na in de lijst van opvanglocaties; spaties en schuine strepen tellen mee.";
    en "No crèche has the id or the ONE number “{creche}”." "Check it in the list of crèches; spaces and slashes count.";
    example "73/0001" => "73/1";

    /// A ONE number that several crèches have, in a file of closures.
    AMBIGUOUS_CRECHE = "closure.ambiguousCreche", Error, Encoder, Nothing;
    fr "Plusieurs crèches ont le numéro ONE « {creche} »." "Désignez la crèche par son identifiant.";
    nl "Verschillende opvanglocaties hebben het ONE-nummer ‘{creche}’." "Noem de opvanglocatie bij haar identificatie.";
    en "Several crèches have the ONE number “{creche}”." "Name the crèche by its id.";
    example "73/1" => "0198c5a0-3b7e-7c41-9d2a-5f0e6b1c8d34";

    /// A public holiday that the calendar does not list, or several days with one among them that is none.
    UNLISTED_HOLIDAY = "closure.unlistedHoliday", Warning, Encoder, Nothing;
    fr "Le {date} n’est pas un jour férié légal." "S’il remplace un jour férié tombé un week-end, il n’y a rien à faire ; sinon, choisissez un autre motif.";
    nl "{date} is geen wettelijke feestdag." "Vervangt hij een feestdag die in het weekend viel, dan hoeft u niets te doen; kies anders een andere reden.";
    en "{date} is not a public holiday." "If it replaces one that fell on a weekend, there is nothing to do; otherwise choose another reason.";
    example "2026-09-27, publicHoliday" => "2026-09-27, other";
}
