// `deposit`: the attendance of a month, from CSV files to an accepted statement.
import { type Deposit, type Gateway, NotFoundError, PreconditionError, RefusedError } from "../passerelle/index.js";
import { differences } from "./compare.js";
import { CsvError, type CsvStatement, readStatement } from "./csvStatement.js";
import { findingLines, problemLines, totalsLine } from "./report.js";
import type { DepositLog } from "./state.js";

export const ACCEPTED = 0;
export const REFUSED = 1;
export const NOT_DONE = 2;
export const CONFLICT = 3;

/** What is to be deposited, and how. */
export interface DepositOptions {
  creche: string;
  month: string;
  dryRun: boolean;
  /** Replace what somebody else deposited, after showing the differences. */
  replace: boolean;
  correctionReason: string | undefined;
}

const tell = (...lines: string[]): void => lines.forEach((line) => console.log(line));

/** Deposits and tells everything that the gateway has to say. Returns the exit status. */
export async function deposit(gateway: Gateway, log: DepositLog, options: DepositOptions, children: string, days: string): Promise<number> {
  let source: CsvStatement;
  try {
    source = readStatement(children, days);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    tell(...error.sentences, "nothing was sent");
    return REFUSED;
  }
  const job = new DepositJob(gateway, log, options, source);
  try {
    return await job.run();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    tell(...problemLines(error, source.place), "nothing was written");
    return REFUSED;
  }
}

class DepositJob {
  constructor(
    readonly gateway: Gateway,
    readonly log: DepositLog,
    readonly options: DepositOptions,
    readonly source: CsvStatement,
  ) {}

  async run(): Promise<number> {
    const tried = await this.put(undefined, true);
    if (!this.options.dryRun) return this.deposit();
    tell(`dry run: ${this.options.month} would be accepted, nothing was written`);
    const effect = tried.accepted.effect;
    if (effect) tell(`before: ${totalsLine(effect.month.before)}`);
    return this.tellFigures(tried);
  }

  put(etag: string | undefined, dryRun = false): Promise<Deposit> {
    const { creche, month, correctionReason } = this.options;
    const options = { dryRun, ...(etag ? { ifMatch: etag } : {}), ...(correctionReason ? { correctionReason } : {}) };
    return this.gateway.putAttendance(creche, month, this.source.statement, options);
  }

  /** Replaces what we know to be there. What somebody else sent meanwhile is replaced on demand only. */
  async deposit(): Promise<number> {
    let etag = this.log.known(this.options.creche, this.options.month)?.etag;
    for (let round = 0; round < 3; round++) {
      try {
        return this.accepted(await this.put(etag));
      } catch (error) {
        if (!(error instanceof PreconditionError)) throw error;
        etag = await this.compare();
        if (etag !== undefined && !this.options.replace) {
          tell("conflict: look at the differences; --replace replaces what is there by our files");
          return CONFLICT;
        }
      }
    }
    tell("conflict: it changes all the time; try again later");
    return CONFLICT;
  }

  /** Tells what differs from what is held now, and returns its `ETag`; none where nothing is held any more. */
  async compare(): Promise<string | undefined> {
    const { creche, month } = this.options;
    try {
      const { statement, etag } = await this.gateway.getAttendance(creche, month);
      tell(`somebody else deposited revision ${statement.revision} of ${month}:`);
      tell(...differences(this.source.statement.lines, statement.lines));
      return etag;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      this.log.record(creche, month, undefined);
      return undefined;
    }
  }

  accepted(deposit: Deposit): number {
    const { written, unchanged, revision, warnings, lines } = deposit.accepted;
    const { creche, month } = this.options;
    if (deposit.etag && (written || unchanged)) this.log.record(creche, month, { etag: deposit.etag, revision, warnings });
    const word = written ? "accepted" : unchanged ? "unchanged" : "not written (a trial key)";
    tell(`${word}: ${month} revision ${revision}, ${lines} children`);
    return this.tellFigures(deposit);
  }

  tellFigures({ accepted }: Deposit): number {
    tell(`totals: ${totalsLine(accepted.totals)}`);
    tell(...accepted.warnings.flatMap((warning) => findingLines(warning, this.source.place)));
    return ACCEPTED;
  }
}
