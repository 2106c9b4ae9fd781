// Verifies what a webhook endpoint receives (Standard Webhooks 1.0.0, signatures of the version v1).
import { createHmac, timingSafeEqual } from "node:crypto";

/** How far the time of a delivery may be from ours, before or after. */
export const TOLERANCE_SECONDS = 300;

/** The delivery is not the gateway's, or not of now. */
export class SignatureError extends Error {}

/**
 * The id of a delivery, which is that of its event, when one of the secrets (`whsec_…`) has signed it.
 *
 * `headers` have names in small letters, `body` is as it came, byte by byte, `now` in seconds since 1970.
 * Give two secrets while one takes the place of the other.
 */
export function verify(secrets: readonly string[], headers: Record<string, unknown>, body: Buffer, now: number): string {
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map((name) => {
    const value = headers[`webhook-${name}`];
    if (typeof value !== "string") throw new SignatureError(`the header webhook-${name} is missing`);
    return value;
  }) as [string, string, string];
  if (!/^\d+$/.test(timestamp)) throw new SignatureError("webhook-timestamp is not a number of seconds");
  if (Math.abs(now - Number(timestamp)) > TOLERANCE_SECONDS) {
    throw new SignatureError("webhook-timestamp is too far from now: a delivery of before, sent once more, or a wrong clock");
  }
  const given = signatures.split(" ").filter((text) => text.startsWith("v1,")).map((text) => Buffer.from(text.slice(3), "base64"));
  const expected = secrets.map((secret) => mac(secret, id, timestamp, body));
  const fits = expected.some((right) => given.some((one) => one.length === right.length && timingSafeEqual(one, right)));
  if (!fits) throw new SignatureError("no signature of v1 fits");
  return id;
}

/** The value of `webhook-signature`, as the gateway makes it. For tests. */
export function sign(secret: string, id: string, timestamp: number, body: Buffer): string {
  return `v1,${mac(secret, id, String(timestamp), body).toString("base64")}`;
}

function mac(secret: string, id: string, timestamp: string, body: Buffer): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
}
