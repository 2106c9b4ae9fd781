"""Two CSV files, the children and their days, into an attendance statement, and the way back from a finding to a cell.

Values go to the gateway as they stand in the files: it judges them, all at once. Refused here is only what could not
be sent without losing something: columns that nobody reads, lines that are too long, days of a child who is not there.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

from passerelle.contract import AttendanceStatementRequest

CHILD_COLUMNS = ["reference", "familyName", "givenName", "birthDate", "ssin", "startDate", "endDate"]
DAY_COLUMNS = ["reference", "date", "status", "duration", "reason", "arrival", "departure"]


class CsvError(Exception):
    """What has to be repaired in the files before anything can be sent: one sentence for each place."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Row:
    """A line of a file: its number, as an editor shows it, and its cells that are not empty."""

    file: str
    line: int
    cells: dict[str, str]


class Place(NamedTuple):
    """Where something is wrong: a file and a column of it, and the line."""

    where: str
    line: int | None

    def __str__(self) -> str:
        return self.where if self.line is None else f"{self.where}, line {self.line}"


@dataclass(frozen=True)
class CsvStatement:
    """The statement, and where each part of it comes from."""

    statement: AttendanceStatementRequest
    children: list[Row]
    days: list[list[Row]]
    """The days of each child, in the order in which they are sent."""

    def place(self, pointer: str) -> Place:
        """The place in the files that a JSON Pointer of a finding stands for."""
        match pointer.split("/")[1:]:
            case ["lines", child, "days", day, *rest]:
                return _cell(self.days[int(child)][int(day)], rest)
            case ["lines", child, *rest]:
                return _cell(self.children[int(child)], rest)
            case _:
                return Place(pointer or "the whole statement", None)


def _cell(row: Row, rest: list[str]) -> Place:
    return Place(row.file + (f" column {rest[0]}" if rest else ""), row.line)


def read_statement(children_file: Path, days_file: Path) -> CsvStatement:
    """Reads both files. CsvError tells everything that is wrong with them."""
    faults: list[str] = []
    children = _read(children_file, CHILD_COLUMNS, faults)
    all_days = _read(days_file, DAY_COLUMNS, faults)
    _refuse_doubles(children, faults)
    _stop_at(faults)
    days_of: dict[str, list[Row]] = {row.cells["reference"]: [] for row in children}
    for row in all_days:
        if (days := days_of.get(row.cells["reference"])) is None:
            faults.append(f"{_cell(row, ['reference'])}: {children_file.name} has no child with this reference")
        else:
            days.append(row)
    _stop_at(faults)
    days_by_child = [days_of[row.cells["reference"]] for row in children]
    lines = [row.cells | {"days": list(map(_without_reference, days))} for row, days in zip(children, days_by_child)]
    document: dict[str, Any] = {"lines": lines} | _control_totals(all_days)
    return CsvStatement(cast(AttendanceStatementRequest, document), children, days_by_child)


def _stop_at(faults: list[str]) -> None:
    if faults:
        raise CsvError(faults)


def _without_reference(row: Row) -> dict[str, str]:
    return {name: value for name, value in row.cells.items() if name != "reference"}


def _refuse_doubles(children: list[Row], faults: list[str]) -> None:
    first: dict[str, int] = {}
    for row in children:
        reference = row.cells.get("reference", "")
        if reference and first.setdefault(reference, row.line) != row.line:
            faults.append(f"{_cell(row, ['reference'])}: the child of line {first[reference]} has the same reference")


def _control_totals(days: list[Row]) -> dict[str, Any]:
    """Our own sums, which the gateway compares with its own; none where a value is not known, which is a finding anyway."""
    totals = {status: {"fullDays": 0, "halfDays": 0} for status in ("present", "justifiedAbsence", "unjustifiedAbsence")}
    members = {"full": "fullDays", "half": "halfDays"}
    for row in days:
        status, duration = row.cells.get("status"), row.cells.get("duration")
        if status not in totals or duration not in members:
            return {}
        totals[status][members[duration]] += 1
    return {"controlTotals": totals}


def _read(path: Path, columns: list[str], faults: list[str]) -> list[Row]:
    """The rows of a file, whose first line names its columns. Commas, semicolons or tabs part the cells."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(f"{path.name}: this is not UTF-8; save it as “CSV UTF-8”")
        return []
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    rows: list[Row] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        faults += [f"{path.name} line 1: {fault}" for fault in _header_faults(header, columns)]
        for cells in reader:
            if len(cells) > len(header):
                faults.append(f"{path.name} line {reader.line_num}: there are more cells than columns")
            row = Row(path.name, reader.line_num, {name: cell.strip() for name, cell in zip(header, cells) if cell.strip()})
            if row.cells and "reference" not in row.cells:
                faults.append(f"{_cell(row, ['reference'])}: the reference is missing")
            rows += [row] if row.cells else []
    except csv.Error as error:
        faults.append(f"{path.name} line {reader.line_num}: {error}")
    return rows


def _header_faults(header: list[str], columns: list[str]) -> list[str]:
    faults = [f"the column “{name}” is not known; there are {', '.join(columns)}" for name in header if name not in columns]
    faults += [f"the column “{name}” stands twice" for name in columns if header.count(name) > 1]
    return faults + ([] if "reference" in header else ["the column “reference” is missing"])
