//! The types of `openidconnect` with their parameters: the usual ones, with all additional claims.

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

/// A provider's metadata, with its keys.
pub(super) type Metadata = ProviderMetadataWithLogout;

/// The claims that are not of the standard, as JSON: which of them are read is configured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct OtherClaims(Map<String, Value>);

impl AdditionalClaims for OtherClaims {}

/// An ID token.
pub(super) type IdToken =
    openidconnect::IdToken<OtherClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// The userinfo of a person.
pub(super) type UserInfo = openidconnect::UserInfoClaims<OtherClaims, CoreGenderClaim>;

/// The original ID token, beside the one with only some claims.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RawIdToken {
    #[serde(rename = "original_id_token")]
    pub(super) id_token: Option<String>,
}

impl ExtraTokenFields for RawIdToken {}

/// The tokens for a code.
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

/// The gateway as a client of a provider whose metadata is known.
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
