// What can go wrong, as errors. Handle them by class, or by `type`; show `detail` to people.
import type { Schemas } from "./schemas.js";

/** The call did not succeed. */
export class GatewayError extends Error {}

/** There was no answer, or half of one, at every attempt. Whether the request was carried out is not known. */
export class UnreachableError extends GatewayError {}

/** The gateway refused the request and said why (RFC 9457). */
export class ProblemError extends GatewayError {
  constructor(
    readonly problem: Schemas["Problem"],
    /** Quote it, or `problem.instance`, when you ask for help. */
    readonly traceId: string | undefined,
    /** The seconds that the gateway asks to wait. */
    readonly retryAfter: number | undefined,
  ) {
    super(`${problem.status} ${problem.title}: ${problem.detail}`);
  }

  /** The kind of problem, without the `urn:problem-type:…:` before it. */
  get type(): string {
    return this.problem.type.slice(this.problem.type.lastIndexOf(":") + 1);
  }

  /** Everything that is wrong, and what else was noticed. */
  get findings(): Schemas["Finding"][] {
    return [...(this.problem.issues ?? []), ...(this.problem.warnings ?? [])];
  }
}

/** 400: the input has errors, all of which are in `findings`. */
export class RefusedError extends ProblemError {}

/** 401, 403: the key is wrong, has expired, or lacks a right. */
export class AccessError extends ProblemError {}

/** 404: nothing is there. */
export class NotFoundError extends ProblemError {}

/** 409, 422: the request does not fit what is there (`statementLocked`, `idempotencyKeyReused` …). */
export class ConflictError extends ProblemError {}

/** 409 `afterFeedEnd`: the gateway was reset or restored, and its feed ends before the position asked for. */
export class FeedEndError extends ConflictError {}

/** 412, 428: something else is there than the sender knew. Read it, compare, decide. */
export class PreconditionError extends ProblemError {}

/** 429, 5xx: the gateway is busy or away, also after all attempts. */
export class UnavailableError extends ProblemError {}

/** The error for an answer that is none of 2xx. */
export function problemError(status: number, headers: Headers, body: string, retryAfter: number | undefined): ProblemError {
  const problem = read(body) ?? standIn(status, body);
  return new (classOf(status, problem.type))(problem, headers.get("belgov-trace-id") ?? undefined, retryAfter);
}

function read(body: string): Schemas["Problem"] | undefined {
  try {
    const document = JSON.parse(body);
    const isComplete = ["type", "title", "status", "detail"].every((name) => document?.[name] !== undefined);
    return isComplete ? document : undefined;
  } catch {
    return undefined;
  }
}

/** For an answer that is no problem document: it comes from something between here and the gateway. */
function standIn(status: number, body: string): Schemas["Problem"] {
  const text = body.slice(0, 200).replace(/\s+/g, " ").trim();
  const detail = `The answer is not one of the gateway: ${text || "it is empty"}`;
  return { type: "about:blank", title: "Not a problem document", status, detail, instance: "" };
}

function classOf(status: number, type: string): typeof ProblemError {
  if (type.endsWith(":afterFeedEnd")) return FeedEndError;
  if (status === 429 || status >= 500) return UnavailableError;
  const classes: Record<number, typeof ProblemError> = {
    400: RefusedError, 401: AccessError, 403: AccessError, 404: NotFoundError,
    409: ConflictError, 412: PreconditionError, 422: ConflictError, 428: PreconditionError,
  };
  return classes[status] ?? ProblemError;
}
