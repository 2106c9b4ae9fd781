"""Findings and figures as lines for people."""

import sys
from collections.abc import Callable

from passerelle.contract import DayCount, Finding, Totals
from passerelle.problems import ProblemError

from .csv_statement import Place


def say(line: str) -> None:
    """Prints a line at once, and whole where several threads print."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def finding_lines(finding: Finding, place: Callable[[str], Place]) -> list[str]:
    """A finding with all its places, what to do, and who can do it."""
    pointers = [each["name"] for each in finding.get("places", [])] or [finding["name"]]
    is_body = finding["in"] == "body"
    places = [place(pointer) if is_body else Place(f"{finding['in']} {pointer}", None) for pointer in pointers]
    more = finding.get("count", len(places)) - len(places)
    return [
        f"{finding['severity']} {finding['code']}: {finding['detail']}",
        *(f"    at {text}" for text in _grouped(places) + ([f"{more} more places"] if more > 0 else [])),
        f"    repaired by: {finding['owner']}; see {finding['href']}",
    ]


def _grouped(places: list[Place]) -> list[str]:
    """The places, those of one column together."""
    lines: dict[str, list[int]] = {}
    for place in places:
        lines.setdefault(place.where, []).extend([] if place.line is None else [place.line])
    words = {where: "line" if len(numbers) == 1 else "lines" for where, numbers in lines.items()}
    return [
        f"{where}, {words[where]} {', '.join(map(str, sorted(numbers)))}" if numbers else where
        for where, numbers in lines.items()
    ]


def problem_lines(error: ProblemError, place: Callable[[str], Place]) -> list[str]:
    """A problem with every finding that it has, and what support is told."""
    lines = [line for finding in error.findings for line in finding_lines(finding, place)]
    reference = f"reference for support: {error.type} {error.problem['instance'] or error.trace_id}"
    return [f"refused: {error.problem['detail']}", *lines, reference]


def totals_line(totals: Totals) -> str:
    """The six counts."""
    kinds = [("present", totals["present"]), ("justified", totals["justifiedAbsence"]), ("unjustified", totals["unjustifiedAbsence"])]
    return ", ".join(f"{name} {_days(count)}" for name, count in kinds)


def _days(count: DayCount) -> str:
    return f"{count['fullDays']} + {count['halfDays']}/2"
