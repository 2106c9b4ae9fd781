"""What can go wrong, as exceptions. Handle them by class, or by `type`; show `detail` to people."""

import json
from collections.abc import Mapping
from typing import cast

from .contract import Finding, Problem


class GatewayError(Exception):
    """The call did not succeed."""


class UnreachableError(GatewayError):
    """There was no answer, or half of one, at every attempt. Whether the request was carried out is not known."""


class ProblemError(GatewayError):
    """The gateway refused the request and said why (RFC 9457)."""

    def __init__(self, problem: Problem, trace_id: str | None, retry_after: float | None) -> None:
        super().__init__(f"{problem['status']} {problem['title']}: {problem['detail']}")
        self.problem = problem
        self.trace_id = trace_id
        """Quote it, or `problem["instance"]`, when you ask for help."""
        self.retry_after = retry_after
        """The seconds that the gateway asks to wait."""

    @property
    def type(self) -> str:
        """The kind of problem, without the `urn:problem-type:…:` before it."""
        return self.problem["type"].rsplit(":", 1)[-1]

    @property
    def findings(self) -> list[Finding]:
        """Everything that is wrong, and what else was noticed."""
        return self.problem.get("issues", []) + self.problem.get("warnings", [])


class RefusedError(ProblemError):
    """400: the input has errors, all of which are in `findings`."""


class AccessError(ProblemError):
    """401, 403: the key is wrong, has expired, or lacks a right."""


class NotFoundError(ProblemError):
    """404: nothing is there."""


class ConflictError(ProblemError):
    """409, 422: the request does not fit what is there (`statementLocked`, `idempotencyKeyReused` …)."""


class FeedEndError(ConflictError):
    """409 `afterFeedEnd`: the gateway was reset or restored, and its feed ends before the position asked for."""


class PreconditionError(ProblemError):
    """412, 428: something else is there than the sender knew. Read it, compare, decide."""


class UnavailableError(ProblemError):
    """429, 5xx: the gateway is busy or away, also after all attempts."""


def problem_error(status: int, headers: Mapping[str, str], body: bytes, retry_after: float | None) -> ProblemError:
    """The exception for an answer that is none of 2xx."""
    problem = _read(body) or _stand_in(status, body)
    return _class_of(status, problem["type"])(problem, headers.get("belgov-trace-id"), retry_after)


def _read(body: bytes) -> Problem | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    complete = isinstance(document, dict) and {"type", "title", "status", "detail"} <= document.keys()
    return cast(Problem, document) if complete else None


def _stand_in(status: int, body: bytes) -> Problem:
    """For an answer that is no problem document: it comes from something between here and the gateway."""
    text = " ".join(body[:200].decode(errors="replace").split())
    detail = f"The answer is not one of the gateway: {text or 'it is empty'}"
    return {"type": "about:blank", "title": "Not a problem document", "status": status, "detail": detail, "instance": ""}


def _class_of(status: int, type_: str) -> type[ProblemError]:
    if type_.endswith(":afterFeedEnd"):
        return FeedEndError
    if status == 429 or status >= 500:
        return UnavailableError
    classes: dict[int, type[ProblemError]] = {
        400: RefusedError, 401: AccessError, 403: AccessError, 404: NotFoundError,
        409: ConflictError, 412: PreconditionError, 422: ConflictError, 428: PreconditionError,
    }  # fmt: skip
    return classes.get(status, ProblemError)
