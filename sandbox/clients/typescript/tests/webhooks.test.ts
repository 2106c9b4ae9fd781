import assert from "node:assert/strict";
import { test } from "node:test";
import { SignatureError, verify } from "../src/passerelle/index.js";
import { sign, TOLERANCE_SECONDS } from "../src/passerelle/webhooks.js";

// The example of the specification of Standard Webhooks.
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const TIME = 1614265330;
const BODY = Buffer.from('{"test": 2432232314}');
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const OTHER = `whsec_${"A".repeat(43)}=`;

const headers = (changed: Record<string, string> = {}) => ({
  "webhook-id": ID, "webhook-timestamp": String(TIME), "webhook-signature": SIGNATURE, ...changed,
});

function refused(given: Record<string, unknown>, body = BODY, now = TIME, secrets = [SECRET]): void {
  assert.throws(() => verify(secrets, given, body, now), SignatureError);
}

test("the example of the specification is accepted", () => {
  assert.equal(verify([SECRET], headers(), BODY, TIME), ID);
  assert.equal(sign(SECRET, ID, TIME, BODY), SIGNATURE);
});

test("one of several signatures and secrets is enough", () => {
  const several = `v1a,AAAA v1,not-base64 ${sign(OTHER, ID, TIME, BODY)} ${SIGNATURE}`;
  assert.equal(verify([SECRET], headers({ "webhook-signature": several }), BODY, TIME), ID);
  assert.equal(verify([OTHER, SECRET], headers(), BODY, TIME), ID);
});

test("another body, secret, id or time is refused", () => {
  refused(headers(), Buffer.concat([BODY, Buffer.from(" ")]));
  refused(headers(), BODY, TIME, [OTHER]);
  refused(headers(), BODY, TIME, []);
  refused(headers({ "webhook-id": "msg_2" }));
  refused(headers({ "webhook-timestamp": String(TIME + 1) }));
  refused(headers({ "webhook-signature": SIGNATURE.replace("v1,", "v2,") }));
});

test("the time may differ by the tolerance", () => {
  for (const now of [TIME - TOLERANCE_SECONDS, TIME + TOLERANCE_SECONDS]) assert.equal(verify([SECRET], headers(), BODY, now), ID);
  for (const now of [TIME - TOLERANCE_SECONDS - 1, TIME + TOLERANCE_SECONDS + 1]) refused(headers(), BODY, now);
});

test("headers that are missing or no numbers are refused", () => {
  for (const name of Object.keys(headers())) refused({ ...headers(), [name]: undefined });
  for (const time of ["", "-1614265330", "1614265330.0", "now"]) refused(headers({ "webhook-timestamp": time }));
});
