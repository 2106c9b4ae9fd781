"""A year of a crèche in a world of its own: four quarterly claims, of which one is returned, one late and one corrected.

usage: year.py [BASE_URL]

It begins with nothing but the base URL of a sandbox: it makes a world, has its agency act by itself, deposits by the API, signs as a
person in the simulated CSAM, and moves the clock. At the end it prints what became of each claim, and deletes the world. It needs Python
3.10 and nothing else. Exit status: 0 when every claim ended as it should.
"""

import calendar
import datetime
import html.parser
import http.cookiejar
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

Fields = dict[str, str]


class Form(html.parser.HTMLParser):
    """The fields of the form of a page whose action ends with `action`, as a browser would send them untouched."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self._wanted, self._inside, self._select = action, False, ""
        self.action, self.fields, self.options = "", {}, {}
        self.feed(page)
        if not self.action:
            raise RuntimeError(f"no form {action} on the page")

    action: str
    fields: Fields
    #: The values of each select.
    options: dict[str, list[str]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form" and of.get("action", "").endswith(self._wanted):
            self._inside, self.action = True, of["action"]
        elif self._inside and tag == "input" and of.get("name"):
            if of.get("type") not in ("radio", "checkbox") or "checked" in of:
                self.fields[of["name"]] = of.get("value", "")
        elif self._inside and tag == "select":
            self._select = of["name"]
            self.options[self._select] = []
        elif self._inside and tag == "option" and self._select:
            self.options[self._select].append(of.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""


class World:
    """A world of the sandbox, its software and its director."""

    def __init__(self, base: str, start: str) -> None:
        self.base = base.rstrip("/")
        wish = {"shape": "oneCreche", "seed": 2026, "startDate": start}
        _, self.described = request("POST", f"{self.base}/sandbox/worlds", wish)
        self.secret: str = self.described["secret"]
        self.href: str = self.described["href"]
        organiser = self.described["organisers"][0]
        self.key: str = next(key["key"] for key in organiser["applications"][0]["keys"] if key["name"] == "everything")
        self.creche: str = organiser["creches"][0]["id"]
        self.children: list[dict[str, str]] = self.described["children"][self.creche]
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    # What its owner does

    def manage(self, method: str, path: str, body: object = None) -> Any:
        return request(method, self.href + path, body, self.secret)[1]

    def move(self, to: object) -> None:
        """Moves the clock, and waits until everything that fell due is done."""
        status, clock = request("POST", f"{self.href}/clock", to, self.secret)
        while status == 202 or clock["advance"]["state"] == "running":
            time.sleep(0.5)
            status, clock = request("GET", f"{self.href}/clock", None, self.secret)
        if clock["advance"]["state"] != "settled":
            raise RuntimeError(f"the clock did not come to {to}")

    # What the software does

    def call(self, method: str, path: str, body: object = None, match: str | None = None) -> Any:
        headers = {"If-Match": match} if match else {}
        return request(method, self.described["apiUrl"] + path, body, self.key, headers)[1]

    def deposit(self, kind: str, month: str, lines: list[Any], correction: str | None = None) -> None:
        query = f"?correctionReason={correction}" if correction else ""
        path = f"/creches/{self.creche}/{kind}Statements/{month}{query}"
        self.call("PUT", path, {"lines": lines}, "*" if correction else None)

    def attendance(self, month: str, absent: int = 0) -> list[Any]:
        """Every child on every open day of the month; the first one was ill on the first `absent` of them."""
        opened = self.call("GET", f"/creches/{self.creche}/summaries/{month}/openDays")["months"][0]["days"]
        dates = [day["date"] for day in opened if day["open"]]
        lines = []
        for number, child in enumerate(self.children):
            ill = absent if number == 0 else 0
            days = [{"date": date, "status": "justifiedAbsence", "duration": "full"} for date in dates[:ill]]
            days += [{"date": date, "status": "present", "duration": "full"} for date in dates[ill:]]
            born = max(child["birthDate"], dates[0])
            lines.append(child | {"days": [day for day in days if day["date"] >= born]})
        return lines

    def consultation(self, month: str) -> list[Any]:
        doctor = self.call("GET", "/doctors")["items"][0]["inami"]
        opened = self.call("GET", f"/creches/{self.creche}/summaries/{month}/openDays")["months"][0]["days"]
        date = next(day["date"] for day in opened if day["open"])
        return [{"date": date, "arrival": "13:30", "departure": "15:00", "inami": doctor, "feeCents": 8550}]

    def report(self, quarter: str, months: list[str]) -> None:
        """The draft of the report."""
        salaries = [{"month": month, "grossCents": 312_000} for month in months]
        draft: dict[str, Any] = {
            "staff": [{"reference": "E-1", "subsidised": True, "grossSalaries": salaries}],
            "openingHours": {"from": "07:00", "until": "18:00"},
        }
        if quarter.endswith("Q1"):
            draft["childrenOn15January"] = len(self.children)
        self.call("PUT", f"/creches/{self.creche}/activityReports/{quarter}", draft)

    def claim(self, quarter: str) -> Any:
        return self.call("GET", f"/creches/{self.creche}/activityReports/{quarter}/claim")

    # What the director does

    def page(self, url: str, fields: Fields | None = None) -> str:
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        with self.browser.open(urllib.request.Request(urllib.parse.urljoin(self.base, url), data), timeout=60) as answer:
            return str(answer.read().decode())

    def log_in(self) -> None:
        """Opens the pages of the world, and logs the first person in with an eID."""
        session = urllib.request.Request(f"{self.href}/session", b"", {"Authorization": f"Bearer {self.secret}"})
        self.browser.open(session, timeout=60).close()
        form = Form(self.page("/console/login/begin"), "/authorize")
        self.page(form.action, form.fields | {"person": "0", "level": "eid", "decision": "allow"})

    def sign(self, quarter: str) -> None:
        """Logs in anew, reads the report, gives a reason for each warning, and signs."""
        self.log_in()
        address = f"/console/creches/{self.creche}/report/{quarter}/claim"
        form = Form(self.page(address), "/claim")
        reasons = {name: next(value for value in values if value) for name, values in form.options.items()}
        signed = self.page(address, form.fields | reasons)
        if "SHA-256" not in signed:
            raise RuntimeError(f"{quarter} was not signed")


def request(method: str, url: str, body: object = None, bearer: str = "", headers: Fields | None = None) -> tuple[int, Any]:
    """Status and document of an answer; a refusal ends the script with everything that it says."""
    sent = {"Content-Type": "application/json", "Accept-Language": "en"} | (headers or {})
    if bearer:
        sent["Authorization"] = f"Bearer {bearer}"
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, sent, method=method), timeout=60) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as refused:
        raise RuntimeError(f"{method} {url}: {refused.code}\n{refused.read().decode()}") from refused


def months_of(year: int, number: int) -> list[str]:
    return [f"{year}-{month:02}" for month in range(3 * number - 2, 3 * number + 1)]


def eight_on(date: datetime.date) -> dict[str, str]:
    """Eight in the morning in Brussels, near enough: an hour more or less is the same day."""
    return {"to": f"{date}T08:00:00+01:00"}


def month_by_month(world: World, months: list[str]) -> None:
    """The software deposits each month on its last day but one evening later: on the first of the next."""
    for month in months:
        world.move({"milestone": "endOfMonth"})
        world.deposit("attendance", month, world.attendance(month))
        world.deposit("medical", month, world.consultation(month))


def year(base: str) -> bool:
    world = World(base, "2026-01-05")
    print(f"a world: {world.href}")
    ends: dict[str, list[str]] = {}

    def note(quarter: str) -> None:
        state = str(world.claim(quarter)["state"])
        ends.setdefault(quarter, []).append(state)
        print(f"{world.manage('GET', '/clock')['today']}  {quarter}: {state}")

    def policy(**chosen: object) -> None:
        world.manage("PUT", "/agency", {"claimsAfterDays": 10, "paymentsAfterDays": 20, "rateTables": True} | chosen)

    quarters = {number: f"2026Q{number}" for number in range(1, 5)}
    for number, quarter in quarters.items():
        months = months_of(2026, number)
        month_by_month(world, months)
        world.report(quarter, months)
        policy(claims="returnOnce" if number == 2 else "accept")
        if number == 3:
            # A late one: the deadline is the last day of the year, and it is signed three days after it. The months of the fourth quarter
            # are deposited meanwhile, as they come.
            month_by_month(world, months_of(2026, 4)[:2])
            world.move(eight_on(datetime.date(2027, 1, 3)))
        world.sign(quarter)
        note(quarter)
        world.move({"by": "P11D"})
        note(quarter)
        if number == 2:
            # Returned: a month is corrected, and the difference signed.
            world.deposit("attendance", months[1], world.attendance(months[1], absent=2), "agencyRequest")
            world.sign(quarter)
            note(quarter)
            world.move({"by": "P11D"})
            note(quarter)
        if number == 3:
            break
    quarter, months = quarters[4], months_of(2026, 4)
    world.deposit("attendance", months[2], world.attendance(months[2]))
    world.deposit("medical", months[2], world.consultation(months[2]))
    world.report(quarter, months)
    world.sign(quarter)
    note(quarter)
    world.move({"by": "P11D"})
    note(quarter)
    # Corrected after it was accepted: a late certificate of illness. What is signed then is the difference.
    world.deposit("attendance", months[0], world.attendance(months[0], absent=3), "lateInformation")
    assert world.claim(quarter)["changed"] is True
    world.sign(quarter)
    note(quarter)
    world.move({"by": "P40D"})
    note(quarter)

    payments = world.call("GET", "/subsidyPayments")["items"]
    print(f"{len(payments)} payments, {sum(one['amountCents'] for one in payments) / 100:.2f} euros")
    world.manage("DELETE", "")
    expected = {
        "2026Q1": ["signed", "accepted"],
        "2026Q2": ["signed", "returned", "signed", "accepted"],
        "2026Q3": ["signed", "accepted"],
        "2026Q4": ["signed", "accepted", "signed", "accepted"],
    }
    for quarter, states in expected.items():
        if ends.get(quarter) != states:
            print(f"{quarter}: {ends.get(quarter)}, not {states}", file=sys.stderr)
    return ends == expected


if __name__ == "__main__":
    began = time.monotonic()
    is_as_expected = year(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080")
    print(f"a year in {time.monotonic() - began:.0f} s")
    sys.exit(0 if is_as_expected else 1)
