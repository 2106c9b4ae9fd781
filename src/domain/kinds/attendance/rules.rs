//! Rules of the attendance statement (docs/domain.md, Attendance).

use crate::domain::rule::rules;

rules! {
    /// The month has not begun.
    MONTH_IN_FUTURE = "attendance.monthInFuture", Error, Vendor, Today;
    fr "Le mois demandé ({month}) n’a pas encore commencé." "Attendez le premier jour du mois, ou vérifiez le mois demandé.";
    nl "De gevraagde maand ({month}) is nog niet begonnen." "Wacht tot de eerste dag van de maand, of controleer de gevraagde maand.";
    en "The month asked for ({month}) has not begun." "Wait for its first day, or check the month that you asked for.";
    example "PUT …/2031-01" => "PUT …/2026-09";

    /// More children than a statement may have.
    TOO_MANY_LINES = "attendance.tooManyLines", Error, Vendor, Nothing;
    fr "Le relevé compte plus de 500 lignes." "Gardez une seule ligne par enfant et au plus 500 lignes par crèche et par mois.";
    nl "De staat telt meer dan 500 regels." "Houd één regel per kind en hoogstens 500 regels per opvang en per maand.";
    en "The statement has more than 500 lines." "Keep one line a child and at most 500 lines for a crèche and a month.";
    example "501 lines" => "500 lines";

    /// A status that is not of the list, or a day code that does not exist.
    UNKNOWN_STATUS = "attendance.unknownStatus", Error, Encoder, Nothing;
    fr "Ce code de jour n’existe pas." "Utilisez P (présent), AJ (absence justifiée) ou AI (absence injustifiée), suivi de /2 pour un demi-jour (API : present, justifiedAbsence ou unjustifiedAbsence).";
    nl "Deze dagcode bestaat niet." "Gebruik P (aanwezig), AJ (gewettigde afwezigheid) of AI (ongewettigde afwezigheid), gevolgd door /2 voor een halve dag (API: present, justifiedAbsence of unjustifiedAbsence).";
    en "This day code does not exist." "Use P (present), AJ (justified absence) or AI (unjustified absence), followed by /2 for half a day (API: present, justifiedAbsence or unjustifiedAbsence).";
    example "\"status\": \"absent\"" => "\"status\": \"justifiedAbsence\"";

    /// A reason that is not of the list.
    UNKNOWN_REASON = "attendance.unknownReason", Error, Vendor, Nothing;
    fr "Ce motif d’absence n’existe pas." "Choisissez un des motifs publiés de la feuille « Légende » du modèle (API : refData/absenceReasons), ou n’en donnez pas.";
    nl "Deze reden van afwezigheid bestaat niet." "Kies een van de gepubliceerde redenen van het blad “Légende” van het model (API: refData/absenceReasons), of geef er geen.";
    en "This reason of absence does not exist." "Choose one of those published on the sheet “Légende” of the model (API: refData/absenceReasons), or give none.";
    example "\"reason\": \"flu\"" => "\"reason\": \"medicalCertificate\"";

    /// A day of another month.
    DATE_OUTSIDE_MONTH = "attendance.dateOutsideMonth", Error, Encoder, Nothing;
    fr "Ce jour n’est pas en {month}." "Supprimez-le, ou déposez-le dans le relevé de son propre mois.";
    nl "Deze dag valt niet in {month}." "Verwijder hem, of dien hem in met de staat van zijn eigen maand.";
    en "This day does not belong to {month}." "Remove it, or deposit it in the statement of its own month.";
    example "\"date\": \"2026-08-31\" in 2026-07" => "\"date\": \"2026-07-31\" in 2026-07";

    /// More than one day on one date.
    MORE_THAN_ONE_DAY = "attendance.moreThanOneDay", Error, Encoder, Nothing;
    fr "Cet enfant a plus d’un jour à la date du {date}." "Gardez un jour entier, ou au plus deux demi-jours.";
    nl "Dit kind heeft meer dan één dag op {date}." "Houd één hele dag, of hoogstens twee halve dagen.";
    en "This child has more than one day on {date}." "Keep one whole day, or at most two half days.";
    example "full present + half justifiedAbsence" => "half present + half justifiedAbsence";

    /// The same date with the same status twice.
    DUPLICATE_DAY = "attendance.duplicateDay", Error, Vendor, Nothing;
    fr "La date du {date} figure deux fois avec le même code pour cet enfant." "Gardez une seule entrée ; deux demi-jours pareils font un jour entier.";
    nl "De datum {date} staat twee keer met dezelfde code bij dit kind." "Houd één vermelding; twee gelijke halve dagen vormen een hele dag.";
    en "The date {date} is given twice with the same status for this child." "Keep one entry; two equal half days are one whole day.";
    example "half present + half present" => "full present";

    /// A day before the child was born.
    DAY_BEFORE_BIRTH = "attendance.dayBeforeBirth", Error, Encoder, Nothing;
    fr "Ce jour précède la naissance de l’enfant." "Corrigez la date de naissance, ou supprimez le jour.";
    nl "Deze dag ligt vóór de geboorte van het kind." "Verbeter de geboortedatum, of verwijder de dag.";
    en "This day is before the child's birth." "Correct the birth date, or remove the day.";
    example "birth 2026-07-10, day 2026-07-09" => "birth 2026-06-10, day 2026-07-09";

    /// Born after the month that the statement is of.
    BIRTH_AFTER_MONTH = "attendance.birthAfterMonth", Error, Encoder, Nothing;
    fr "La date de naissance tombe après le mois du relevé." "Corrigez la date de naissance, ou retirez cette ligne du relevé de ce mois.";
    nl "De geboortedatum valt na de maand van de staat." "Verbeter de geboortedatum, of haal deze regel uit de staat van deze maand.";
    en "The birth date is after the month of the statement." "Correct the birth date, or take the line out of this month's statement.";
    example "birthDate 9999-01-01" => "birthDate 2024-01-01";

    /// Entry or exit before the child was born.
    STAY_BEFORE_BIRTH = "attendance.stayBeforeBirth", Error, Encoder, Nothing;
    fr "La date d’entrée ou de sortie précède la naissance de l’enfant." "Corrigez-la, ou corrigez la date de naissance.";
    nl "De begin- of einddatum van de opvang ligt vóór de geboorte van het kind." "Verbeter ze, of verbeter de geboortedatum.";
    en "The first or the last day at the crèche is before the child's birth." "Correct it, or correct the birth date.";
    example "birthDate 2025-06-10, startDate 2024-09-01" => "birthDate 2025-06-10, startDate 2025-09-01";

    /// A day before entry or after exit.
    DAY_OUTSIDE_STAY = "attendance.dayOutsideStay", Error, Encoder, Nothing;
    fr "Ce jour tombe avant l’entrée ou après la sortie de l’enfant." "Corrigez la date d’entrée ou de sortie, ou supprimez le jour.";
    nl "Deze dag valt vóór de start of na het einde van de opvang van het kind." "Verbeter de begin- of einddatum, of verwijder de dag.";
    en "This day is before the child's first or after its last day at the crèche." "Correct the first or last day, or remove this one.";
    example "startDate 2026-07-15, day 2026-07-13" => "startDate 2026-07-13, day 2026-07-13";

    /// Exit before entry.
    EXIT_BEFORE_ENTRY = "attendance.exitBeforeEntry", Error, Encoder, Nothing;
    fr "La date de sortie précède la date d’entrée." "Corrigez l’une des deux dates.";
    nl "De einddatum ligt vóór de begindatum." "Verbeter een van beide datums.";
    en "The last day is before the first." "Correct one of the two dates.";
    example "startDate 2026-07-15, endDate 2026-07-01" => "startDate 2026-07-01, endDate 2026-07-15";

    /// Two lines with one reference.
    DUPLICATE_REFERENCE = "attendance.duplicateReference", Error, Vendor, Nothing;
    fr "Deux lignes portent la même référence." "Donnez à chaque enfant sa propre référence, ou réunissez les deux lignes.";
    nl "Twee regels dragen dezelfde referentie." "Geef elk kind een eigen referentie, of voeg de twee regels samen.";
    en "Two lines have the same reference." "Give every child a reference of its own, or merge the two lines.";
    example "K-012 and K-012" => "K-012 and K-013";

    /// Two lines with one SSIN.
    DUPLICATE_SSIN = "attendance.duplicateSsin", Error, Encoder, Nothing;
    fr "Deux lignes portent le même numéro de registre national." "Corrigez le numéro, ou réunissez les deux lignes s’il s’agit du même enfant.";
    nl "Twee regels dragen hetzelfde rijksregisternummer." "Verbeter het nummer, of voeg de twee regels samen als het om hetzelfde kind gaat.";
    en "Two lines have the same national number." "Correct the number, or merge the two lines if they are the same child.";
    example "the same ssin on two lines" => "one line for the child";

    /// Two lines with the same names and birth date.
    DUPLICATE_CHILD = "attendance.duplicateChild", Error, Encoder, Nothing;
    fr "Deux lignes ont le même nom, le même prénom et la même date de naissance." "Réunissez-les s’il s’agit du même enfant ; sinon, donnez le numéro de registre national de chacun.";
    nl "Twee regels hebben dezelfde naam, voornaam en geboortedatum." "Voeg ze samen als het om hetzelfde kind gaat; geef anders het rijksregisternummer van elk kind.";
    en "Two lines have the same names and birth date." "Merge them if they are the same child; otherwise give the national number of each.";
    example "the same names and birth date on two lines" => "one line for the child";

    /// Two lines with the given name of one as the family name of the other.
    NAMES_EXCHANGED = "attendance.namesExchanged", Warning, Encoder, Nothing;
    fr "Deux lignes ont la même date de naissance et les mêmes noms, mais le nom et le prénom sont échangés." "S’il s’agit du même enfant, gardez une seule ligne\u{202f}; sinon, donnez le numéro de registre national de chacun.";
    nl "Twee regels hebben dezelfde geboortedatum en dezelfde namen, maar naam en voornaam zijn verwisseld." "Houd één regel als het om hetzelfde kind gaat; geef anders het rijksregisternummer van elk kind.";
    en "Two lines have the same birth date and the same names, but family name and given name are exchanged." "If they are the same child, keep one line; otherwise give the national number of each.";
    example "Janssens Emma and Emma Janssens, born on one day" => "one line for Janssens Emma";

    /// Letters of several alphabets in one name.
    MIXED_SCRIPTS = "attendance.mixedScripts", Warning, Encoder, Nothing;
    fr "Ce nom mêle des lettres latines et des lettres grecques ou cyrilliques, qui se ressemblent." "Tapez-le de nouveau au clavier, sans le copier\u{202f}; sinon l’enfant ne sera pas retrouvé sous son nom.";
    nl "Deze naam bevat zowel Latijnse als Griekse of cyrillische letters, die op elkaar lijken." "Typ hem opnieuw in zonder hem te kopiëren; anders wordt het kind niet onder zijn naam teruggevonden.";
    en "This name has Latin letters and also Greek or Cyrillic ones, which look alike." "Type it again without copying it; otherwise the child is not found under its name.";
    example "\u{410}nna, with a Cyrillic \u{410}" => "Anna, all Latin";

    /// The number does not pass its checks.
    SSIN_INVALID = "attendance.ssinInvalid", Error, Encoder, Nothing;
    fr "Ce numéro de registre national n’est pas valable." "Recopiez les onze chiffres de la carte d’identité ou de l’attestation, ou laissez le champ vide.";
    nl "Dit rijksregisternummer is niet geldig." "Neem de elf cijfers over van de identiteitskaart of het attest, of laat het veld leeg.";
    en "This national number is not valid." "Copy the eleven digits from the identity card or the certificate, or leave the field empty.";
    example "\"ssin\": \"85031497722\"" => "\"ssin\": \"85031497721\"";

    /// Present on a day that has not come.
    PRESENT_IN_FUTURE = "attendance.presentInFuture", Error, Encoder, Today;
    fr "L’enfant est noté présent le {date}, un jour qui n’est pas encore venu." "Supprimez ce jour et redéposez le mois lorsqu’il sera passé.";
    nl "Het kind staat aanwezig op {date}, een dag die nog moet komen." "Verwijder deze dag en dien de maand opnieuw in wanneer hij voorbij is.";
    en "The child is present on {date}, a day that has not come." "Remove the day, and deposit the month again once it has passed.";
    example "present on 2026-10-30, sent on 2026-10-12" => "present on 2026-10-09, sent on 2026-10-12";

    /// The sender's sums differ from the computed ones.
    CONTROL_TOTALS_DIFFER = "attendance.controlTotalsDiffer", Error, Vendor, Nothing;
    fr "Le total de contrôle annoncé est de {sent}, mais les lignes en donnent {counted}." "Vérifiez que toutes les lignes sont envoyées, puis recalculez le total de contrôle.";
    nl "Het opgegeven controletotaal is {sent}, maar de regels geven {counted}." "Controleer of alle regels verzonden zijn en bereken het controletotaal opnieuw.";
    en "The control total sent is {sent}, but the lines add up to {counted}." "Check that every line is sent, then compute the control total again.";
    example "fullDays 21, 20 sent" => "fullDays 20, 20 sent";

    /// Older than six years.
    CHILD_TOO_OLD = "attendance.childTooOld", Error, Encoder, Nothing;
    fr "L’enfant a plus de 6 ans." "Vérifiez la date de naissance.";
    nl "Het kind is ouder dan 6 jaar." "Controleer de geboortedatum.";
    en "The child is more than 6 years old." "Check the birth date.";
    example "birthDate 2016-03-02" => "birthDate 2024-03-02";

    /// Departure before arrival.
    DEPARTURE_NOT_AFTER_ARRIVAL = "attendance.departureNotAfterArrival", Error, Vendor, Nothing;
    fr "L’heure de départ n’est pas après l’heure d’arrivée." "Corrigez l’une des deux heures.";
    nl "Het uur van vertrek ligt niet na het uur van aankomst." "Verbeter een van beide uren.";
    en "The departure is not after the arrival." "Correct one of the two times.";
    example "arrival 16:30, departure 08:00" => "arrival 08:00, departure 16:30";

    /// Present while the crèche is closed.
    PRESENCE_ON_CLOSURE = "attendance.presenceOnClosure", Warning, Encoder, Closures;
    fr "Des enfants sont notés présents le {date}, pendant une fermeture déclarée." "Vérifiez les présences, ou corrigez la période de fermeture.";
    nl "Er staan kinderen aanwezig op {date}, tijdens een aangegeven sluiting." "Controleer de aanwezigheden, of verbeter de sluitingsperiode.";
    en "Children are present on {date}, during a declared closure." "Check the days, or correct the closure.";
    example "present on a closed day" => "no entry on a closed day";

    /// Present on a Saturday or Sunday.
    PRESENCE_ON_WEEKEND = "attendance.presenceOnWeekend", Warning, Encoder, Nothing;
    fr "Des enfants sont notés présents le {date}, un jour de week-end." "Vérifiez que la crèche était bien ouverte ce jour-là.";
    nl "Er staan kinderen aanwezig op {date}, een weekenddag." "Ga na of de opvang die dag werkelijk open was.";
    en "Children are present on {date}, a day of the weekend." "Check that the crèche was open on that day.";
    example "present on Saturday 2026-07-04" => "present on Friday 2026-07-03";

    /// Present on a public holiday.
    PRESENCE_ON_PUBLIC_HOLIDAY = "attendance.presenceOnPublicHoliday", Warning, Encoder, Nothing;
    fr "Des enfants sont notés présents le {date}, un jour férié légal ({holiday})." "Vérifiez que la crèche était bien ouverte ce jour-là.";
    nl "Er staan kinderen aanwezig op {date}, een wettelijke feestdag ({holiday})." "Ga na of de opvang die dag werkelijk open was.";
    en "Children are present on {date}, a public holiday ({holiday})." "Check that the crèche was open on that day.";
    example "present on 2026-07-21" => "present on 2026-07-22";

    /// Older than three years.
    CHILD_OLDER_THAN_36_MONTHS = "attendance.childOlderThan36Months", Warning, Encoder, Nothing;
    fr "L’enfant a plus de 36 mois." "Vérifiez la date de naissance ; si elle est juste, il n’y a rien à faire.";
    nl "Het kind is ouder dan 36 maanden." "Controleer de geboortedatum; als ze juist is, hoeft u niets te doen.";
    en "The child is older than 36 months." "Check the birth date; if it is right, there is nothing to do.";
    example "birthDate 2022-03-02" => "birthDate 2024-03-02";

    /// More children than places on a date.
    CAPACITY_EXCEEDED = "attendance.capacityExceeded", Warning, Encoder, Capacity;
    fr "Le {date}, les présences dépassent le nombre de places autorisées ({places})." "Vérifiez les présences de ce jour, ou la capacité de la crèche.";
    nl "Op {date} zijn er meer aanwezigheden dan vergunde plaatsen ({places})." "Controleer de aanwezigheden van die dag, of de capaciteit van de opvang.";
    en "On {date} the children present exceed the authorised places ({places})." "Check the day, or the capacity of the crèche.";
    example "15 full days, 14 places" => "14 full days, 14 places";

    /// No national number.
    SSIN_MISSING = "attendance.ssinMissing", Warning, Encoder, Nothing;
    fr "Le numéro de registre national manque." "Ajoutez-le si vous le connaissez.";
    nl "Het rijksregisternummer ontbreekt." "Vul het aan als u het kent.";
    en "The national number is missing." "Add it if you know it.";
    example "a line without ssin" => "\"ssin\": \"23061598193\"";

    /// The birth date differs from that in the number.
    BIRTH_DATE_DIFFERS_FROM_SSIN = "attendance.birthDateDiffersFromSsin", Warning, Encoder, Nothing;
    fr "La date de naissance n’est pas celle que donne le numéro de registre national." "Vérifiez les deux.";
    nl "De geboortedatum is niet die van het rijksregisternummer." "Controleer beide.";
    en "The birth date is not the one that the national number tells." "Check both.";
    example "ssin 230615…, birthDate 2023-06-16" => "ssin 230615…, birthDate 2023-06-15";

    /// Lines without a single day.
    ALL_ZERO = "attendance.allZero", Warning, Encoder, Closures;
    fr "Aucun jour n’est noté alors que la crèche était ouverte ce mois-ci." "Vérifiez que les jours sont bien remplis.";
    nl "Er is geen enkele dag ingevuld, hoewel de opvang deze maand open was." "Ga na of de dagen zijn ingevuld.";
    en "No day is given although the crèche was open this month." "Check that the days are filled in.";
    example "\"days\": [] on every line" => "the days of each child";

    /// No line at all.
    EMPTY_STATEMENT = "attendance.emptyStatement", Warning, Encoder, Closures;
    fr "Le relevé est vide alors que la crèche était ouverte ce mois-ci." "Déposez les enfants accueillis ; si la crèche était fermée, déclarez la fermeture.";
    nl "De staat is leeg, hoewel de opvang deze maand open was." "Dien de opgevangen kinderen in; was de opvang gesloten, geef dan de sluiting aan.";
    en "The statement is empty although the crèche was open this month." "Deposit the children; if the crèche was closed, declare the closure.";
    example "\"lines\": []" => "a line for each child";

    /// Later than the claim's deadline.
    DEADLINE_PASSED = "attendance.deadlinePassed", Warning, Encoder, Today;
    fr "Le délai de la demande de ce trimestre est passé depuis le {date}." "Le relevé est accepté ; prévenez votre gestionnaire de subsides et donnez-lui la raison du retard.";
    nl "De termijn voor de aanvraag van dit kwartaal liep af op {date}." "De staat wordt aanvaard; verwittig uw subsidiebeheerder en geef de reden van de vertraging.";
    en "The claim of this quarter was due on {date}." "The statement is accepted; tell your subsidy manager why it is late.";
    example "2026-03 sent on 2026-08-01" => "2026-03 sent on 2026-04-02";

    /// Duration and times disagree.
    DURATION_DISAGREES = "attendance.durationDisagrees", Warning, Vendor, Nothing;
    fr "La durée envoyée ne correspond pas aux heures d’arrivée et de départ." "Jusqu’à {minutes} minutes, comptez un demi-jour ; au-delà, un jour entier.";
    nl "De verzonden duur klopt niet met de uren van aankomst en vertrek." "Tot en met {minutes} minuten telt een halve dag; daarboven een hele dag.";
    en "The duration sent does not fit the times of arrival and departure." "Up to {minutes} minutes is half a day; more is a whole day.";
    example "08:00–12:00, full" => "08:00–12:00, half";

    /// Too many days ill without a certificate in one quarter.
    HEALTH_WITHOUT_CERTIFICATE_QUOTA = "attendance.healthWithoutCertificateQuota", Warning, Encoder, History;
    fr "Plus de {limit} jours d’absence pour santé sans certificat ce trimestre pour cet enfant." "Joignez un certificat pour les jours suivants, ou changez leur motif.";
    nl "Meer dan {limit} dagen afwezigheid om gezondheidsredenen zonder attest dit kwartaal voor dit kind." "Vraag een attest voor de volgende dagen, of wijzig hun reden.";
    en "More than {limit} days of absence for health without certificate this quarter for this child." "Ask for a certificate for the days beyond, or change their reason.";
    example "4 × healthWithoutCertificate in 2026Q3" => "3 × healthWithoutCertificate in 2026Q3";

    /// `ssinPresent` for a child without a stored number.
    SSIN_NOT_HELD = "attendance.ssinNotHeld", Warning, Vendor, History;
    fr "Le numéro de registre national est annoncé comme connu, mais aucun n’est conservé pour cette référence et cette date de naissance." "Envoyez le numéro lui-même, ou laissez le champ vide.";
    nl "Het rijksregisternummer wordt als gekend opgegeven, maar er is er geen bewaard voor deze referentie en geboortedatum." "Zend het nummer zelf, of laat het veld leeg.";
    en "The national number is said to be known, but none is held for this reference and birth date." "Send the number itself, or leave the field empty.";
    example "\"ssinPresent\": true on a new child" => "\"ssin\": \"23061598193\"";

    /// A reason on a day of presence.
    REASON_WITHOUT_ABSENCE = "attendance.reasonWithoutAbsence", Warning, Vendor, Nothing;
    fr "Un motif d’absence est donné pour un jour de présence." "Supprimez le motif, ou corrigez le code du jour.";
    nl "Er staat een reden van afwezigheid bij een dag van aanwezigheid." "Verwijder de reden, of verbeter de dagcode.";
    en "A reason of absence is given for a day of presence." "Remove the reason, or correct the status of the day.";
    example "P:medicalCertificate" => "AJ:medicalCertificate";
}
