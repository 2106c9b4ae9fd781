"""Verifies what a webhook endpoint receives (Standard Webhooks 1.0.0, signatures of the version v1)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence

TOLERANCE_SECONDS = 300
"""How far the time of a delivery may be from ours, before or after."""


class SignatureError(Exception):
    """The delivery is not the gateway's, or not of now."""


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of a delivery, which is that of its event, when one of the secrets (`whsec_…`) has signed it.

    `headers` have names in small letters, `body` is as it came, byte by byte, `now` in seconds since 1970.
    Give two secrets while one takes the place of the other.
    """
    try:
        id_, timestamp, signatures = (headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
    except KeyError as missing:
        raise SignatureError(f"the header {missing.args[0]} is missing") from None
    if not (timestamp.isascii() and timestamp.isdigit()):
        raise SignatureError("webhook-timestamp is not a number of seconds")
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        raise SignatureError("webhook-timestamp is too far from now: a delivery of before, sent once more, or a wrong clock")
    if not any(_is_signed(secret, f"{id_}.{timestamp}.".encode() + body, signatures) for secret in secrets):
        raise SignatureError("no signature of v1 fits")
    return id_


def sign(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`, as the gateway makes it. For tests."""
    return "v1," + base64.b64encode(_mac(secret, f"{id_}.{timestamp}.".encode() + body)).decode()


def _is_signed(secret: str, content: bytes, signatures: str) -> bool:
    expected = _mac(secret, content)
    return any(hmac.compare_digest(expected, given) for given in _given(signatures))


def _given(signatures: str) -> list[bytes]:
    """The signatures of the version v1 in the header; others are passed over."""
    found = []
    for version, _, text in (signature.partition(",") for signature in signatures.split()):
        try:
            found += [base64.b64decode(text, validate=True)] if version == "v1" else []
        except binascii.Error:
            pass
    return found


def _mac(secret: str, content: bytes) -> bytes:
    return hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), content, hashlib.sha256)
