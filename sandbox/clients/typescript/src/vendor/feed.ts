// Where we are in the feed, and what we made of it. Kept in one file, so that both are always of the same moment.
import { join } from "node:path";
import { FeedEndError, type Gateway, type Schemas } from "../passerelle/index.js";
import { DepositLog, StateFile } from "./state.js";

/** How many ids of handled events are kept: they tell known events apart when a feed begins again. */
const KEPT_IDS = 1000;

interface FeedState {
  after: number;
  handled: string[];
  versions: Record<string, number>;
}

/** A page of the feed, all of which is handled. */
export interface PageRead {
  /** The numbers of its events. */
  numbers: number[];
  /** Whether there is another page already. */
  hasMore: boolean;
}

/** Handles every event at least once, in order. An event that comes again changes nothing. */
export class Follower {
  /** The number up to which everything was handled. */
  after: number;
  readonly #gateway: Gateway;
  readonly #file: StateFile<FeedState>;
  readonly #deposits: DepositLog;
  readonly #handled: Set<string>;
  readonly #versions: Record<string, number>;

  constructor(gateway: Gateway, folder: string) {
    this.#gateway = gateway;
    this.#file = new StateFile(join(folder, "feed.json"));
    this.#deposits = new DepositLog(folder);
    const state = this.#file.read();
    this.after = state.after ?? 0;
    this.#handled = new Set(state.handled);
    this.#versions = state.versions ?? {};
  }

  /** Handles one page of the feed; where it has nothing new, the gateway waits so many seconds for an event. */
  async read(wait: number): Promise<PageRead> {
    let page: Schemas["Events"];
    try {
      page = await this.#gateway.events(this.after, wait);
    } catch (error) {
      if (!(error instanceof FeedEndError)) throw error;
      console.log("the feed begins again: the gateway was reset or restored");
      this.#keep(0);
      return { numbers: [], hasMore: true };
    }
    for (const event of page.items) {
      if (!this.#handled.has(event.id)) this.#handle(event);
      this.#handled.add(event.id);
      this.#keep(event.number);
    }
    if (page.upTo !== this.after) this.#keep(page.upTo);
    return { numbers: page.items.map(({ number }) => number), hasMore: page.next !== undefined };
  }

  /** What the program makes of an event: it keeps the newest version of each thing, and tells of changes by others. */
  #handle(event: Schemas["CloudEvent"]): void {
    const { href, version, period = "", crecheId = "" } = event.data;
    console.log([String(event.number), event.type, period, crecheId].filter(Boolean).join(" "));
    if (href === undefined || version === undefined || version <= (this.#versions[href] ?? 0)) return;
    this.#versions[href] = version;
    const ours = this.#deposits.known(crecheId, period)?.revision;
    if (event.type.startsWith("attendanceStatement.") && ours !== undefined && version > ours) {
      console.log(`    somebody else changed ${period}: it is revision ${version}, ours is ${ours}`);
    }
  }

  #keep(after: number): void {
    this.after = after;
    for (const id of this.#handled) {
      if (this.#handled.size <= KEPT_IDS) break;
      this.#handled.delete(id);
    }
    this.#file.write({ after, handled: [...this.#handled], versions: this.#versions });
  }
}
