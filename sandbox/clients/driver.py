"""Drives a reference client through the cases of a certification: a step on each line of the input, a report on each of the output.

usage: passerelle certify --driver "python driver.py COMMAND..." ..., where COMMAND starts the client, such as `python -m vendor`

The client is used as a person would use it: its commands, its files, and what it prints.
"""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Any, cast

CHILD_COLUMNS = ["reference", "familyName", "givenName", "birthDate", "ssin"]
DAY_COLUMNS = ["reference", "date", "status", "duration", "reason"]
OUTCOMES = {0: "done", 1: "refused", 2: "notDone", 3: "conflict"}
FINDING = re.compile(r"^(?:error|warning) ([a-z]\w*\.\w+):", re.MULTILINE)
HANDLED = re.compile(r"^(\d+) ")
HOST = os.environ.get("PASSERELLE_RECEIVER_HOST", "127.0.0.2")
"""Where the client receives webhooks. A sandbox with worlds calls no addresses of its own host, which are other worlds."""
READY_SECONDS = 60.0
QUIET_SECONDS = 2.0

Step = dict[str, Any]


class Receiver:
    """The client, receiving webhooks in the background."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        arguments = ["receive", "--host", HOST, "--patience", "1"]
        self._process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, env=environment, text=True)
        self._ready = threading.Event()
        self._last = time.monotonic()
        self.handled: list[int] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in cast(IO[str], self._process.stdout):
            self._last = time.monotonic()
            if line.startswith("receiving at "):
                self._ready.set()
            if found := HANDLED.match(line):
                self.handled.append(int(found[1]))

    def is_ready(self) -> bool:
        return self._ready.wait(READY_SECONDS)

    def settle(self, seconds: float) -> None:
        """Waits until nothing more is printed for a while, or for so long."""
        begin = time.monotonic()
        while time.monotonic() < min(begin + seconds, max(begin, self._last) + QUIET_SECONDS):
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


class Driver:
    """The client with its state, and what it has handled."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._command = [*command, "--state", str(folder / "state")]
        self._folder = folder
        self._receiver: Receiver | None = None
        self._handled: list[int] = []

    def carry_out(self, step: Step) -> dict[str, Any]:
        """The report on a step."""
        match step["instruction"]:
            case "deposit" | "replace" if step["kind"] == "attendance":
                return self._deposit(step)
            case "startReceiving":
                self._receiver = Receiver(self._command, self._environment(step))
                return {"outcome": "done" if self._receiver.is_ready() else "notDone"}
            case "stopReceiving":
                self._stop()
                return {"outcome": "done"}
            case "reportEvents":
                return self._report(step)
        return {"outcome": "unsupported"}

    def close(self) -> None:
        self._stop()

    def _deposit(self, step: Step) -> dict[str, Any]:
        lines = step["document"]["lines"]
        days = [{"reference": line["reference"], **day} for line in lines for day in line["days"]]
        files = [self._csv("children.csv", CHILD_COLUMNS, lines), self._csv("days.csv", DAY_COLUMNS, days)]
        arguments = ["deposit", "--creche", step["crecheId"], "--month", step["month"], *files]
        if step["instruction"] == "replace":
            arguments.insert(1, "--replace")
        done = subprocess.run([*self._command, *arguments], env=self._environment(step), capture_output=True, text=True)
        told = done.stdout + done.stderr
        return {"outcome": OUTCOMES.get(done.returncode, "unsupported"), "findings": sorted(set(FINDING.findall(told)))}

    def _csv(self, name: str, columns: list[str], rows: list[dict[str, Any]]) -> str:
        path = self._folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return str(path)

    def _report(self, step: Step) -> dict[str, Any]:
        if self._receiver:
            self._receiver.settle(step["waitSeconds"])
        return {"outcome": "done", "events": self._handled + (self._receiver.handled if self._receiver else [])}

    def _stop(self) -> None:
        if self._receiver:
            self._receiver.stop()
            self._handled += self._receiver.handled
            self._receiver = None

    def _environment(self, step: Step) -> dict[str, str]:
        return os.environ | {"PASSERELLE_URL": step["apiUrl"], "PASSERELLE_API_KEY": step["key"], "PASSERELLE_LANGUAGE": "en"}


def main() -> None:
    """Carries out the steps until the input ends."""
    with tempfile.TemporaryDirectory() as folder:
        driver = Driver(sys.argv[1:], Path(folder))
        for line in sys.stdin:
            step = json.loads(line)
            print(json.dumps({"step": step["step"], **driver.carry_out(step)}), flush=True)
        driver.close()


if __name__ == "__main__":
    main()
