//! Rules of the `request` family: what surrounds the document (path, query, headers).

use crate::domain::rule::{Example, Need, Owner, Rule, Severity};
use crate::domain::text::Text;

/// Every rule of the family.
pub const ALL: &[&Rule] = &[
    &UNKNOWN_PARAMETER,
    &MALFORMED_PARAMETER,
    &MISSING_PARAMETER,
    &REPEATED_PARAMETER,
    &MALFORMED_PATH,
    &UNKNOWN_RESOURCE,
    &MALFORMED_ENTITY_TAG,
    &WEAK_ENTITY_TAG,
];

/// A rule about the request: always an error, always the vendor's to repair, needing nothing else.
const fn rule(code: &'static str, reason: Text, repair: Text, example: Example) -> Rule {
    Rule { code, severity: Severity::Error, owner: Owner::Vendor, need: Need::Nothing, reason, repair, example }
}

/// A query parameter that the operation does not have.
pub static UNKNOWN_PARAMETER: Rule = rule(
    "request.unknownParameter",
    Text {
        fr: "Le paramètre « {parameter} » n'existe pas pour cette opération.",
        nl: "De parameter ‘{parameter}’ bestaat niet voor deze bewerking.",
        en: "This operation has no query parameter “{parameter}”.",
    },
    Text {
        fr: "Retirez-le ou corrigez son nom. Paramètres admis : {known}.",
        nl: "Verwijder hem of verbeter de naam. Toegelaten parameters: {known}.",
        en: "Remove it or correct its name. Parameters accepted: {known}.",
    },
    Example { wrong: "?dryrun=true", right: "?dryRun=true" },
);

/// A query parameter whose value cannot be read.
pub static MALFORMED_PARAMETER: Rule = rule(
    "request.malformedParameter",
    Text {
        fr: "La valeur du paramètre « {parameter} » n'est pas lisible.",
        nl: "De waarde van de parameter ‘{parameter}’ is niet leesbaar.",
        en: "The value of the query parameter “{parameter}” cannot be read.",
    },
    Text { fr: "Envoyez {expected}.", nl: "Stuur {expected}.", en: "Send {expected}." },
    Example { wrong: "?from=07/2026", right: "?from=2026-07" },
);

/// A query parameter that must be there.
pub static MISSING_PARAMETER: Rule = rule(
    "request.missingParameter",
    Text {
        fr: "Le paramètre « {parameter} » manque.",
        nl: "De parameter ‘{parameter}’ ontbreekt.",
        en: "The query parameter “{parameter}” is missing.",
    },
    Text { fr: "Ajoutez {expected}.", nl: "Voeg {expected} toe.", en: "Add {expected}." },
    Example { wrong: "", right: "?after=0" },
);

/// A single-valued query parameter given more than once.
pub static REPEATED_PARAMETER: Rule = rule(
    "request.repeatedParameter",
    Text {
        fr: "Le paramètre « {parameter} » est donné plusieurs fois.",
        nl: "De parameter ‘{parameter}’ komt meermaals voor.",
        en: "The query parameter “{parameter}” is given more than once.",
    },
    Text { fr: "Gardez une seule valeur.", nl: "Behoud één waarde.", en: "Keep one value." },
    Example { wrong: "?from=2026-07&from=2026-08", right: "?from=2026-07" },
);

/// A part of the path that is not what stands there (a month, a number).
pub static MALFORMED_PATH: Rule = rule(
    "request.malformedPath",
    Text {
        fr: "La partie « {parameter} » de l'adresse n'est pas lisible.",
        nl: "Het deel ‘{parameter}’ van het adres is niet leesbaar.",
        en: "The part “{parameter}” of the address cannot be read.",
    },
    Text {
        fr: "Écrivez-la comme la documentation de l'opération le montre (mois : 2026-07, trimestre : 2026Q3).",
        nl: "Schrijf het zoals de documentatie van de bewerking het toont (maand: 2026-07, kwartaal: 2026Q3).",
        en: "Write it as the documentation of the operation shows (month: 2026-07, quarter: 2026Q3).",
    },
    Example { wrong: "/attendanceStatements/07-2026", right: "/attendanceStatements/2026-07" },
);

/// A part of the path that names nothing the caller can see.
pub static UNKNOWN_RESOURCE: Rule = rule(
    "request.unknownResource",
    Text {
        fr: "« {parameter} » ne désigne rien qui vous soit connu.",
        nl: "‘{parameter}’ verwijst naar niets wat u kent.",
        en: "“{parameter}” names nothing that is known to you.",
    },
    Text {
        fr: "Vérifiez-la dans la liste correspondante ; une clé ne voit que son propre pouvoir organisateur.",
        nl: "Kijk de waarde na in de overeenkomstige lijst; een sleutel ziet enkel zijn eigen organisator.",
        en: "Check it in the matching list; a key sees its own organiser only.",
    },
    Example { wrong: "/creches/unknown", right: "/creches/0198c5a0-3b7e-7c41-9d2a-5f0e6b1c8d34" },
);

/// A list of entity tags that cannot be read.
pub static MALFORMED_ENTITY_TAG: Rule = rule(
    "request.malformedEntityTag",
    Text {
        fr: "L'en-tête « {header} » n'est pas lisible.",
        nl: "De header ‘{header}’ is niet leesbaar.",
        en: "The header “{header}” cannot be read.",
    },
    Text {
        fr: "Renvoyez l'ETag reçu tel quel, guillemets compris, ou *.",
        nl: "Stuur de ontvangen ETag ongewijzigd terug, met de aanhalingstekens, of *.",
        en: "Send the ETag back exactly as received, quotes included, or *.",
    },
    Example { wrong: "If-Match: 3", right: "If-Match: \"3\"" },
);

/// A weak entity tag where only a strong one can guard a write.
pub static WEAK_ENTITY_TAG: Rule = rule(
    "request.weakEntityTag",
    Text {
        fr: "L'en-tête « {header} » contient un ETag faible (W/), qui ne peut pas protéger une écriture.",
        nl: "De header ‘{header}’ bevat een zwakke ETag (W/), die een wijziging niet kan beschermen.",
        en: "The header “{header}” holds a weak ETag (W/), which cannot guard a write.",
    },
    Text {
        fr: "Envoyez l'ETag sans W/ ; un intermédiaire l'a peut-être ajouté.",
        nl: "Stuur de ETag zonder W/; mogelijk heeft een tussenliggende server dat toegevoegd.",
        en: "Send the ETag without W/; an intermediary may have added it.",
    },
    Example { wrong: "If-Match: W/\"3\"", right: "If-Match: \"3\"" },
);
