import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import {
  AccessError, Gateway, GatewayError, PreconditionError, RefusedError, type RetryPolicy, UnavailableError, UnreachableError,
} from "../src/passerelle/index.js";
import { delay, isRepeatable, parseRetryAfter } from "../src/passerelle/retry.js";
import { LostAnswerError, send } from "../src/passerelle/transport.js";
import { answer, FakeGateway, problem } from "./fakes.js";

const LOST = new LostAnswerError("reset by peer");
const POLICY: RetryPolicy = { attempts: 4, base: 1, cap: 3, longestWait: 60 };

test("pauses double up to the cap and are spread by chance", () => {
  assert.deepEqual([1, 2, 3, 4].map((attempt) => delay(POLICY, attempt, undefined, 1)), [1, 2, 3, undefined]);
  assert.deepEqual([1, 2, 3].map((attempt) => delay(POLICY, attempt, undefined, 0)), [0.5, 1, 1.5]);
});

test("Retry-After is the least, and a long one is not waited for", () => {
  assert.deepEqual([20, 0, 61].map((after) => delay(POLICY, 1, after, 0)), [20, 0.5, undefined]);
});

test("Retry-After is a number or a date", () => {
  const now = new Date("2026-10-12T08:00:00Z");
  const given = ["7", "Mon, 12 Oct 2026 08:00:30 GMT", "Mon, 12 Oct 2026 07:00:00 GMT", "soon", null];
  assert.deepEqual(given.map((text) => parseRetryAfter(text, now)), [7, 30, 0, undefined, undefined]);
});

test("a POST is repeatable with an Idempotency-Key only", () => {
  assert.ok(["GET", "PUT", "DELETE"].every((method) => isRepeatable(method, false)));
  assert.ok(!isRepeatable("POST", false) && !isRepeatable("PATCH", false) && isRepeatable("POST", true));
});

test("a PUT is sent again as it was", async () => {
  const fake = new FakeGateway([LOST, answer(503, {}, { "retry-after": "2" }), answer(200, {}, { etag: 'W/"2"' })], POLICY);
  const deposit = await fake.gateway.putAttendance("c", "2026-07", { lines: [] }, { ifMatch: '"1"' });
  assert.equal(deposit.etag, '"2"');
  assert.deepEqual(fake.requests.map(({ method, headers, body }) => [method, headers["if-match"], body]), Array(3).fill(["PUT", '"1"', '{"lines":[]}']));
  assert.ok(fake.waits.length === 2 && (fake.waits[1] ?? 0) >= 2);
});

test("it ends with what was the matter", async () => {
  for (const [given, expected] of [[LOST, UnreachableError], [answer(503), UnavailableError], [problem(429, "x"), UnavailableError]] as const) {
    const fake = new FakeGateway(Array(9).fill(given), POLICY);
    await assert.rejects(fake.gateway.caller(), expected);
    assert.equal(fake.requests.length, POLICY.attempts);
  }
});

test("refusals are not repeated", async () => {
  for (const [status, expected] of [[400, RefusedError], [401, AccessError], [412, PreconditionError], [500, UnavailableError]] as const) {
    const fake = new FakeGateway([problem(status, "x")], POLICY);
    await assert.rejects(fake.gateway.caller(), expected);
    assert.deepEqual(fake.waits, []);
  }
});

test("a creation is repeated with the same key", async () => {
  const fake = new FakeGateway([LOST, problem(409, "passerelle:idempotencyKeyInUse"), answer(201, { id: "e" })], POLICY);
  await fake.gateway.createEndpoint({ url: "https://vendor.example/hook" }, "k-1");
  assert.deepEqual(fake.requests.map(({ headers }) => headers["idempotency-key"]), ["k-1", "k-1", "k-1"]);
});

test("a test event is not asked for twice, and a certificate that is not trusted ends it", async () => {
  await assert.rejects(new FakeGateway([LOST], POLICY).gateway.verifyEndpoint("e"), UnreachableError);
  await assert.rejects(new FakeGateway([new LostAnswerError("unknown issuer", true)], POLICY).gateway.caller(), UnreachableError);
});

test("an answer of something else is no success, and a key is not sent in clear", async () => {
  await assert.rejects(new FakeGateway([answer(200, ["log in"])]).gateway.caller(), GatewayError);
  assert.throws(() => new Gateway("http://gateway.example/creche/v1", "crk"), TypeError);
  assert.ok(new Gateway("http://127.0.0.1:8080/creche/v1", "crk"));
});

test("a redirect is not followed; half an answer and none are lost", async (context) => {
  const server = createServer((request, response) => {
    if (request.url === "/moved") response.writeHead(302, { location: "/elsewhere" }).end();
    if (request.url === "/cut") response.writeHead(200, { "content-length": 100 }).write("{}", () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => (server.closeAllConnections(), server.close()));
  const ask = (path: string) =>
    send({ method: "GET", url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, headers: {}, timeout: 0.2 });
  assert.equal((await ask("/moved")).status, 302);
  await assert.rejects(ask("/cut"), LostAnswerError);
  await assert.rejects(ask("/silent"), LostAnswerError);
});
