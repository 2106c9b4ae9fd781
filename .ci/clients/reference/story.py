"""A vendor's days with a reference client, against a sandbox behind an unreliable proxy.

usage: story.py PROGRAM NAME COMMAND…, where PROGRAM is passerelle and COMMAND the client's program
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import scenario_story
import webhook_story
from gateway import Client, Sandbox
from proxy import Fault, UnreliableProxy

SAMPLES = Path(__file__).resolve().parents[3] / "sandbox/clients/samples"
CHILDREN, DAYS = SAMPLES / "children.csv", SAMPLES / "days.csv"
MONTH = "2026-07"


class World:
    """What a story needs."""

    def __init__(self, program: str, command: list[str]) -> None:
        self.sandbox = Sandbox(program)
        self.folder = Path(self.sandbox.folder.name)
        self.proxy = UnreliableProxy(self.sandbox.url)
        self.command = command
        self.client = self.new_client("state")

    def new_client(self, state: str, key: str | None = None, timeout: str = "20") -> Client:
        """A client with a state of its own; `timeout` is in seconds."""
        return Client(self.command, self.folder, state, self.proxy.url, key or self.sandbox.key, timeout)

    def changed_days(self, old: str, new: str) -> Path:
        """The sample days with one line changed."""
        text = DAYS.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        file = self.folder / "changed.csv"
        file.write_text(text.replace(old, new), encoding="utf-8")
        return file

    def one_child(self, month: str) -> tuple[Path, Path]:
        """Files with one child, who is there on five days of the month. Semicolons, as a Belgian spreadsheet writes them."""
        children, days = self.folder / "child.csv", self.folder / "days-of-child.csv"
        children.write_text('\ufeffreference;familyName;givenName;birthDate\r\nV-010;"Martin; dit Petit";Léo;2025-03-03\r\n', encoding="utf-8")
        rows = "".join(f"V-010;{month}-0{day};present;full\r\n" for day in range(5, 10))
        days.write_text(f"reference;date;status;duration\r\n{rows}", encoding="utf-8")
        return children, days

    def writes(self) -> list[dict[str, str]]:
        """The headers of the deposits that came to the proxy, without the dry runs."""
        return [each.headers for each in self.proxy.passed if each.method == "PUT" and "dryRun" not in each.path]


def wrong_lines_are_shown_with_their_places(world: World) -> None:
    wrong = world.changed_days("V-003,2026-07-14,unjustifiedAbsence,", "V-003,2026-08-14,unjustifiedAbsence,")
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("V-003,2026-07-13,present", "V-003,2026-07-13,here"), encoding="utf-8")
    lines = wrong.read_text(encoding="utf-8").split("\n")
    status, date = (next(at for at, line in enumerate(lines, 1) if part in line) for part in ("here", "2026-08"))
    told = world.client.deposit(MONTH, CHILDREN, wrong, expect=1)
    for expected in ("error attendance.dateOutsideMonth", f"changed.csv column date, line {date}", "error attendance.unknownStatus",
                     f"changed.csv column status, line {status}", "warning attendance.ssinMissing",
                     "children.csv column ssin, line 4", "nothing was written"):  # fmt: skip
        assert expected in told, f"{expected} is missing in\n{told}"
    assert world.sandbox.statement(MONTH)[0] == 404


def files_that_would_lose_something_are_not_sent(world: World) -> None:
    world.proxy.plan()
    stranger = world.changed_days("V-003,2026-07-14,", "V-009,2026-07-14,")
    told = world.client.deposit(MONTH, CHILDREN, stranger, expect=1)
    assert "children.csv has no child with this reference" in told and "nothing was sent" in told, told
    assert not [each for each in world.proxy.passed if each.method == "PUT"]


def the_corrected_month_is_accepted_and_the_same_again_is_unchanged(world: World) -> None:
    tried = world.client.deposit(MONTH, CHILDREN, DAYS, "--dry-run")
    assert "would be accepted" in tried and world.sandbox.statement(MONTH)[0] == 404
    told = world.client.deposit(MONTH, CHILDREN, DAYS)
    assert "accepted: 2026-07 revision 1, 3 children" in told and "attendance.ssinMissing" in told, told
    assert "totals: present 50 + 5/2, justified 1 + 5/2, unjustified 1 + 0/2" in told, told
    assert len(world.sandbox.statement(MONTH)[1]["lines"]) == 3
    told = world.client.deposit(MONTH, CHILDREN, DAYS)
    assert "unchanged: 2026-07 revision 1" in told and "attendance.ssinMissing" in told, told


def a_change_by_others_is_compared_and_not_overwritten(world: World) -> None:
    changed = world.changed_days("V-001,2026-07-02,present,full,,07:45,16:30", "V-001,2026-07-02,present,half,,,")
    world.proxy.plan(Fault("PUT", MONTH + "$", "none", before=lambda: world.sandbox.somebody_else_deposits(MONTH)))
    told = world.client.deposit(MONTH, CHILDREN, changed, expect=3)
    assert "somebody else deposited revision 2" in told and "V-001: only in our files" in told, told
    assert world.sandbox.statement(MONTH)[1]["lines"] == []
    told = world.client.deposit(MONTH, CHILDREN, changed, "--replace")
    assert "accepted: 2026-07 revision 3" in told, told
    assert [headers.get("if-match") for headers in world.writes()] == ['"1"', '"1"', '"2"']


def a_change_by_others_shows_single_days(world: World) -> None:
    other = world.new_client("other")
    told = other.deposit(MONTH, CHILDREN, DAYS, expect=3)
    expected = "V-001: 2026-07-02 present full 07:45 16:30 in our files, present half at the gateway"
    assert expected in told and "V-002" not in told, told


def lost_answers_and_refusals_in_passing_end_in_one_revision(world: World) -> None:
    kinds = {"2026-01": "unanswered", "2026-02": "cut", "2026-03": "slow", "2026-04": "unsent", "2026-05": "busy"}
    for month, kind in kinds.items():
        children, days = world.one_child(month)
        world.proxy.plan(Fault("PUT", month + ".dryRun", "unanswered"), Fault("PUT", month + "$", kind))
        begun = time.monotonic()
        client = world.new_client("state", timeout="1.5") if kind == "slow" else world.client
        told = client.deposit(month, children, days)
        assert f"{month} revision 1" in told and world.proxy.left() == 0, told
        assert len(world.writes()) >= 2 and world.sandbox.statement(month)[1]["revision"] == 1
        assert kind != "busy" or time.monotonic() - begun >= 1, "Retry-After was not respected"


def what_others_write_after_a_lost_answer_is_not_overwritten(world: World) -> None:
    etag = world.sandbox.statement(MONTH)[2]
    world.proxy.plan(Fault("PUT", MONTH + "$", "unanswered", after=lambda: world.sandbox.somebody_else_deposits(MONTH)))
    told = world.client.deposit(MONTH, CHILDREN, DAYS, expect=3)
    assert "somebody else deposited revision 5" in told, told
    assert world.sandbox.statement(MONTH)[1]["lines"] == []
    assert [headers["if-match"] for headers in world.writes()] == [etag, etag]


def a_trial_key_gets_the_verdict_and_writes_nothing(world: World) -> None:
    told = world.new_client("trial", world.sandbox.trial_key).deposit("2025-10", *world.one_child("2025-10"))
    assert "not written (a trial key): 2025-10 revision 1, 1 children" in told, told
    assert world.sandbox.statement("2025-10")[0] == 404


def refusals_are_not_repeated(world: World) -> None:
    key = world.sandbox.key
    for wrong, expected in ((key[:-1] + ("0" if key[-1] != "0" else "1"), "401"), ("crk_test_x", "crk_")):
        world.proxy.plan()
        told = world.new_client("stranger", wrong).run("summary", "--all", "2026Q3", expect=2)
        assert len(world.proxy.passed) == 1, (expected, told)
        assert "refused: " in told and "urn:uuid:" in told, told


def the_feed_is_resumed_without_loss_or_repetition(world: World) -> None:
    follower = world.new_client("follower")
    world.proxy.plan(Fault("GET", "/events", "cut"), Fault("GET", "/events", "busy"))
    first = numbers(follower.run("follow", "--once").split("\n"))
    assert first == [event["number"] for event in world.sandbox.events()] and world.proxy.left() == 0
    assert numbers(follower.run("follow", "--once").split("\n")) == []
    running = follower.start("follow")
    world.sandbox.somebody_else_deposits("2025-11")
    running.line(str(first[-1] + 1) + " ")
    while json.loads((follower.state / "feed.json").read_text(encoding="utf-8"))["after"] <= first[-1]:
        time.sleep(0.01)
    second = numbers(running.kill())
    world.sandbox.somebody_else_deposits("2025-12")
    third = numbers(follower.run("follow", "--once").split("\n"))
    assert first + second + third == [event["number"] for event in world.sandbox.events()]


def the_figures_are_those_of_the_deposits(world: World) -> None:
    told = world.client.run("summary", "--creche", "Le Jardin des Lutins", "2026-01")
    assert "2026-01 deposited: present 5 + 0/2" in told, told
    told = world.client.run("summary", "--creche", "Le Jardin des Lutins", "2026Q3")
    assert "missing 2026-08" in told and "deadline of the claim: " in told, told
    assert "Le Jardin des Lutins" in world.client.run("summary", "--all", "2026Q1")


def numbers(lines: list[str]) -> list[int]:
    """The numbers of the events that were printed."""
    return [int(line.split()[0]) for line in lines if line and line.split()[0].isdigit()]


STORIES: list[Callable[[World], None]] = [
    wrong_lines_are_shown_with_their_places,
    files_that_would_lose_something_are_not_sent,
    the_corrected_month_is_accepted_and_the_same_again_is_unchanged,
    a_change_by_others_is_compared_and_not_overwritten,
    a_change_by_others_shows_single_days,
    lost_answers_and_refusals_in_passing_end_in_one_revision,
    what_others_write_after_a_lost_answer_is_not_overwritten,
    a_trial_key_gets_the_verdict_and_writes_nothing,
    refusals_are_not_repeated,
    the_feed_is_resumed_without_loss_or_repetition,
    the_figures_are_those_of_the_deposits,
    *webhook_story.STORIES,
    *scenario_story.STORIES,
]


def main(program: str, name: str, *command: str) -> None:
    world = World(program, list(command))
    try:
        for story in STORIES:
            begun = time.monotonic()
            story(world)
            print(f"{name}: {story.__name__.replace('_', ' ')} ({time.monotonic() - begun:.1f} s)", flush=True)
    finally:
        world.sandbox.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
