//! The invented persons who can log in.

use super::content::{SeedAgent, SeedOrganiser, SeedUser, SeedWorld};
use crate::app::users::PersonDetails;
use crate::domain::ssin::Ssin;
use crate::domain::user::Profile;
use crate::words::{self, LocalText, OwnedLocalText};

/// An invented person who can log in.
pub struct Persona {
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The national number.
    pub ssin: Ssin,
    /// The person's role, and where.
    pub remark: OwnedLocalText,
}

/// All invented persons of a world who can log in, each once.
pub(crate) fn personas_of(world: SeedWorld) -> Vec<Persona> {
    let mut personas = Vec::<Persona>::new();
    for SeedOrganiser { legal_name, users, .. } in world.organisers {
        for SeedUser { details, profile, .. } in users {
            let remark = remark(profile, &legal_name);
            let PersonDetails { given_name, family_name, ssin, .. } = details;
            match personas.iter_mut().find(|persona| persona.ssin == ssin) {
                Some(persona) => persona.remark = joined_remarks(&persona.remark, &remark),
                None => personas.push(Persona { given_name, family_name, ssin, remark }),
            }
        }
    }
    personas.extend(world.agents.into_iter().map(|SeedAgent { given_name, family_name, ssin, .. }| Persona {
        given_name,
        family_name,
        ssin,
        remark: agent_remark(),
    }));
    personas
}

/// The role of an agent, as text.
fn agent_remark() -> OwnedLocalText {
    words::sandbox_personas::AGENT.into()
}

/// Two remarks, joined.
fn joined_remarks(first: &OwnedLocalText, second: &OwnedLocalText) -> OwnedLocalText {
    OwnedLocalText {
        fr: format!("{}\u{202f}; {}", first.fr, second.fr),
        nl: format!("{}; {}", first.nl, second.nl),
        en: format!("{}; {}", first.en, second.en),
    }
}

/// The role of a user, as text.
fn remark(profile: Profile, organiser: &str) -> OwnedLocalText {
    let LocalText { fr, nl, en } = match profile {
        Profile::Administrator => words::sandbox_personas::ADMINISTRATOR,
        Profile::UserManager => words::sandbox_personas::USER_MANAGER,
        Profile::DataManager => words::sandbox_personas::DATA_MANAGER,
    };
    let [fr, nl, en] = [fr, nl, en].map(|what| format!("{what}, {organiser}"));
    OwnedLocalText { fr, nl, en }
}
