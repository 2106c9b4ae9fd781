//! The closed catalogue of problem types: name, status, title, meaning. `/refData/problemTypes` publishes it.

use axum::http::StatusCode;

use crate::domain::text::LocalText;

/// Who defines a problem type: the second part of its URN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemOrigin {
    /// One of the types that the Belgian government's APIs share.
    Belgif,
    /// Defined by this project.
    Passerelle,
}

/// The catalogue's entry of one type.
#[derive(Debug, Clone, Copy)]
pub struct ProblemEntry {
    /// Stable name, lowerCamelCase.
    pub name: &'static str,
    /// Who defines it.
    pub origin: ProblemOrigin,
    /// The HTTP status it always comes with.
    pub status: StatusCode,
    /// A fixed English title, for engineers.
    pub title: &'static str,
    /// What happened and what to do, when the occurrence has no more precise text.
    pub meaning: LocalText,
}

impl ProblemEntry {
    /// The problem's `type`.
    pub fn urn(&self) -> String {
        let origin = match self.origin {
            ProblemOrigin::Belgif => "belgif",
            ProblemOrigin::Passerelle => "passerelle",
        };
        format!("urn:problem-type:{origin}:{}", self.name)
    }
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $kind:ident = $origin:ident $name:literal $status:ident $title:literal
        { fr: $fr:literal, nl: $nl:literal, en: $en:literal })+) => {
        /// A type of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$doc])* $kind),+ }

        impl Kind {
            /// Every type, in the order of statuses.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Its entry of the catalogue.
            pub const fn entry(self) -> ProblemEntry {
                match self {
                    $(Self::$kind => ProblemEntry {
                        name: $name,
                        origin: ProblemOrigin::$origin,
                        status: StatusCode::$status,
                        title: $title,
                        meaning: LocalText { fr: $fr, nl: $nl, en: $en },
                    }),+
                }
            }
        }
    };
}

