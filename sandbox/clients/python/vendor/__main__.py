"""The commands: `python -m vendor --help`."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from passerelle import Gateway, GatewayError, ProblemError, UnreachableError

from .csv_statement import Place
from .deposit import NOT_DONE, DepositJob
from .endpoint import EndpointRegistration
from .feed import Follower
from .follow import follow
from .receive import Hints, Receiver, read_on_hints
from .report import problem_lines, say
from .state import DepositLog
from .summary import creche_summary, organiser_summary


def main() -> int:
    """Runs a command. 0: done; 1: refused, with findings; 2: not carried out; 3: somebody else changed it."""
    arguments = _parser().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        gateway = _gateway()
        status: int = arguments.run(gateway, arguments)
        if gateway.key_expires:
            print(f"the key ends at {gateway.key_expires}: ask the organiser for the next one", file=sys.stderr)
        return status
    except KeyboardInterrupt:
        return 0
    except ProblemError as error:
        print(*problem_lines(error, lambda pointer: Place(pointer, None)), sep="\n", file=sys.stderr)
    except UnreachableError as error:
        print(error, "whether it was carried out is not known: the same command again is safe", sep="\n", file=sys.stderr)
    except (GatewayError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
    return NOT_DONE


def _gateway() -> Gateway:
    """The gateway that the environment names."""
    url, key = os.environ.get("PASSERELLE_URL"), os.environ.get("PASSERELLE_API_KEY")
    if key is None and (file := os.environ.get("PASSERELLE_API_KEY_FILE")):
        key = Path(file).read_text(encoding="utf-8").strip()
    if not url or not key:
        raise ValueError("set PASSERELLE_URL (…/creche/v1), and PASSERELLE_API_KEY or PASSERELLE_API_KEY_FILE")
    timeout, language = os.environ.get("PASSERELLE_TIMEOUT", "30"), os.environ.get("PASSERELLE_LANGUAGE", "en")
    return Gateway(url, key, language=language, timeout=float(timeout))


def _creche(gateway: Gateway, wanted: str | None) -> str:
    """The id of a crèche by its id or name, or of the only one that the key reaches."""
    creches = gateway.caller()["creches"]
    found = [creche["id"] for creche in creches if wanted is None or wanted in (creche["id"], creche["name"])]
    if len(found) != 1:
        raise ValueError("choose a crèche with --creche: " + "; ".join(f"{each['id']} {each['name']}" for each in creches))
    return found[0]


def _deposit(gateway: Gateway, given: argparse.Namespace) -> int:
    creche, log = _creche(gateway, given.creche), DepositLog(given.state)
    job = DepositJob(gateway, log, creche, given.month, given.dry_run, given.replace, given.correction_reason)
    return job.run(given.children, given.days)


def _follow(gateway: Gateway, given: argparse.Namespace) -> int:
    return follow(Follower(gateway, given.state), given.once)


def _receive(gateway: Gateway, given: argparse.Namespace) -> int:
    hints = Hints()
    receiver = Receiver(given.host, given.port, hints)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    url = given.public_url or f"http://{given.host}:{receiver.server_port}/hook"
    if secret := os.environ.get("PASSERELLE_WEBHOOK_SECRET"):
        receiver.secrets = secret.split()
    else:
        if not EndpointRegistration(gateway, given.state).activate(url, receiver.use_secret):
            raise ValueError(f"the test event did not arrive at {url}")
    say(f"receiving at {url}")
    read_on_hints(Follower(gateway, given.state), hints, given.patience)
    return 0


def _summary(gateway: Gateway, given: argparse.Namespace) -> int:
    if given.all:
        return organiser_summary(gateway, given.period)
    return creche_summary(gateway, DepositLog(given.state), _creche(gateway, given.creche), given.period)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vendor", description="A little vendor's program for the gateway.")
    parser.add_argument("--state", type=Path, default=Path(".vendor"), help="folder of what is kept between runs")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    deposit = commands.add_parser("deposit", help="deposit the attendance of a month from two CSV files")
    deposit.add_argument("--creche", help="its id or name; not needed where the key reaches one")
    deposit.add_argument("--month", required=True, help="such as 2026-07")
    deposit.add_argument("--dry-run", action="store_true", help="the verdict only; nothing is written")
    deposit.add_argument("--replace", action="store_true", help="replace what somebody else deposited, after showing the differences")
    deposit.add_argument("--correction-reason", help="why a month of a signed report changes: encodingError, lateInformation …")
    deposit.add_argument("children", type=Path)
    deposit.add_argument("days", type=Path)
    deposit.set_defaults(run=_deposit)
    following = commands.add_parser("follow", help="print what happens, from where the last run has come to")
    following.add_argument("--once", action="store_true", help="end at the end of the feed")
    following.set_defaults(run=_follow)
    receive = commands.add_parser("receive", help="receive webhooks, and read the feed at each of them")
    receive.add_argument("--host", default="127.0.0.1")
    receive.add_argument("--port", type=int, default=0)
    receive.add_argument("--public-url", help="where the gateway reaches this program; its own address by default")
    receive.add_argument("--patience", type=float, default=60.0, help="seconds after which the feed is read without a webhook")
    receive.set_defaults(run=_receive)
    summary = commands.add_parser("summary", help="the figures of a month (2026-07) or a quarter (2026Q3)")
    summary.add_argument("--creche", help="its id or name; not needed where the key reaches one")
    summary.add_argument("--all", action="store_true", help="all crèches that the key reaches")
    summary.add_argument("period")
    summary.set_defaults(run=_summary)
    return parser


if __name__ == "__main__":
    sys.exit(main())
