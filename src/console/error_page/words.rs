//! What a failure page says: the words of the API name headers, parameters and `issues`, which no page has.

use crate::domain::finding::{Finding, Part};
use crate::domain::rules::request::UNKNOWN_RESOURCE;
use crate::domain::text::LocalText;
use crate::http::problem::{Kind, Problem};

/// The words of a page, without those of its findings.
pub(super) struct FailureWords {
    pub(super) title: LocalText,
    pub(super) sentence: LocalText,
    /// What takes the place of `{thing}` in the sentence.
    pub(super) thing: Option<LocalText>,
}

impl FailureWords {
    const fn new(title: LocalText, sentence: LocalText) -> Self {
        Self { title, sentence, thing: None }
    }

    /// What is said of a problem on its page.
    pub(super) fn of(problem: &Problem) -> Self {
        let in_path = problem.all_findings().iter().find(|finding| finding.part == Part::Path);
        match in_path {
            Some(finding) if finding.rule.code == UNKNOWN_RESOURCE.code => Self::unknown(finding),
            Some(_) => Self::new(ADDRESS_TITLE, ADDRESS),
            None => Self::of_kind(problem),
        }
    }

    fn unknown(finding: &Finding) -> Self {
        Self { title: NOT_FOUND_TITLE, sentence: UNKNOWN, thing: Some(parameter_words(&finding.place().pointer)) }
    }

    fn of_kind(problem: &Problem) -> Self {
        let (title, sentence) = match problem.kind() {
            Kind::ResourceNotFound => (NOT_FOUND_TITLE, NOT_FOUND),
            Kind::MissingPermission => (REFUSED_TITLE, REFUSED),
            Kind::BadRequest if problem.all_findings().is_empty() => (INCORRECT_TITLE, UNREADABLE),
            Kind::BadRequest => return Self::new(INCORRECT_TITLE, INCORRECT),
            Kind::MethodNotAllowed | Kind::NotAcceptable | Kind::UnsupportedMediaType => (IMPOSSIBLE_TITLE, UNREADABLE),
            Kind::RequestTimeout => (IMPOSSIBLE_TITLE, SLOW),
            Kind::PayloadTooLarge => (IMPOSSIBLE_TITLE, TOO_LARGE),
            Kind::PreconditionFailed | Kind::PreconditionRequired if problem.own_detail().is_none() => {
                (CHANGED_TITLE, CHANGED)
            }
            Kind::TooManyRequests | Kind::TooManyFailedRequests => (TOO_MANY_TITLE, TOO_MANY),
            Kind::InternalServerError => (BROKEN_TITLE, BROKEN),
            kind if kind.entry().status.is_server_error() => (BROKEN_TITLE, kind.entry().meaning),
            kind => (IMPOSSIBLE_TITLE, kind.entry().meaning),
        };
        Self::new(title, problem.own_detail().unwrap_or(sentence))
    }
}

/// What a part of an address stands for.
fn parameter_words(parameter: &str) -> LocalText {
    match parameter {
        "agreement" => LocalText { fr: "Cette convention", nl: "Deze overeenkomst", en: "This agreement" },
        "applicationId" => LocalText { fr: "Cette application", nl: "Deze toepassing", en: "This application" },
        "crecheId" => LocalText { fr: "Cette crèche", nl: "Deze opvang", en: "This crèche" },
        "deliveryId" => LocalText { fr: "Cet envoi", nl: "Deze levering", en: "This delivery" },
        "doctorId" => LocalText { fr: "Ce médecin", nl: "Deze arts", en: "This doctor" },
        "form" => LocalText { fr: "Cette saisie", nl: "Deze invoer", en: "What you typed" },
        "keyId" => LocalText { fr: "Cette clé", nl: "Deze sleutel", en: "This key" },
        "month" => LocalText { fr: "Ce relevé", nl: "Deze staat", en: "This statement" },
        "organiser" | "organiserId" => {
            LocalText { fr: "Ce pouvoir organisateur", nl: "Deze organisator", en: "This organiser" }
        }
        "record" => {
            LocalText { fr: "Cette ligne de la fiche", nl: "Deze regel van de fiche", en: "This entry of the sheet" }
        }
        "revision" | "comparedTo" => LocalText { fr: "Cette version", nl: "Deze versie", en: "This version" },
        "session" => LocalText { fr: "Cette session", nl: "Deze sessie", en: "This session" },
        "staffMemberId" => {
            LocalText { fr: "Ce membre du personnel", nl: "Dit personeelslid", en: "This member of the staff" }
        }
        "userId" => LocalText { fr: "Cet utilisateur", nl: "Deze gebruiker", en: "This user" },
        "webhookEndpointId" => {
            LocalText { fr: "Cette adresse de notification", nl: "Dit meldingsadres", en: "This webhook address" }
        }
        _ => LocalText { fr: "Ce que vous cherchez", nl: "Wat u zoekt", en: "What you look for" },
    }
}

const NOT_FOUND_TITLE: LocalText =
    LocalText { fr: "Page introuvable", nl: "Pagina niet gevonden", en: "Page not found" };
