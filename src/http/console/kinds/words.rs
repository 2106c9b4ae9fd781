//! What the pages say of each kind.

use crate::domain::text::Text;

/// What the pages say of a kind.
pub(in crate::http::console) struct Words {
    /// Where its board is.
    pub(in crate::http::console) part: &'static str,
    /// What it is called.
    pub(in crate::http::console) title: Text,
    /// Whether every month must have one.
    pub(in crate::http::console) due: bool,
    /// A line.
    pub(in crate::http::console) line: Text,
    /// Lines, as a heading.
    pub(in crate::http::console) lines: Text,
    /// One line, and several, behind their number.
    pub(in crate::http::console) count: [Text; 2],
    /// What the lines are shown as.
    pub(in crate::http::console) body: Text,
    /// There are no lines.
    pub(in crate::http::console) none: Text,
    /// No line changed.
    pub(in crate::http::console) same: Text,
    /// What to type into the table.
    pub(in crate::http::console) codes: Text,
    /// The lines that a new month can begin with, if it can begin with any.
    pub(in crate::http::console) carried: Option<Carried>,
}

/// What a new month can begin with.
pub(in crate::http::console) struct Carried {
    /// The workbook that has it.
    pub(in crate::http::console) template: Text,
    /// The table that has it.
    pub(in crate::http::console) start: Text,
    /// What the table leaves out of a statement that was deposited.
    pub(in crate::http::console) lost: Text,
}

/// Of who was there.
pub(super) const ATTENDANCE: Words = Words {
    part: "/console/board",
    title: Text { fr: "Présences", nl: "Aanwezigheden", en: "Attendance" },
    due: true,
    line: Text { fr: "Enfant", nl: "Kind", en: "Child" },
    lines: Text { fr: "Enfants", nl: "Kinderen", en: "Children" },
    count: [Text { fr: "enfant", nl: "kind", en: "child" }, Text { fr: "enfants", nl: "kinderen", en: "children" }],
    body: Text { fr: "Calendrier", nl: "Kalender", en: "Calendar" },
    none: Text {
        fr: "Le relevé ne compte aucun enfant.",
        nl: "De staat telt geen enkel kind.",
        en: "The statement has no children.",
    },
    same: Text { fr: "Aucune ligne n’a changé.", nl: "Geen enkele regel is gewijzigd.", en: "No line has changed." },
    codes: Text {
        fr: "Codes : P présent, AJ absence justifiée, AI absence injustifiée ; /2 pour un demi-jour, + pour deux demi-jours (P/2+AJ/2) ; un motif suit deux points (AJ:certificat médical). Une case vide : pas attendu. NISS « connu » : le numéro déjà transmis est conservé ; « saisi » : celui que vous avez saisi est gardé et n’est plus affiché. Une ligne vide ne compte pas.",
        nl: "Codes: P aanwezig, AJ gewettigd afwezig, AI ongewettigd afwezig; /2 voor een halve dag, + voor twee halve dagen (P/2+AJ/2); een reden volgt na een dubbelepunt (AJ:medisch attest). Een leeg vak: niet verwacht. NISS ‘connu’: het nummer dat er al is, blijft; ‘saisi’: het nummer dat u invulde, is bewaard en wordt niet meer getoond. Een lege regel telt niet.",
        en: "Codes: P present, AJ justified absence, AI unjustified absence; /2 for half a day, + for two halves (P/2+AJ/2); a reason follows a colon (AJ:medical certificate). An empty field: not expected. NISS “connu”: the number that is held is kept; “saisi”: the one you typed is kept and no longer shown. An empty line does not count.",
    },
    carried: Some(Carried {
        template: Text {
            fr: "Modèle avec les enfants du mois précédent",
            nl: "Model met de kinderen van de vorige maand",
            en: "Template with last month's children",
        },
        start: Text {
            fr: "Les enfants du dernier mois déposé, sans leurs jours",
            nl: "De kinderen van de laatst ingediende maand, zonder hun dagen",
            en: "The children of the last month that was deposited, without their days",
        },
        lost: Text {
            fr: "Le tableau n’a pas de colonnes pour les heures d’arrivée et de départ : elles ne sont pas reprises.",
            nl: "De tabel heeft geen kolommen voor de uren van aankomst en vertrek: die worden niet overgenomen.",
            en: "The table has no columns for the times of arrival and departure: they are not carried over.",
        },
    }),
};

/// Of consultations.
pub(super) const MEDICAL: Words = Words {
    part: "/console/consultations",
    title: Text { fr: "Consultations", nl: "Raadplegingen", en: "Consultations" },
    due: false,
    line: Text { fr: "Consultation", nl: "Raadpleging", en: "Consultation" },
    lines: Text { fr: "Consultations", nl: "Raadplegingen", en: "Consultations" },
    count: [
        Text { fr: "consultation", nl: "raadpleging", en: "consultation" },
        Text { fr: "consultations", nl: "raadplegingen", en: "consultations" },
    ],
    body: Text { fr: "Consultations du mois", nl: "Raadplegingen van de maand", en: "Consultations of the month" },
    none: Text {
        fr: "Le relevé ne compte aucune consultation.",
        nl: "De staat telt geen enkele raadpleging.",
        en: "The statement has no consultations.",
    },
    same: Text {
        fr: "Aucune consultation n’a changé.",
        nl: "Geen enkele raadpleging is gewijzigd.",
        en: "No consultation has changed.",
    },
    codes: Text {
        fr: "Une consultation par ligne. Date : 14/07/2026 ; heures : 13:30 ; montants en euros : 85,50. Le médecin est reconnu à son numéro INAMI, celui de sa fiche. Une ligne vide ne compte pas.",
        nl: "Eén raadpleging per regel. Datum: 14/07/2026; uren: 13:30; bedragen in euro: 85,50. De arts wordt herkend aan het RIZIV-nummer op de fiche. Een lege regel telt niet.",
        en: "One consultation per line. Date: 14/07/2026; times: 13:30; amounts in euros: 85,50. The doctor is recognised by the INAMI number on the sheet. An empty line does not count.",
    },
    carried: None,
};
