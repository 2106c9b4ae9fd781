//! Rules of the `workbook` family: whether a file is a workbook of the published model at all.

pub mod cell;

use crate::domain::rule::{Example, Need, Owner, Rule, Severity};
use crate::domain::text::LocalText;

/// Declares the rules of the family and lists them.
macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident $severity:ident $code:literal $owner:ident $(needs $need:ident)? {
        reason: ($reason_fr:literal, $reason_nl:literal, $reason_en:literal),
        repair: ($repair_fr:literal, $repair_nl:literal, $repair_en:literal),
        example: ($wrong:literal, $right:literal),
    })+) => {
        $(
            $(#[$doc])*
            pub static $name: Rule = Rule {
                code: concat!("workbook.", $code),
                severity: Severity::$severity,
                owner: Owner::$owner,
                need: [$(Need::$need,)? Need::Nothing][0],
                reason: LocalText { fr: $reason_fr, nl: $reason_nl, en: $reason_en },
                repair: LocalText { fr: $repair_fr, nl: $repair_nl, en: $repair_en },
                example: Example { wrong: $wrong, right: $right },
            };
        )+

        /// Every rule of the family.
        pub const ALL: &[&Rule] = &[$(&$name),+];
    };
}

rules! {
    /// The bytes are something else than an Excel workbook.
    NOT_A_WORKBOOK Error "notAWorkbook" Encoder {
        reason: (
            "Ce fichier n’est pas un classeur Excel : c’est {kind}.",
            "Dit bestand is geen Excel-werkmap: het is {kind}.",
            "This file is not an Excel workbook: it is {kind}."
        ),
        repair: (
            "Ouvrez-le dans votre tableur et enregistrez-le au format « Classeur Excel (.xlsx) » ; changer seulement le nom du fichier ne suffit pas.",
            "Open het in uw rekenblad en bewaar het als “Excel-werkmap (.xlsx)”; alleen de bestandsnaam wijzigen volstaat niet.",
            "Open it in your spreadsheet program and save it as “Excel workbook (.xlsx)”; renaming the file is not enough."
        ),
        example: ("presences.csv", "presences.xlsx"),
    }
    /// The workbook opens with a password only.
    PASSWORD_PROTECTED Error "passwordProtected" Encoder {
        reason: (
            "Ce classeur est chiffré, par un mot de passe ou par la protection de sa structure, et ne peut pas être lu.",
            "Deze werkmap is versleuteld, met een wachtwoord of door de beveiliging van haar structuur, en kan niet worden gelezen.",
            "This workbook is encrypted, by a password or by the protection of its structure, and cannot be read."
        ),
        repair: (
            "Ouvrez-le. S’il demande un mot de passe : Fichier, Informations, Protéger le classeur, Chiffrer avec mot de passe, et effacez-le. S’il s’ouvre sans rien demander : onglet Révision, désactivez « Protéger le classeur ». Enregistrez-le et renvoyez-le.",
            "Open het. Vraagt het een wachtwoord: Bestand, Info, Werkmap beveiligen, Versleutelen met wachtwoord, en wis het. Opent het zonder te vragen: tab Controleren, zet “Werkmap beveiligen” uit. Bewaar het en stuur het opnieuw.",
            "Open it. If it asks for a password: File, Info, Protect Workbook, Encrypt with Password, and clear it. If it opens without asking: Review tab, turn “Protect Workbook” off. Save it and send it again."
        ),
        example: ("a workbook that asks for a password", "the same workbook without password"),
    }
    /// The workbook contains macros.
    MACROS Error "macros" Encoder {
        reason: (
            "Ce classeur contient des macros ; elles ne sont pas acceptées.",
            "Deze werkmap bevat macro's; die worden niet aanvaard.",
            "This workbook contains macros; they are not accepted."
        ),
        repair: (
            "Enregistrez-le au format « Classeur Excel (.xlsx) », qui n’a pas de macros.",
            "Bewaar het als “Excel-werkmap (.xlsx)”, een formaat zonder macro's.",
            "Save it as “Excel workbook (.xlsx)”, a format without macros."
        ),
        example: ("presences.xlsm", "presences.xlsx"),
    }
    /// The workbook is damaged or cannot be parsed.
    UNREADABLE Error "unreadable" Encoder {
        reason: (
            "Ce classeur est abîmé ou incomplet et ne peut pas être lu.",
            "Deze werkmap is beschadigd of onvolledig en kan niet worden gelezen.",
            "This workbook is damaged or incomplete and cannot be read."
        ),
        repair: (
            "Ouvrez-le dans votre tableur, enregistrez-le à nouveau au format « Classeur Excel (.xlsx) » et renvoyez-le.",
            "Open het in uw rekenblad, bewaar het opnieuw als “Excel-werkmap (.xlsx)” en stuur het opnieuw.",
            "Open it in your spreadsheet program, save it again as “Excel workbook (.xlsx)” and send it again."
        ),
        example: ("a file that was cut off on its way", "the whole file"),
    }
    /// The workbook unpacks to more than any statement needs.
    TOO_LARGE Error "tooLarge" Encoder {
        reason: (
            "Ce classeur contient beaucoup plus de données qu’un relevé.",
            "Deze werkmap bevat veel meer gegevens dan een staat kan hebben.",
            "This workbook contains far more data than a statement."
        ),
        repair: (
            "Copiez le tableau dans un modèle vierge et envoyez celui-ci.",
            "Kopieer de tabel naar een leeg model en stuur dat.",
            "Copy the table into an empty template and send that."
        ),
        example: ("a workbook of several hundred megabytes once unpacked", "a sheet with at most 500 children"),
    }
    /// No sheet has the name of the model's.
    SHEET_MISSING Error "sheetMissing" Encoder {
        reason: (
            "Le classeur n’a pas de feuille « {sheet} ».",
            "De werkmap heeft geen blad “{sheet}”.",
            "The workbook has no sheet named “{sheet}”."
        ),
        repair: (
            "Nommez « {sheet} » la feuille qui contient le tableau.",
            "Geef het blad met de tabel de naam “{sheet}”.",
            "Name the sheet that holds the table “{sheet}”."
        ),
        example: ("Feuil1", "Présences"),
    }
    /// Several sheets could be the model's.
    SHEET_AMBIGUOUS Error "sheetAmbiguous" Encoder {
        reason: (
            "Plusieurs feuilles pourraient être la feuille « {sheet} » : {count}.",
            "Meerdere bladen kunnen het blad “{sheet}” zijn: {count}.",
            "Several sheets could be the sheet “{sheet}”: {count}."
        ),
        repair: (
            "Gardez une seule feuille dont le nom commence ainsi et renommez ou supprimez les autres.",
            "Behoud één blad waarvan de naam zo begint en hernoem of verwijder de andere.",
            "Keep one sheet whose name begins like this and rename or delete the others."
        ),
        example: ("Présences A, Présences B", "Présences"),
    }
    /// No row has the cell that identifies the header row.
    HEADER_ROW_MISSING Error "headerRowMissing" Encoder {
        reason: (
            "La ligne d’en-têtes est introuvable : aucune cellule ne dit « {header} ».",
            "De rij met kolomtitels is niet te vinden: geen enkele cel bevat “{header}”.",
            "The header row cannot be found: no cell says “{header}”."
        ),
        repair: (
            "Remettez les en-têtes du modèle sur une seule ligne, juste au-dessus des données.",
            "Zet de kolomtitels van het model terug op één rij, net boven de gegevens.",
            "Put the headers of the template back on one row, just above the data."
        ),
        example: ("Enfant | Prénom | …", "Référence | Nom | Prénom | …"),
    }
    /// A required column is missing.
    HEADER_MISSING Error "headerMissing" Encoder {
        reason: (
            "La colonne « {header} » manque.",
            "De kolom “{header}” ontbreekt.",
            "The column “{header}” is missing."
        ),
        repair: (
            "Ajoutez-la, ou remettez son en-tête « {header} » exactement comme dans le modèle.",
            "Voeg ze toe, of herstel de titel “{header}” precies zoals in het model.",
            "Add it, or put its header “{header}” back exactly as in the template."
        ),
        example: ("Prenoms", "Prénom"),
    }
    /// Two columns have the same header.
    HEADER_DUPLICATE Error "headerDuplicate" Encoder {
        reason: (
            "Deux colonnes ont l’en-tête « {header} » : on ne sait pas laquelle lire.",
            "Twee kolommen hebben de titel “{header}”: het is niet duidelijk welke telt.",
            "Two columns have the header “{header}”: it is unclear which one counts."
        ),
        repair: (
            "Gardez la bonne colonne et supprimez ou renommez l’autre.",
            "Behoud de juiste kolom en verwijder of hernoem de andere.",
            "Keep the right column and delete or rename the other."
        ),
        example: ("12 | 12", "12 | 13"),
    }
    /// The workbook names a version of the model that is not accepted.
    VERSION_UNSUPPORTED Error "versionUnsupported" Encoder {
        reason: (
            "Ce classeur suit la version « {found} » du modèle ; seule « {expected} » est acceptée.",
            "Deze werkmap volgt versie “{found}” van het model; alleen “{expected}” wordt aanvaard.",
            "This workbook follows version “{found}” of the template; only “{expected}” is accepted."
        ),
        repair: (
            "Téléchargez le modèle actuel et copiez-y vos données.",
            "Download het huidige model en kopieer uw gegevens erin.",
            "Download the current template and copy your data into it."
        ),
        example: ("attendance/0", "attendance/1"),
    }
    /// The workbook names another month than the one it is sent for.
    MONTH_MISMATCH Error "monthMismatch" Encoder {
        reason: (
            "Le classeur indique un autre mois que celui pour lequel il est envoyé ({expected}).",
            "De werkmap vermeldt een andere maand dan die waarvoor ze wordt verstuurd ({expected}).",
            "The workbook names another month than the one it is sent for ({expected})."
        ),
        repair: (
            "Vérifiez que c’est le bon fichier ; sinon corrigez la cellule « Mois ».",
            "Controleer of dit het juiste bestand is; zo niet, verbeter de cel “Mois”.",
            "Check that this is the right file; otherwise correct the cell “Mois”."
        ),
        example: ("Mois | 2026-09, sent for 2026-10", "Mois | 2026-10"),
    }
    /// The workbook names another crèche than the one it is sent for.
    CRECHE_MISMATCH Error "crecheMismatch" Encoder needs Organiser {
        reason: (
            "Le classeur indique une autre crèche que celle pour laquelle il est envoyé.",
            "De werkmap vermeldt een andere opvang dan die waarvoor ze wordt verstuurd.",
            "The workbook names another crèche than the one it is sent for."
        ),
        repair: (
            "Vérifiez que c’est le bon fichier ; sinon corrigez la cellule « Crèche ».",
            "Controleer of dit het juiste bestand is; zo niet, verbeter de cel “Crèche”.",
            "Check that this is the right file; otherwise correct the cell “Crèche”."
        ),
        example: ("Crèche | Les Coccinelles, sent for Les Lutins", "Crèche | Les Lutins"),
    }
    /// A cell that is read has the error of a formula.
    ERROR_CELL Error "errorCell" Encoder {
        reason: (
            "La cellule contient une formule en erreur ou sans résultat ({error}).",
            "De cel bevat een formule met een fout of zonder resultaat ({error}).",
            "The cell holds a formula with an error or without a result ({error})."
        ),
        repair: (
            "Corrigez la formule ou remplacez-la par sa valeur ; si votre tableur montre une valeur, enregistrez-y le fichier avant de l’envoyer.",
            "Verbeter de formule of vervang ze door haar waarde; toont uw rekenblad een waarde, bewaar het bestand daarin voor u het verstuurt.",
            "Correct the formula or replace it by its value; if your spreadsheet program shows a value, save the file in it before you send it."
        ),
        example: ("#REF!", "P"),
    }
    /// The only sheet that could be the model's is hidden.
    SHEET_HIDDEN Error "sheetHidden" Encoder {
        reason: (
            "La feuille « {sheet} » du classeur est masquée, et aucune feuille visible ne porte ce nom.",
            "Het blad “{sheet}” van de werkmap is verborgen, en geen zichtbaar blad heeft die naam.",
            "The sheet “{sheet}” of the workbook is hidden, and no visible sheet has that name."
        ),
        repair: (
            "Affichez-la (clic droit sur un onglet, Afficher) si c’est bien elle qu’il faut lire, ou nommez « {sheet} » la feuille qui contient le tableau.",
            "Maak het zichtbaar (rechtsklik op een tab, Zichtbaar maken) als dat blad gelezen moet worden, of geef het blad met de tabel de naam “{sheet}”.",
            "Unhide it (right-click a tab, Unhide) if it is the one to be read, or name the sheet that holds the table “{sheet}”."
        ),
        example: ("Présences (hidden), Feuil2", "Présences"),
    }
    /// A value is in merged cells, of which a file stores the first only.
    MERGED_CELLS Error "mergedCells" Encoder {
        reason: (
            "Les cellules {cells} sont fusionnées : le fichier ne garde leur contenu que pour la première.",
            "De cellen {cells} zijn samengevoegd: het bestand bewaart hun inhoud enkel voor de eerste.",
            "The cells {cells} are merged: the file keeps their content for the first one only."
        ),
        repair: (
            "Annulez la fusion et écrivez la valeur dans chaque cellule.",
            "Maak de samenvoeging ongedaan en schrijf de waarde in elke cel.",
            "Unmerge them and write the value into each cell."
        ),
        example: ("AJ merged over J4:N4", "AJ in each of J4, K4, L4, M4 and N4"),
    }
    /// A column of day codes whose header names no day of the month.
    DAY_HEADER Error "dayHeader" Encoder {
        reason: (
            "Cette colonne contient des codes de présence, mais son en-tête n’est pas un jour du mois.",
            "Deze kolom bevat aanwezigheidscodes, maar haar titel is geen dag van de maand.",
            "This column holds day codes, but its header is no day of the month."
        ),
        repair: (
            "Écrivez en en-tête le numéro du jour (5) ou sa date (05/10/2026), sans heure ; si la colonne ne compte pas, effacez-la.",
            "Schrijf als titel het nummer van de dag (5) of de datum (05/10/2026), zonder uur; telt de kolom niet mee, wis ze dan.",
            "Head it with the number of the day (5) or its date (05/10/2026), without a time; clear the column if it does not count."
        ),
        example: ("(no header)", "5"),
    }
    /// A column that has values and that the model does not have.
    COLUMN_NOT_READ Warning "columnNotRead" Encoder {
        reason: (
            "Cette colonne n’est pas lue : le modèle n’en a pas avec cet en-tête.",
            "Deze kolom wordt niet gelezen: het model heeft er geen met deze titel.",
            "This column is not read: the template has none with this header."
        ),
        repair: (
            "Rien à faire si elle ne sert qu’à vous ; sinon, donnez-lui l’en-tête du modèle.",
            "Niets te doen als ze enkel voor uzelf dient; geef ze anders de titel van het model.",
            "Nothing to do if it is for your own use; otherwise give it the header of the template."
        ),
        example: ("Remarques", "(no such column)"),
    }
    /// A spreadsheet program converted a text to a date.
    TEXT_BECAME_DATE Error "textBecameDate" Encoder {
        reason: (
            "Cette colonne attend un texte, mais le tableur en a fait une date ({value}) : ce qui avait été écrit est perdu.",
            "Deze kolom verwacht tekst, maar het rekenblad maakte er een datum van ({value}): wat er stond is verloren.",
            "This column expects words, but the spreadsheet program made a date of them ({value}): what was written is lost."
        ),
        repair: (
            "Donnez à la colonne le format « Texte », puis récrivez la valeur.",
            "Geef de kolom de notatie “Tekst” en schrijf de waarde opnieuw.",
            "Give the column the format “Text”, then write the value again."
        ),
        example: ("03/12/2026", "3-12"),
    }
    /// A date with a time of day where a date is meant.
    DATE_WITH_TIME Error "dateWithTime" Encoder {
        reason: (
            "La cellule contient une date avec une heure ({value}) : on ne sait pas quel jour est voulu.",
            "De cel bevat een datum met een uur ({value}): het is niet duidelijk welke dag bedoeld is.",
            "The cell holds a date with a time ({value}): it is unclear which day is meant."
        ),
        repair: (
            "Écrivez la date seule. Si un programme a fait ce fichier, il a sans doute écrit minuit en temps universel, soit 22:00 ou 23:00 la veille : signalez-le à son éditeur.",
            "Schrijf enkel de datum. Maakte een programma dit bestand, dan schreef het wellicht middernacht in universele tijd, dus 22:00 of 23:00 de dag ervoor: meld het aan de leverancier.",
            "Write the date alone. If a program made this file, it has probably written midnight in universal time, which is 22:00 or 23:00 of the day before: tell its vendor."
        ),
        example: ("30/09/2026 22:00", "01/10/2026"),
    }
    /// A row of totals below the records.
    TOTALS_ROW Warning "totalsRow" Encoder {
        reason: (
            "Cette ligne ressemble à une ligne de totaux : elle n’est pas lue.",
            "Deze rij lijkt op een rij met totalen: ze wordt niet gelezen.",
            "This row looks like a row of totals: it is not read."
        ),
        repair: (
            "Rien à faire si c’en est une ; sinon, complétez la ligne.",
            "Niets te doen als het er een is; vul de rij anders aan.",
            "Nothing to do if it is one; otherwise complete the row."
        ),
        example: ("TOTAL | 12 | 11 | 14", "(no such row)"),
    }
    /// A row that belongs to nothing on the sheet that it refers to.
    OWNER_MISSING Error "ownerMissing" Encoder {
        reason: (
            "La ligne renvoie à une référence qui ne figure pas sur la feuille « {sheet} ».",
            "De rij verwijst naar een referentie die niet op het blad “{sheet}” staat.",
            "The row refers to a reference that is not on the sheet “{sheet}”."
        ),
        repair: (
            "Corrigez la référence, ou ajoutez la ligne qui manque sur cette feuille.",
            "Verbeter de referentie, of voeg de ontbrekende rij toe op dat blad.",
            "Correct the reference, or add the row that is missing on that sheet."
        ),
        example: ("Personne | E-9, without E-9 on Personnes", "Personne | E-7"),
    }
    /// A visible sheet that has a table of the model beside the one that is read.
    SHEET_NOT_READ Warning "sheetNotRead" Encoder {
        reason: (
            "La feuille « {found} » n’est pas lue, alors qu’elle contient elle aussi un tableau du modèle.",
            "Het blad “{found}” wordt niet gelezen, hoewel het ook een tabel van het model bevat.",
            "The sheet “{found}” is not read, although it holds a table of the template as well."
        ),
        repair: (
            "Rien à faire si c’est une copie ; sinon, copiez-en les lignes dans la feuille du modèle, ou donnez-lui le nom de celle-ci.",
            "Niets te doen als het een kopie is; kopieer anders de rijen naar het blad van het model, of geef het de naam van dat blad.",
            "Nothing to do if it is a copy; otherwise copy its rows into the sheet of the template, or give it that name."
        ),
        example: ("Présences, Octobre", "Présences"),
    }
    /// The sheet of the model is empty, and another visible one has its table.
    TABLE_ELSEWHERE Error "tableElsewhere" Encoder {
        reason: (
            "La feuille « {sheet} » est vide ; le tableau est sur la feuille « {found} ».",
            "Het blad “{sheet}” is leeg; de tabel staat op het blad “{found}”.",
            "The sheet “{sheet}” is empty; the table is on the sheet “{found}”."
        ),
        repair: (
            "Supprimez la feuille vide et nommez « {sheet} » celle qui contient le tableau.",
            "Verwijder het lege blad en geef het blad met de tabel de naam “{sheet}”.",
            "Delete the empty sheet and name the one that holds the table “{sheet}”."
        ),
        example: ("Présences (empty), Feuil2", "Présences"),
    }
}
