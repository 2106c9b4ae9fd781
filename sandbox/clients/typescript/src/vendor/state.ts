// What the program keeps between two runs: small JSON files, replaced whole, so that none is ever half written.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Schemas } from "../passerelle/index.js";

/** A JSON object in a file of its own. Only its owner can read it: it may have a secret in it. */
export class StateFile<Content extends object> {
  constructor(readonly path: string) {}

  /** What was written last; empty before that. */
  read(): Partial<Content> {
    try {
      return JSON.parse(readFileSync(this.path, "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw error;
    }
  }

  /** Replaces the content. When this returns it is on the disk. */
  write(content: Partial<Content>): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const beside = `${this.path}.${process.pid}.new`;
    const file = openSync(beside, "w", 0o600);
    writeSync(file, JSON.stringify(content, null, 1));
    fsyncSync(file);
    closeSync(file);
    renameSync(beside, this.path);
  }
}

/** A deposit of ours, as it was accepted. */
export interface KnownDeposit {
  etag: string;
  revision: number;
  warnings: Schemas["Finding"][];
}

/** What we deposited last for each crèche and month. */
export class DepositLog {
  readonly #file: StateFile<Record<string, KnownDeposit>>;

  constructor(folder: string) {
    this.#file = new StateFile(join(folder, "deposits.json"));
  }

  /** The last deposit of this month. */
  known(creche: string, month: string): KnownDeposit | undefined {
    return this.#file.read()[`${creche}/${month}`];
  }

  /** Keeps a deposit, or forgets it. */
  record(creche: string, month: string, deposit: KnownDeposit | undefined): void {
    const { [`${creche}/${month}`]: _, ...others } = this.#file.read();
    this.#file.write(deposit === undefined ? others : { ...others, [`${creche}/${month}`]: deposit });
  }
}
