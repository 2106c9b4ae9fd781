//! The identity of a person without a number: names and birth date.

use jiff::civil::Date;

use super::text::name_match_key;

/// The normalised names of a person, and the birth date.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    family_name: String,
    given_name: String,
    birth_date: Date,
}

impl Identity {
    /// The identity with these names and this birth date.
    pub fn new(family_name: &str, given_name: &str, birth_date: Date) -> Self {
        Self { family_name: name_match_key(family_name), given_name: name_match_key(given_name), birth_date }
    }

    /// The same with the given name in the place of the family name.
    pub fn exchanged(&self) -> Self {
        Self { family_name: self.given_name.clone(), given_name: self.family_name.clone(), birth_date: self.birth_date }
    }

    /// The same value for this and [`Self::exchanged`].
    pub fn in_any_order(self) -> Self {
        if self.family_name <= self.given_name { self } else { self.exchanged() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Identity;

    #[test]
    fn exchanged_names_are_the_same_in_any_order_only() {
        let one = Identity::new("Van den Broucke", "Zoé", date(2024, 2, 17));
        let other = Identity::new("ZOE", "Vandenbroucke", date(2024, 2, 17));
        assert!(one != other && one == other.exchanged());
        assert!(one.in_any_order() == other.in_any_order());
    }
}
