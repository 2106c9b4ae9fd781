//! Rules of the amount that an organiser stores.

use crate::domain::rule::rules;

rules! {
    /// More of something than one organiser may store.
    CAP_REACHED = "organiser.capReached", Error, Agency, History;
    fr "Un pouvoir organisateur peut avoir au plus {most} au total pour {what} ; ce maximum serait dépassé, et rien n’a été enregistré." "Supprimez ce qui ne sert plus ; s’il vous en faut vraiment davantage, demandez à l’agence de relever ce maximum.";
    nl "Een organisator kan er in totaal hoogstens {most} hebben voor {what}; dat maximum zou overschreden worden, en er is niets bewaard." "Verwijder wat niet meer dient; hebt u er echt meer nodig, vraag dan aan het agentschap om dit maximum te verhogen.";
    en "An organiser may have {most} in all at most for {what}; this maximum would be exceeded, and nothing was kept." "Remove what is no longer used; if you really need more, ask the agency to raise this maximum.";
    example "person 5 001 of a register" => "persons who left long ago taken out first";
}
