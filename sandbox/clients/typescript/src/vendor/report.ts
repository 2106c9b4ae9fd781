// Findings and figures as lines for people.
import type { ProblemError, Schemas } from "../passerelle/index.js";
import type { Place } from "./csvStatement.js";

type PlaceOf = (pointer: string) => Place;

/** A finding with all its places, what to do, and who can do it. */
export function findingLines(finding: Schemas["Finding"], place: PlaceOf): string[] {
  const pointers = finding.places?.map(({ name }) => name) ?? [finding.name];
  const places = pointers.map((pointer) => (finding.in === "body" ? place(pointer) : { where: `${finding.in} ${pointer}` }));
  const more = (finding.count ?? places.length) - places.length;
  return [
    `${finding.severity} ${finding.code}: ${finding.detail}`,
    ...[...grouped(places), ...(more > 0 ? [`${more} more places`] : [])].map((text) => `    at ${text}`),
    `    repaired by: ${finding.owner}; see ${finding.href}`,
  ];
}

/** The places, those of one column together. */
function grouped(places: Place[]): string[] {
  const lines = new Map<string, number[]>();
  for (const { where, line } of places) lines.set(where, [...(lines.get(where) ?? []), ...(line === undefined ? [] : [line])]);
  return [...lines].map(([where, numbers]) => {
    const word = numbers.length === 1 ? "line" : "lines";
    return numbers.length === 0 ? where : `${where}, ${word} ${numbers.sort((one, other) => one - other).join(", ")}`;
  });
}

/** A problem with every finding that it has, and what support is told. */
export function problemLines(error: ProblemError, place: PlaceOf): string[] {
  const findings = error.findings.flatMap((finding) => findingLines(finding, place));
  const reference = `reference for support: ${error.type} ${error.problem.instance || error.traceId}`;
  return [`refused: ${error.problem.detail}`, ...findings, reference];
}

/** The six counts. */
export function totalsLine({ present, justifiedAbsence, unjustifiedAbsence }: Schemas["Totals"]): string {
  const kinds = Object.entries({ present, justified: justifiedAbsence, unjustified: unjustifiedAbsence });
  return kinds.map(([name, { fullDays, halfDays }]) => `${name} ${fullDays} + ${halfDays}/2`).join(", ");
}
