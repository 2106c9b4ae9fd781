//! Attendance: one crèche, one month, who was there on which day (guide §10.1.2).

pub mod code;
pub mod raw;

use serde::{Deserialize, Serialize};

use super::raw::Raw;
use super::text::Text;

/// Declares a closed list of codes, as JSON spells them.
macro_rules! codes {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$code_doc:meta])* $code:ident $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum $name { $($(#[$code_doc])* $code,)+ }

        impl $name {
            /// Every code, in the order of the published list.
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// The code as JSON spells it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$code => $text),+ }
            }
        }

        impl Raw for $name {
            fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$code),)+ _ => None }
            }
        }
    };
}

codes! {
    /// What a child's day counts as.
    pub enum Status {
        /// The child was there.
        Present "present",
        /// Expected, absent, and the absence is justified.
        JustifiedAbsence "justifiedAbsence",
        /// Expected, absent, without justification.
        UnjustifiedAbsence "unjustifiedAbsence",
    }
}

codes! {
    /// How much of a day.
    pub enum Duration {
        /// A whole day.
        Full "full",
        /// Half a day.
        Half "half",
    }
}

codes! {
    /// Why a child was absent. Never a diagnosis.
    pub enum Reason {
        /// A medical certificate was handed in.
        MedicalCertificate "medicalCertificate",
        /// In hospital.
        Hospitalisation "hospitalisation",
        /// Ill without a certificate.
        HealthWithoutCertificate "healthWithoutCertificate",
        /// Kept away for the health of the community.
        HealthExclusion "healthExclusion",
        /// A parent's economic unemployment.
        EconomicUnemployment "economicUnemployment",
        /// A strike at a parent's employer.
        EmployerStrike "employerStrike",
        /// A strike of public transport.
        TransportStrike "transportStrike",
        /// A family circumstance.
        FamilyCircumstance "familyCircumstance",
        /// Force majeure.
        ForceMajeure "forceMajeure",
    }
}

impl Reason {
    /// The words of the published list.
    pub const fn label(self) -> Text {
        match self {
            Self::MedicalCertificate => {
                Text { fr: "Certificat médical", nl: "Medisch attest", en: "Medical certificate" }
            }
            Self::Hospitalisation => Text { fr: "Hospitalisation", nl: "Ziekenhuisopname", en: "Stay in hospital" },
            Self::HealthWithoutCertificate => Text {
                fr: "Raison de santé sans certificat",
                nl: "Gezondheidsreden zonder attest",
                en: "Health, without certificate",
            },
            Self::HealthExclusion => Text {
                fr: "Éviction pour raison de santé",
                nl: "Uitsluiting om gezondheidsredenen",
                en: "Exclusion for community health",
            },
            Self::EconomicUnemployment => Text {
                fr: "Chômage économique d'un parent",
                nl: "Economische werkloosheid van een ouder",
                en: "A parent's economic unemployment",
            },
            Self::EmployerStrike => Text {
                fr: "Grève chez l'employeur d'un parent",
                nl: "Staking bij de werkgever van een ouder",
                en: "Strike at a parent's employer",
            },
            Self::TransportStrike => Text {
                fr: "Grève des transports en commun",
                nl: "Staking van het openbaar vervoer",
                en: "Public transport strike",
            },
            Self::FamilyCircumstance => {
                Text { fr: "Circonstance familiale", nl: "Familiale omstandigheid", en: "Family circumstance" }
            }
            Self::ForceMajeure => Text { fr: "Force majeure", nl: "Overmacht", en: "Force majeure" },
        }
    }
}
