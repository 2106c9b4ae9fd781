// Two CSV files, the children and their days, into an attendance statement, and the way back from a finding to a cell.
//
// Values go to the gateway as they stand in the files: it judges them, all at once. Refused here is only what could not
// be sent without losing something: columns that nobody reads, lines that are too long, days of a child who is not there.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Schemas } from "../passerelle/index.js";
import { parseCsv } from "./csv.js";

const CHILD_COLUMNS = ["reference", "familyName", "givenName", "birthDate", "ssin", "startDate", "endDate"];
const DAY_COLUMNS = ["reference", "date", "status", "duration", "reason", "arrival", "departure"];

/** What has to be repaired in the files before anything can be sent: one sentence for each place. */
export class CsvError extends Error {
  constructor(readonly sentences: string[]) {
    super(sentences.join("\n"));
  }
}

/** Where something is wrong: a file and a column of it, and the line. */
export interface Place {
  where: string;
  line?: number;
}

/** A line of a file, and its cells that are not empty. */
interface Row {
  file: string;
  line: number;
  cells: Record<string, string>;
}

/** The statement, and the place in the files that a JSON Pointer of a finding stands for. */
export interface CsvStatement {
  statement: Schemas["AttendanceStatementRequest"];
  place(pointer: string): Place;
}

/** Reads both files. CsvError tells everything that is wrong with them. */
export function readStatement(childrenFile: string, daysFile: string): CsvStatement {
  const faults: string[] = [];
  const children = read(childrenFile, CHILD_COLUMNS, faults);
  const allDays = read(daysFile, DAY_COLUMNS, faults);
  refuseDoubles(children, faults);
  stopAt(faults);
  const daysOf = new Map<string, Row[]>(children.map((row) => [reference(row), []]));
  for (const row of allDays) {
    const days = daysOf.get(reference(row));
    if (days === undefined) faults.push(`${words(cell(row, "reference"))}: ${basename(childrenFile)} has no child with this reference`);
    else days.push(row);
  }
  stopAt(faults);
  const daysByChild = children.map((row) => daysOf.get(reference(row)) ?? []);
  const lines = children.map((row, at) => ({ ...row.cells, days: (daysByChild[at] ?? []).map(withoutReference) }));
  // The gateway judges the values: until then they may be anything.
  const statement = { lines, ...controlTotals(allDays) } as unknown as CsvStatement["statement"];
  return { statement, place: (pointer) => placeOf(pointer, children, daysByChild) };
}

export function words(place: Place): string {
  return place.line === undefined ? place.where : `${place.where}, line ${place.line}`;
}

function placeOf(pointer: string, children: Row[], days: Row[][]): Place {
  const [, list, child, member, day, name] = pointer.split("/");
  const row = member === "days" && day !== undefined ? days[Number(child)]?.[Number(day)] : children[Number(child)];
  if (list !== "lines" || child === undefined || row === undefined) return { where: pointer || "the whole statement" };
  return cell(row, member === "days" && day !== undefined ? name : member);
}

function cell(row: Row, column: string | undefined): Place {
  return { where: row.file + (column === undefined ? "" : ` column ${column}`), line: row.line };
}

function reference(row: Row): string {
  return row.cells["reference"] ?? "";
}

function withoutReference(row: Row): Record<string, string> {
  const { reference: _, ...others } = row.cells;
  return others;
}

function stopAt(faults: string[]): void {
  if (faults.length > 0) throw new CsvError(faults);
}

function refuseDoubles(children: Row[], faults: string[]): void {
  const first = new Map<string, number>();
  for (const row of children) {
    const line = first.get(reference(row));
    if (line === undefined) first.set(reference(row), row.line);
    else if (reference(row)) faults.push(`${words(cell(row, "reference"))}: the child of line ${line} has the same reference`);
  }
}

/** Our own sums, which the gateway compares with its own; none where a value is not known, which is a finding anyway. */
function controlTotals(days: Row[]): { controlTotals?: Schemas["ControlTotals"] } {
  const none = () => ({ fullDays: 0, halfDays: 0 });
  const totals: Schemas["ControlTotals"] = { present: none(), justifiedAbsence: none(), unjustifiedAbsence: none() };
  for (const { cells } of days) {
    const count = Object.entries(totals).find(([status]) => status === cells["status"])?.[1];
    if (count === undefined || (cells["duration"] !== "full" && cells["duration"] !== "half")) return {};
    count[cells["duration"] === "full" ? "fullDays" : "halfDays"] += 1;
  }
  return { controlTotals: totals };
}

/** The rows of a file, whose first line names its columns. Commas, semicolons or tabs part the cells. */
function read(path: string, columns: string[], faults: string[]): Row[] {
  const file = basename(path);
  let records;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    const count = (sign: string) => (text.split("\n")[0] ?? "").split(sign).length;
    records = parseCsv(text, [",", ";", "\t"].reduce((best, sign) => (count(sign) > count(best) ? sign : best)));
  } catch (error) {
    if (error instanceof SyntaxError) faults.push(`${file} ${error.message}`);
    else if (error instanceof TypeError) faults.push(`${file}: this is not UTF-8; save it as “CSV UTF-8”`);
    else throw error;
    return [];
  }
  const header = (records.shift()?.cells ?? []).map((name) => name.trim());
  faults.push(...headerFaults(header, columns).map((fault) => `${file} line 1: ${fault}`));
  return records.flatMap(({ line, cells }) => {
    if (cells.length > header.length) faults.push(`${file} line ${line}: there are more cells than columns`);
    const named = header.map((name, at) => [name, (cells[at] ?? "").trim()] as const).filter(([, value]) => value !== "");
    const row = { file, line, cells: Object.fromEntries(named) };
    if (named.length > 0 && !reference(row)) faults.push(`${words(cell(row, "reference"))}: the reference is missing`);
    return named.length > 0 ? [row] : [];
  });
}

function headerFaults(header: string[], columns: string[]): string[] {
  const unknown = header.filter((name) => !columns.includes(name));
  const twice = columns.filter((name) => header.filter((other) => other === name).length > 1);
  return [
    ...unknown.map((name) => `the column “${name}” is not known; there are ${columns.join(", ")}`),
    ...twice.map((name) => `the column “${name}” stands twice`),
    ...(header.includes("reference") ? [] : ["the column “reference” is missing"]),
  ];
}
