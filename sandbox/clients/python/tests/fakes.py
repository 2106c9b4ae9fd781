"""A gateway that answers what a test has it answer."""

import json
from collections.abc import Iterable

from passerelle import Gateway, RetryPolicy
from passerelle.transport import Answer, LostAnswerError, Request


def answer(status: int, document: object = None, **headers: str) -> Answer:
    """An answer with this JSON; headers by their names with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, json.dumps(document if document is not None else {}).encode())


def problem(status: int, type_: str, **headers: str) -> Answer:
    """An answer that refuses."""
    document = {"type": f"urn:problem-type:{type_}", "title": "T", "status": status, "detail": "D", "instance": "urn:uuid:1"}
    return answer(status, document, **headers)


class FakeGateway:
    """A client of the gateway whose requests get these answers, one after the other, without waiting."""

    def __init__(self, answers: Iterable[Answer | LostAnswerError], policy: RetryPolicy = RetryPolicy()) -> None:
        self._answers = iter(answers)
        self.requests: list[Request] = []
        self.waits: list[float] = []
        self.gateway = Gateway(
            "https://gateway.example/creche/v1", "crk", policy=policy, send_once=self._send, sleep=self.waits.append
        )

    def _send(self, request: Request) -> Answer:
        self.requests.append(request)
        given = next(self._answers)
        if isinstance(given, LostAnswerError):
            raise given
        return given