catalogue! {
    /// Something in the request is not valid; `issues` lists all of it.
    BadRequest = Belgif "badRequest" BAD_REQUEST "Bad Request" {
        fr: "La demande n’est pas valide ; chaque élément de « issues » dit quoi corriger.",
        nl: "De aanvraag is niet geldig; elk element van ‘issues’ zegt wat te verbeteren is.",
        en: "The request is not valid; each of the issues says what to correct."
    }
    /// No API key was sent.
    NoAccessToken = Belgif "noAccessToken" UNAUTHORIZED "No Access Token" {
        fr: "Cette opération demande une clé API : envoyez l’en-tête Authorization: Bearer suivi de votre clé.",
        nl: "Deze bewerking vraagt een API-sleutel: stuur de header Authorization: Bearer met uw sleutel.",
        en: "This operation needs an API key: send the header Authorization: Bearer followed by your key."
    }
    /// The API key does not exist.
    InvalidAccessToken = Belgif "invalidAccessToken" UNAUTHORIZED "Invalid Access Token" {
        fr: "La clé API n’est pas valide : vérifiez qu’elle est copiée en entier, ou demandez-en une nouvelle à votre pouvoir organisateur.",
        nl: "De API-sleutel is niet geldig: kijk na of hij volledig gekopieerd is, of vraag uw organisator een nieuwe.",
        en: "The API key is not valid: check that it was copied whole, or ask your organiser for a new one."
    }
    /// The API key has ended.
    ExpiredAccessToken = Belgif "expiredAccessToken" UNAUTHORIZED "Expired Access Token" {
        fr: "La clé API a expiré : demandez-en une nouvelle à votre pouvoir organisateur.",
        nl: "De API-sleutel is vervallen: vraag uw organisator een nieuwe.",
        en: "The API key has expired: ask your organiser for a new one."
    }
    /// A key for another deployment.
    WrongKeyKind = Passerelle "wrongKeyKind" UNAUTHORIZED "Wrong Key Kind" {
        fr: "Cette sorte de clé ne fonctionne pas ici : les clés « test » et « trial » valent dans un bac à sable, les clés « live » et « trial » en production.",
        nl: "Dit soort sleutel werkt hier niet: ‘test’- en ‘trial’-sleutels gelden in een zandbak, ‘live’- en ‘trial’-sleutels in productie.",
        en: "This kind of key does not work here: test and trial keys work in a sandbox, live and trial keys in production."
    }
    /// The key lacks the right to this operation.
    MissingScope = Belgif "missingScope" FORBIDDEN "Missing Scope" {
        fr: "La clé n’a pas le droit requis pour cette opération.",
        nl: "De sleutel heeft niet het recht dat deze bewerking vraagt.",
        en: "The key does not have the scope that this operation requires."
    }
    /// The scope is sufficient, but not for this data.
    MissingPermission = Belgif "missingPermission" FORBIDDEN "Missing Permission" {
        fr: "Vous n’avez pas accès à cette crèche : demandez à votre pouvoir organisateur de l’ajouter à vos droits ou à la clé.",
        nl: "U hebt geen toegang tot deze opvang: vraag uw organisator om ze aan uw rechten of aan de sleutel toe te voegen.",
        en: "You do not reach this crèche: ask your organiser to add it to your rights or to the key."
    }
    /// The resource does not exist, or the caller may not read it.
    ResourceNotFound = Belgif "resourceNotFound" NOT_FOUND "Resource Not Found" {
        fr: "Rien ne se trouve à cette adresse.",
        nl: "Op dit adres is niets te vinden.",
        en: "There is nothing at this address."
    }
    /// The path does not support this method.
    MethodNotAllowed = Passerelle "methodNotAllowed" METHOD_NOT_ALLOWED "Method Not Allowed" {
        fr: "Cette adresse n’accepte pas cette méthode ; l’en-tête Allow donne celles qu’elle accepte.",
        nl: "Dit adres aanvaardt deze methode niet; de header Allow geeft de methoden die het wel aanvaardt.",
        en: "This address does not take this method; the Allow header lists those it takes."
    }
    /// None of the requested media types can be produced.
    NotAcceptable = Passerelle "notAcceptable" NOT_ACCEPTABLE "Not Acceptable" {
        fr: "Aucune forme demandée par l’en-tête Accept n’est disponible ici. Formes disponibles : {available}.",
        nl: "Geen van de vormen uit de header Accept is hier beschikbaar. Beschikbaar: {available}.",
        en: "None of the forms asked for in the Accept header is available here. Available: {available}."
    }
    /// The body took too long to arrive.
    RequestTimeout = Passerelle "requestTimeout" REQUEST_TIMEOUT "Request Timeout" {
        fr: "Le contenu de la demande est arrivé trop lentement ; rien n’a été enregistré. Réessayez.",
        nl: "De inhoud van de aanvraag kwam te traag binnen; er werd niets bewaard. Probeer opnieuw.",
        en: "The body arrived too slowly; nothing was stored. Try again."
    }
    /// The number that the caller sent is beyond the end of the feed.
    AfterFeedEnd = Passerelle "afterFeedEnd" CONFLICT "After The End Of The Feed" {
        fr: "Le fil s’arrête à l’événement {last} et vous demandez ce qui suit {after} : la passerelle a été remise à zéro ou restaurée. Reprenez à after=0 et comparez avec ce que vous avez.",
        nl: "De feed eindigt bij gebeurtenis {last} en u vraagt wat na {after} komt: de gateway werd leeggemaakt of hersteld. Begin opnieuw met after=0 en vergelijk met wat u hebt.",
        en: "The feed ends at event {last} and you ask for what comes after {after}: the gateway was reset or restored. Begin again with after=0 and compare with what you have."
    }
    /// The same request is in progress, or was interrupted before it was answered.
    IdempotencyKeyInUse = Passerelle "idempotencyKeyInUse" CONFLICT "Idempotency Key In Use" {
        fr: "Une demande avec cette clé d’idempotence est en cours ou a été interrompue. Attendez une seconde et renvoyez-la ; si ce message revient, vérifiez d’abord si l’élément existe, puis prenez une nouvelle clé.",
        nl: "Een aanvraag met deze idempotentiesleutel loopt nog of werd onderbroken. Wacht een seconde en stuur ze opnieuw; komt dit bericht terug, kijk dan eerst na of het element bestaat en neem dan een nieuwe sleutel.",
        en: "A request with this idempotency key is under way, or was interrupted. Wait a second and send it again; if this comes back, look whether what it creates exists, then use a new key."
    }
    /// The stored revision is not one of the caller's precondition.
    PreconditionFailed = Passerelle "preconditionFailed" PRECONDITION_FAILED "Precondition Failed" {
        fr: "Le contenu a changé depuis votre lecture : relisez-le, reportez vos changements et renvoyez-le avec le nouvel ETag.",
        nl: "De inhoud is gewijzigd sinds u hem las: lees hem opnieuw, breng uw wijzigingen aan en stuur hem met de nieuwe ETag.",
        en: "The content has changed since you read it: read it again, redo your changes and send it with the new ETag."
    }
    /// The body is larger than accepted.
    PayloadTooLarge = Belgif "payloadTooLarge" PAYLOAD_TOO_LARGE "Payload Too Large" {
        fr: "Le contenu dépasse la limite de {limit} octets.",
        nl: "De inhoud overschrijdt de grens van {limit} bytes.",
        en: "The body exceeds the limit of {limit} bytes."
    }
    /// The body is not in a media type that is accepted here.
    UnsupportedMediaType = Passerelle "unsupportedMediaType" UNSUPPORTED_MEDIA_TYPE "Unsupported Media Type" {
        fr: "Le type de contenu n’est pas accepté ici. Types acceptés : {accepted}.",
        nl: "Dit type inhoud wordt hier niet aanvaard. Aanvaard: {accepted}.",
        en: "This content type is not accepted here. Accepted: {accepted}."
    }
    /// The key was used before, with another request.
    IdempotencyKeyReused = Passerelle "idempotencyKeyReused" UNPROCESSABLE_ENTITY "Idempotency Key Reused" {
        fr: "Cette clé d’idempotence a déjà été envoyée avec un autre contenu dans les dernières 24 heures : prenez une nouvelle clé pour chaque création.",
        nl: "Deze idempotentiesleutel werd de laatste 24 uur al met andere inhoud gestuurd: neem een nieuwe sleutel voor elke aanmaak.",
        en: "This idempotency key came with other content within the last 24 hours: use a new key for each creation."
    }
    /// The write lacks a precondition.
    PreconditionRequired = Passerelle "preconditionRequired" PRECONDITION_REQUIRED "Precondition Required" {
        fr: "Ce contenu existe déjà : lisez-le et envoyez son ETag dans If-Match pour le remplacer.",
        nl: "Deze inhoud bestaat al: lees hem en stuur zijn ETag in If-Match om hem te vervangen.",
        en: "This is there already: read it and send its ETag in If-Match to replace it."
    }
    /// The key has exceeded its allowance.
    TooManyRequests = Belgif "tooManyRequests" TOO_MANY_REQUESTS "Too Many Requests" {
        fr: "Trop de demandes avec cette clé : réessayez dans {seconds} s.",
        nl: "Te veel aanvragen met deze sleutel: probeer opnieuw binnen {seconds} s.",
        en: "Too many requests with this key: try again in {seconds} s."
    }
    /// Too many requests without a valid key came from one address.
    TooManyFailedRequests = Belgif "tooManyFailedRequests" TOO_MANY_REQUESTS "Too Many Failed Requests" {
        fr: "Trop de demandes sans clé valable depuis votre adresse : réessayez dans {seconds} s.",
        nl: "Te veel aanvragen zonder geldige sleutel vanaf uw adres: probeer opnieuw binnen {seconds} s.",
        en: "Too many requests without a valid key from your address: try again in {seconds} s."
    }
    /// An internal error.
    InternalServerError = Belgif "internalServerError" INTERNAL_SERVER_ERROR "Internal Server Error" {
        fr: "Une erreur est survenue chez nous. Réessayez ; si elle persiste, communiquez la référence « instance » au support.",
        nl: "Er ging iets fout bij ons. Probeer opnieuw; blijft het fout gaan, geef dan de referentie ‘instance’ door aan de ondersteuning.",
        en: "Something went wrong on our side. Try again; if it persists, give the instance reference to support."
    }
    /// A temporary failure.
    ServiceUnavailable = Belgif "serviceUnavailable" SERVICE_UNAVAILABLE "Service is unavailable" {
        fr: "Le service n’a pas pu répondre à temps. Réessayez dans un instant ; renvoyer le même contenu est sans risque.",
        nl: "De dienst kon niet tijdig antwoorden. Probeer zo dadelijk opnieuw; dezelfde inhoud nogmaals sturen kan geen kwaad.",
        en: "The service could not answer in time. Try again shortly; sending the same content again is safe."
    }
    /// There is too little space to store the content.
    InsufficientStorage = Passerelle "insufficientStorage" INSUFFICIENT_STORAGE "Insufficient Storage" {
        fr: "Le portail manque d’espace de stockage : rien n’a été enregistré. Lire et supprimer restent possibles. Réessayez plus tard ; renvoyer le même contenu est sans risque.",
        nl: "De gateway heeft te weinig opslagruimte: er werd niets bewaard. Lezen en verwijderen blijven mogelijk. Probeer later opnieuw; dezelfde inhoud nogmaals sturen kan geen kwaad.",
        en: "The gateway is short of storage space: nothing was stored. Reading and deleting still work. Try again later; sending the same content again is safe."
    }
}
