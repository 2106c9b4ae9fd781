//! Rules of the `request` family: what surrounds the document (path, query, headers).

use crate::domain::rule::rules;

rules! {
    /// A query parameter that the operation does not have.
    UNKNOWN_PARAMETER = "request.unknownParameter", Error, Vendor, Nothing;
    fr "Le paramètre « {parameter} » n’existe pas pour cette opération." "Retirez-le ou corrigez son nom. Paramètres admis : {known}.";
    nl "De parameter ‘{parameter}’ bestaat niet voor deze bewerking." "Verwijder hem of verbeter de naam. Toegelaten parameters: {known}.";
    en "This operation has no query parameter “{parameter}”." "Remove it or correct its name. Parameters accepted: {known}.";
    example "?dryrun=true" => "?dryRun=true";

    /// A query parameter whose value cannot be read.
    MALFORMED_PARAMETER = "request.malformedParameter", Error, Vendor, Nothing;
    fr "La valeur du paramètre « {parameter} » n’est pas lisible." "Envoyez {expected}.";
    nl "De waarde van de parameter ‘{parameter}’ is niet leesbaar." "Stuur {expected}.";
    en "The value of the query parameter “{parameter}” cannot be read." "Send {expected}.";
    example "?from=07/2026" => "?from=2026-07";

    /// A required query parameter is missing.
    MISSING_PARAMETER = "request.missingParameter", Error, Vendor, Nothing;
    fr "Le paramètre « {parameter} » manque." "Ajoutez {expected}.";
    nl "De parameter ‘{parameter}’ ontbreekt." "Voeg {expected} toe.";
    en "The query parameter “{parameter}” is missing." "Add {expected}.";
    example "" => "?after=0";

    /// A single-valued query parameter given more than once.
    REPEATED_PARAMETER = "request.repeatedParameter", Error, Vendor, Nothing;
    fr "Le paramètre « {parameter} » est donné plusieurs fois." "Gardez une seule valeur.";
    nl "De parameter ‘{parameter}’ komt meermaals voor." "Behoud één waarde.";
    en "The query parameter “{parameter}” is given more than once." "Keep one value.";
    example "?from=2026-07&from=2026-08" => "?from=2026-07";

    /// A part of the path that is malformed (a month, a number).
    MALFORMED_PATH = "request.malformedPath", Error, Vendor, Nothing;
    fr "La partie « {parameter} » de l’adresse n’est pas lisible." "Écrivez-la comme la documentation de l’opération le montre (mois : 2026-07, trimestre : 2026Q3).";
    nl "Het deel ‘{parameter}’ van het adres is niet leesbaar." "Schrijf het zoals de documentatie van de bewerking het toont (maand: 2026-07, kwartaal: 2026Q3).";
    en "The part “{parameter}” of the address cannot be read." "Write it as the documentation of the operation shows (month: 2026-07, quarter: 2026Q3).";
    example "/attendanceStatements/07-2026" => "/attendanceStatements/2026-07";

    /// A month or a quarter that can be read, of a year out of range.
    YEAR_OUTSIDE = "request.yearOutside", Error, Vendor, Nothing;
    fr "L’année de «\u{a0}{parameter}\u{a0}» n’est pas comprise entre 2000 et 2099." "Demandez un mois ou un trimestre de ces années.";
    nl "Het jaar van ‘{parameter}’ ligt niet tussen 2000 en 2099." "Vraag een maand of een kwartaal van die jaren.";
    en "The year of “{parameter}” is not one of 2000 to 2099." "Ask for a month or a quarter of these years.";
    example "/attendanceStatements/1990-01" => "/attendanceStatements/2026-01";

    /// Figures as of an instant in the future.
    FUTURE_INSTANT = "request.futureInstant", Error, Vendor, Nothing;
    fr "L’instant de «\u{a0}{parameter}\u{a0}» n’est pas encore passé." "Demandez un instant passé, ou la situation actuelle sans ce paramètre.";
    nl "Het ogenblik van ‘{parameter}’ is nog niet voorbij." "Vraag een ogenblik in het verleden, of de huidige toestand zonder deze parameter.";
    en "The instant of “{parameter}” has not come yet." "Ask for an instant in the past, or for the present state without this parameter.";
    example "asOf=2031-01-01T00:00:00Z" => "asOf=2026-10-12T07:00:00Z";

    /// Figures as of an instant before the history of the organiser begins.
    BEFORE_HISTORY = "request.beforeHistory", Error, Vendor, Nothing;
    fr "L’historique commence le {beginning} ; «\u{a0}{parameter}\u{a0}» demande un instant plus ancien." "Demandez cet instant ou un instant plus récent.";
    nl "De geschiedenis begint op {beginning}; ‘{parameter}’ vraagt een vroeger ogenblik." "Vraag dat ogenblik of een later.";
    en "History begins at {beginning}; “{parameter}” asks for an earlier instant." "Ask for that instant or a later one.";
    example "asOf=2019-01-01T00:00:00Z" => "asOf=2026-10-12T07:00:00Z";

    /// A part of the path that names nothing visible to the caller.
    UNKNOWN_RESOURCE = "request.unknownResource", Error, Vendor, Nothing;
    fr "« {parameter} » ne désigne rien qui vous soit connu." "Vérifiez cette valeur dans la liste correspondante ; une clé ne voit que son propre pouvoir organisateur.";
    nl "‘{parameter}’ verwijst naar niets wat u kent." "Kijk de waarde na in de overeenkomstige lijst; een sleutel ziet enkel zijn eigen organisator.";
    en "“{parameter}” names nothing that is known to you." "Check it in the matching list; a key sees its own organiser only.";
    example "/creches/unknown" => "/creches/0198c5a0-3b7e-7c41-9d2a-5f0e6b1c8d34";

    /// A list of entity tags that cannot be read.
    MALFORMED_ENTITY_TAG = "request.malformedEntityTag", Error, Vendor, Nothing;
    fr "L’en-tête « {header} » n’est pas lisible." "Renvoyez l’ETag reçu tel quel, guillemets compris, ou *.";
    nl "De header ‘{header}’ is niet leesbaar." "Stuur de ontvangen ETag ongewijzigd terug, met de aanhalingstekens, of *.";
    en "The header “{header}” cannot be read." "Send the ETag back exactly as received, quotes included, or *.";
    example "If-Match: 3" => "If-Match: \"3\"";

    /// A weak entity tag where only a strong one can guard a write.
    WEAK_ENTITY_TAG = "request.weakEntityTag", Error, Vendor, Nothing;
    fr "L’en-tête « {header} » contient un ETag faible (W/), qui ne peut pas protéger une écriture." "Envoyez l’ETag sans W/ ; un intermédiaire l’a peut-être ajouté.";
    nl "De header ‘{header}’ bevat een zwakke ETag (W/), die een wijziging niet kan beschermen." "Stuur de ETag zonder W/; mogelijk heeft een tussenliggende server dat toegevoegd.";
    en "The header “{header}” holds a weak ETag (W/), which cannot guard a write." "Send the ETag without W/; an intermediary may have added it.";
    example "If-Match: W/\"3\"" => "If-Match: \"3\"";

    /// A required header is missing.
    MISSING_HEADER = "request.missingHeader", Error, Vendor, Nothing;
    fr "L’en-tête «\u{a0}{header}\u{a0}» manque." "Ajoutez-le une fois\u{a0}; en HTTP/1.1, toute demande nomme l’hôte auquel elle s’adresse.";
    nl "De header ‘{header}’ ontbreekt." "Voeg hem één keer toe; in HTTP/1.1 noemt elke aanvraag de host waarvoor ze bedoeld is.";
    en "The header “{header}” is missing." "Add it once; in HTTP/1.1 every request names the host that it is meant for.";
    example "" => "Host: passerelle.example";

    /// A single-valued header given more than once.
    REPEATED_HEADER = "request.repeatedHeader", Error, Vendor, Nothing;
    fr "L’en-tête «\u{a0}{header}\u{a0}» est donné plusieurs fois." "Envoyez-le une seule fois\u{a0}; un intermédiaire l’a peut-être ajouté.";
    nl "De header ‘{header}’ komt meermaals voor." "Stuur hem één keer; mogelijk heeft een tussenliggende server hem toegevoegd.";
    en "The header “{header}” is given more than once." "Send it once; an intermediary may have added it.";
    example "Authorization: Bearer crk_…, twice" => "Authorization: Bearer crk_…, once";

    /// A header that is malformed.
    MALFORMED_HEADER = "request.malformedHeader", Error, Vendor, Nothing;
    fr "L’en-tête «\u{a0}{header}\u{a0}» n’est pas lisible." "Envoyez un nom d’hôte ou une adresse, avec ou sans port.";
    nl "De header ‘{header}’ is niet leesbaar." "Stuur een hostnaam of een adres, met of zonder poort.";
    en "The header “{header}” cannot be read." "Send the name of a host or an address, with or without a port.";
    example "Host: a b" => "Host: passerelle.example";

    /// A malformed idempotency key.
    MALFORMED_IDEMPOTENCY_KEY = "request.malformedIdempotencyKey", Error, Vendor, Nothing;
    fr "L’en-tête «\u{a0}{header}\u{a0}» n’est pas lisible." "Envoyez de 1 à 255 caractères ASCII tirés au hasard pour cette création, par exemple un UUID, sans donnée personnelle.";
    nl "De header ‘{header}’ is niet leesbaar." "Stuur 1 tot 255 willekeurige ASCII-tekens voor deze aanmaak, bijvoorbeeld een UUID, zonder persoonsgegevens.";
    en "The header “{header}” cannot be read." "Send 1 to 255 ASCII characters, made at random for this creation, for instance a UUID, and nothing personal.";
    example "Idempotency-Key: é" => "Idempotency-Key: 3f0b6d9e-5a5e-4a59-9a0c-0a9b2f6c7d11";
}
