// Checks a receipt with a JOSE library, as anybody could: the hash of the document, then the signature of the hash.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { createLocalJWKSet, flattenedVerify } = createRequire(process.argv[2] + "/")("jose");

// RFC 8785, for documents whose numbers are whole and whose names are ASCII.
const canonical = (value) =>
  Array.isArray(value)
    ? `[${value.map(canonical).join(",")}]`
    : value && typeof value === "object"
      ? `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`
      : JSON.stringify(value);

const [receipt, keys] = JSON.parse(readFileSync(0, "utf8"));
try {
  const sha256 = createHash("sha256").update(canonical(receipt.document)).digest("hex");
  if (sha256 !== receipt.sha256) throw new RangeError("hash");
  const [header, , signature] = receipt.jws.split(".");
  await flattenedVerify({ protected: header, payload: sha256, signature }, createLocalJWKSet(keys));
  console.log("good");
} catch (error) {
  console.log("bad", error.constructor.name);
}