const NOT_FOUND: LocalText = LocalText {
    fr: "Il n’y a pas de page à cette adresse.",
    nl: "Op dit adres is er geen pagina.",
    en: "There is no page at this address.",
};
const UNKNOWN: LocalText = LocalText {
    fr: "{thing} n’existe pas ou plus, ou vous n’y avez pas accès.",
    nl: "{thing} bestaat niet of niet meer, of u hebt er geen toegang toe.",
    en: "{thing} does not exist, no longer exists, or is not accessible to you.",
};
const ADDRESS_TITLE: LocalText = LocalText { fr: "Adresse incorrecte", nl: "Onjuist adres", en: "Incorrect address" };
const ADDRESS: LocalText = LocalText {
    fr: "L’adresse de cette page contient une faute\u{a0}: revenez à l’accueil.",
    nl: "Het adres van deze pagina bevat een fout: ga terug naar het begin.",
    en: "The address of this page has a mistake in it: go back to the beginning.",
};
const REFUSED_TITLE: LocalText = LocalText { fr: "Accès refusé", nl: "Geen toegang", en: "Access refused" };
const REFUSED: LocalText = LocalText {
    fr: "Vous n’avez pas accès à cette crèche\u{a0}: demandez à votre pouvoir organisateur de l’ajouter à vos droits.",
    nl: "U hebt geen toegang tot deze opvang: vraag uw organisator om ze aan uw rechten toe te voegen.",
    en: "You have no access to this crèche: ask your organiser to add it to your rights.",
};
const INCORRECT_TITLE: LocalText =
    LocalText { fr: "Demande à corriger", nl: "Aanvraag te verbeteren", en: "Please correct" };
const INCORRECT: LocalText = LocalText {
    fr: "Rien n’est enregistré. Revenez à la page précédente et corrigez ceci\u{a0}:",
    nl: "Er is niets bewaard. Ga terug naar de vorige pagina en verbeter dit:",
    en: "Nothing was stored. Go back to the page before and correct this:",
};
const UNREADABLE: LocalText = LocalText {
    fr: "Ce qui a été envoyé ne vient pas d’une page du portail, ou est incomplet. Rien n’est enregistré\u{a0}: revenez à la page et recommencez.",
    nl: "Wat verzonden werd, komt niet van een pagina van het portaal of is onvolledig. Er is niets bewaard: ga terug naar de pagina en begin opnieuw.",
    en: "What was sent does not come from a page of the portal, or is incomplete. Nothing was stored: go back to the page and try again.",
};
const IMPOSSIBLE_TITLE: LocalText =
    LocalText { fr: "Cela n’a pas été possible", nl: "Dat is niet gelukt", en: "That was not possible" };
const SLOW: LocalText = LocalText {
    fr: "Ce que vous avez envoyé est arrivé trop lentement. Rien n’est enregistré\u{a0}: vérifiez votre connexion et recommencez.",
    nl: "Wat u verstuurde, kwam te traag binnen. Er is niets bewaard: kijk uw verbinding na en begin opnieuw.",
    en: "What you sent arrived too slowly. Nothing was stored: check your connection and try again.",
};
const TOO_LARGE: LocalText = LocalText {
    fr: "Ce que vous avez envoyé est trop volumineux. Rien n’est enregistré.",
    nl: "Wat u verstuurde, is te groot. Er is niets bewaard.",
    en: "What you sent is too large. Nothing was stored.",
};
const CHANGED_TITLE: LocalText =
    LocalText { fr: "Modifié entre-temps", nl: "Intussen gewijzigd", en: "Changed meanwhile" };
const CHANGED: LocalText = LocalText {
    fr: "Quelqu’un a modifié ceci depuis que vous avez ouvert la page. Rien n’est enregistré\u{a0}: rouvrez la page et recommencez.",
    nl: "Iemand heeft dit gewijzigd sinds u de pagina opende. Er is niets bewaard: open de pagina opnieuw en begin opnieuw.",
    en: "Somebody changed this since you opened the page. Nothing was stored: open the page again and start over.",
};
const TOO_MANY_TITLE: LocalText =
    LocalText { fr: "Trop de demandes", nl: "Te veel aanvragen", en: "Too many requests" };
const TOO_MANY: LocalText = LocalText {
    fr: "Trop de demandes sont arrivées en peu de temps\u{a0}: attendez un instant et recommencez.",
    nl: "Er kwamen te veel aanvragen op korte tijd: wacht even en probeer opnieuw.",
    en: "Too many requests arrived in a short time: wait a moment and try again.",
};
const BROKEN_TITLE: LocalText =
    LocalText { fr: "Un problème chez nous", nl: "Een probleem bij ons", en: "Something went wrong here" };
const BROKEN: LocalText = LocalText {
    fr: "Une erreur est survenue chez nous. Recommencez\u{202f}; si elle persiste, donnez à l’assistance la référence ci-dessous.",
    nl: "Er ging iets fout bij ons. Probeer opnieuw; blijft het fout gaan, geef de helpdesk dan de referentie hieronder.",
    en: "Something went wrong on our side. Try again; if it persists, give support the reference below.",
};
