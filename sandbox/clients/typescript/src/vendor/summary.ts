// `summary`: the figures of a month or a quarter, of one crèche or of all that the key reaches.
import type { Gateway, Schemas } from "../passerelle/index.js";
import { totalsLine } from "./report.js";
import type { DepositLog } from "./state.js";

/** Tells the figures of a crèche, month by month. */
export async function crecheSummary(gateway: Gateway, log: DepositLog, creche: string, period: string): Promise<number> {
  const summary = await gateway.crecheSummary(creche, period);
  console.log(`${summary.creche.name}, ${summary.period}: ${summary.status}`);
  console.log(`totals: ${totalsLine(summary.totals)}; ${rate(summary.presentRate)} of the places`);
  for (const month of summary.months) {
    console.log(`  ${month.month} ${month.status}: ${totalsLine(month.totals)}, ${month.lines} children`);
    tellDays(month.missingDays);
    const codes = log.known(creche, month.month)?.warnings.map(({ code }) => code) ?? [];
    if (codes.length > 0) console.log(`    warnings of our last deposit: ${codes.join(", ")}`);
  }
  tellMissing(summary.missing);
  if (summary.deadline) console.log(`deadline of the claim: ${summary.deadline}${summary.deadlinePassed ? " (passed)" : ""}`);
  return 0;
}

/** Tells the figures of all crèches. */
export async function organiserSummary(gateway: Gateway, period: string): Promise<number> {
  const summary = await gateway.organiserSummary(period);
  console.log(`${summary.organiser.legalName}, ${summary.period}: ${summary.status}`);
  console.log(`totals: ${totalsLine(summary.totals)}`);
  for (const creche of summary.creches) {
    console.log(`  ${creche.creche.name} ${creche.status}: ${totalsLine(creche.totals)}`);
    tellDays(creche.missingDays);
    tellMissing(creche.missing);
  }
  return 0;
}

function tellMissing(months: Schemas["MissingMonth"][]): void {
  for (const { month, detail } of months) console.log(`    missing ${month}: ${detail}`);
}

function tellDays(days: string[] = []): void {
  if (days.length > 0) console.log(`    nothing was received for ${days.join(", ")}`);
}

function rate(basisPoints: number | undefined): string {
  return basisPoints === undefined ? "no rate" : `${(basisPoints / 100).toFixed(2)} %`;
}
