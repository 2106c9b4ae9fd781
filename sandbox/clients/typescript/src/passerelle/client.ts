// The calls that a vendor needs, with their types, and the repeats that are right for each.
import { GatewayError, problemError, UnreachableError } from "./problems.js";
import { DEFAULT_POLICY, delay, isRepeatable, parseRetryAfter, RETRIED_STATUSES, type RetryPolicy } from "./retry.js";
import type { Schemas } from "./schemas.js";
import { type ApiAnswer, type ApiRequest, LostAnswerError, send } from "./transport.js";

/** An accepted deposit, and the `ETag` to replace it with later (none after a dry run of a first deposit). */
export interface Deposit {
  accepted: Schemas["AcceptedDeposit"];
  etag: string | undefined;
}

/** A statement as it is held, and its `ETag`. */
export interface StoredStatement {
  statement: Schemas["AttendanceStatement"];
  etag: string;
}

export interface GatewayOptions {
  /** The language of `detail`: `fr`, `nl` or `en`. */
  language?: string;
  /** Seconds for one attempt. */
  timeout?: number;
  policy?: RetryPolicy;
  /** For tests. */
  sendOnce?: (request: ApiRequest) => Promise<ApiAnswer>;
  /** For tests. */
  sleep?: (seconds: number) => Promise<void>;
}

interface Call {
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
  timeout?: number;
  repeatable?: boolean;
}

export const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** A gateway, by the address where its API begins (`…/creche/v1`) and an API key. */
export class Gateway {
  /** When the key ends, where that is soon: ask the organiser for the next one. */
  keyExpires: string | undefined;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #options: Required<GatewayOptions>;

  constructor(url: string, key: string, options: GatewayOptions = {}) {
    const { protocol, hostname } = new URL(url);
    if (protocol !== "https:" && !["localhost", "127.0.0.1", "[::1]"].includes(hostname)) {
      throw new TypeError(`a key is sent by https only, and ${url} is something else`);
    }
    this.#url = url.replace(/\/+$/, "");
    this.#options = { language: "en", timeout: 30, policy: DEFAULT_POLICY, sendOnce: send, sleep: pause, ...options };
    const language = this.#options.language;
    this.#headers = { authorization: `Bearer ${key}`, accept: "application/json", "accept-language": language };
  }

