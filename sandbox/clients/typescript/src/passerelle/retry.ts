// Which requests are sent again, and after how many seconds. No waiting and no network here.

/** The gateway, or a proxy before it, is busy or away. Any other refusal would be the same the next time. */
export const RETRIED_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** How often and how patiently a request is repeated. Times are in seconds. */
export interface RetryPolicy {
  /** How often a request is sent at most, the first time included. */
  attempts: number;
  /** The pause after the first attempt; it doubles with each further one. */
  base: number;
  /** The longest pause that the doubling leads to. */
  cap: number;
  /** A `Retry-After` beyond this is not waited for: the caller is told. */
  longestWait: number;
}

export const DEFAULT_POLICY: RetryPolicy = { attempts: 6, base: 0.25, cap: 10, longestWait: 120 };

/**
 * The seconds to wait after this attempt (the first is 1), or undefined where it was the last one.
 *
 * `chance` is between 0 and 1. It spreads the requests of many clients that failed at the same moment.
 */
export function delay(policy: RetryPolicy, attempt: number, retryAfter: number | undefined, chance: number): number | undefined {
  if (attempt >= policy.attempts || (retryAfter ?? 0) > policy.longestWait) return undefined;
  const backoff = Math.min(policy.cap, policy.base * 2 ** (attempt - 1)) * (0.5 + chance / 2);
  return retryAfter === undefined ? backoff : Math.max(backoff, retryAfter * (1 + chance / 10));
}

/**
 * Whether sending the request twice has the effect of sending it once.
 *
 * A PUT is: the gateway takes the same content twice as one revision, and `If-Match` (or its absence) keeps a
 * repeated one from replacing what somebody else sent meanwhile.
 */
export function isRepeatable(method: string, hasIdempotencyKey: boolean): boolean {
  return ["GET", "PUT", "DELETE"].includes(method) || hasIdempotencyKey;
}

/** The seconds that `Retry-After` asks for: a number, or a date in the words of HTTP. */
export function parseRetryAfter(text: string | null | undefined, now: Date): number | undefined {
  if (text == null) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  const until = Date.parse(text);
  return Number.isNaN(until) ? undefined : Math.max(0, (until - now.getTime()) / 1000);
}
