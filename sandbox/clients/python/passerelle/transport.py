"""One HTTP exchange, with a time limit and without surprises: no redirects, no exception for a status."""

import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """What is sent."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout: float = 30.0
    """Seconds for connecting, and for each wait for a part of the answer."""


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes

    def json(self) -> Any:
        """The body as JSON; ValueError where it is none."""
        return json.loads(self.body)


class LostAnswerError(Exception):
    """No whole answer came. Whether the request was carried out is not known."""

    def __init__(self, reason: str, is_permanent: bool = False) -> None:
        super().__init__(reason)
        self.is_permanent = is_permanent
        """Whether another attempt would end the same way: the certificate is not to be trusted."""


class _AnyStatus(urllib.request.HTTPErrorProcessor):
    """Hands every answer over. A redirect is not followed: it would carry the key to another machine."""

    def http_response(
        self, request: urllib.request.Request, response: http.client.HTTPResponse
    ) -> http.client.HTTPResponse:
        return response

    https_response = http_response


_OPENER = urllib.request.build_opener(_AnyStatus)


def send(request: Request) -> Answer:
    """Sends the request once. LostAnswerError where no whole answer comes."""
    outgoing = urllib.request.Request(request.url, request.body, request.headers, method=request.method)
    try:
        with _OPENER.open(outgoing, timeout=request.timeout) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, headers, response.read())
    except (OSError, http.client.HTTPException) as failure:
        reason = failure.reason if isinstance(failure, urllib.error.URLError) else failure
        raise LostAnswerError(str(reason), isinstance(reason, ssl.SSLCertVerificationError)) from failure
