//! Rules of the `workbook` family on the content of a cell: ambiguous and unreadable codes, weekdays, dates and
//! times.

use crate::domain::rule::rules;

rules! {
    /// A day cell with an absence that is neither marked as justified nor as unjustified.
    ABSENCE_KIND = "workbook.absenceKind", Error, Encoder, Nothing;
    fr "Absence justifiée (AJ) ou injustifiée (AI) ? La cellule ne le dit pas." "Écrivez AJ si l’absence est justifiée, AI si elle est injustifiée.";
    nl "Gewettigde (AJ) of ongewettigde (AI) afwezigheid? De cel zegt het niet." "Schrijf AJ voor een gewettigde afwezigheid, AI voor een ongewettigde.";
    en "Justified (AJ) or unjustified (AI) absence? The cell does not say." "Write AJ for a justified absence, AI for an unjustified one.";
    example "absent" => "AJ";

    /// The times of a day cell cannot be read.
    DAY_TIMES = "workbook.dayTimes", Error, Encoder, Nothing;
    fr "Les heures de cette cellule ne sont pas lisibles." "Écrivez le code, puis l’heure d’arrivée et l’heure de départ, de 00:00 à 23:59 : « P 07:30-16:45 ».";
    nl "De uren in deze cel zijn niet leesbaar." "Schrijf de code, dan het uur van aankomst en het uur van vertrek, van 00:00 tot 23:59: “P 07:30-16:45”.";
    en "The times in this cell are not readable." "Write the code, then arrival and departure, from 00:00 to 23:59: “P 07:30-16:45”.";
    example "P 07:30-24:00" => "P 07:30-16:45";

    /// A weekday beside a date is not that of the date.
    WEEKDAY_DIFFERS = "workbook.weekdayDiffers", Error, Encoder, Nothing;
    fr "La cellule dit « {found} », mais le {date} est un {weekday}." "Corrigez le jour de la semaine ou la date ; si tout un mois diffère, c’est peut-être la feuille d’un autre mois.";
    nl "De cel zegt “{found}”, maar {date} is een {weekday}." "Verbeter de weekdag of de datum; klopt een hele maand niet, dan is dit misschien het blad van een andere maand.";
    en "The cell says “{found}”, but {date} is a {weekday}." "Correct the weekday or the date; if a whole month differs, this may be the sheet of another month.";
    example "lu 3, in September 2026" => "je 3";

    /// A year where a date is meant: taken for a number of days, it would be a date of 1905.
    YEAR_ALONE = "workbook.yearAlone", Error, Encoder, Nothing;
    fr "{value} est une année, pas une date." "Écrivez la date entière, JJ/MM/AAAA.";
    nl "{value} is een jaar, geen datum." "Schrijf de volledige datum, DD/MM/JJJJ.";
    en "{value} is a year, not a date." "Write the whole date, DD/MM/YYYY.";
    example "2025" => "01/09/2025";

    /// A date of an implausible year.
    DATE_IMPLAUSIBLE = "workbook.dateImplausible", Error, Encoder, Nothing;
    fr "Cette date n’est pas entre 1920 et 2100." "Corrigez-la. Un simple nombre dans une colonne de dates donne une telle date : récrivez alors la date entière.";
    nl "Deze datum ligt niet tussen 1920 en 2100." "Verbeter ze. Een gewoon getal in een kolom met datums geeft zo een datum: schrijf dan de volledige datum.";
    en "This date is not between 1920 and 2100." "Correct it. A mere number in a column of dates makes such a date: then write the whole date again.";
    example "99999" => "01/09/2025";

    /// A time of day of another date than its line's.
    TIME_OF_ANOTHER_DAY = "workbook.timeOfAnotherDay", Error, Encoder, Nothing;
    fr "La cellule contient une heure du {found}, mais la ligne est du {date}." "Écrivez l’heure seule, par exemple 13:30, ou corrigez la date.";
    nl "De cel bevat een uur van {found}, maar de rij is van {date}." "Schrijf enkel het uur, bijvoorbeeld 13:30, of verbeter de datum.";
    en "The cell holds a time of {found}, but the row is of {date}." "Write the time alone, such as 13:30, or correct the date.";
    example "05/01/2025 13:30, on a row of 02/09/2026" => "13:30";
}
