//! Rules of the staff register (docs/domain.md, Staff register).

use crate::domain::rule::rules;

rules! {
    /// The same person reference twice.
    DUPLICATE_REFERENCE = "staff.duplicateReference", Error, Vendor, Nothing;
    fr "Deux personnes ont la même référence." "Donnez à chacune la sienne, toujours la même d’un envoi à l’autre.";
    nl "Twee personen hebben dezelfde referentie." "Geef elk een eigen referentie, die bij elke zending dezelfde blijft.";
    en "Two persons have the same reference." "Give each its own, the same from one deposit to the next.";
    example "\"reference\": \"E-7\" on two persons" => "\"E-7\" and \"E-8\"";

    /// The same contract reference twice within a person.
    DUPLICATE_CONTRACT = "staff.duplicateContract", Error, Vendor, Nothing;
    fr "Deux contrats de cette personne ont la même référence." "Donnez à chaque contrat la sienne ; plusieurs fonctions d’un contrat se suivent dans ce contrat.";
    nl "Twee contracten van deze persoon hebben dezelfde referentie." "Geef elk contract een eigen referentie; verschillende functies van één contract staan samen in dat contract.";
    en "Two contracts of this person have the same reference." "Give each contract its own; several functions of one contract belong inside it.";
    example "\"reference\": \"C-1\" on two contracts" => "\"C-1\" and \"C-2\"";

    /// One national number on two persons.
    DUPLICATE_SSIN = "staff.duplicateSsin", Error, Encoder, Nothing;
    fr "Deux personnes portent le même numéro national." "Gardez une seule fiche, avec tous les contrats, ou corrigez l’un des numéros.";
    nl "Twee personen hebben hetzelfde rijksregisternummer." "Houd één fiche, met alle contracten, of verbeter een van de nummers.";
    en "Two persons have the same national number." "Keep one sheet with all contracts, or correct one of the numbers.";
    example "the same ssin on two persons" => "one person with both contracts";

    /// No number of a person.
    SSIN_INVALID = "staff.ssinInvalid", Error, Encoder, Nothing;
    fr "Ce numéro national n’existe pas." "Recopiez les onze chiffres de la carte d’identité ; les deux derniers contrôlent les autres.";
    nl "Dit rijksregisternummer bestaat niet." "Neem de elf cijfers van de identiteitskaart over; de laatste twee controleren de andere.";
    en "This national number does not exist." "Copy the eleven digits from the identity card; the last two check the others.";
    example "\"ssin\": \"85031497722\"" => "\"ssin\": \"85031497721\"";

    /// The birth date is missing.
    BIRTH_DATE_REQUIRED = "staff.birthDateRequired", Error, Encoder, History;
    fr "La date de naissance manque et le numéro national ne la donne pas." "Ajoutez-la.";
    nl "De geboortedatum ontbreekt en het rijksregisternummer geeft ze niet." "Voeg ze toe.";
    en "The birth date is missing and the national number does not tell it." "Add it.";
    example "neither ssin nor birthDate" => "\"birthDate\": \"1985-03-14\"";

    /// The agency has this number under another family name.
    FAMILY_NAME_MISMATCH = "staff.familyNameMismatch", Error, Encoder, History;
    fr "L’ONE connaît ce numéro national sous un autre nom de famille." "Vérifiez le numéro et le nom. S’ils sont justes, appelez le service d’assistance de l’ONE au {helpDesk} : le nom y a sans doute été mal encodé.";
    nl "ONE kent dit rijksregisternummer onder een andere familienaam." "Controleer het nummer en de naam. Als ze kloppen, bel dan de helpdesk van ONE op {helpDesk}: de naam werd daar waarschijnlijk verkeerd ingegeven.";
    en "The agency knows this national number under another family name." "Check number and name. If they are right, call the agency's help desk at {helpDesk}: the name was probably entered wrong.";
    example "\"familyName\": \"Dupond\"" => "\"familyName\": \"Dupont\"";

    /// Numbers that were not compared with those of the agency.
    NUMBER_NOT_COMPARED = "staff.numberNotCompared", Warning, Encoder, History;
    fr "Numéros nationaux qui n’ont pas été comparés avec ceux que l’ONE connaît : {count} ; les questions de cette heure sont épuisées." "Vérifiez vous-même ces numéros et ces noms de famille ; rien n’est dit de ce que l’ONE en connaît.";
    nl "Rijksregisternummers die niet vergeleken werden met wat ONE kent: {count}; de vragen van dit uur zijn op." "Controleer deze nummers en familienamen zelf; er wordt niets gezegd over wat ONE ervan kent.";
    en "National numbers that were not compared with those that the agency knows: {count}; this hour's questions are used up." "Check these numbers and family names yourself; nothing is said of what the agency knows of them.";
    example "more new numbers in an hour than an organiser has questions" => "the first register in parts, or as it is, with this warning";

    /// A reference of a person who is not visible to the sender.
    REFERENCE_TAKEN = "staff.referenceTaken", Error, Vendor, History;
    fr "Cette référence est déjà prise dans le registre de l’organisateur." "Choisissez-en une autre : une référence est unique dans tout le registre.";
    nl "Deze referentie is al in gebruik in het register van de organisator." "Kies een andere: een referentie is uniek in het hele register.";
    en "This reference is taken in the organiser's register." "Choose another: a reference is unique in the whole register.";
    example "\"reference\": \"E-3\"" => "\"reference\": \"LOUPS-3\"";

    /// A change that also applies in a crèche out of the sender's reach.
    SHARED_BEYOND_REACH = "staff.sharedBeyondReach", Error, Administrator, Organiser;
    fr "Ceci compte aussi dans une crèche à laquelle vous n’avez pas accès." "Laissez-le tel quel, ou demandez le changement à quelqu’un qui a accès à toutes les crèches de cette personne.";
    nl "Dit geldt ook in een opvang waartoe u geen toegang hebt." "Laat het zoals het is, of vraag de wijziging aan iemand die toegang heeft tot alle opvanglocaties van deze persoon.";
    en "This also counts in a crèche that you do not reach." "Leave it as it is, or ask somebody who reaches all of this person's crèches for the change.";
    example "another end of a contract with functions in two crèches, by a key for one" => "the same by a key for both";

    /// The register has this person already.
    KNOWN = "staff.known", Error, Encoder, History;
    fr "Cette personne est déjà dans votre registre." "Complétez sa fiche : une personne n’en a qu’une, avec tous ses contrats.";
    nl "Deze persoon staat al in uw register." "Vul de bestaande fiche aan: een persoon heeft er maar één, met alle contracten.";
    en "This person is in your register already." "Complete the sheet that is there: a person has one, with all contracts.";
    example "the same ssin or reference a second time" => "PATCH /staffMembers/{staffMemberId} with the further contract";

    /// A year that cannot be validated.
    VALIDATION_YEAR = "staff.validationYear", Error, Vendor, Today;
    fr "Seules l’année en cours et la précédente peuvent être validées." "Choisissez {first} ou {last}.";
    nl "Alleen het lopende en het vorige jaar kunnen gevalideerd worden." "Kies {first} of {last}.";
    en "Only this year and the last can be validated." "Choose {first} or {last}.";
    example "\"year\": 2031" => "\"year\": 2026";

    /// Another number, or quite another name, for a stored person.
    ANOTHER_PERSON = "staff.anotherPerson", Error, Encoder, History;
    fr "Cette référence désigne déjà une autre personne : seule l’orthographe d’un nom peut être corrigée, pas la personne." "Si c’est quelqu’un d’autre, donnez-lui sa propre référence. Si un numéro a été encodé avec le nom d’un autre, appelez le service d’assistance de l’ONE au {helpDesk}.";
    nl "Deze referentie duidt al een andere persoon aan: alleen de spelling van een naam kan verbeterd worden, niet de persoon." "Is het iemand anders, geef die dan een eigen referentie. Werd een nummer met de naam van iemand anders ingegeven, bel dan de helpdesk van ONE op {helpDesk}.";
    en "This reference means another person already: the spelling of a name can be corrected, the person cannot." "If it is somebody else, give a reference of its own. If a number was entered with somebody else's name, call the agency's help desk at {helpDesk}.";
    example "\"reference\": \"E-7\" with another ssin" => "\"reference\": \"E-8\" for the other person";

    /// A contract that ends before it starts.
    CONTRACT_END_BEFORE_START = "staff.contractEndBeforeStart", Error, Encoder, Nothing;
    fr "Le contrat se termine avant d’avoir commencé." "Corrigez l’une des deux dates.";
    nl "Het contract eindigt voor het begint." "Verbeter een van beide datums.";
    en "The contract ends before it starts." "Correct one of the two dates.";
    example "2026-09-01 to 2026-08-31" => "2026-09-01 to 2027-08-31";

    /// A crèche that the organiser has not.
    UNKNOWN_CRECHE = "staff.unknownCreche", Error, Encoder, Organiser;
    fr "Cette crèche n’existe pas chez cet organisateur." "Écrivez le nom ou le numéro ONE d’une de ses crèches comme dans la console (API : l’identifiant ou le numéro ONE, comme GET /creches les donne).";
    nl "Deze opvang bestaat niet bij deze organisator." "Schrijf de naam of het ONE-nummer van een van zijn opvanglocaties zoals in de console (API: het id of het ONE-nummer, zoals GET /creches ze geeft).";
    en "This organiser has no such crèche." "Write the name or the ONE number of one of its crèches as in the console (API: the id or the ONE number, as GET /creches lists them).";
    example "a number of another organiser" => "a number that GET /creches lists";

    /// Diplomas or documents from a sender without the right to them.
    DOCUMENTS_NOT_GRANTED = "staff.documentsNotGranted", Error, Administrator, Organiser;
    fr "Les diplômes et les documents demandent un droit à part, que vous n’avez pas." "Omettez-les : ce qui est enregistré reste. Ou demandez à l’organisateur le droit d’encoder les documents (API : staffDocuments:write).";
    nl "Diploma's en documenten vragen een apart recht, dat u niet hebt." "Laat ze weg: wat bewaard is, blijft. Of vraag de organisator het recht om documenten in te voeren (API: staffDocuments:write).";
    en "Diplomas and documents need a right of their own, which you have not." "Leave them out: what is held stays. Or ask the organiser for the right to enter documents (API: staffDocuments:write).";
    example "\"documents\": [] without that scope" => "no \"documents\" at all";

    /// An implausible birth date.
    BIRTH_DATE_IMPOSSIBLE = "staff.birthDateImpossible", Error, Encoder, Today;
    fr "La date de naissance est à venir, ou précède 1900." "Corrigez-la.";
    nl "De geboortedatum ligt in de toekomst of vóór 1900." "Verbeter ze.";
    en "The birth date has not come yet, or is before 1900." "Correct it.";
    example "\"birthDate\": \"2085-03-14\"" => "\"birthDate\": \"1985-03-14\"";

    /// A contract that starts before the person was born.
    START_BEFORE_BIRTH = "staff.startBeforeBirth", Error, Encoder, History;
    fr "Le contrat commence avant la naissance de la personne." "Corrigez la date de début ou la date de naissance.";
    nl "Het contract begint vóór de geboorte van de persoon." "Verbeter de begindatum of de geboortedatum.";
    en "The contract starts before the person was born." "Correct the start date or the birth date.";
    example "born 1985-03-14, contract from 1958-09-01" => "born 1985-03-14, contract from 2008-09-01";

    /// An absence that ends before it starts.
    ABSENCE_END_BEFORE_START = "staff.absenceEndBeforeStart", Error, Encoder, Nothing;
    fr "L’absence se termine avant d’avoir commencé." "Corrigez l’une des deux dates.";
    nl "De afwezigheid eindigt voor ze begint." "Verbeter een van beide datums.";
    en "The absence ends before it starts." "Correct one of the two dates.";
    example "2026-09-01 to 2026-08-31" => "2026-08-01 to 2026-08-31";

    /// A document that ends before it was written.
    DOCUMENT_END_BEFORE_DATE = "staff.documentEndBeforeDate", Error, Encoder, Nothing;
    fr "Le document expire avant sa propre date." "Corrigez l’une des deux dates.";
    nl "Het document vervalt vóór zijn eigen datum." "Verbeter een van beide datums.";
    en "The document expires before its own date." "Correct one of the two dates.";
    example "date 2026-09-01, validUntil 2026-08-31" => "date 2026-09-01, validUntil 2029-08-31";

    /// A diploma or a document dated after today.
    DATED_AHEAD = "staff.datedAhead", Error, Encoder, Today;
    fr "Ce diplôme ou ce document porte une date à venir." "Donnez la date qui figure sur le papier ; ajoutez-le quand il existe.";
    nl "Dit diploma of document heeft een datum in de toekomst." "Geef de datum die op het papier staat; voeg het toe wanneer het bestaat.";
    en "This diploma or document is dated ahead." "Give the date that is on the paper; add it once it exists.";
    example "\"date\": \"2031-06-30\"" => "\"date\": \"2021-06-30\"";

    /// No national number.
    SSIN_MISSING = "staff.ssinMissing", Warning, Encoder, History;
    fr "Le numéro national manque." "Ajoutez-le, sauf si la personne n’en a pas parce qu’elle ne réside pas en Belgique.";
    nl "Het rijksregisternummer ontbreekt." "Voeg het toe, tenzij de persoon er geen heeft omdat die niet in België woont.";
    en "The national number is missing." "Add it, unless the person has none because of living abroad.";
    example "a person without ssin" => "\"ssin\": \"85031497721\"";

    /// `ssinPresent` for a person without a stored number.
    SSIN_NOT_HELD = "staff.ssinNotHeld", Warning, Vendor, History;
    fr "Aucun numéro national n’est connu pour cette référence." "Envoyez le numéro.";
    nl "Voor deze referentie is geen rijksregisternummer bekend." "Stuur het nummer.";
    en "No national number is held for this reference." "Send the number.";
    example "\"ssinPresent\": true on a new person" => "\"ssin\": \"85031497721\"";

    /// The birth date differs from that in the number.
    BIRTH_DATE_DIFFERS_FROM_SSIN = "staff.birthDateDiffersFromSsin", Warning, Encoder, History;
    fr "La date de naissance n’est pas celle que donne le numéro national." "Vérifiez les deux ; certains numéros ne commencent pas par la date de naissance.";
    nl "De geboortedatum is niet die van het rijksregisternummer." "Controleer beide; sommige nummers beginnen niet met de geboortedatum.";
    en "The birth date is not the one that the national number tells." "Check both; some numbers do not begin with the birth date.";
    example "ssin 850314…, birthDate 1985-03-15" => "ssin 850314…, birthDate 1985-03-14";

    /// An implausible age for working.
    AGE_IMPLAUSIBLE = "staff.ageImplausible", Warning, Encoder, History;
    fr "Au début de ce contrat, la personne aurait moins de 15 ans ou plus de 80 ans." "Vérifiez la date de naissance et la date de début.";
    nl "Bij het begin van dit contract zou de persoon jonger dan 15 of ouder dan 80 zijn." "Controleer de geboortedatum en de begindatum.";
    en "At the start of this contract the person would be younger than 15 or older than 80." "Check birth date and start date.";
    example "born 2015-03-14, contract from 2026-09-01" => "born 1985-03-14, contract from 2026-09-01";

    /// The same names and birth date as another person, who has a number at most on one side.
    SAME_PERSON_TWICE = "staff.samePersonTwice", Warning, Encoder, History;
    fr "Cette personne a les mêmes noms et la même date de naissance qu’une autre, dont la référence est «\u{a0}{reference}\u{a0}»." "Si c’est la même, gardez une seule fiche, avec tous les contrats\u{202f}; sinon, donnez le numéro national de chacune.";
    nl "Deze persoon heeft dezelfde namen en geboortedatum als een andere, met referentie ‘{reference}’." "Houd één fiche, met alle contracten, als het dezelfde is; geef anders het rijksregisternummer van elk.";
    en "This person has the same names and birth date as another, whose reference is “{reference}”." "If they are one person, keep one sheet with all contracts; otherwise give the national number of each.";
    example "the same names and birth date as E-7 and E-8" => "one person with both contracts";

    /// Letters of several alphabets in one name.
    MIXED_SCRIPTS = "staff.mixedScripts", Warning, Encoder, Nothing;
    fr "Ce nom mêle des lettres latines et des lettres grecques ou cyrilliques, qui se ressemblent." "Tapez-le de nouveau au clavier, sans le copier\u{202f}; sinon la personne ne sera pas retrouvée sous son nom.";
    nl "Deze naam bevat zowel Latijnse als Griekse of cyrillische letters, die op elkaar lijken." "Typ hem opnieuw in zonder hem te kopiëren; anders wordt de persoon niet onder die naam teruggevonden.";
    en "This name has Latin letters and also Greek or Cyrillic ones, which look alike." "Type it again without copying it; otherwise the person is not found under it.";
    example "\u{410}line, with a Cyrillic \u{410}" => "Aline, all Latin";

    /// More than 1.2 full-time equivalents at once.
    WORKING_TIME_HIGH = "staff.workingTimeHigh", Warning, Encoder, Nothing;
    fr "À partir du {date}, les fonctions de cette personne dépassent ensemble 1,2 équivalent temps plein." "Vérifiez les temps de travail et mettez fin aux contrats terminés.";
    nl "Vanaf {date} zijn de functies van deze persoon samen meer dan 1,2 voltijdsequivalent." "Controleer de arbeidstijden en beëindig de afgelopen contracten.";
    en "From {date} on, this person's functions together exceed 1.2 full-time equivalents." "Check the working times and end the contracts that are over.";
    example "100 and 50 at the same time" => "50 and 50 at the same time";

    /// A current member of staff with an expired document.
    DOCUMENT_EXPIRED = "staff.documentExpired", Warning, Encoder, Today;
    fr "Ce document a expiré alors que la personne travaille encore." "Demandez-lui un document à jour et ajoutez-en les dates.";
    nl "Dit document is vervallen terwijl de persoon nog werkt." "Vraag een nieuw document en voeg de datums toe.";
    en "This document has expired while the person still works here." "Ask for a new one and add its dates.";
    example "\"validUntil\": \"2026-01-31\"" => "a further document with \"validUntil\": \"2029-01-31\"";

    /// An absence at a time without a contract.
    ABSENCE_OUTSIDE_CONTRACT = "staff.absenceOutsideContract", Warning, Encoder, Nothing;
    fr "L’absence commence un jour où la personne n’a pas de contrat." "Vérifiez les dates de l’absence et des contrats.";
    nl "De afwezigheid begint op een dag waarop de persoon geen contract heeft." "Controleer de datums van de afwezigheid en van de contracten.";
    en "The absence starts on a day on which the person has no contract." "Check the dates of the absence and of the contracts.";
    example "absence from 2026-09-01, contract until 2026-08-31" => "absence from 2026-08-01";

    /// The reference of a stored person has changed.
    REFERENCE_CHANGED = "staff.referenceChanged", Warning, Vendor, History;
    fr "Cette personne est déjà dans le registre sous une autre référence ; elle porte désormais celle-ci." "Rien n’est à faire si votre logiciel a changé de références.";
    nl "Deze persoon staat al in het register onder een andere referentie; voortaan geldt deze." "U hoeft niets te doen als uw software van referenties is veranderd.";
    en "This person is in the register already under another reference; from now on this one holds." "Nothing is to be done if your software changed its references.";
    example "\"E-107\" for the person held as \"E-7\"" => "\"E-7\"";

    /// Persons of the register that the document leaves out.
    LEFT_OUT = "staff.leftOut", Warning, Encoder, History;
    fr "Personnes du registre qui ne figurent pas dans cet envoi : {count} ; elles restent telles quelles." "Si elles sont parties, donnez une date de fin à leurs contrats.";
    nl "Personen van het register die niet in deze zending staan: {count}; ze blijven zoals ze zijn." "Als ze vertrokken zijn, geef hun contracten dan een einddatum.";
    en "Persons of the register who are not in this deposit: {count}; they stay as they are." "If they have left, give their contracts an end date.";
    example "a register without somebody who was in it" => "the same person with an endDate on each contract";
}
