// A gateway that answers what a test has it answer.
import { DEFAULT_POLICY, Gateway, type RetryPolicy } from "../src/passerelle/index.js";
import { type ApiAnswer, type ApiRequest, LostAnswerError } from "../src/passerelle/transport.js";

/** An answer with this JSON. */
export function answer(status: number, document: unknown = {}, headers: Record<string, string> = {}): ApiAnswer {
  return { status, headers: new Headers(headers), body: JSON.stringify(document) };
}

/** An answer that refuses. */
export function problem(status: number, type: string): ApiAnswer {
  return answer(status, { type: `urn:problem-type:${type}`, title: "T", status, detail: "D", instance: "urn:uuid:1" });
}

/** A client of the gateway whose requests get these answers, one after the other, without waiting. */
export class FakeGateway {
  readonly requests: ApiRequest[] = [];
  readonly waits: number[] = [];
  readonly gateway: Gateway;

  constructor(answers: (ApiAnswer | LostAnswerError)[], policy: RetryPolicy = DEFAULT_POLICY) {
    const left = [...answers];
    const sendOnce = async (request: ApiRequest): Promise<ApiAnswer> => {
      this.requests.push(request);
      const given = left.shift();
      if (given === undefined || given instanceof LostAnswerError) throw given ?? new Error("no answer is left");
      return given;
    };
    const sleep = async (seconds: number): Promise<void> => void this.waits.push(seconds);
    this.gateway = new Gateway("https://gateway.example/creche/v1", "crk", { policy, sendOnce, sleep });
  }
}
