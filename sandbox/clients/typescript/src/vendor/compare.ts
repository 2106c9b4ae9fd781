// What differs between the statement that we would send and the one that is held.
import type { Schemas } from "../passerelle/index.js";

type Line = Schemas["AttendanceLine"];

/**
 * A sentence for each difference, by the reference of the child; no names and no birth dates.
 *
 * A number is never shown by the gateway, so that only its presence can be compared.
 */
export function differences(ours: Line[], held: Line[]): string[] {
  const [mine, theirs] = [ours, held].map((lines) => new Map(lines.map((line) => [line.reference, line]))) as [Map<string, Line>, Map<string, Line>];
  const sentences = [...mine.keys()].filter((reference) => !theirs.has(reference)).map((reference) => `${reference}: only in our files`);
  for (const [reference, line] of theirs) {
    const own = mine.get(reference);
    if (own === undefined) sentences.push(`${reference}: only at the gateway`);
    else sentences.push(...ofChild(own, line).map((text) => `${reference}: ${text}`));
  }
  return sentences.sort();
}

function ofChild(ours: Line, held: Line): string[] {
  const names = ["familyName", "givenName", "birthDate", "startDate", "endDate"] as const;
  const sentences = names.filter((name) => ours[name] !== held[name]).map((name) => `${name} differs`);
  if (hasNumber(ours) !== hasNumber(held)) {
    sentences.push(`the number is ${hasNumber(ours) ? "only in our files" : "only at the gateway"}`);
  }
  const [mine, theirs] = [byDate(ours), byDate(held)];
  const dates = [...new Set([...mine.keys(), ...theirs.keys()])].sort();
  const differing = dates.filter((date) => mine.get(date) !== theirs.get(date));
  return [...sentences, ...differing.map((date) => `${date} ${mine.get(date) ?? "nothing"} in our files, ${theirs.get(date) ?? "nothing"} at the gateway`)];
}

function hasNumber(line: Line): boolean {
  return line.ssin !== undefined || line.ssinPresent !== undefined;
}

/** The entries of each day, as words. */
function byDate(line: Line): Map<string, string> {
  const days = new Map<string, string[]>();
  for (const { date, status, duration, reason, arrival, departure } of line.days) {
    const entry = [status, duration, reason, arrival, departure].filter((value) => value !== undefined).join(" ");
    days.set(date, [...(days.get(date) ?? []), entry]);
  }
  return new Map([...days].map(([date, entries]) => [date, entries.sort().join(" and ")]));
}
