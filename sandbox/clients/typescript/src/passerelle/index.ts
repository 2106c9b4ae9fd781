// The gateway's API for a vendor's software: typed calls, typed problems, repeats, signatures of webhooks.
export type { components } from "./contract.js";
export { Gateway, type Deposit, type GatewayOptions, type StoredStatement } from "./client.js";
export * from "./problems.js";
export { DEFAULT_POLICY, type RetryPolicy } from "./retry.js";
export type { Schemas } from "./schemas.js";
export { SignatureError, verify } from "./webhooks.js";
