"""The calls that a vendor needs, with their types, and the repeats that are right for each."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

from . import contract
from .problems import GatewayError, UnreachableError, problem_error
from .retry import RETRIED_STATUSES, RetryPolicy, is_repeatable, parse_retry_after
from .transport import Answer, LostAnswerError, Request, send


@dataclass(frozen=True)
class Deposit:
    """An accepted deposit, and the `ETag` to replace it with later (none after a dry run of a first deposit)."""

    accepted: contract.AcceptedDeposit
    etag: str | None


@dataclass(frozen=True)
class StoredStatement:
    """A statement as it is held, and its `ETag`."""

    statement: contract.AttendanceStatement
    etag: str


class Gateway:
    """A gateway, by the address where its API begins (`…/creche/v1`) and an API key."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        language: str = "en",
        timeout: float = 30.0,
        policy: RetryPolicy = RetryPolicy(),
        send_once: Callable[[Request], Answer] = send,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        address = urlsplit(url)
        if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError(f"a key is sent by https only, and {url} is something else")
        self._url, self._timeout, self._policy = url.rstrip("/"), timeout, policy
        self._send, self._sleep = send_once, sleep
        self._headers = {"Authorization": f"Bearer {key}", "Accept": "application/json", "Accept-Language": language}
        self.key_expires: str | None = None
        """When the key ends, where that is soon: ask the organiser for the next one."""

    def caller(self) -> contract.Caller:
        """Who the key is, and what it may do."""
        return cast(contract.Caller, self._call("GET", "/caller").json())

    def put_attendance(
        self,
        creche: str,
        month: str,
        statement: contract.AttendanceStatementRequest,
        *,
        if_match: str | None = None,
        dry_run: bool = False,
        correction_reason: str | None = None,
    ) -> Deposit:
        """Replaces the statement of a month. PreconditionError where another one is held than `if_match` names."""
        query = {"dryRun": "true"} if dry_run else {}
        query |= {"correctionReason": correction_reason} if correction_reason else {}
        headers = {"If-Match": if_match} if if_match else {}
        answer = self._call("PUT", _attendance(creche, month), query, headers, statement)
        return Deposit(cast(contract.AcceptedDeposit, answer.json()), _etag(answer))

    def get_attendance(self, creche: str, month: str) -> StoredStatement:
        """The statement of a month, with the names of the children; the organiser sees that it was read."""
        answer = self._call("GET", _attendance(creche, month))
        return StoredStatement(cast(contract.AttendanceStatement, answer.json()), _etag(answer) or "")

    def creche_summary(self, creche: str, period: str) -> contract.CrecheSummary:
        """The figures of a crèche in a month (`2026-07`) or a quarter (`2026Q3`)."""
        return cast(contract.CrecheSummary, self._call("GET", f"/creches/{quote(creche)}/summaries/{quote(period)}").json())

    def organiser_summary(self, period: str) -> contract.OrganiserSummary:
        """The figures of all crèches that the key reaches."""
        return cast(contract.OrganiserSummary, self._call("GET", f"/summaries/{quote(period)}").json())

    def events(self, after: int, *, wait: int = 0) -> contract.Events:
        """What happened after this number. With `wait`, an answer that would be empty waits so many seconds."""
        query = {"after": str(after), "wait": str(wait)}
        return cast(contract.Events, self._call("GET", "/events", query, timeout=self._timeout + wait).json())

    def create_endpoint(self, endpoint: contract.WebhookEndpointRequest, idempotency_key: str) -> contract.WebhookEndpoint:
        """Makes a webhook endpoint. The same key again, within 24 hours, gives the same endpoint and secret again."""
        headers = {"Idempotency-Key": idempotency_key}
        return cast(contract.WebhookEndpoint, self._call("POST", "/webhookEndpoints", {}, headers, endpoint).json())

    def change_endpoint(self, endpoint: str, change: contract.WebhookEndpointPatch) -> contract.WebhookEndpoint:
        """Changes a webhook endpoint. What is sent names the end, so it may be sent twice."""
        path, headers = f"/webhookEndpoints/{quote(endpoint)}", {"Content-Type": "application/merge-patch+json"}
        return cast(contract.WebhookEndpoint, self._call("PATCH", path, {}, headers, change, repeatable=True).json())

    def verify_endpoint(self, endpoint: str) -> contract.WebhookVerified:
        """Has a signed test event sent to the endpoint, which makes it active when it is answered 2xx."""
        path = f"/webhookEndpoints/{quote(endpoint)}/verifications"
        return cast(contract.WebhookVerified, self._call("POST", path, {}, {}, {"method": "test"}).json())

    def _call(
        self,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        body: object = None,
        *,
        timeout: float | None = None,
        repeatable: bool = False,
    ) -> Answer:
        url = self._url + path + (f"?{urlencode(query)}" if query else "")
        sent_headers = self._headers | ({"Content-Type": "application/json"} if body is not None else {}) | (headers or {})
        data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        request = Request(method, url, sent_headers, data, timeout or self._timeout)
        return self._repeat(request, repeatable or is_repeatable(method, "Idempotency-Key" in sent_headers))

    def _repeat(self, request: Request, repeatable: bool) -> Answer:
        """Sends the request until it is answered for good, or as often as the policy allows."""
        attempt = 0
        while True:
            attempt += 1
            failure: GatewayError
            try:
                answer = self._send(request)
            except LostAnswerError as lost:
                failure, retry_after, again = UnreachableError(f"{request.url}: {lost}"), None, not lost.is_permanent
            else:
                self.key_expires = answer.headers.get("passerelle-key-expires", self.key_expires)
                if 200 <= answer.status < 300:
                    return _checked(answer)
                retry_after = parse_retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
                error = problem_error(answer.status, answer.headers, answer.body, retry_after)
                # Another attempt of ours is still being carried out: its answer will be ours.
                again = answer.status in RETRIED_STATUSES or error.type == "idempotencyKeyInUse"
                failure = error
            delay = self._policy.delay(attempt, retry_after, random.random())
            if not (again and repeatable) or delay is None:
                raise failure
            self._sleep(delay)


def _attendance(creche: str, month: str) -> str:
    return f"/creches/{quote(creche)}/attendanceStatements/{quote(month)}"


def _etag(answer: Answer) -> str | None:
    """The `ETag`, without the mark that a proxy which compresses puts before it: it names the content all the same."""
    etag = answer.headers.get("etag")
    return etag and etag.removeprefix("W/")


def _checked(answer: Answer) -> Answer:
    """The answer, if it is JSON."""
    try:
        document: Any = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise GatewayError("the answer is not one of the gateway: it is not a JSON object")
    return answer
