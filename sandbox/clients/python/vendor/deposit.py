"""`deposit`: the attendance of a month, from CSV files to an accepted statement."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from passerelle import Deposit, Gateway, NotFoundError, PreconditionError, RefusedError

from .compare import differences
from .csv_statement import CsvError, CsvStatement, read_statement
from .report import finding_lines, problem_lines, totals_line
from .state import DepositLog

ACCEPTED, REFUSED, NOT_DONE, CONFLICT = 0, 1, 2, 3


@dataclass(frozen=True)
class DepositJob:
    """What is to be deposited, and how."""

    gateway: Gateway
    log: DepositLog
    creche: str
    month: str
    dry_run: bool
    replace: bool
    correction_reason: str | None

    def run(self, children: Path, days: Path) -> int:
        """Deposits and tells everything that the gateway has to say. Returns the exit status."""
        try:
            source = read_statement(children, days)
        except CsvError as error:
            print(*error.sentences, "nothing was sent", sep="\n")
            return REFUSED
        try:
            tried = self._put(source, None, dry_run=True)
            if self.dry_run:
                return self._tell_dry_run(tried, source)
            return self._deposit(source)
        except RefusedError as refused:
            print(*problem_lines(refused, source.place), "nothing was written", sep="\n")
            return REFUSED

    def _put(self, source: CsvStatement, etag: str | None, dry_run: bool = False) -> Deposit:
        reason = self.correction_reason
        return self.gateway.put_attendance(
            self.creche, self.month, source.statement, if_match=etag, dry_run=dry_run, correction_reason=reason
        )

    def _deposit(self, source: CsvStatement) -> int:
        """Replaces what we know to be there. What somebody else sent meanwhile is replaced on demand only."""
        etag: str | None = self.log.known(self.creche, self.month).get("etag")
        for _ in range(3):
            try:
                return self._accepted(self._put(source, etag), source)
            except PreconditionError:
                etag = self._compare(source)
                if etag is not None and not self.replace:
                    print("conflict: look at the differences; --replace replaces what is there by our files")
                    return CONFLICT
        print("conflict: it changes all the time; try again later")
        return CONFLICT

    def _compare(self, source: CsvStatement) -> str | None:
        """Tells what differs from what is held now, and returns its `ETag`; none where nothing is held any more."""
        try:
            held = self.gateway.get_attendance(self.creche, self.month)
        except NotFoundError:
            self.log.record(self.creche, self.month, None)
            return None
        print(f"somebody else deposited revision {held.statement['revision']} of {self.month}:")
        print(*differences(source.statement["lines"], held.statement["lines"]), sep="\n")
        return held.etag

    def _accepted(self, deposit: Deposit, source: CsvStatement) -> int:
        accepted = deposit.accepted
        if deposit.etag and (accepted["written"] or accepted["unchanged"]):
            kept: dict[str, Any] = {"etag": deposit.etag, "revision": accepted["revision"], "warnings": accepted["warnings"]}
            self.log.record(self.creche, self.month, kept)
        word = "accepted" if accepted["written"] else "unchanged" if accepted["unchanged"] else "not written (a trial key)"
        print(f"{word}: {self.month} revision {accepted['revision']}, {accepted['lines']} children")
        return self._tell(deposit, source)

    def _tell_dry_run(self, deposit: Deposit, source: CsvStatement) -> int:
        print(f"dry run: {self.month} would be accepted, nothing was written")
        if effect := deposit.accepted.get("effect"):
            print(f"before: {totals_line(effect['month']['before'])}")
        return self._tell(deposit, source)

    def _tell(self, deposit: Deposit, source: CsvStatement) -> int:
        print(f"totals: {totals_line(deposit.accepted['totals'])}")
        for warning in deposit.accepted["warnings"]:
            print(*finding_lines(warning, source.place), sep="\n")
        return ACCEPTED
