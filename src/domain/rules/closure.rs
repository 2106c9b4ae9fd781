//! Rules of a crèche's closures.

use crate::domain::rule::rules;

rules! {
    /// The last day is before the first.
    END_BEFORE_START = "closure.endBeforeStart", Error, Organiser, Nothing;
    fr "La fermeture se termine avant d'avoir commencé." "Corrigez la date de début ou de fin ; pour un seul jour, donnez deux fois la même date.";
    nl "De sluiting eindigt voor ze begint." "Verbeter de begin- of einddatum; geef voor één dag tweemaal dezelfde datum.";
    en "The closure ends before it begins." "Correct the first or the last day; for a single day give the same date twice.";
    example "2026-07-20 to 2026-07-10" => "2026-07-20 to 2026-07-31";

    /// A public holiday that the calendar does not list.
    UNLISTED_HOLIDAY = "closure.unlistedHoliday", Warning, Organiser, Nothing;
    fr "Le {date} n'est pas un jour férié légal." "S'il remplace un jour férié tombé un week-end, il n'y a rien à faire ; sinon, choisissez un autre motif.";
    nl "{date} is geen wettelijke feestdag." "Vervangt hij een feestdag die in het weekend viel, dan hoeft u niets te doen; kies anders een andere reden.";
    en "{date} is not a public holiday." "If it replaces one that fell on a weekend, there is nothing to do; otherwise choose another reason.";
    example "2026-09-27, publicHoliday" => "2026-09-27, other";
}
