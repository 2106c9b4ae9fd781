"""Defects that the certification has to find: each changes the Python client, or the driver over its library, in one place and names the case that fails, and why."""

from typing import NamedTuple

CLIENT, DEPOSIT, RETRY, RECEIVE = "passerelle/client.py", "vendor/deposit.py", "passerelle/retry.py", "vendor/receive.py"
FEED, ENDPOINT, CSV = "vendor/feed.py", "vendor/endpoint.py", "vendor/csv_statement.py"
LIBRARY = "library_driver.py"


class Mutant(NamedTuple):
    """A defect: the text that is replaced, by what, and the failure of the case that it leads to."""

    name: str
    file: str
    old: str
    new: str
    case: str
    failure: str


_REPEATED = "return self._repeat(request, repeatable or is_repeatable(method, \"Idempotency-Key\" in sent_headers))"
_ONCE = "return self._repeat(request, False)"
_DOCUMENT = 'document: dict[str, Any] = {"lines": lines} | _control_totals(all_days)'
_CELLS = "{name: cell.strip() for name, cell in zip(header, cells) if cell.strip()}"
_ROWS = "rows += [row] if row.cells else []"
_DAYS = '{"days": list(map(_without_reference, days))}'
_RETRIED = "frozenset({429, 502, 503, 504})"
_AGAIN = 'again = answer.status in RETRIED_STATUSES or error.type == "idempotencyKeyInUse"'
_DEPOSIT = "            return self._deposit(source)\n"
_SLEEP = "            self._sleep(delay)\n"


def _with_cell(change: str) -> str:
    return f"{{name: {change} for name, cell in zip(header, cells) if cell.strip()}}"


_NEW_END = """ | {"endDate": str(__import__("datetime").date.fromordinal(743_000 + int(__import__("time").time() * 10) % 20_000))}"""
_OTHER_CONTENT = """            self._sleep(delay)
            if request.body and "dryRun" not in request.url:
                document: Any = json.loads(request.body)
                document.pop("controlTotals", None)
                document["lines"][0]["days"][4]["duration"] = "half"
                document["lines"][0]["days"][3]["duration"] = "half"
                headers = request.headers | {"If-Match": '"1"'}
                request = Request(request.method, request.url, headers, json.dumps(document).encode(), request.timeout)
"""
_ONLY_CHANGED = """            if self.log.known(self.creche, self.month):
                cast_statement: Any = source.statement
                cast_statement["lines"][1:] = []
                cast_statement.pop("controlTotals", None)
            return self._deposit(source)
"""
_WITHOUT_ERRORS = """        except RefusedError as refused:
            rest: Any = source.statement
            rest["lines"][:2] = []
            rest.pop("controlTotals", None)
            self._deposit(source)
"""
ATTENDANCE: list[Mutant] = [
    Mutant("half days are sent as whole ones", CSV, _CELLS, _with_cell('cell.strip().replace("half", "full")'), "firstDeposit", "notStored"),
    Mutant("whole days are sent as half ones", CSV, _CELLS, _with_cell('cell.strip().replace("full", "half")'), "firstDeposit", "storedDiffers"),
    Mutant("reasons of absences are lost", CSV, _CELLS, _with_cell('cell.strip().replace("familyCircumstance", "medicalCertificate")'), "firstDeposit", "storedDiffers"),
    Mutant("accents are lost", CSV, 'decode("utf-8-sig")', 'decode("ascii", "ignore")', "firstDeposit", "storedDiffers"),
    Mutant("the last child is dropped", CSV, _DOCUMENT, 'document: dict[str, Any] = {"lines": lines[:-1]}', "firstDeposit", "storedDiffers"),
    Mutant("absences are dropped", CSV, _ROWS, 'rows += [row] if row.cells and "bsence" not in str(row.cells) else []', "firstDeposit", "storedDiffers"),
    Mutant("a child is sent twice", CSV, _DOCUMENT, 'document: dict[str, Any] = {"lines": lines + lines[:1]}', "firstDeposit", "notStored"),
    Mutant("501 lines are sent", CSV, _DOCUMENT, 'document: dict[str, Any] = {"lines": lines * 167}', "firstDeposit", "notStored"),
    Mutant("only what changed is sent", DEPOSIT, _DEPOSIT, _ONLY_CHANGED, "correction", "storedDiffers"),
    Mutant("a correction is not sent", DEPOSIT, "return self._deposit(source)", "return ACCEPTED if self.log.known(self.creche, self.month) else self._deposit(source)", "correction", "notStored"),
    Mutant("each deposit differs from the one before", CSV, _DAYS, _DAYS + _NEW_END, "sameAgain", "revisionsTooMany"),
    Mutant("an error is told as success", DEPOSIT, '"nothing was written", sep="\\n")\n            return REFUSED', '"nothing was written", sep="\\n")\n            return ACCEPTED', "findings", "outcomeDiffers"),
    Mutant("only the first error is shown", DEPOSIT, "print(*problem_lines(refused, source.place),", "print(*problem_lines(refused, source.place)[:2],", "findings", "findingsNotShown"),
    Mutant("what has no error is sent alone", DEPOSIT, "        except RefusedError as refused:\n", _WITHOUT_ERRORS, "findings", "written"),
    Mutant("warnings are dropped", DEPOSIT, 'for warning in deposit.accepted["warnings"]:', 'for warning in deposit.accepted["warnings"][:0]:', "warnings", "findingsNotShown"),
    Mutant("only the first warning is shown", DEPOSIT, 'for warning in deposit.accepted["warnings"]:', 'for warning in deposit.accepted["warnings"][:1]:', "warnings", "findingsNotShown"),
    Mutant("a call that was cut is not repeated", CLIENT, _REPEATED, _ONCE, "connectionCut", "notStored"),
    Mutant("a lost answer is told as failure", CLIENT, _REPEATED, _ONCE, "lostAnswer", "outcomeDiffers"),
    Mutant("a cut answer is told as failure", CLIENT, _REPEATED, _ONCE, "truncatedAnswer", "outcomeDiffers"),
    Mutant("a repeated call has other content", CLIENT, _SLEEP, _OTHER_CONTENT, "lostAnswer", "storedDiffers"),
    Mutant("no time is waited", CLIENT, "self._sleep(delay)", "self._sleep(0)", "tooManyRequests", "repeatedTooSoon"),
    Mutant("Retry-After is not read", CLIENT, 'retry_after = parse_retry_after(answer.headers.get("retry-after"), datetime.now(UTC))', "retry_after = None", "tooManyRequests", "repeatedTooSoon"),
    Mutant("too many requests end the deposit", RETRY, _RETRIED, "frozenset({502, 503, 504})", "tooManyRequests", "notStored"),
    Mutant("an absent gateway ends the deposit", RETRY, _RETRIED, "frozenset({429})", "serviceUnavailable", "notStored"),
    Mutant("a refused key is told as success", "vendor/__main__.py", "    return NOT_DONE\n", "    return 0\n", "keyRevoked", "outcomeDiffers"),
    Mutant("what others changed is overwritten", DEPOSIT, "if etag is not None and not self.replace:", "if etag is None and not self.replace:", "changeByOthers", "othersOverwritten"),
    Mutant("a conflict is told as success", DEPOSIT, "                    return CONFLICT", "                    return ACCEPTED", "changeByOthers", "outcomeDiffers"),
    Mutant("others are never replaced", DEPOSIT, "if etag is not None and not self.replace:", "if etag is not None:", "changeByOthers", "notStored"),
    Mutant("a revoked key is tried again and again", CLIENT, _AGAIN, _AGAIN + " or answer.status == 401", "keyRevoked", "repeatedInVain"),
]


