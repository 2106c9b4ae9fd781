"""The gateway's API for a vendor's software: typed calls, typed problems, repeats, signatures of webhooks."""

from .client import Deposit, Gateway, StoredStatement
from .problems import (
    AccessError,
    ConflictError,
    FeedEndError,
    GatewayError,
    NotFoundError,
    PreconditionError,
    ProblemError,
    RefusedError,
    UnavailableError,
    UnreachableError,
)
from .retry import RetryPolicy
from .webhooks import SignatureError, verify

__all__ = [
    "AccessError",
    "ConflictError",
    "Deposit",
    "FeedEndError",
    "Gateway",
    "GatewayError",
    "NotFoundError",
    "PreconditionError",
    "ProblemError",
    "RefusedError",
    "RetryPolicy",
    "SignatureError",
    "StoredStatement",
    "UnavailableError",
    "UnreachableError",
    "verify",
]
