import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test, type TestContext } from "node:test";
import { DEFAULT_POLICY, type Schemas } from "../src/passerelle/index.js";
import { LostAnswerError } from "../src/passerelle/transport.js";
import { differences } from "../src/vendor/compare.js";
import { parseCsv } from "../src/vendor/csv.js";
import { CsvError, readStatement, words } from "../src/vendor/csvStatement.js";
import { Follower } from "../src/vendor/feed.js";
import { follow } from "../src/vendor/follow.js";
import { Hints, tellGaps } from "../src/vendor/receive.js";
import { findingLines } from "../src/vendor/report.js";
import { answer, FakeGateway, problem } from "./fakes.js";

const CHILDREN = "reference,familyName,givenName,birthDate,ssin\nK-1,Dubois,Léa,2024-03-12,\nK-2,Benali,Omar,2024-03-12,24031295119\n";

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "vendor-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function statementOf(context: TestContext, children: string, days: string) {
  const files = ["children.csv", "days.csv"].map((name) => join(folderOf(context), name)) as [string, string];
  [children, days].forEach((text, at) => writeFileSync(files[at] ?? "", text));
  return readStatement(...files);
}

/** The lines that are printed meanwhile. */
async function printed(action: () => unknown): Promise<string[]> {
  const log = mock.method(console, "log", () => {});
  try {
    await action();
    return log.mock.calls.map(({ arguments: [line] }) => String(line));
  } finally {
    log.mock.restore();
  }
}

test("CSV has quotes, doubled quotes, and line ends in cells", () => {
  assert.deepEqual(parseCsv('a;"b;""c"""\r\n"d\ne";\n\nf', ";"), [
    { line: 1, cells: ["a", 'b;"c"'] }, { line: 3, cells: ["d\ne", ""] }, { line: 4, cells: [""] }, { line: 5, cells: ["f"] },
  ]);
  assert.throws(() => parseCsv('a\n"b', ","), /line 2: quotes are not closed/);
  assert.throws(() => parseCsv('a\n"b"c', ","), /line 2/);
});

test("empty cells are left out and places lead back", (context) => {
  const days = "\uFEFFreference;date;status;duration;reason\r\n\r\nK-2;2026-07-01;present;full;\r\nK-1;2026-07-01;present;half;\r\n";
  const { statement, place } = statementOf(context, CHILDREN, days);
  const first = { reference: "K-1", familyName: "Dubois", givenName: "Léa", birthDate: "2024-03-12" };
  assert.deepEqual(statement.lines[0], { ...first, days: [{ date: "2026-07-01", status: "present", duration: "half" }] });
  assert.deepEqual(statement.controlTotals?.present, { fullDays: 1, halfDays: 1 });
  const places = ["/lines/0/days/0/date", "/lines/1/ssin", ""].map((pointer) => words(place(pointer)));
  assert.deepEqual(places, ["days.csv column date, line 4", "children.csv column ssin, line 3", "the whole statement"]);
});

test("values that are not understood are sent, and no totals with them", (context) => {
  const { statement } = statementOf(context, CHILDREN, "reference,date,status,duration\nK-1,tomorrow,here,full\n");
  assert.deepEqual(statement.lines[0]?.days, [{ date: "tomorrow", status: "here", duration: "full" }]);
  assert.equal(statement.controlTotals, undefined);
});

test("nothing is dropped in silence", (context) => {
  const days = "reference,date\n";
  const cases: [string, string, RegExp][] = [
    [CHILDREN.replace("ssin", "niss"), days, /column “niss” is not known/],
    [CHILDREN, `${days}K-1,2026-07-01,present\n`, /more cells than columns/],
    [CHILDREN, `${days}K-9,2026-07-01\n`, /no child with this reference/],
    [CHILDREN.replace("K-2", "K-1"), days, /the child of line 2 has the same reference/],
    [CHILDREN, `${days},2026-07-01\n`, /the reference is missing/],
    [CHILDREN, "date\n", /“reference” is missing/],
  ];
  for (const [children, given, expected] of cases) {
    const isTold = (error: unknown) => error instanceof CsvError && expected.test(error.sentences[0] ?? "");
    assert.throws(() => statementOf(context, children, given), isTold, String(expected));
  }
});

