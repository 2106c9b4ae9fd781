//! The content of a world: organisers of a shape, repeatable by a seed.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::generator::{Generator, NamePool};
use crate::domain::codes::codes;
use crate::ids::CrecheId;
use crate::sandbox::seed::content::SeedWorld;

codes! {
    /// The shape of a world.
    pub enum Shape {
        /// One organiser of one subsidised crèche.
        OneCreche "oneCreche";
        /// One organiser of five crèches, the last one unsubsidised.
        FiveCreches "fiveCreches";
        /// One organiser of one unsubsidised crèche.
        Unsubsidised "unsubsidised";
        /// Three organisers of one, two and three crèches.
        SeveralOrganisers "severalOrganisers";
    }
}

impl Shape {
    /// For each organiser, whether its crèches are subsidised.
    const fn organisers(self) -> &'static [&'static [bool]] {
        match self {
            Self::OneCreche => &[&[true]],
            Self::FiveCreches => &[&[true, true, true, true, false]],
            Self::Unsubsidised => &[&[false]],
            Self::SeveralOrganisers => &[&[true], &[true, false], &[true, true, true]],
        }
    }
}

/// How many children a crèche has.
const CHILDREN: usize = 6;

/// An invented child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Child {
    pub(crate) reference: String,
    pub(crate) family_name: String,
    pub(crate) given_name: String,
    pub(crate) birth_date: Date,
    pub(crate) ssin: String,
}

/// What a world begins with.
pub(super) struct WorldContent {
    /// The agency and the organisers.
    pub(super) world: SeedWorld,
    /// The children of each crèche.
    pub(super) children: BTreeMap<CrecheId, Vec<Child>>,
}

impl WorldContent {
    /// The content of a shape, repeatable by the seed, for a world that begins that day.
    pub(super) fn new(shape: Shape, seed: u32, start: Date) -> Self {
        let mut builder =
            Builder { names: NamePool::shipped(), generator: Generator::new(seed, start), start, creches: 0 };
        let organisers: Vec<_> =
            shape.organisers().iter().enumerate().map(|(at, creches)| builder.organiser(at, creches)).collect();
        let agents: Vec<_> = (1..=2).map(|number| builder.agent(number)).collect();
        let world = json!({ "agents": agents, "organisers": organisers });
        let world: SeedWorld = serde_json::from_value(world).expect("a generated world is well-formed");
        let creches = world.organisers.iter().flat_map(|organiser| &organiser.creches);
        let ids: Vec<CrecheId> = creches.map(|creche| creche.id).collect();
        let children = ids.into_iter().map(|id| (id, builder.children())).collect();
        Self { world, children }
    }
}

struct Builder {
    names: NamePool,
    generator: Generator,
    start: Date,
    creches: u32,
}

impl Builder {
    fn organiser(&mut self, at: usize, subsidised: &[bool]) -> Value {
        let community = 10_000 + self.generator.below(80_000);
        let creches: Vec<Value> =
            (1..).zip(subsidised).map(|(number, subsidised)| self.creche(community, number, *subsidised)).collect();
        let name = &self.names.organisers[at % self.names.organisers.len()];
        let name = name.clone();
        let first = creches[0]["id"].clone();
        let staff: Vec<Value> =
            (1..).zip(&creches).map(|(number, creche)| self.member(number, &creche["id"])).collect();
        json!({
            "id": self.generator.id(),
            "legalName": name,
            "enterpriseNumber": self.generator.enterprise_number(),
            "users": [
                self.user("administrator", &Value::Null),
                self.user("userManager", &Value::Null),
                self.user("dataManager", &first),
            ],
            "doctors": [self.doctor(&first)],
            "staff": staff,
            "creches": creches,
            "applications": [{ "id": self.generator.id(), "name": "CrècheSoft", "vendor": "Exemple Logiciels SRL" }],
        })
    }

    fn creche(&mut self, community: u32, number: u32, subsidised: bool) -> Value {
        let name = self.names.creches[self.creches as usize % self.names.creches.len()].clone();
        self.creches += 1;
        let year = self.start.year();
        let closure = |from: Date, to: Date| json!({ "startDate": from, "endDate": to, "reason": "annualClosure" });
        json!({
            "id": self.generator.id(),
            "name": name,
            "oneNumber": format!("63/{community}/{number:02}"),
            "subsidised": subsidised,
            "authorisedFrom": "2020-01-01",
            "capacity": [{ "from": "2020-01-01", "places": 14 + 7 * self.generator.below(3) }],
            "closures": [
                closure(date(year, 8, 3), date(year, 8, 14)),
                closure(date(year, 12, 24), date(year, 12, 31)),
            ],
        })
    }

