"""Failures on demand: a world of the sandbox plays every scenario of its catalogue, and the client ends in the right state."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gateway import Client

World = Any

MONTH = "2026-06"
# What a client repeats until it is done.
REPEATED = ("tooManyRequests", "tooManyFailedRequests", "serviceUnavailable", "idempotencyKeyInUse")
# What the receiver says of failures that are seen at once; of all others only that the event came.
SEEN = {"webhookDoubled": "webhook for event {event}, which came before", "webhookWronglySigned": "refused a delivery"}


class ScenarioWorld:
    """A world of its own, with a client that deposits one month of its only crèche."""

    def __init__(self, world: World) -> None:
        self._base: str = world.sandbox.url.removesuffix("/creche/v1")
        wish = {"seed": 7, "startDate": "2026-10-12"}
        made = self._call("POST", f"{self._base}/sandbox/worlds", None, wish)
        self._secret, self._address = made["secret"], f"{self._base}/sandbox/worlds/{made['id']}"
        self._api, organiser = made["apiUrl"], made["organisers"][0]
        self._key = organiser["applications"][0]["keys"][0]["key"]
        self._creche = organiser["creches"][0]["id"]
        self._folder: Path = world.folder / made["id"]
        self._folder.mkdir()
        self._command: list[str] = world.command

    def client(self, timeout: str = "20") -> Client:
        """The client, which always has the same state."""
        return Client(self._command, self._folder, "state", self._api, self._key, timeout)

    def catalogue(self, applies_to: str) -> list[Any]:
        """The scenarios of calls, or those of webhooks."""
        items: list[Any] = self._call("GET", f"{self._base}/sandbox/scenarios", None)["items"]
        return [item for item in items if item["appliesTo"] == applies_to]

    def set(self, **wish: object) -> None:
        """Sets a scenario for the next calls."""
        self._call("PUT", f"{self._address}/scenario", self._secret, wish)

    def is_used_up(self) -> bool:
        """Whether what was set has been played."""
        return self._call("GET", f"{self._address}/scenario", self._secret)["scenario"] is None

    def files(self, duration: str) -> list[str]:
        """A child who is there on five days, whole or half ones."""
        children, days = self._folder / "children.csv", self._folder / "days.csv"
        children.write_text("reference,familyName,givenName,birthDate\nV-010,Martin,Léo,2025-03-03\n", encoding="utf-8")
        rows = "".join(f"V-010,{MONTH}-0{day},present,{duration}\n" for day in range(1, 6))
        days.write_text(f"reference,date,status,duration\n{rows}", encoding="utf-8")
        return [str(children), str(days)]

    def stored(self) -> Any:
        """The month as it is held."""
        return self._call("GET", f"{self._api}/creches/{self._creche}/attendanceStatements/{MONTH}", self._key)

    def somebody_deposits(self, month: str) -> int:
        """An empty month, and the number of the event about it."""
        self._call("PUT", f"{self._api}/creches/{self._creche}/attendanceStatements/{month}", self._key, {"lines": []})
        return int(self.events()[-1]["number"])

    def events(self) -> list[Any]:
        """The feed."""
        items: list[Any] = self._call("GET", f"{self._api}/events?after=0&pageSize=500", self._key)["items"]
        return items

    def _call(self, method: str, url: str, credential: str | None, body: object = None) -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {credential}"} if credential else {})
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {url}: {refused.code} {refused.read().decode()}") from refused


def every_failure_of_a_call_ends_in_the_right_state(world: World) -> None:
    stage = ScenarioWorld(world)
    stage.client().run("deposit", "--month", MONTH, *stage.files("full"))
    revision, catalogue = 1, stage.catalogue("request")
    assert len(catalogue) > 30, catalogue
    for entry in catalogue:
        code, files, status = entry["code"], stage.files("half" if revision % 2 else "full"), end_of(entry)
        # The dry run before the deposit goes through; without an If-Match it is not counted where that matters.
        stage.set(scenario=code, after=0 if code == "staleEtag" else 1, operation="putAttendanceStatement")
        told = stage.client("1.5" if code == "slow" else "20").run("deposit", "--month", MONTH, *files, expect=status)
        assert stage.is_used_up(), code
        revision += status == 0
        expected = {0: f"{MONTH} revision {revision}, 1 children", 3: f"somebody else deposited revision {revision}"}
        assert expected.get(status, entry.get("problem", {"type": ""})["type"].rsplit(":", 1)[-1]) in told, f"{code}: {told}"
        assert stage.stored()["revision"] == revision, code
    told = stage.client().run("deposit", "--month", MONTH, *stage.files("half" if revision % 2 else "full"))
    assert f"accepted: {MONTH} revision {revision + 1}" in told, told


def end_of(entry: Any) -> int:
    """The exit status of a deposit with a scenario."""
    if "problem" not in entry or entry["code"] in REPEATED:
        return 0
    return {400: 1, 412: 3, 428: 3}.get(entry["problem"]["status"], 2)


def every_failure_of_webhooks_leaves_nothing_out(world: World) -> None:
    stage = ScenarioWorld(world)
    receiver = stage.client().start("receive", "--host", "127.0.0.2", "--patience", "1")
    receiver.line("receiving at ")
    months = iter(f"2025-{month:02}" for month in range(5, 13))
    for entry in stage.catalogue("webhook"):
        stage.set(scenario=entry["code"])
        # The second message is the one that overtakes the first where order is what fails.
        for event in [stage.somebody_deposits(next(months)) for _ in range(2 if entry["code"] == "webhookOutOfOrder" else 1)]:
            receiver.line(f"{event} attendanceStatement.deposited")
        if seen := SEEN.get(entry["code"]):
            receiver.line(seen.format(event=event))
    lines = receiver.kill()
    handled = [int(line.split()[0]) for line in lines if line and line.split()[0].isdigit()]
    assert handled == [event["number"] for event in stage.events()], lines


STORIES: list[Callable[[World], None]] = [
    every_failure_of_a_call_ends_in_the_right_state,
    every_failure_of_webhooks_leaves_nothing_out,
]
