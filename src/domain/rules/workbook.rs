//! Rules of the `workbook` family: whether a file is a workbook of the published model at all.

use crate::domain::rule::{Example, Need, Owner, Rule, Severity};
use crate::domain::text::Text;

/// Declares an error of the family and lists it.
macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident $code:literal $owner:ident {
        reason: ($reason_fr:literal, $reason_nl:literal, $reason_en:literal),
        repair: ($repair_fr:literal, $repair_nl:literal, $repair_en:literal),
        example: ($wrong:literal, $right:literal),
    })+) => {
        $(
            $(#[$doc])*
            pub static $name: Rule = Rule {
                code: concat!("workbook.", $code),
                severity: Severity::Error,
                owner: Owner::$owner,
                need: Need::Nothing,
                reason: Text { fr: $reason_fr, nl: $reason_nl, en: $reason_en },
                repair: Text { fr: $repair_fr, nl: $repair_nl, en: $repair_en },
                example: Example { wrong: $wrong, right: $right },
            };
        )+

        /// Every rule of the family.
        pub const ALL: &[&Rule] = &[$(&$name),+];
    };
}

errors! {
    /// The bytes are something else than an Excel workbook.
    NOT_A_WORKBOOK "notAWorkbook" Organiser {
        reason: (
            "Ce fichier n'est pas un classeur Excel : c'est {kind}.",
            "Dit bestand is geen Excel-werkmap: het is {kind}.",
            "This file is not an Excel workbook: it is {kind}."
        ),
        repair: (
            "Ouvrez-le dans votre tableur et enregistrez-le au format « Classeur Excel (.xlsx) » ; changer seulement le nom du fichier ne suffit pas.",
            "Open het in uw rekenblad en bewaar het als “Excel-werkmap (.xlsx)”; alleen de bestandsnaam wijzigen volstaat niet.",
            "Open it in your spreadsheet program and save it as “Excel workbook (.xlsx)”; renaming the file is not enough."
        ),
        example: ("presences.csv", "presences.xlsx"),
    }
    /// The workbook opens with a password only.
    PASSWORD_PROTECTED "passwordProtected" Organiser {
        reason: (
            "Ce classeur est protégé par un mot de passe et ne peut pas être lu.",
            "Deze werkmap is met een wachtwoord beveiligd en kan niet worden gelezen.",
            "This workbook is protected by a password and cannot be read."
        ),
        repair: (
            "Ouvrez-le, retirez le mot de passe (Fichier, Informations, Protéger le classeur), enregistrez-le et renvoyez-le.",
            "Open het, verwijder het wachtwoord (Bestand, Info, Werkmap beveiligen), bewaar het en stuur het opnieuw.",
            "Open it, remove the password (File, Info, Protect Workbook), save it and send it again."
        ),
        example: ("a workbook that asks for a password", "the same workbook without password"),
    }
    /// The workbook carries macros.
    MACROS "macros" Organiser {
        reason: (
            "Ce classeur contient des macros ; elles ne sont pas acceptées.",
            "Deze werkmap bevat macro's; die worden niet aanvaard.",
            "This workbook contains macros; they are not accepted."
        ),
        repair: (
            "Enregistrez-le au format « Classeur Excel (.xlsx) », qui n'a pas de macros.",
            "Bewaar het als “Excel-werkmap (.xlsx)”, een formaat zonder macro's.",
            "Save it as “Excel workbook (.xlsx)”, a format without macros."
        ),
        example: ("presences.xlsm", "presences.xlsx"),
    }
    /// The workbook is damaged or not understood.
    UNREADABLE "unreadable" Organiser {
        reason: (
            "Ce classeur est abîmé ou incomplet et ne peut pas être lu.",
            "Deze werkmap is beschadigd of onvolledig en kan niet worden gelezen.",
            "This workbook is damaged or incomplete and cannot be read."
        ),
        repair: (
            "Ouvrez-le dans votre tableur, enregistrez-le à nouveau au format « Classeur Excel (.xlsx) » et renvoyez-le.",
            "Open het in uw rekenblad, bewaar het opnieuw als “Excel-werkmap (.xlsx)” en stuur het opnieuw.",
            "Open it in your spreadsheet program, save it again as “Excel workbook (.xlsx)” and send it again."
        ),
        example: ("a file that was cut off on its way", "the whole file"),
    }
    /// The workbook unpacks to more than any statement needs.
    TOO_LARGE "tooLarge" Organiser {
        reason: (
            "Ce classeur contient beaucoup plus de données qu'un relevé.",
            "Deze werkmap bevat veel meer gegevens dan een lijst kan hebben.",
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
    SHEET_MISSING "sheetMissing" Organiser {
        reason: (
            "Le classeur n'a pas de feuille « {sheet} ».",
            "De werkmap heeft geen blad “{sheet}”.",
            "The workbook has no sheet named “{sheet}”."
        ),
        repair: (
            "Nommez « {sheet} » la feuille qui contient le tableau.",
            "Geef het blad met de tabel de naam “{sheet}”.",
            "Name the sheet that holds the table “{sheet}”."
        ),
        example: ("Feuil1", "Présences"),
    }
    /// Several sheets could be the model's.
    SHEET_AMBIGUOUS "sheetAmbiguous" Organiser {
        reason: (
            "Plusieurs feuilles pourraient être la feuille « {sheet} » : {count}.",
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
    /// No row has the cell by which the header row is known.
    HEADER_ROW_MISSING "headerRowMissing" Organiser {
        reason: (
            "La ligne d'en-têtes est introuvable : aucune cellule ne dit « {header} ».",
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
    HEADER_MISSING "headerMissing" Organiser {
        reason: (
            "La colonne « {header} » manque.",
            "De kolom “{header}” ontbreekt.",
            "The column “{header}” is missing."
        ),
        repair: (
            "Ajoutez-la, ou remettez son en-tête « {header} » exactement comme dans le modèle.",
            "Voeg ze toe, of herstel de titel “{header}” precies zoals in het model.",
            "Add it, or put its header “{header}” back exactly as in the template."
        ),
        example: ("Prenoms", "Prénom"),
    }
    /// Two columns have the same header.
    HEADER_DUPLICATE "headerDuplicate" Organiser {
        reason: (
            "Deux colonnes ont l'en-tête « {header} » : on ne sait pas laquelle lire.",
            "Twee kolommen hebben de titel “{header}”: het is niet duidelijk welke telt.",
            "Two columns have the header “{header}”: it is unclear which one counts."
        ),
        repair: (
            "Gardez la bonne colonne et supprimez ou renommez l'autre.",
            "Behoud de juiste kolom en verwijder of hernoem de andere.",
            "Keep the right column and delete or rename the other."
        ),
        example: ("12 | 12", "12 | 13"),
    }
    /// The workbook names a version of the model that is not accepted.
    VERSION_UNSUPPORTED "versionUnsupported" Organiser {
        reason: (
            "Ce classeur suit la version « {found} » du modèle ; seule « {expected} » est acceptée.",
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
    MONTH_MISMATCH "monthMismatch" Organiser {
        reason: (
            "Le classeur indique un autre mois que celui pour lequel il est envoyé ({expected}).",
            "De werkmap vermeldt een andere maand dan die waarvoor ze wordt verstuurd ({expected}).",
            "The workbook names another month than the one it is sent for ({expected})."
        ),
        repair: (
            "Vérifiez que c'est le bon fichier ; sinon corrigez la cellule « Mois ».",
            "Controleer of dit het juiste bestand is; zo niet, verbeter de cel “Mois”.",
            "Check that this is the right file; otherwise correct the cell “Mois”."
        ),
        example: ("Mois | 2026-09, sent for 2026-10", "Mois | 2026-10"),
    }
    /// The workbook names another crèche than the one it is sent for.
    CRECHE_MISMATCH "crecheMismatch" Organiser {
        reason: (
            "Le classeur indique une autre crèche que celle pour laquelle il est envoyé.",
            "De werkmap vermeldt een andere crèche dan die waarvoor ze wordt verstuurd.",
            "The workbook names another crèche than the one it is sent for."
        ),
        repair: (
            "Vérifiez que c'est le bon fichier ; sinon corrigez la cellule « Crèche ».",
            "Controleer of dit het juiste bestand is; zo niet, verbeter de cel “Crèche”.",
            "Check that this is the right file; otherwise correct the cell “Crèche”."
        ),
        example: ("Crèche | Les Coccinelles, sent for Les Lutins", "Crèche | Les Lutins"),
    }
    /// A cell that matters shows an error of a formula.
    ERROR_CELL "errorCell" Organiser {
        reason: (
            "La cellule contient une formule en erreur ou sans résultat ({error}).",
            "De cel bevat een formule met een fout of zonder resultaat ({error}).",
            "The cell holds a formula with an error or without a result ({error})."
        ),
        repair: (
            "Corrigez la formule ou remplacez-la par sa valeur ; si votre tableur montre une valeur, enregistrez-y le fichier avant de l'envoyer.",
            "Verbeter de formule of vervang ze door haar waarde; toont uw rekenprogramma een waarde, bewaar het bestand daarin voor u het verstuurt.",
            "Correct the formula or replace it by its value; if your spreadsheet program shows a value, save the file in it before you send it."
        ),
        example: ("#REF!", "P"),
    }
    /// A row that belongs to nothing on the sheet that it refers to.
    OWNER_MISSING "ownerMissing" Organiser {
        reason: (
            "La ligne renvoie à une référence qui ne figure pas sur la feuille « {sheet} ».",
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
}
