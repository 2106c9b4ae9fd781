//! Rules of the medical statement (docs/domain.md, Consultations).

use crate::domain::rule::rules;

rules! {
    /// The month has not begun.
    MONTH_IN_FUTURE = "medical.monthInFuture", Error, Vendor, Today;
    fr "Le mois demandé ({month}) n’a pas encore commencé." "Attendez le premier jour du mois, ou vérifiez le mois demandé.";
    nl "De gevraagde maand ({month}) is nog niet begonnen." "Wacht tot de eerste dag van de maand, of controleer de gevraagde maand.";
    en "The month asked for ({month}) has not begun." "Wait for its first day, or check the month that you asked for.";
    example "PUT …/2031-01" => "PUT …/2026-09";

    /// The day of the claim is over.
    DEADLINE_PASSED = "medical.deadlinePassed", Warning, Encoder, Today;
    fr "Le délai de la déclaration de ce trimestre est passé depuis le {date}." "Déposez quand même, et prévenez l’ONE si la demande était déjà envoyée.";
    nl "De termijn voor de aangifte van dit kwartaal is verstreken sinds {date}." "Dien toch in, en verwittig ONE als de aanvraag al verstuurd was.";
    en "The deadline of this quarter's claim passed on {date}." "Deposit nevertheless, and tell the agency if the claim was sent already.";
    example "2026-01 deposited on 2026-07-01" => "2026-01 deposited by 2026-06-30";

    /// More consultations than a statement may have.
    TOO_MANY_LINES = "medical.tooManyLines", Error, Vendor, Nothing;
    fr "Le relevé compte plus de 500 consultations." "Gardez une ligne par consultation et au plus 500 lignes par crèche et par mois.";
    nl "De staat telt meer dan 500 raadplegingen." "Houd één regel per raadpleging en hoogstens 500 regels per opvang en per maand.";
    en "The statement has more than 500 consultations." "Keep one line a consultation and at most 500 lines for a crèche and a month.";
    example "501 lines" => "500 lines";

    /// A day of another month.
    DATE_OUTSIDE_MONTH = "medical.dateOutsideMonth", Error, Encoder, Nothing;
    fr "Ce jour n’est pas en {month}." "Corrigez la date, ou déposez la consultation dans le relevé de son propre mois.";
    nl "Deze dag valt niet in {month}." "Verbeter de datum, of dien de raadpleging in met de staat van haar eigen maand.";
    en "This day does not belong to {month}." "Correct the date, or deposit the consultation in the statement of its own month.";
    example "\"date\": \"2026-08-31\" in 2026-07" => "\"date\": \"2026-07-31\" in 2026-07";

    /// A consultation that has not taken place yet.
    DATE_IN_FUTURE = "medical.dateInFuture", Error, Encoder, Today;
    fr "La consultation du {date} n’a pas encore eu lieu." "Déposez-la après coup : le relevé d’un mois peut être remplacé à tout moment.";
    nl "De raadpleging van {date} heeft nog niet plaatsgevonden." "Dien ze achteraf in: de staat van een maand kan altijd vervangen worden.";
    en "The consultation of {date} has not taken place yet." "Deposit it afterwards: the statement of a month can be replaced at any time.";
    example "a consultation of tomorrow" => "the same, deposited the day after";

    /// It ends before it begins.
    DEPARTURE_NOT_AFTER_ARRIVAL = "medical.departureNotAfterArrival", Error, Encoder, Nothing;
    fr "Le départ n’est pas après l’arrivée." "Corrigez l’une des deux heures ; une consultation commence et finit le même jour.";
    nl "Het vertrek is niet na de aankomst." "Verbeter een van beide uren; een raadpleging begint en eindigt op dezelfde dag.";
    en "The departure is not after the arrival." "Correct one of the two times; a consultation begins and ends on the same day.";
    example "14:00 to 13:30" => "13:30 to 14:00";

    /// Longer than any consultation.
    TOO_LONG = "medical.tooLong", Error, Encoder, Nothing;
    fr "La consultation dure plus de 12 heures." "Corrigez l’heure d’arrivée ou de départ.";
    nl "De raadpleging duurt langer dan 12 uur." "Verbeter het uur van aankomst of van vertrek.";
    en "The consultation takes more than 12 hours." "Correct the arrival or the departure.";
    example "06:00 to 19:00" => "16:00 to 19:00";

    /// Longer than usual.
    LONG = "medical.long", Warning, Encoder, Nothing;
    fr "La consultation dure plus de 4 heures." "Vérifiez les heures ; si elles sont exactes, il n’y a rien à faire.";
    nl "De raadpleging duurt langer dan 4 uur." "Controleer de uren; als ze juist zijn, hoeft u niets te doen.";
    en "The consultation takes more than 4 hours." "Check the times; if they are right, nothing needs to be done.";
    example "09:00 to 14:00" => "09:00 to 12:00";

    /// On a day on which the crèche was not open.
    CLOSED_DAY = "medical.closedDay", Warning, Encoder, Closures;
    fr "Le {date}, la crèche était fermée (fermeture, week-end ou jour férié)." "Vérifiez la date de la consultation, ou les fermetures de la crèche.";
    nl "Op {date} was de opvang gesloten (sluiting, weekend of feestdag)." "Controleer de datum van de raadpleging, of de sluitingen van de opvang.";
    en "On {date} the crèche was closed (closure, weekend or public holiday)." "Check the date of the consultation, or the crèche's closures.";
    example "a consultation on a Sunday" => "the same on the Monday";

    /// A number that is not a doctor's.
    INAMI_INVALID = "medical.inamiInvalid", Error, Encoder, Nothing;
    fr "Ce numéro INAMI n’est pas celui d’un médecin." "Recopiez les onze chiffres de son attestation ; le premier est 1.";
    nl "Dit RIZIV-nummer is niet dat van een arts." "Neem de elf cijfers van het getuigschrift over; het eerste is 1.";
    en "This INAMI number is not a doctor's." "Copy the eleven digits from the doctor's certificate; the first is 1.";
    example "\"inami\": \"19006952001\"" => "\"inami\": \"19006951001\"";

    /// The organiser has no such doctor.
    DOCTOR_UNKNOWN = "medical.doctorUnknown", Error, Encoder, Doctors;
    fr "L’organisateur n’a pas de médecin avec ce numéro INAMI." "Encodez d’abord le médecin et sa convention, ou corrigez le numéro.";
    nl "De organisator heeft geen arts met dit RIZIV-nummer." "Voer eerst de arts en de overeenkomst in, of verbeter het nummer.";
    en "The organiser has no doctor with this INAMI number." "Enter the doctor and the agreement first, or correct the number.";
    example "a number that GET /doctors does not list" => "one that it lists";

    /// The doctor works in other crèches of the organiser.
    DOCTOR_NOT_HERE = "medical.doctorNotHere", Error, Encoder, Doctors;
    fr "Ce médecin ne consulte pas dans cette crèche." "Ajoutez la crèche à la fiche du médecin, ou corrigez le numéro.";
    nl "Deze arts houdt geen raadpleging in deze opvang." "Voeg de opvang toe aan de fiche van de arts, of verbeter het nummer.";
    en "This doctor holds no consultations in this crèche." "Add the crèche to the doctor's sheet, or correct the number.";
    example "a doctor of another crèche" => "the doctor's sheet with this crèche too";

    /// The agency refused the doctor.
    DOCTOR_REFUSED = "medical.doctorRefused", Error, Encoder, Doctors;
    fr "L’ONE a refusé ce médecin." "Lisez le motif sur la fiche du médecin et corrigez-la, ou retirez la consultation.";
    nl "ONE heeft deze arts geweigerd." "Lees de reden op de fiche van de arts en verbeter ze, of haal de raadpleging weg.";
    en "The agency refused this doctor." "Read the reason on the doctor's sheet and correct it, or take the consultation out.";
    example "a consultation of a refused doctor" => "the same once the doctor is validated";

    /// Before the collaboration began, or after it ended.
    OUTSIDE_COLLABORATION = "medical.outsideCollaboration", Error, Encoder, Doctors;
    fr "À cette date, la collaboration avec ce médecin n’avait pas commencé ou était terminée." "Corrigez la date de la consultation, ou les dates de la collaboration sur la fiche du médecin.";
    nl "Op deze datum was de samenwerking met deze arts niet begonnen of al beëindigd." "Verbeter de datum van de raadpleging, of de data van de samenwerking op de fiche van de arts.";
    en "On this date the collaboration with this doctor had not begun or was over." "Correct the date of the consultation, or the dates of the collaboration on the doctor's sheet.";
    example "2026-08-31, collaboration from 2026-09-01" => "2026-09-01";

    /// The agency has not decided on the doctor yet.
    DOCTOR_AWAITS_VALIDATION = "medical.doctorAwaitsValidation", Warning, Agency, Doctors;
    fr "L’ONE n’a pas encore validé ce médecin." "Sa fiche et sa convention sont complètes : l’ONE les examine.";
    nl "ONE heeft deze arts nog niet gevalideerd." "De fiche en de overeenkomst zijn volledig: ONE onderzoekt ze.";
    en "The agency has not validated this doctor yet." "Sheet and agreement are complete: the agency examines them.";
    example "a doctor in the state awaitingValidation" => "the same once validated";

    /// The doctor's agreement is not stored, so that the agency cannot decide.
    DOCTOR_INCOMPLETE = "medical.doctorIncomplete", Warning, Administrator, Doctors;
    fr "La convention de ce médecin n’est pas déposée : l’ONE ne peut pas le valider." "Déposez sa convention sur sa fiche.";
    nl "De overeenkomst van deze arts is niet ingediend: ONE kan de arts niet valideren." "Dien de overeenkomst in op de fiche.";
    en "The agreement of this doctor is not stored: the agency cannot validate the doctor." "Store it on the doctor's sheet.";
    example "a doctor in the state incomplete" => "the same with an agreement";

    /// The doctor's sheet was changed after the deposit.
    DOCTOR_CHANGED_LATER = "medical.doctorChangedLater", Warning, Encoder, Doctors;
    fr "Après le dépôt du relevé, la fiche de ce médecin a changé : sa collaboration ne couvre plus ce jour, ou plus cette crèche." "Corrigez la fiche si elle est fausse ; sinon, déposez un relevé corrigé.";
    nl "Na de indiening van de staat is de fiche van deze arts gewijzigd: de samenwerking omvat deze dag of deze opvang niet meer." "Verbeter de fiche als ze fout is; dien anders een verbeterde staat in.";
    en "The sheet of this doctor changed after the statement was deposited: the collaboration no longer covers this day, or this crèche." "Correct the sheet if it is wrong; otherwise deposit a corrected statement.";
    example "a statement read after the collaboration was ended earlier" => "the same with the sheet corrected";

    /// The agency refused the doctor after the deposit.
    DOCTOR_REFUSED_LATER = "medical.doctorRefusedLater", Warning, Encoder, Doctors;
    fr "L’ONE a refusé ce médecin après le dépôt du relevé." "Consultez le motif sur la fiche du médecin et, s’il le faut, déposez un relevé corrigé.";
    nl "ONE heeft deze arts geweigerd na de indiening van de staat." "Bekijk de reden op de fiche van de arts en dien zo nodig een verbeterde staat in.";
    en "The agency refused this doctor after the statement was deposited." "See the reason on the doctor's sheet and, if need be, deposit a corrected statement.";
    example "a statement read after its doctor was refused" => "the same while the doctor is validated";

    /// The same doctor twice at once in this statement.
    OVERLAP = "medical.overlap", Error, Encoder, Nothing;
    fr "Le même médecin a deux consultations en même temps." "Corrigez les heures, ou retirez l’une des deux lignes.";
    nl "Dezelfde arts heeft twee raadplegingen tegelijk." "Verbeter de uren, of haal een van beide regels weg.";
    en "The same doctor has two consultations at once." "Correct the times, or take one of the two lines out.";
    example "13:00 to 15:00 and 14:00 to 16:00" => "13:00 to 14:00 and 14:00 to 16:00";

    /// The same doctor at once in another crèche of the organiser.
    OVERLAP_ELSEWHERE = "medical.overlapElsewhere", Error, Encoder, History;
    fr "Le même médecin est à la même heure dans une autre crèche de l’organisateur." "Corrigez les heures ici, ou d’abord le relevé de l’autre crèche.";
    nl "Dezelfde arts is op hetzelfde uur in een andere opvang van de organisator." "Verbeter de uren hier, of eerst de staat van de andere opvang.";
    en "The same doctor is in another crèche of the organiser at the same time." "Correct the times here, or first the statement of the other crèche.";
    example "13:00 to 15:00 here and 14:00 to 16:00 there" => "13:00 to 14:00 here";

    /// The sender's sums differ from the computed ones.
    CONTROL_TOTALS_DIFFER = "medical.controlTotalsDiffer", Error, Vendor, Nothing;
    fr "Le total de contrôle annoncé est {sent}, les lignes donnent {counted}." "Vérifiez qu’aucune ligne ne s’est perdue, ou n’envoyez pas de totaux de contrôle.";
    nl "Het aangekondigde controletotaal is {sent}, de regels geven {counted}." "Controleer of er geen regel verloren ging, of stuur geen controletotalen.";
    en "The control total sent is {sent}, the lines add up to {counted}." "Check that no line was lost, or send no control totals.";
    example "\"minutes\": 90 for a consultation from 13:00 to 14:00" => "\"minutes\": 60";
}
