//! The fields of a query or a form.

use url::form_urlencoded;

/// Names and values, each name once.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Parses the fields; `None` when one is repeated, which the specification forbids.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let fields: Vec<(String, String)> = form_urlencoded::parse(text).into_owned().collect();
        let mut names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let once = names.windows(2).all(|pair| pair[0] != pair[1]);
        once.then_some(Self(fields))
    }

    /// The value of a field, unless it is absent or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(field, _)| field == name);
        field.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The fields with these names.
    pub(super) fn with_names(&self, names: &[&str]) -> Vec<(&str, &str)> {
        let pairs = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        pairs.filter(|(name, _)| names.contains(name)).collect()
    }
}
