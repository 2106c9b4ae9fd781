// The webhook endpoint of this program: made once, kept with its secret, and moved when its address changes.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Gateway, NotFoundError } from "../passerelle/index.js";
import { StateFile } from "./state.js";

interface EndpointState {
  url: string;
  idempotencyKey: string;
  id: string;
  secret: string;
}

/** Makes or moves the endpoint. Killed at any moment and started again within a day, it makes no second one. */
export class EndpointRegistration {
  readonly #gateway: Gateway;
  readonly #file: StateFile<EndpointState>;

  constructor(gateway: Gateway, folder: string) {
    this.#gateway = gateway;
    this.#file = new StateFile(join(folder, "endpoint.json"));
  }

  /**
   * Gives the endpoint this address and has a test event sent to it; whether that arrived.
   *
   * `useSecret` gets the secret that the test event is signed with, before it is sent.
   */
  async activate(url: string, useSecret: (secret: string) => void): Promise<boolean> {
    try {
      return await this.#activate(url, useSecret);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      this.#file.write({}); // the sandbox was reset, or somebody deleted the endpoint
      return this.#activate(url, useSecret);
    }
  }

  async #activate(url: string, useSecret: (secret: string) => void): Promise<boolean> {
    const { url: known, id, secret } = await this.#made(url);
    if (known !== url) {
      await this.#gateway.changeEndpoint(id, { url });
      this.#file.write({ url, id, secret });
    }
    useSecret(secret);
    return (await this.#gateway.verifyEndpoint(id)).verified;
  }

  /** The endpoint, which is made where there is none. */
  async #made(wantedUrl: string): Promise<{ url: string; id: string; secret: string }> {
    const kept = this.#file.read();
    const { url = wantedUrl, id, secret, idempotencyKey = randomUUID() } = kept;
    if (id !== undefined && secret !== undefined) return { url, id, secret };
    // Address and key are kept before they are sent: when the answer is lost, the same request gets it again.
    this.#file.write({ url, idempotencyKey });
    const made = await this.#gateway.createEndpoint({ url, description: "vendor" }, idempotencyKey);
    if (made.secret === undefined) throw new Error("the endpoint has no secret");
    this.#file.write({ url, id: made.id, secret: made.secret });
    return { url, id: made.id, secret: made.secret };
  }
}
