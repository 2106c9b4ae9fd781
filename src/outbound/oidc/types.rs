//! The types of `openidconnect`, spelt out once: the usual ones, with every claim kept.

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, EndpointMaybeSet, EndpointNotSet, EndpointSet, ExtraTokenFields, ProviderMetadataWithLogout,
    StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a provider tells about itself, with its keys.
pub(super) type Metadata = ProviderMetadataWithLogout;

/// The claims that are not of the standard: each as it is, since which of them matter is configured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct OtherClaims(Map<String, Value>);

impl AdditionalClaims for OtherClaims {}

/// An ID token.
pub(super) type IdToken =
    openidconnect::IdToken<OtherClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// The details of a person.
pub(super) type UserInfo = openidconnect::UserInfoClaims<OtherClaims, CoreGenderClaim>;

/// The ID token as it came, beside the one of which only some claims are read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RawIdToken {
    #[serde(rename = "original_id_token")]
    pub(super) id_token: Option<String>,
}

impl ExtraTokenFields for RawIdToken {}

/// What a code is exchanged for.
pub(super) type Tokens = StandardTokenResponse<
    openidconnect::IdTokenFields<
        OtherClaims,
        RawIdToken,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// Ourselves, as a client of a provider that has described itself.
pub(super) type Client = openidconnect::Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;
