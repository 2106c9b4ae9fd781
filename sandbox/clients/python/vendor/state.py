"""What the program keeps between two runs: small JSON files, replaced whole, so that none is ever half written."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class StateFile:
    """A JSON object in a file of its own. Only its owner can read it: it may have a secret in it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Any]:
        """What was written last; empty before that."""
        try:
            content: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return content

    def write(self, content: Mapping[str, Any]) -> None:
        """Replaces the content. When this returns it is on the disk."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(f".{os.getpid()}.new")
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)


class DepositLog:
    """What we deposited last for each crèche and month: `ETag`, revision and warnings."""

    def __init__(self, folder: Path) -> None:
        self._file = StateFile(folder / "deposits.json")

    def known(self, creche: str, month: str) -> dict[str, Any]:
        """The last deposit of this month; empty where there was none."""
        known: dict[str, Any] = self._file.read().get(f"{creche}/{month}", {})
        return known

    def record(self, creche: str, month: str, deposit: dict[str, Any] | None) -> None:
        """Keeps a deposit, or forgets it."""
        content = self._file.read()
        content.pop(f"{creche}/{month}", None)
        self._file.write(content | ({f"{creche}/{month}": deposit} if deposit else {}))
