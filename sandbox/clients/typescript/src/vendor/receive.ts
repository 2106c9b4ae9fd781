// `receive`: a webhook endpoint. What comes in is verified and answered at once; the feed then says what happened.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SignatureError, verify } from "../passerelle/index.js";
import type { Follower } from "./feed.js";
import { readAll } from "./follow.js";

const LONGEST_BODY = 64 * 1024;

/** The webhooks that came. */
export class Hints {
  readonly #numbers = new Map<string, number>();
  #arrived = false;
  #wake = (): void => {};

  /** Whether this event was not announced before. */
  add(id: string, number: number): boolean {
    const isNew = !this.#numbers.has(id);
    this.#numbers.set(id, number);
    if (this.#numbers.size > 10_000) this.#numbers.delete(this.#numbers.keys().next().value ?? "");
    this.#arrived = true;
    this.#wake();
    return isNew;
  }

  /** The numbers of all events that were announced. */
  numbers(): Set<number> {
    return new Set(this.#numbers.values());
  }

  /** Waits for a webhook, at most so many seconds. */
  async wait(seconds: number): Promise<void> {
    if (!this.#arrived) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, seconds * 1000);
        this.#wake = () => (clearTimeout(timer), resolve());
      });
    }
    this.#arrived = false;
  }
}

/** Takes deliveries at `/hook`. */
export class Receiver {
  /** The secrets that are accepted; until there is one, everything is refused. */
  secrets: readonly string[] = [];
  readonly #server: Server;

  constructor(hints: Hints) {
    this.#server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
      this.#take(request, hints).catch(() => 400).then((status) => response.writeHead(status).end());
    });
  }

  /** Listens, and returns the port. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => this.#server.once("error", reject).listen(port, host, resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  /** The status to answer with. */
  async #take(request: IncomingMessage, hints: Hints): Promise<number> {
    if (request.method !== "POST" || request.url !== "/hook") return 404;
    const parts: Buffer[] = [];
    let length = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length <= LONGEST_BODY) parts.push(part);
    }
    if (length > LONGEST_BODY) return 413;
    const body = Buffer.concat(parts);
    try {
      const id = verify(this.secrets, request.headers, body, Date.now() / 1000);
      const number: unknown = JSON.parse(body.toString()).number;
      if (typeof number !== "number") return 400;
      console.log(`webhook for event ${number}${hints.add(id, number) ? "" : ", which came before"}`);
      return 204;
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      console.log(`refused a delivery: ${error.message}`);
      return 401;
    }
  }
}

/** Reads the feed at each hint, and at the latest after `patience` seconds: what no webhook announced is found there. */
export async function readOnHints(follower: Follower, hints: Hints, patience: number): Promise<never> {
  await readAll(follower); // what happened while nobody listened is announced later, if at all
  const awaited = new Map<number, number>();
  for (;;) {
    await hints.wait(patience);
    for (const number of await readAll(follower)) awaited.set(number, performance.now() / 1000);
    tellGaps(awaited, hints.numbers(), patience);
  }
}

/** Tells of events that the feed had and no webhook announced in time. They are handled; something may be wrong, though. */
export function tellGaps(awaited: Map<number, number>, announced: Set<number>, patience: number): void {
  for (const [number, since] of [...awaited].sort(([one], [other]) => one - other)) {
    const isLate = performance.now() / 1000 - since >= patience;
    if (isLate && !announced.has(number)) console.log(`no webhook announced event ${number}; the feed had it`);
    if (isLate || announced.has(number)) awaited.delete(number);
  }
}