test("all places are told, those of a column together", () => {
  const finding = {
    severity: "error", code: "a.b", detail: "Wrong.", owner: "encoder", href: "h", in: "body", title: "T", type: "t",
    name: "/3", count: 502, places: [{ name: "/3" }, { name: "/2" }],
  } satisfies Schemas["Finding"];
  const lines = findingLines(finding, (pointer) => ({ where: "days.csv column date", line: Number(pointer.slice(1)) }));
  assert.deepEqual(lines.slice(1, 3), ["    at days.csv column date, lines 2, 3", "    at 500 more places"]);
});

test("a number is compared by its presence", () => {
  const line = (reference: string, more: object = {}) => ({ reference, familyName: "N", givenName: "G", birthDate: "2024-03-12", days: [], ...more });
  const ours = [line("K-1", { ssin: "24031295119" }), line("K-2")];
  const held = [line("K-1", { ssinPresent: true }), line("K-3")];
  assert.deepEqual(differences(ours, held), ["K-2: only in our files", "K-3: only at the gateway"]);
});

const page = (...numbers: number[]) => {
  const items = numbers.map((number) => ({ id: `e${number}`, number, type: "doctor.entered", data: {} }));
  return answer(200, { items, upTo: numbers.at(-1) });
};

async function readPages(folder: string, ...answers: ReturnType<typeof answer>[]): Promise<[string[], string[]]> {
  const fake = new FakeGateway(answers);
  const follower = new Follower(fake.gateway, folder);
  const lines = await printed(async () => {
    for (const _ of answers) await follower.read(0);
  });
  return [lines, fake.requests.map(({ url }) => url.split("?")[1] ?? "")];
}

test("the feed goes on where it was and no event is handled twice", async (context) => {
  const folder = folderOf(context);
  assert.deepEqual((await readPages(folder, page(1, 2)))[0], ["1 doctor.entered", "2 doctor.entered"]);
  assert.deepEqual(await readPages(folder, page(2, 3)), [["3 doctor.entered"], ["after=2&wait=0"]]);
});

test("a reset gateway is read from the beginning", async (context) => {
  const folder = folderOf(context);
  await readPages(folder, page(1, 2));
  const [lines, asked] = await readPages(folder, problem(409, "passerelle:afterFeedEnd"), page(1, 7));
  assert.deepEqual([lines.slice(1), asked], [["7 doctor.entered"], ["after=2&wait=0", "after=0&wait=0"]]);
});

test("following goes on after a gateway that was away", async (context) => {
  const lost = new LostAnswerError("refused");
  const busy = answer(503, {}, { "retry-after": "30" });
  const fake = new FakeGateway([page(1), lost, busy, page(2), lost], { ...DEFAULT_POLICY, attempts: 1 });
  const [waits, silenced] = [[] as number[], mock.method(console, "error", () => {})];
  const sleep = async (seconds: number) => void waits.push(seconds);
  const lines = await printed(() => assert.rejects(follow(new Follower(fake.gateway, folderOf(context)), false, sleep), /no answer is left/));
  silenced.mock.restore();
  assert.deepEqual(lines, ["1 doctor.entered", "2 doctor.entered"]);
  assert.ok(waits.length === 3 && waits[1] === 30 && [waits[0], waits[2]].every((wait = 0) => wait >= 1 && wait <= 2), String(waits));
});

test("events that no webhook announced are told once", async () => {
  const hints = new Hints();
  assert.deepEqual([hints.add("e4", 4), hints.add("e4", 4)], [true, false]);
  const awaited = new Map([[4, 0], [5, 0]]);
  const lines = await printed(() => [tellGaps(awaited, hints.numbers(), 0), tellGaps(awaited, hints.numbers(), 0)]);
  assert.deepEqual(lines, ["no webhook announced event 5; the feed had it"]);
});
