"""A sandbox of its own for a test, and the calls that a test makes around the client that is tried."""

import json
import os
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

CRECHE_NAME = "Le Jardin des Lutins"


class Sandbox:
    """A sandbox that plays the 12th of October 2026, until `stop`."""

    def __init__(self, program: str) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="passerelle-reference-")
        command = [program, "sandbox", "--listen", "127.0.0.1:0", "--date", "2026-10-12", "--data", f"{self.folder.name}/data"]
        self._log = open(f"{self.folder.name}/log", "w", encoding="utf-8")
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._log, text=True)
        assert self._process.stdout
        described = next((line for line in self._process.stdout if line.startswith("Keys and ids for scripts: ")), None)
        assert described, Path(self._log.name).read_text(encoding="utf-8")
        description = json.loads(Path(described.partition(": ")[2].strip()).read_text(encoding="utf-8"))
        organiser = description["organisers"][0]
        self.url: str = description["apiUrl"]
        keys = {each["name"]: each["key"] for each in organiser["applications"][0]["keys"]}
        self.key: str = keys["everything"]
        self.trial_key: str = keys["trial"]
        self.creche: str = next(each["id"] for each in organiser["creches"] if each["name"] == CRECHE_NAME)

    def stop(self) -> None:
        """Ends it and removes its files."""
        self._process.kill()
        self._process.wait()
        self._log.close()
        self.folder.cleanup()

    def call(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> tuple[int, Any, Any]:
        """Status, document and `ETag` of an answer."""
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"} | (headers or {})
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, data, sent, method=method), timeout=30) as answer:
                return answer.status, json.load(answer), answer.headers["etag"]
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused), refused.headers["etag"]

    def statement(self, month: str) -> tuple[int, Any, Any]:
        """What is held for a month."""
        return self.call("GET", f"/creches/{self.creche}/attendanceStatements/{month}")

    def somebody_else_deposits(self, month: str) -> None:
        """An empty month takes the place of what is held."""
        _, _, etag = self.statement(month)
        path = f"/creches/{self.creche}/attendanceStatements/{month}"
        status, told, _ = self.call("PUT", path, {"lines": []}, {"If-Match": etag} if etag else {})
        assert status in (200, 201) and told["written"], told

    def events(self, after: int = 0) -> list[Any]:
        """The feed."""
        items: list[Any] = self.call("GET", f"/events?after={after}&pageSize=500")[1]["items"]
        return items


class Client:
    """A reference client as a program with its own state, that sees the gateway through a proxy."""

    def __init__(self, command: list[str], folder: Path, state: str, url: str, key: str, timeout: str) -> None:
        self._command, self._folder = [*command, "--state", str(folder / state)], folder
        set_here = {"PASSERELLE_URL": url, "PASSERELLE_API_KEY": key, "PASSERELLE_TIMEOUT": timeout, "NO_PROXY": "*"}
        self._environment = os.environ | set_here
        self.state = folder / state

    def run(self, *words: str, expect: int = 0) -> str:
        """What the command prints. It must end with this status."""
        end = subprocess.run(
            [*self._command, *words], env=self._environment, cwd=self._folder, capture_output=True, text=True, timeout=120
        )
        assert end.returncode == expect, f"{words} ended with {end.returncode}:\n{end.stdout}{end.stderr}"
        return end.stdout + end.stderr

    def deposit(self, month: str, children: Path, days: Path, *words: str, expect: int = 0) -> str:
        """The command `deposit`."""
        files = [str(children), str(days)]
        return self.run("deposit", "--creche", CRECHE_NAME, "--month", month, *words, *files, expect=expect)

    def start(self, *words: str) -> "Running":
        """The command, while it runs."""
        return Running([*self._command, *words], self._environment, self._folder)


class Running:
    """A command that goes on, and the lines that it has printed."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self._changed = threading.Condition()
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()

    def line(self, start: str, seconds: float = 60) -> str:
        """The first line that begins like this, as soon as it is there."""
        with self._changed:
            found = self._changed.wait_for(lambda: [line for line in self.lines if line.startswith(start)], seconds)
            assert found, f"no line begins with “{start}” in {self.lines}"
            return str(found[0])

    def kill(self) -> list[str]:
        """Ends it without a warning. Its lines."""
        self._process.kill()
        self._process.wait()
        return self.lines