    /// A given name, a family name and a national number.
    fn person(&mut self) -> (String, String, String, Date) {
        let given_name = self.generator.one_of(&self.names.given_names).to_owned();
        let family_name = self.generator.one_of(&self.names.family_names).to_owned();
        let born = date(1965, 1, 1).saturating_add(i64::from(self.generator.below(12_000)).days());
        let ssin = self.generator.ssin(born);
        (given_name, family_name, ssin, born)
    }

    fn agent(&mut self, number: u32) -> Value {
        let (given_name, family_name, ssin, _) = self.person();
        let matricule = format!("ONE-{number:04}");
        json!({ "matricule": matricule, "givenName": given_name, "familyName": family_name, "ssin": ssin })
    }

    fn user(&mut self, profile: &str, creche: &Value) -> Value {
        let (given_name, family_name, ssin, _) = self.person();
        let rights = creche.as_str().map(|creche| (creche.to_owned(), json!("attendance:write")));
        json!({
            "id": self.generator.id(),
            "givenName": given_name,
            "familyName": family_name,
            "email": format!("{}@organiser.example", profile.to_lowercase()),
            "ssin": ssin,
            "profile": profile,
            "rights": rights.into_iter().collect::<serde_json::Map<_, _>>(),
        })
    }

    fn doctor(&mut self, creche: &Value) -> Value {
        let (given_name, family_name, ..) = self.person();
        json!({
            "id": self.generator.id(), "inami": self.generator.inami(),
            "givenName": given_name, "familyName": family_name,
            "street": self.generator.one_of(&self.names.streets), "houseNumber": "12", "postcode": "5000",
            "town": "Namur", "country": "BE", "mobile": "+32 470 00 00 01", "officePhone": "+32 81 00 00 01",
            "email": "medecin@cabinet.example", "function": "generalPractitioner", "startDate": "2024-01-01",
            "crecheIds": [creche],
        })
    }

    fn member(&mut self, number: u32, creche: &Value) -> Value {
        let (given_name, family_name, ssin, born) = self.person();
        let function = json!({ "crecheId": creche, "category": "childcare", "fteHundredths": 80 });
        json!({
            "id": self.generator.id(), "reference": format!("E-{number}"), "ssin": ssin,
            "givenName": given_name, "familyName": family_name, "birthDate": born,
            "contracts": [
                { "reference": "C-1", "status": "contractual", "startDate": "2023-09-01", "functions": [function] },
            ],
            "trainings": [], "documents": [], "absences": [],
        })
    }

    fn children(&mut self) -> Vec<Child> {
        (1..=CHILDREN).map(|number| self.child(number)).collect()
    }

    /// A child of four months to two and a half years.
    fn child(&mut self, number: usize) -> Child {
        let birth_date = self.start.saturating_sub((120 + i64::from(self.generator.below(780))).days());
        Child {
            reference: format!("K-{number:03}"),
            family_name: self.generator.one_of(&self.names.family_names).to_owned(),
            given_name: self.generator.one_of(&self.names.given_names).to_owned(),
            birth_date,
            ssin: self.generator.ssin(birth_date),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ssin::{AcceptedSsins, Ssin};
    use crate::sandbox::seed::personas_of;

    fn ids(shape: Shape, seed: u32) -> (Vec<CrecheId>, Vec<Child>) {
        let content = WorldContent::new(shape, seed, date(2026, 10, 12));
        let children = content.children.values().flatten().cloned().collect();
        (content.children.into_keys().collect(), children)
    }

    #[test]
    fn every_number_is_one_that_a_world_takes() {
        let is_invented = |ssin: &Ssin| AcceptedSsins::Invented.accept(ssin);
        for shape in Shape::ALL {
            let WorldContent { world, children } = WorldContent::new(*shape, 7, date(2026, 10, 12));
            let children = children.into_values().flatten().map(|child| child.ssin);
            let staff = world.organisers.iter().flat_map(|organiser| &organiser.staff);
            assert!(staff.filter_map(|staff| staff.member.ssin.as_ref()).all(is_invented));
            assert!(children.map(|text| Ssin::parse(&text).unwrap()).all(|ssin| is_invented(&ssin)));
            assert!(personas_of(world).iter().all(|persona| is_invented(&persona.ssin)));
        }
    }

    #[test]
    fn every_shape_is_repeatable_by_its_seed() {
        for shape in Shape::ALL {
            let creches: usize = shape.organisers().iter().map(|creches| creches.len()).sum();
            assert_eq!(ids(*shape, 1).0.len(), creches);
            assert_eq!(ids(*shape, 1), ids(*shape, 1));
            assert_ne!(ids(*shape, 1), ids(*shape, 2));
        }
    }
}
