//! What the pages say of each kind.

use crate::domain::text::LocalText;

/// What the pages say of a kind.
pub(in crate::console) struct KindWords {
    /// Where its board is.
    pub(in crate::console) part: &'static str,
    /// What it is called.
    pub(in crate::console) title: LocalText,
    /// Whether every month must have one.
    pub(in crate::console) due: bool,
    /// A line.
    pub(in crate::console) line: LocalText,
    /// Lines, as a heading.
    pub(in crate::console) lines: LocalText,
    /// One line, and several, behind their number.
    pub(in crate::console) count: [LocalText; 2],
    /// What the lines are shown as.
    pub(in crate::console) body: LocalText,
    /// There are no lines.
    pub(in crate::console) none: LocalText,
    /// No line changed.
    pub(in crate::console) same: LocalText,
    /// What to type into the table.
    pub(in crate::console) codes: LocalText,
    /// The lines that a new month can begin with, if it can begin with any.
    pub(in crate::console) carried: Option<CarriedWords>,
}

/// What a new month can begin with.
pub(in crate::console) struct CarriedWords {
    /// The workbook that has it.
    pub(in crate::console) template: LocalText,
    /// The table that has it.
    pub(in crate::console) start: LocalText,
    /// What the table leaves out of a statement that was deposited.
    pub(in crate::console) lost: LocalText,
}

/// Of who was there.
pub(super) const ATTENDANCE: KindWords = KindWords {
    part: "/console/board",
    title: LocalText { fr: "Présences", nl: "Aanwezigheden", en: "Attendance" },
    due: true,
    line: LocalText { fr: "Enfant", nl: "Kind", en: "Child" },
    lines: LocalText { fr: "Enfants", nl: "Kinderen", en: "Children" },
    count: [
        LocalText { fr: "enfant", nl: "kind", en: "child" },
        LocalText { fr: "enfants", nl: "kinderen", en: "children" },
    ],
    body: LocalText { fr: "Calendrier", nl: "Kalender", en: "Calendar" },
    none: LocalText {
        fr: "Le relevé ne compte aucun enfant.",
        nl: "De staat telt geen enkel kind.",
        en: "The statement has no children.",
    },
    same: LocalText {
        fr: "Aucune ligne n’a changé.",
        nl: "Geen enkele regel is gewijzigd.",
        en: "No line has changed.",
    },
    codes: LocalText {
        fr: "Codes : P présent, AJ absence justifiée, AI absence injustifiée ; /2 pour un demi-jour, + pour deux demi-jours (P/2+AJ/2) ; un motif suit deux points (AJ:certificat médical). Une case vide : pas attendu. NISS « connu » : le numéro déjà transmis est conservé ; « saisi » : celui que vous avez saisi est gardé et n’est plus affiché. Une ligne vide ne compte pas.",
        nl: "Codes: P aanwezig, AJ gewettigd afwezig, AI ongewettigd afwezig; /2 voor een halve dag, + voor twee halve dagen (P/2+AJ/2); een reden volgt na een dubbelepunt (AJ:medisch attest). Een leeg vak: niet verwacht. NISS ‘connu’: het nummer dat er al is, blijft; ‘saisi’: het nummer dat u invulde, is bewaard en wordt niet meer getoond. Een lege regel telt niet.",
        en: "Codes: P present, AJ justified absence, AI unjustified absence; /2 for half a day, + for two halves (P/2+AJ/2); a reason follows a colon (AJ:medical certificate). An empty field: not expected. NISS “connu”: the number that is held is kept; “saisi”: the one you typed is kept and no longer shown. An empty line does not count.",
    },
    carried: Some(CarriedWords {
        template: LocalText {
            fr: "Modèle avec les enfants du mois précédent",
            nl: "Model met de kinderen van de vorige maand",
            en: "Template with last month's children",
        },
        start: LocalText {
            fr: "Les enfants du dernier mois déposé, sans leurs jours",
            nl: "De kinderen van de laatst ingediende maand, zonder hun dagen",
            en: "The children of the last month that was deposited, without their days",
        },
        lost: LocalText {
            fr: "Le tableau n’a pas de colonnes pour les heures d’arrivée et de départ : elles ne sont pas reprises.",
            nl: "De tabel heeft geen kolommen voor de uren van aankomst en vertrek: die worden niet overgenomen.",
            en: "The table has no columns for the times of arrival and departure: they are not carried over.",
        },
    }),
};

/// Of consultations.
pub(super) const MEDICAL: KindWords = KindWords {
    part: "/console/consultations",
    title: LocalText { fr: "Consultations", nl: "Raadplegingen", en: "Consultations" },
    due: false,
    line: LocalText { fr: "Consultation", nl: "Raadpleging", en: "Consultation" },
    lines: LocalText { fr: "Consultations", nl: "Raadplegingen", en: "Consultations" },
    count: [
        LocalText { fr: "consultation", nl: "raadpleging", en: "consultation" },
        LocalText { fr: "consultations", nl: "raadplegingen", en: "consultations" },
    ],
    body: LocalText { fr: "Consultations du mois", nl: "Raadplegingen van de maand", en: "Consultations of the month" },
    none: LocalText {
        fr: "Le relevé ne compte aucune consultation.",
        nl: "De staat telt geen enkele raadpleging.",
        en: "The statement has no consultations.",
    },
    same: LocalText {
        fr: "Aucune consultation n’a changé.",
        nl: "Geen enkele raadpleging is gewijzigd.",
        en: "No consultation has changed.",
    },
    codes: LocalText {
        fr: "Une consultation par ligne. Date : 14/07/2026 ; heures : 13:30 ; montants en euros : 85,50. Le médecin est reconnu à son numéro INAMI, celui de sa fiche. Une ligne vide ne compte pas.",
        nl: "Eén raadpleging per regel. Datum: 14/07/2026; uren: 13:30; bedragen in euro: 85,50. De arts wordt herkend aan het RIZIV-nummer op de fiche. Een lege regel telt niet.",
        en: "One consultation per line. Date: 14/07/2026; times: 13:30; amounts in euros: 85,50. The doctor is recognised by the INAMI number on the sheet. An empty line does not count.",
    },
    carried: None,
};