_CONTENT = 'step["document"]'
_KNOWN = 'if step["instruction"] == "replace" or path not in known:'
_PUT = "accepted, known[path] = gateway.put(path, document, known[path])"


def _rewritten(pattern: str, replacement: str) -> str:
    """The document of the step, with other text where the pattern is."""
    return f"""json.loads(__import__("re").sub(r'{pattern}', r'{replacement}', json.dumps(step["document"])))"""


_ONE_BY_ONE = """for member in document["members"]:
            _, known[path] = gateway.put(path, {"members": [member]}, known[path])
        """
_FIRST_AGAIN = """document = self.__dict__.setdefault(path, document)
        """ + _PUT
_SIGN = "page = gateway.sign(path)"

STAFF: list[Mutant] = [
    Mutant("accents are lost", LIBRARY, _CONTENT, _rewritten(r"\\u[0-9a-f]{4}", ""), "firstDeposit", "storedDiffers"),
    Mutant("working time is rounded", LIBRARY, _CONTENT, _rewritten(r'"fteHundredths": (\d)\d', r'"fteHundredths": \g<1>0'), "firstDeposit", "storedDiffers"),
    Mutant("ends of contracts are lost", LIBRARY, _CONTENT, _rewritten(r', "endDate": "[-0-9]*"', ""), "firstDeposit", "storedDiffers"),
    Mutant("absences are dropped", LIBRARY, _CONTENT, _rewritten(r'"absences": \[[^]]*\]', '"absences": []'), "firstDeposit", "storedDiffers"),
    Mutant("who is new is left out", LIBRARY, _CONTENT, '{"members": step["document"]["members"][2:]}', "firstDeposit", "notStored"),
    Mutant("each person is sent alone", LIBRARY, _PUT, _ONE_BY_ONE + _PUT, "firstDeposit", "revisionsTooMany"),
    Mutant("the register is not read before it is replaced", LIBRARY, _KNOWN, "known.setdefault(path, None)\n        if False:", "firstDeposit", "notStored"),
    Mutant("only the first person is sent again", LIBRARY, _CONTENT, '{"members": step["document"]["members"][: 1 if path in self._known else None]}', "correction", "storedDiffers"),
    Mutant("an error is told as success", LIBRARY, '"outcome": "refused"', '"outcome": "done"', "findings", "outcomeDiffers"),
    Mutant("only the first error is shown", LIBRARY, "codes(refused.findings)", "codes(refused.findings)[:1]", "findings", "findingsNotShown"),
    Mutant("warnings are dropped", LIBRARY, 'codes(accepted["warnings"])', "[]", "warnings", "findingsNotShown"),
    Mutant("a lost answer is told as failure", CLIENT, _REPEATED, _ONCE, "lostAnswer", "outcomeDiffers"),
    Mutant("an absent gateway ends the deposit", RETRY, _RETRIED, "frozenset({429})", "serviceUnavailable", "notStored"),
    Mutant("what others changed is overwritten", LIBRARY, _KNOWN, "if True:", "changeByOthers", "othersOverwritten"),
    Mutant("a conflict is told as success", LIBRARY, '"outcome": "conflict"', '"outcome": "done"', "changeByOthers", "outcomeDiffers"),
    Mutant("others are never replaced", LIBRARY, _KNOWN, "if path not in known:", "changeByOthers", "notStored"),
]

