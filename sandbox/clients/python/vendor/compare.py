"""What differs between the statement that we would send and the one that is held."""

from collections.abc import Iterable
from typing import Any

from passerelle.contract import AttendanceLine


def differences(ours: list[AttendanceLine], held: list[AttendanceLine]) -> list[str]:
    """A sentence for each child in whom they differ, by the reference; no names and no birth dates.

    A number is never shown by the gateway, so that only its presence can be compared.
    """
    mine, theirs = ({line["reference"]: line for line in lines} for lines in (ours, held))
    sentences = [f"{reference}: only in our files" for reference in mine if reference not in theirs]
    sentences += [f"{reference}: only at the gateway" for reference in theirs if reference not in mine]
    for reference in mine.keys() & theirs.keys():
        sentences += _of_child(reference, mine[reference], theirs[reference])
    return sorted(sentences)


def _of_child(reference: str, ours: AttendanceLine, held: AttendanceLine) -> Iterable[str]:
    for name in ("familyName", "givenName", "birthDate", "startDate", "endDate"):
        if ours.get(name) != held.get(name):
            yield f"{reference}: {name} differs"
    if _has_number(ours) != _has_number(held):
        yield f"{reference}: the number is {'only in our files' if _has_number(ours) else 'only at the gateway'}"
    mine, theirs = _by_date(ours), _by_date(held)
    for date in sorted(mine.keys() | theirs.keys()):
        if mine.get(date) != theirs.get(date):
            yield f"{reference}: {date} {_words(mine.get(date))} in our files, {_words(theirs.get(date))} at the gateway"


def _has_number(line: AttendanceLine) -> bool:
    return "ssin" in line or "ssinPresent" in line


def _by_date(line: AttendanceLine) -> dict[str, list[Any]]:
    days: dict[str, list[Any]] = {}
    for day in line["days"]:
        days.setdefault(day["date"], []).append({name: value for name, value in day.items() if name != "date"})
    return {date: sorted(entries, key=str) for date, entries in days.items()}


def _words(entries: list[Any] | None) -> str:
    return " and ".join(" ".join(str(value) for value in entry.values()) for entry in entries) if entries else "nothing"
