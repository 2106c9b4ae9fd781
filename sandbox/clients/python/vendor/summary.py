"""`summary`: the figures of a month or a quarter, of one crèche or of all that the key reaches."""

from passerelle import Gateway
from passerelle.contract import CrecheFigures, CrecheSummary, MissingMonth

from .report import totals_line
from .state import DepositLog


def creche_summary(gateway: Gateway, log: DepositLog, creche: str, period: str) -> int:
    """Tells the figures of a crèche, month by month."""
    summary: CrecheSummary = gateway.creche_summary(creche, period)
    print(f"{summary['creche']['name']}, {summary['period']}: {summary['status']}")
    print(f"totals: {totals_line(summary['totals'])}; {_rate(summary.get('presentRate'))} of the places")
    for month in summary["months"]:
        print(f"  {month['month']} {month['status']}: {totals_line(month['totals'])}, {month['lines']} children")
        _tell_days(month.get("missingDays", []))
        if warnings := log.known(creche, month["month"]).get("warnings"):
            print(f"    warnings of our last deposit: {', '.join(warning['code'] for warning in warnings)}")
    _tell_missing(summary["missing"])
    if deadline := summary.get("deadline"):
        print(f"deadline of the claim: {deadline}{' (passed)' if summary.get('deadlinePassed') else ''}")
    return 0


def organiser_summary(gateway: Gateway, period: str) -> int:
    """Tells the figures of all crèches."""
    summary = gateway.organiser_summary(period)
    print(f"{summary['organiser']['legalName']}, {summary['period']}: {summary['status']}")
    print(f"totals: {totals_line(summary['totals'])}")
    for creche in summary["creches"]:
        _tell_creche(creche)
    return 0


def _tell_creche(creche: CrecheFigures) -> None:
    print(f"  {creche['creche']['name']} {creche['status']}: {totals_line(creche['totals'])}")
    _tell_days(creche.get("missingDays", []))
    _tell_missing(creche["missing"])


def _tell_missing(months: list[MissingMonth]) -> None:
    for month in months:
        print(f"    missing {month['month']}: {month['detail']}")


def _tell_days(days: list[str]) -> None:
    if days:
        print(f"    nothing was received for {', '.join(days)}")


def _rate(basis_points: int | None) -> str:
    return "no rate" if basis_points is None else f"{basis_points / 100:.2f} %"
