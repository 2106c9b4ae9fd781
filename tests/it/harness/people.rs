//! Invented people.

use passerelle::app::users::{User, UserAdministrator, UserDocument, add};
use passerelle::domain::actor::Actor;
use passerelle::domain::raw::Field;
use passerelle::domain::user::Profile;
use passerelle::domain::user::raw::RawUser;
use serde_json::{Value, json};

use super::app::{CRECHE, TestApp, organiser};

/// The invented number of the person with this number of ours, born so many days after 1960 began.
pub(crate) fn ssin(number: u32) -> String {
    let born = jiff::civil::date(1960, 1, 1) + jiff::SignedDuration::from_hours(24 * i64::from(number));
    let nine = format!("{}961", born.strftime("%y%m%d"));
    format!("{nine}{:02}", 97 - nine.parse::<u32>().unwrap() % 97)
}

/// A new user, who may read the attendance of our first crèche.
pub(crate) fn new_user(number: u32) -> Value {
    json!({
        "givenName": "Ysaline",
        "familyName": format!("Vandeputte-{number}"),
        "email": format!("ysaline.{number}@petits-pas.example"),
        "ssin": ssin(number),
        "profile": "dataManager",
        "rights": [{ "crecheId": CRECHE, "scopes": ["attendance:read"] }],
        "consentCertified": true,
    })
}

/// A new user who needs no crèche.
pub(crate) fn user_manager(number: u32) -> Value {
    let mut new = new_user(number);
    new["profile"] = "userManager".into();
    new["rights"] = json!([]);
    new
}

impl TestApp {
    /// Adds a user of our organiser, as the operator.
    pub(crate) async fn add_user(&self, number: u32, profile: Profile) -> User {
        let mut raw: RawUser = serde_json::from_value::<Field<_>>(new_user(number)).unwrap().take().unwrap();
        raw.profile = Field::Present(profile);
        let author = UserAdministrator::operator(&self.app, organiser(), &Actor::operator("tests")).await.unwrap();
        add(&self.app, &author, UserDocument::Fields(raw)).await.unwrap()
    }
}
