"""Where we are in the feed, and what we made of it. Kept in one file, so that both are always of the same moment."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from passerelle import FeedEndError, Gateway
from passerelle.contract import CloudEvent, Events

from .report import say
from .state import DepositLog, StateFile

KEPT_IDS = 1000
"""How many ids of handled events are kept: they tell known events apart when a feed begins again."""


@dataclass(frozen=True)
class PageRead:
    """A page of the feed, all of which is handled."""

    numbers: list[int]
    """The numbers of its events."""
    has_more: bool
    """Whether there is another page already."""


class Follower:
    """Handles every event at least once, in order. An event that comes again changes nothing."""

    def __init__(self, gateway: Gateway, folder: Path) -> None:
        self._gateway, self._file, self._deposits = gateway, StateFile(folder / "feed.json"), DepositLog(folder)
        state: dict[str, Any] = {"after": 0, "handled": [], "versions": {}} | self._file.read()
        self.after: int = state["after"]
        """The number up to which everything was handled."""
        self._handled: dict[str, None] = dict.fromkeys(state["handled"])
        self._versions: dict[str, int] = state["versions"]

    def read(self, wait: int) -> PageRead:
        """Handles one page of the feed; where it has nothing new, the gateway waits so many seconds for an event."""
        try:
            page: Events = self._gateway.events(self.after, wait=wait)
        except FeedEndError:
            say("the feed begins again: the gateway was reset or restored")
            self._keep(0)
            return PageRead([], True)
        for event in page["items"]:
            if event["id"] not in self._handled:
                self._handle(event)
                self._handled[event["id"]] = None
            self._keep(event["number"])
        if page["upTo"] != self.after:
            self._keep(page["upTo"])
        return PageRead([event["number"] for event in page["items"]], "next" in page)

    def _handle(self, event: CloudEvent) -> None:
        """What the program makes of an event: it keeps the newest version of each thing, and tells of changes by others."""
        data = event["data"]
        words = [str(event["number"]), event["type"], data.get("period", ""), data.get("crecheId", "")]
        say(" ".join(word for word in words if word))
        href, version = data.get("href"), data.get("version")
        if href and version and version > self._versions.get(href, 0):
            self._versions[href] = version
            self._tell_of_others(event, version)

    def _tell_of_others(self, event: CloudEvent, version: int) -> None:
        creche, period = event["data"].get("crecheId", ""), event["data"].get("period", "")
        ours = self._deposits.known(creche, period).get("revision")
        if event["type"].startswith("attendanceStatement.") and ours is not None and version > ours:
            say(f"    somebody else changed {period}: it is revision {version}, ours is {ours}")

    def _keep(self, after: int) -> None:
        self.after = after
        while len(self._handled) > KEPT_IDS:
            del self._handled[next(iter(self._handled))]
        self._file.write({"after": after, "handled": list(self._handled), "versions": self._versions})
