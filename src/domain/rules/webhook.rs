//! Rules of webhook endpoints.

use crate::domain::rule::rules;

rules! {
    /// An address that nothing can be sent to.
    UNUSABLE = "webhook.unusableUrl", Error, Vendor, Nothing;
    fr "Cette adresse ne peut pas recevoir de notifications." "Écrivez une adresse complète qui commence par https://, sans # à la fin.";
    nl "Dit adres kan geen meldingen ontvangen." "Schrijf een volledig adres dat begint met https://, zonder # aan het einde.";
    en "Nothing can be sent to this address." "Write a whole address that begins with https://, without a # at the end.";
    example "\"url\": \"ftp://creche.example\"" => "\"url\": \"https://creche.example/hooks/passerelle\"";

    /// A name or a password in the address.
    CREDENTIALS = "webhook.credentialsInUrl", Error, Vendor, Nothing;
    fr "L’adresse contient un nom d’utilisateur ou un mot de passe, qui finirait dans des journaux." "Retirez-le de l’adresse et vérifiez plutôt la signature ; au besoin, ajoutez un en-tête Authorization.";
    nl "Het adres bevat een gebruikersnaam of wachtwoord, dat in logboeken zou belanden." "Haal het uit het adres en controleer liever de handtekening; voeg zo nodig een header Authorization toe.";
    en "The address holds a user name or a password, which would end up in logs." "Take it out of the address and verify the signature instead; add an Authorization header if you must.";
    example "\"url\": \"https://me:secret@creche.example\"" => "\"headers\": [{\"name\": \"Authorization\", \"value\": \"Bearer …\"}]";

    /// An address that is not encrypted.
    NOT_ENCRYPTED = "webhook.notEncrypted", Error, Vendor, Nothing;
    fr "L’adresse n’est pas chiffrée." "Écrivez une adresse qui commence par https:// ; http:// ne vaut que pour votre propre machine, dans un bac à sable.";
    nl "Het adres is niet versleuteld." "Schrijf een adres dat begint met https://; http:// kan enkel voor uw eigen machine, in een zandbak.";
    en "The address is not encrypted." "Write an address that begins with https://; http:// is for your own machine only, in a sandbox.";
    example "\"url\": \"http://creche.example/hook\"" => "\"url\": \"https://creche.example/hook\"";

    /// An internal address.
    INSIDE = "webhook.internalAddress", Error, Vendor, Nothing;
    fr "{host} est une adresse interne : une machine, un réseau privé ou un service réservé, que le portail n’appelle jamais." "Écrivez l’adresse publique de votre système.";
    nl "{host} is een intern adres: een machine, een privénetwerk of een voorbehouden dienst, die de gateway nooit oproept." "Schrijf het openbare adres van uw systeem.";
    en "{host} is an internal address: a machine, a private network or a reserved service, which the gateway never calls." "Write the public address of your system.";
    example "\"url\": \"https://10.0.0.7/hook\"" => "\"url\": \"https://creche.example/hook\"";

    /// A port that is not allowed.
    PORT_NOT_ALLOWED = "webhook.portNotAllowed", Error, Vendor, Nothing;
    fr "Le portail n’envoie rien au port {port}." "Écrivez une adresse sans numéro de port : https:// utilise le port 443.";
    nl "De gateway verstuurt niets naar poort {port}." "Schrijf een adres zonder poortnummer: https:// gebruikt poort 443.";
    en "The gateway sends nothing to port {port}." "Write an address without a port number: https:// uses port 443.";
    example "\"url\": \"https://creche.example:25/hook\"" => "\"url\": \"https://creche.example/hook\"";

    /// A header that is reserved.
    RESERVED_HEADER = "webhook.reservedHeader", Error, Vendor, Nothing;
    fr "L’en-tête {header} est écrit par le portail lui-même, ou figure deux fois." "Retirez-le, ou choisissez un autre nom, par exemple X-Api-Key.";
    nl "De header {header} wordt door de gateway zelf geschreven, of staat er twee keer." "Haal hem weg, of kies een andere naam, bijvoorbeeld X-Api-Key.";
    en "The header {header} is written by the gateway itself, or is there twice." "Take it out, or choose another name, such as X-Api-Key.";
    example "{\"name\": \"Webhook-Id\", …}" => "{\"name\": \"X-Api-Key\", …}";

    /// An endpoint that would get more events than its author may read.
    TOO_WIDE = "webhook.beyondReach", Error, Vendor, Organiser;
    fr "Votre clé est limitée à certaines crèches : le point de notification doit l’être aussi." "Nommez dans creches celles que la clé atteint.";
    nl "Uw sleutel is beperkt tot sommige opvanglocaties: het meldpunt moet dat ook zijn." "Noem in creches die waar de sleutel bij kan.";
    en "Your key is limited to some crèches: the endpoint must be as well." "Name in creches those that the key reaches.";
    example "no \"creches\"" => "\"creches\": [\"019a5c00-0000-7000-8000-000000000011\"]";

    /// One endpoint too many.
    TOO_MANY = "webhook.tooMany", Error, Vendor, History;
    fr "Votre pouvoir organisateur a déjà {most} points de notification." "Supprimez-en un qui ne sert plus, ou changez-le.";
    nl "Uw organisator heeft al {most} meldpunten." "Verwijder er een dat niet meer dient, of wijzig het.";
    en "The organiser has {most} endpoints already." "Delete one that is no longer used, or change it.";
    example "an endpoint for each month" => "one endpoint for all";

    /// An endpoint that has not been verified.
    NOT_VERIFIED = "webhook.notVerified", Error, Vendor, History;
    fr "Le point de notification n’a pas encore montré qu’il reçoit ce qui est envoyé." "Faites-le vérifier d’abord : il est ensuite en service.";
    nl "Het meldpunt heeft nog niet getoond dat het ontvangt wat verzonden wordt." "Laat het eerst controleren: daarna is het in gebruik.";
    en "The endpoint has not shown yet that it takes what is sent." "Have it verified first: it is in use then.";
    example "\"state\": \"active\" right after its creation" => "POST …/verifications";

    /// Another kind of signature.
    SIGNING_FIXED = "webhook.signingFixed", Error, Vendor, History;
    fr "La façon de signer ne change plus une fois le point de notification créé." "Créez-en un autre, puis supprimez celui-ci.";
    nl "De manier van ondertekenen verandert niet meer nadat het meldpunt is aangemaakt." "Maak een ander aan en verwijder dan dit.";
    en "The way of signing does not change once the endpoint is created." "Create another one, then delete this one.";
    example "\"signing\": \"v1a\" in a change" => "a new endpoint with \"signing\": \"v1a\"";

    /// A test as a delivery to be made again.
    TEST_ONLY = "webhook.testNotReplayed", Error, Vendor, History;
    fr "Ceci était un essai : il n’y a rien à renvoyer." "Envoyez un autre essai.";
    nl "Dit was een test: er valt niets opnieuw te verzenden." "Verstuur een andere test.";
    en "This was a test: there is nothing to be sent again." "Send another test.";
    example "a replay of a test" => "another test";
}
