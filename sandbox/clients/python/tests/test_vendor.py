import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from typing import Any

from passerelle import RetryPolicy
from passerelle.transport import LostAnswerError
from vendor.compare import differences
from vendor.csv_statement import CsvError, Place, read_statement
from vendor.feed import Follower
from vendor.follow import follow
from vendor.receive import Hints, tell_gaps
from vendor.report import finding_lines

from .fakes import FakeGateway, answer, problem

CHILDREN = "reference,familyName,givenName,birthDate,ssin\nK-1,Dubois,Léa,2024-03-12,\nK-2,Benali,Omar,2024-03-12,24031295119\n"


class InFolder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        (self.folder / name).write_text(text, encoding=encoding)
        return self.folder / name

    def faults(self, children: str, days: str) -> list[str]:
        with self.assertRaises(CsvError) as raised:
            read_statement(self.file("children.csv", children), self.file("days.csv", days))
        return raised.exception.sentences


class Csv(InFolder):
    def test_empty_cells_are_left_out_and_places_lead_back(self) -> None:
        days = "reference;date;status;duration;reason\r\n\r\nK-2;2026-07-01;present;full;\r\nK-1;2026-07-01;present;half;\r\n"
        source = read_statement(self.file("children.csv", CHILDREN), self.file("days.csv", days, "utf-8-sig"))
        first = {"reference": "K-1", "familyName": "Dubois", "givenName": "Léa", "birthDate": "2024-03-12"}
        self.assertEqual(source.statement["lines"][0], first | {"days": [{"date": "2026-07-01", "status": "present", "duration": "half"}]})
        self.assertEqual(source.statement["controlTotals"]["present"], {"fullDays": 1, "halfDays": 1})
        self.assertEqual(str(source.place("/lines/0/days/0/date")), "days.csv column date, line 4")
        self.assertEqual(str(source.place("/lines/1/ssin")), "children.csv column ssin, line 3")
        self.assertEqual(str(source.place("")), "the whole statement")

    def test_values_that_are_not_understood_are_sent_and_no_totals_with_them(self) -> None:
        days = self.file("days.csv", "reference,date,status,duration\nK-1,tomorrow,here,full\n")
        source = read_statement(self.file("children.csv", CHILDREN), days)
        self.assertEqual(source.statement["lines"][0]["days"], [{"date": "tomorrow", "status": "here", "duration": "full"}])
        self.assertNotIn("controlTotals", source.statement)

    def test_nothing_is_dropped_in_silence(self) -> None:
        days = "reference,date\n"
        self.assertIn("column “niss” is not known", self.faults(CHILDREN.replace("ssin", "niss"), days)[0])
        self.assertIn("more cells than columns", self.faults(CHILDREN, days + "K-1,2026-07-01,present\n")[0])
        self.assertIn("no child with this reference", self.faults(CHILDREN, days + "K-9,2026-07-01\n")[0])
        self.assertIn("the child of line 2 has the same reference", self.faults(CHILDREN.replace("K-2", "K-1"), days)[0])
        self.assertIn("the reference is missing", self.faults(CHILDREN, days + ",2026-07-01\n")[0])
        self.assertIn("“reference” is missing", self.faults(CHILDREN, "date\n")[0])


class Findings(unittest.TestCase):
    def test_all_places_are_told_those_of_a_column_together(self) -> None:
        finding: Any = {
            "severity": "error", "code": "a.b", "detail": "Wrong.", "owner": "encoder", "href": "h", "in": "body",
            "name": "/3", "count": 502, "places": [{"name": "/3"}, {"name": "/2"}],
        }  # fmt: skip
        lines = finding_lines(finding, lambda pointer: Place("days.csv column date", int(pointer[1:])))
        self.assertEqual(lines[1:3], ["    at days.csv column date, lines 2, 3", "    at 500 more places"])


class Comparison(unittest.TestCase):
    def test_a_number_is_compared_by_its_presence(self) -> None:
        ours: Any = [{"reference": "K-1", "ssin": "24031295119", "days": []}, {"reference": "K-2", "days": []}]
        held: Any = [{"reference": "K-1", "ssinPresent": True, "days": []}, {"reference": "K-3", "days": []}]
        self.assertEqual(differences(ours, held), ["K-2: only in our files", "K-3: only at the gateway"])


class Feed(InFolder):
    def page(self, *numbers: int) -> Any:
        items = [{"id": f"e{number}", "number": number, "type": "doctor.entered", "data": {}} for number in numbers]
        return answer(200, {"items": items, "upTo": numbers[-1]})

    def read(self, *answers: Any) -> tuple[list[str], list[str]]:
        """What is printed, and the addresses that were asked for."""
        fake, out = FakeGateway(answers), io.StringIO()
        follower = Follower(fake.gateway, self.folder)
        with contextlib.redirect_stdout(out):
            for _ in answers:
                follower.read(0)
        return out.getvalue().splitlines(), [request.url.partition("?")[2] for request in fake.requests]

    def test_it_goes_on_where_it_was_and_handles_no_event_twice(self) -> None:
        self.assertEqual(self.read(self.page(1, 2))[0], ["1 doctor.entered", "2 doctor.entered"])
        told, asked = self.read(self.page(2, 3))
        self.assertEqual((told, asked), (["3 doctor.entered"], ["after=2&wait=0"]))

    def test_a_reset_gateway_is_read_from_the_beginning(self) -> None:
        self.read(self.page(1, 2))
        told, asked = self.read(problem(409, "passerelle:afterFeedEnd"), self.page(1, 7))
        self.assertEqual(asked, ["after=2&wait=0", "after=0&wait=0"])
        self.assertEqual(told[1:], ["7 doctor.entered"])

    def test_following_goes_on_after_a_gateway_that_was_away(self) -> None:
        lost, waits = LostAnswerError("refused"), list[float]()
        fake = FakeGateway([self.page(1), lost, answer(503, retry_after="30"), self.page(2), lost], RetryPolicy(attempts=1))
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
            self.assertRaises(StopIteration, follow, Follower(fake.gateway, self.folder), False, waits.append)
        self.assertEqual(out.getvalue(), "1 doctor.entered\n2 doctor.entered\n")
        self.assertTrue(1 <= waits[0] <= 2 and waits[1] == 30 and 1 <= waits[2] <= 2, waits)

    def test_events_that_no_webhook_announced_are_told_once(self) -> None:
        hints, out = Hints(), io.StringIO()
        self.assertEqual([hints.add("e4", 4), hints.add("e4", 4)], [True, False])
        awaited = {4: 0.0, 5: 0.0}
        with contextlib.redirect_stdout(out):
            tell_gaps(awaited, hints.numbers(), 0.0)
            tell_gaps(awaited, hints.numbers(), 0.0)
        self.assertEqual(out.getvalue(), "no webhook announced event 5; the feed had it\n")
