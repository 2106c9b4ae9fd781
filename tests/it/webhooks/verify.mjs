// Verifies deliveries as a receiver would: v1 with the official library, v1a with a plain ed25519 one.
import { createPublicKey, verify as ed25519 } from "node:crypto";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { Webhook } = createRequire(process.argv[2] + "/")("standardwebhooks");

function verify(key, headers, body) {
  if (key.startsWith("whsec_")) return new Webhook(key).verify(body, headers);
  const content = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
  const x = Buffer.from(key.slice("whpk_".length), "base64").toString("base64url");
  const key_ = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  for (const signature of headers["webhook-signature"].split(" ")) {
    if (!ed25519(null, content, key_, Buffer.from(signature.slice("v1a,".length), "base64"))) throw new Error("bad");
  }
}

for (const [key, headers, body] of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    verify(key, headers, body);
    console.log("good");
  } catch (error) {
    console.log("bad", error.constructor.name);
  }
}
