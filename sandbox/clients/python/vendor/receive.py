"""`receive`: a webhook endpoint. What comes in is verified and answered at once; the feed then says what happened."""

import json
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from passerelle import SignatureError, UnavailableError, UnreachableError, verify

from .feed import Follower
from .follow import pause_after
from .report import say

LONGEST_BODY = 64 * 1024


class Hints:
    """The webhooks that came, shared by the threads that take them and the one that reads the feed."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self._lock = threading.Lock()
        self._numbers: dict[str, int] = {}

    def add(self, id_: str, number: int) -> bool:
        """Whether this event was not announced before."""
        with self._lock:
            is_new = id_ not in self._numbers
            self._numbers[id_] = number
            while len(self._numbers) > 10_000:
                del self._numbers[next(iter(self._numbers))]
        self.arrived.set()
        return is_new

    def numbers(self) -> set[int]:
        """The numbers of all events that were announced."""
        with self._lock:
            return set(self._numbers.values())


class Receiver(ThreadingHTTPServer):
    """Takes deliveries at `/hook`."""

    daemon_threads = True

    def __init__(self, host: str, port: int, hints: Hints) -> None:
        self.secrets: Sequence[str] = ()
        """The secrets that are accepted; until there is one, everything is refused."""
        self.hints = hints
        super().__init__((host, port), _Delivery)

    def use_secret(self, secret: str) -> None:
        """Accepts deliveries that this secret has signed, and no others."""
        self.secrets = [secret]


class _Delivery(BaseHTTPRequestHandler):
    server: Receiver
    timeout = 10

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if self.path != "/hook":
            return self._answer(404)
        if not length.isdigit() or int(length) > LONGEST_BODY:
            return self._answer(413)
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            id_ = verify(self.server.secrets, headers, body, time.time())
            number = int(json.loads(body)["number"])
        except SignatureError as error:
            say(f"refused a delivery: {error}")
            return self._answer(401)
        except (ValueError, KeyError, TypeError):
            return self._answer(400)
        self._answer(204)
        is_new = self.server.hints.add(id_, number)
        say(f"webhook for event {number}{'' if is_new else ', which came before'}")

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Without lines of its own: what matters is printed where it happens."""


def read_on_hints(follower: Follower, hints: Hints, patience: float) -> None:
    """Reads the feed at each hint, and at the latest after `patience` seconds: what no webhook announced is found there."""
    read_all(follower)  # what happened while nobody listened is announced later, if at all
    awaited: dict[int, float] = {}
    while True:
        hints.arrived.wait(patience)
        hints.arrived.clear()
        awaited |= dict.fromkeys(read_all(follower), time.monotonic())
        tell_gaps(awaited, hints.numbers(), patience)


def read_all(follower: Follower) -> list[int]:
    """Handles everything that the feed has, and returns the numbers of the events."""
    numbers: list[int] = []
    failures = 0
    while True:
        try:
            page = follower.read(0)
        except (UnreachableError, UnavailableError) as error:
            failures += 1
            pause_after(error, failures)
            continue
        numbers += page.numbers
        if not page.has_more:
            return numbers


def tell_gaps(awaited: dict[int, float], announced: set[int], patience: float) -> None:
    """Tells of events that the feed had and no webhook announced in time. They are handled; something may be wrong, though."""
    late = {number for number, since in awaited.items() if time.monotonic() - since >= patience}
    for number in sorted(late - announced):
        say(f"no webhook announced event {number}; the feed had it")
    for number in late | (announced & awaited.keys()):
        del awaited[number]
