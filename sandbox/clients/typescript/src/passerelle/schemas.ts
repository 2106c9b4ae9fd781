import type { components } from "./contract.js";

/** The documents of the contract, by their names: `Schemas["Problem"]`. */
export type Schemas = components["schemas"];