REPORTS: list[Mutant] = [
    Mutant("salaries are sent in euros", LIBRARY, _CONTENT, _rewritten(r'"grossCents": (\d+)\d\d', r'"grossCents": \1'), "firstDeposit", "storedDiffers"),
    Mutant("the salary of a month is lost", LIBRARY, _CONTENT, _rewritten(r'"grossSalaries": \[[^}]*\}, ', '"grossSalaries": ['), "firstDeposit", "storedDiffers"),
    Mutant("opening hours are dropped", LIBRARY, _CONTENT, _rewritten(r'"openingHours": \{[^}]*\}', '"openingHours": {}'), "firstDeposit", "storedDiffers"),
    Mutant("a correction is not sent", LIBRARY, _PUT, _FIRST_AGAIN, "correction", "notStored"),
    Mutant("only the first error is shown", LIBRARY, "codes(refused.findings)", "codes(refused.findings)[:1]", "findings", "findingsNotShown"),
    Mutant("warnings are dropped", LIBRARY, 'codes(accepted["warnings"])', "[]", "warnings", "findingsNotShown"),
    Mutant("what others changed is overwritten", LIBRARY, _KNOWN, "if True:", "changeByOthers", "othersOverwritten"),
    Mutant("a page of its own is shown", LIBRARY, _SIGN, 'page = f"https://portal.example{path}"', "signature", "notCalled"),
    Mutant("the page is not read from the problem", LIBRARY, '.get("page")', '.get("instance")', "signature", "pageNotShown"),
    Mutant("a refused signature is told as success", LIBRARY, '"outcome": "refused", "page"', '"outcome": "done", "page"', "signature", "outcomeDiffers"),
    Mutant("the signature is tried again and again", LIBRARY, _SIGN, "page = [gateway.sign(path) for _ in range(20)][0]", "signature", "repeatedInVain"),
]

WEBHOOKS: list[Mutant] = [
    Mutant("an endpoint is made at each attempt", CLIENT, '"/webhookEndpoints", {}, headers, endpoint)', '"/webhookEndpoints", {}, {}, endpoint, repeatable=True)', "endpoint", "endpointsTooMany"),
    Mutant("the endpoint is never verified", ENDPOINT, "return self._gateway.verify_endpoint(state[\"id\"])[\"verified\"]", "return True", "endpoint", "noEndpoint"),
    Mutant("webhooks are not verified", RECEIVE, "id_ = verify(self.server.secrets, headers, body, time.time())", "id_ = headers[\"webhook-id\"]", "wronglySigned", "forgedAccepted"),
    Mutant("refused messages are answered with 204", RECEIVE, "            return self._answer(401)", "            return self._answer(204)", "wronglySigned", "forgedAccepted"),
    Mutant("the feed is read at webhooks only", RECEIVE, "hints.arrived.wait(patience)", "hints.arrived.wait()", "lost", "eventMissing"),
    Mutant("webhooks are handled as they come", RECEIVE, "        say(f\"webhook for event {number}{'' if is_new else ', which came before'}\")", "        say(f\"{number} event\")", "delivery", "eventTwice"),
    Mutant("the position in the feed is forgotten", FEED, "self._file.write({\"after\": after,", "self._file.write({\"after\": 0,", "restart", "feedFromBeginning"),
    Mutant("everything is handled again after a start", FEED, "{\"after\": 0, \"handled\": [], \"versions\": {}} | self._file.read()", "{\"after\": 0, \"handled\": [], \"versions\": {}}", "restart", "eventTwice"),
    Mutant("what happened meanwhile is skipped", RECEIVE, "    read_all(follower)  # what", "    follower._handle = lambda _: None\n    read_all(follower)\n    del follower._handle\n    # what", "restart", "eventMissing"),
]