  /** Who the key is, and what it may do. */
  async caller(): Promise<Schemas["Caller"]> {
    return JSON.parse((await this.#call("GET", "/caller")).body);
  }

  /** Replaces the statement of a month. PreconditionError where another one is held than `ifMatch` names. */
  async putAttendance(
    creche: string,
    month: string,
    statement: Schemas["AttendanceStatementRequest"],
    options: { ifMatch?: string; dryRun?: boolean; correctionReason?: string } = {},
  ): Promise<Deposit> {
    const query = {
      ...(options.dryRun ? { dryRun: "true" } : {}),
      ...(options.correctionReason ? { correctionReason: options.correctionReason } : {}),
    };
    const headers: Record<string, string> = options.ifMatch ? { "if-match": options.ifMatch } : {};
    const answer = await this.#call("PUT", attendance(creche, month), { query, headers, body: statement });
    return { accepted: JSON.parse(answer.body), etag: etagOf(answer) };
  }

  /** The statement of a month, with the names of the children; the organiser sees that it was read. */
  async getAttendance(creche: string, month: string): Promise<StoredStatement> {
    const answer = await this.#call("GET", attendance(creche, month));
    return { statement: JSON.parse(answer.body), etag: etagOf(answer) ?? "" };
  }

  /** The figures of a crèche in a month (`2026-07`) or a quarter (`2026Q3`). */
  async crecheSummary(creche: string, period: string): Promise<Schemas["CrecheSummary"]> {
    return JSON.parse((await this.#call("GET", `/creches/${encodeURIComponent(creche)}/summaries/${encodeURIComponent(period)}`)).body);
  }

  /** The figures of all crèches that the key reaches. */
  async organiserSummary(period: string): Promise<Schemas["OrganiserSummary"]> {
    return JSON.parse((await this.#call("GET", `/summaries/${encodeURIComponent(period)}`)).body);
  }

  /** What happened after this number. With `wait`, an answer that would be empty waits so many seconds. */
  async events(after: number, wait = 0): Promise<Schemas["Events"]> {
    const query = { after: String(after), wait: String(wait) };
    return JSON.parse((await this.#call("GET", "/events", { query, timeout: this.#options.timeout + wait })).body);
  }

  /** Makes a webhook endpoint. The same key again, within 24 hours, gives the same endpoint and secret again. */
  async createEndpoint(endpoint: Schemas["WebhookEndpointRequest"], idempotencyKey: string): Promise<Schemas["WebhookEndpoint"]> {
    const headers = { "idempotency-key": idempotencyKey };
    return JSON.parse((await this.#call("POST", "/webhookEndpoints", { headers, body: endpoint })).body);
  }

  /** Changes a webhook endpoint. What is sent names the end, so it may be sent twice. */
  async changeEndpoint(endpoint: string, change: Schemas["WebhookEndpointPatch"]): Promise<Schemas["WebhookEndpoint"]> {
    const headers = { "content-type": "application/merge-patch+json" };
    const call = { headers, body: change, repeatable: true };
    return JSON.parse((await this.#call("PATCH", `/webhookEndpoints/${encodeURIComponent(endpoint)}`, call)).body);
  }

  /** Has a signed test event sent to the endpoint, which makes it active when it is answered 2xx. */
  async verifyEndpoint(endpoint: string): Promise<Schemas["WebhookVerified"]> {
    const path = `/webhookEndpoints/${encodeURIComponent(endpoint)}/verifications`;
    return JSON.parse((await this.#call("POST", path, { body: { method: "test" } })).body);
  }

  async #call(method: string, path: string, call: Call = {}): Promise<ApiAnswer> {
    const query = new URLSearchParams(call.query).toString();
    const type: Record<string, string> = call.body === undefined ? {} : { "content-type": "application/json" };
    const headers = { ...this.#headers, ...type, ...call.headers };
    const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
    const url = this.#url + path + (query && `?${query}`);
    const request = { method, url, headers, timeout: call.timeout ?? this.#options.timeout, ...body };
    return this.#repeat(request, call.repeatable ?? isRepeatable(method, "idempotency-key" in headers));
  }

  /** Sends the request until it is answered for good, or as often as the policy allows. */
  async #repeat(request: ApiRequest, repeatable: boolean): Promise<ApiAnswer> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(request);
      if ("answer" in outcome) return outcome.answer;
      const wait = delay(this.#options.policy, attempt, outcome.retryAfter, Math.random());
      if (!outcome.again || !repeatable || wait === undefined) throw outcome.failure;
      await this.#options.sleep(wait);
    }
  }

  async #attempt(request: ApiRequest): Promise<{ answer: ApiAnswer } | { failure: GatewayError; again: boolean; retryAfter?: number }> {
    let answer: ApiAnswer;
    try {
      answer = await this.#options.sendOnce(request);
    } catch (lost) {
      if (!(lost instanceof LostAnswerError)) throw lost;
      return { failure: new UnreachableError(`${request.url}: ${lost.message}`), again: !lost.isPermanent };
    }
    this.keyExpires = answer.headers.get("passerelle-key-expires") ?? this.keyExpires;
    if (answer.status >= 200 && answer.status < 300) return { answer: checked(answer) };
    const retryAfter = parseRetryAfter(answer.headers.get("retry-after"), new Date());
    const failure = problemError(answer.status, answer.headers, answer.body, retryAfter);
    // Another attempt of ours is still being carried out: its answer will be ours.
    const again = RETRIED_STATUSES.has(answer.status) || failure.type === "idempotencyKeyInUse";
    return { failure, again, ...(retryAfter === undefined ? {} : { retryAfter }) };
  }
}

function attendance(creche: string, month: string): string {
  return `/creches/${encodeURIComponent(creche)}/attendanceStatements/${encodeURIComponent(month)}`;
}

/** The `ETag`, without the mark that a proxy which compresses puts before it: it names the content all the same. */
function etagOf(answer: ApiAnswer): string | undefined {
  return answer.headers.get("etag")?.replace(/^W\//, "");
}

/** The answer, if it is a JSON object. */
function checked(answer: ApiAnswer): ApiAnswer {
  let document: unknown;
  try {
    document = JSON.parse(answer.body);
  } catch { /* it is none */ }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new GatewayError("the answer is not one of the gateway: it is not a JSON object");
  }
  return answer;
}
