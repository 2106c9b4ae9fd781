//! Rules of any document: its text and its shape.

use crate::domain::rule::rules;

rules! {
    /// A required field is missing.
    REQUIRED = "input.required", Error, Encoder, Nothing;
    fr "Le champ « {field} » manque." "Complétez-le : il est obligatoire.";
    nl "Het veld “{field}” ontbreekt." "Vul het in: het is verplicht.";
    en "The field “{field}” is missing." "Fill it in: it is required.";
    example "{\"reference\": \"K-0012\"}" => "{\"reference\": \"K-0012\", \"birthDate\": \"2024-02-17\", …}";

    /// A field has an invalid value.
    MALFORMED = "input.malformed", Error, Encoder, Nothing;
    fr "Le champ « {field} » n’a pas la forme attendue." "Attendu : {expected}.";
    nl "Het veld “{field}” heeft niet de verwachte vorm." "Verwacht: {expected}.";
    en "The field “{field}” does not have the expected form." "Expected: {expected}.";
    example "\"birthDate\": \"17/02/2024\"" => "\"birthDate\": \"2024-02-17\"";

    /// A document that is not accepted although no error was found in it: an internal error, reported rather than
    /// hidden.
    NOT_UNDERSTOOD = "input.notUnderstood", Error, Vendor, Nothing;
    fr "Le document n’a pas pu être compris, sans que la cause soit connue : rien n’a été enregistré." "Envoyez-le au service d’assistance de l’ONE ; ce n’est pas à vous de le corriger.";
    nl "Het document kon niet worden begrepen, zonder dat de oorzaak bekend is: er is niets bewaard." "Bezorg het aan de helpdesk van ONE; u hoeft het niet te verbeteren.";
    en "The document could not be understood, and the cause is not known: nothing was kept." "Send it to the agency's help desk; it is not for you to correct.";
    example "(a value that the schema accepts and the gateway does not)" => "(the same, once the gateway is corrected)";

    /// A name or a free text with an invisible character.
    INVISIBLE_CHARACTER = "input.invisibleCharacter", Error, Encoder, Nothing;
    fr "Le champ « {field} » contient un caractère invisible ({character}), qui peut changer la façon dont le texte s’affiche." "Retapez ce texte au clavier, sans le coller depuis une page web ou un document.";
    nl "Het veld “{field}” bevat een onzichtbaar teken ({character}), dat kan veranderen hoe de tekst wordt getoond." "Typ deze tekst opnieuw, zonder hem uit een webpagina of een document te plakken.";
    en "The field “{field}” holds an invisible character ({character}), which can change how the text is shown." "Type this text again rather than pasting it from a web page or a document.";
    example "\"familyName\": \"Maes\\u202e\"" => "\"familyName\": \"Maes\"";

    /// A property that the schema does not have.
    UNKNOWN_PROPERTY = "input.unknownProperty", Error, Vendor, Nothing;
    fr "La propriété {property} n’existe pas à cet endroit." "Supprimez-la ou corrigez son nom ; propriétés possibles ici : {known}.";
    nl "De eigenschap {property} bestaat niet op deze plaats." "Verwijder ze of verbeter de naam; mogelijke eigenschappen hier: {known}.";
    en "The property {property} does not exist here." "Remove it or correct its name; the properties possible here are: {known}.";
    example "\"birthdate\": \"2024-02-17\"" => "\"birthDate\": \"2024-02-17\"";

    /// A list with more items than it may have.
    TOO_MANY = "input.tooMany", Error, Vendor, Nothing;
    fr "La liste « {field} » compte {count} éléments." "Elle peut en avoir au plus {max}.";
    nl "De lijst “{field}” telt {count} elementen." "Er mogen er hoogstens {max} zijn.";
    en "The list “{field}” has {count} items." "It may have {max} at most.";
    example "\"days\": [ 63 days ]" => "\"days\": [ 62 days ]";

    /// Another type where an object is required.
    NOT_AN_OBJECT = "input.notAnObject", Error, Vendor, Nothing;
    fr "« {field} » doit être un objet JSON." "Attendu : {expected}.";
    nl "“{field}” moet een JSON-object zijn." "Verwacht: {expected}.";
    en "“{field}” must be a JSON object." "Expected: {expected}.";
    example "[{\"reference\": …}]" => "{\"lines\": [{\"reference\": …}]}";

    /// Another type where a list is required.
    NOT_A_LIST = "input.notAList", Error, Vendor, Nothing;
    fr "« {field} » doit être une liste JSON." "Attendu : {expected}.";
    nl "“{field}” moet een JSON-lijst zijn." "Verwacht: {expected}.";
    en "“{field}” must be a JSON list." "Expected: {expected}.";
    example "\"days\": {\"date\": …}" => "\"days\": [{\"date\": …}]";

    /// A quote that is opened and never closed, in a table that is imported as CSV.
    UNCLOSED_QUOTE = "input.unclosedQuote", Error, Encoder, Nothing;
    fr "Un guillemet ouvert sur cette ligne n’est jamais refermé." "Refermez-le, ou enregistrez à nouveau le tableau au format CSV depuis le tableur.";
    nl "Een aanhalingsteken op deze regel wordt nooit gesloten." "Sluit het, of bewaar de tabel opnieuw als CSV vanuit het rekenblad.";
    en "A quote that is opened on this line is never closed." "Close it, or save the table as CSV again from the spreadsheet.";
    example "\"73/1;2026-07-20" => "\"73/1\";2026-07-20";

    /// An empty body.
    JSON_EMPTY = "json.empty", Error, Vendor, Nothing;
    fr "Le document est vide." "Envoyez un objet JSON dans le corps de la requête.";
    nl "Het document is leeg." "Stuur een JSON-object in de body van de aanvraag.";
    en "The document is empty." "Send a JSON object in the body of the request.";
    example "(nothing)" => "{\"lines\": []}";

    /// Broken syntax.
    JSON_MALFORMED = "json.malformed", Error, Vendor, Nothing;
    fr "Le document n’est pas du JSON correct : à la ligne {line}, colonne {column}, {fault}." "Produisez le document avec une bibliothèque JSON plutôt qu’en assemblant du texte.";
    nl "Het document is geen correcte JSON: op regel {line}, kolom {column}, {fault}." "Maak het document met een JSON-bibliotheek in plaats van tekst samen te voegen.";
    en "The document is not correct JSON: at line {line}, column {column}, {fault}." "Produce the document with a JSON library rather than by joining text.";
    example "{\"lines\": [],}" => "{\"lines\": []}";

    /// Not UTF-8.
    JSON_NOT_UTF8 = "json.notUtf8", Error, Vendor, Nothing;
    fr "Le document n’est pas encodé en UTF-8 (ligne {line}, colonne {column})." "Enregistrez et envoyez le texte en UTF-8, non en Windows-1252, Latin-1 ou UTF-16 ; un classeur Excel s’envoie avec son propre Content-Type.";
    nl "Het document is niet in UTF-8 gecodeerd (regel {line}, kolom {column})." "Bewaar en verstuur de tekst als UTF-8, niet als Windows-1252, Latin-1 of UTF-16; een Excel-werkmap verstuurt u met haar eigen Content-Type.";
    en "The document is not encoded in UTF-8 (line {line}, column {column})." "Save and send the text as UTF-8, not as Windows-1252, Latin-1 or UTF-16; an Excel workbook is sent with its own Content-Type.";
    example "Zo\\xE9" => "Zo\\xC3\\xA9";

    /// A byte order mark before the text.
    JSON_BYTE_ORDER_MARK = "json.byteOrderMark", Error, Vendor, Nothing;
    fr "Le document commence par une marque d’ordre des octets (BOM), que JSON n’admet pas." "Enregistrez-le en « UTF-8 sans BOM ».";
    nl "Het document begint met een byte order mark (BOM), wat JSON niet toelaat." "Bewaar het als “UTF-8 zonder BOM”.";
    en "The document begins with a byte order mark (BOM), which JSON does not allow." "Save it as “UTF-8 without BOM”.";
    example "\\xEF\\xBB\\xBF{\"lines\": []}" => "{\"lines\": []}";

    /// One property twice in one object.
    JSON_DUPLICATE_PROPERTY = "json.duplicateProperty", Error, Vendor, Nothing;
    fr "La propriété {property} figure plus d’une fois dans le même objet : on ne peut savoir laquelle est la bonne." "Ne l’écrivez qu’une fois.";
    nl "De eigenschap {property} staat meer dan één keer in hetzelfde object: welke bedoeld is, valt niet te weten." "Schrijf ze maar één keer.";
    en "The property {property} is given more than once in the same object: which one is meant cannot be known." "Write it once.";
    example "{\"status\": \"present\", \"status\": \"justifiedAbsence\"}" => "{\"status\": \"present\"}";

    /// Nesting too deep for any document of the API.
    JSON_TOO_DEEP = "json.tooDeep", Error, Vendor, Nothing;
    fr "Le document imbrique trop de listes ou d’objets (ligne {line}, colonne {column})." "Suivez la structure du schéma publié.";
    nl "Het document nest te veel lijsten of objecten in elkaar (regel {line}, kolom {column})." "Volg de structuur van het gepubliceerde schema.";
    en "The document nests too many lists or objects (line {line}, column {column})." "Follow the structure of the published schema.";
    example "[[[[[[ … ]]]]]]" => "{\"lines\": []}";

    /// Half of a surrogate pair.
    JSON_LONE_SURROGATE = "json.loneSurrogate", Error, Vendor, Nothing;
    fr "Un texte contient la moitié d’un caractère (une séquence \\u incomplète) à la ligne {line}, colonne {column}." "Ne coupez pas les textes au milieu d’un caractère ; envoyez-les directement en UTF-8.";
    nl "Een tekst bevat een half teken (een onvolledige \\u-reeks) op regel {line}, kolom {column}." "Knip teksten niet midden in een teken af; verstuur ze rechtstreeks in UTF-8.";
    en "A text contains half a character (an incomplete \\u sequence) at line {line}, column {column}." "Do not cut texts in the middle of a character; send them in plain UTF-8.";
    example "\"\\ud83d\"" => "\"\\ud83d\\ude00\"";

    /// A number out of the range of a double.
    JSON_NUMBER_TOO_LARGE = "json.numberTooLarge", Error, Vendor, Nothing;
    fr "Un nombre est trop grand (ligne {line}, colonne {column})." "Envoyez un nombre entier raisonnable, sans exposant.";
    nl "Een getal is te groot (regel {line}, kolom {column})." "Verstuur een redelijk geheel getal, zonder exponent.";
    en "A number is too large (line {line}, column {column})." "Send a reasonable whole number, without an exponent.";
    example "\"fullDays\": 1e999" => "\"fullDays\": 20";

    /// More values than the largest statement can have.
    JSON_TOO_MANY_VALUES = "json.tooManyValues", Error, Vendor, Nothing;
    fr "Le document contient plus de {max} valeurs, davantage que le plus grand relevé possible." "Envoyez un seul mois d’une seule crèche par document.";
    nl "Het document bevat meer dan {max} waarden, meer dan de grootst mogelijke staat." "Verstuur per document één maand van één opvang.";
    en "The document holds more than {max} values, more than the largest possible statement." "Send one month of one crèche a document.";
    example "a year of ten crèches in one document" => "one document for each month and crèche";
}
