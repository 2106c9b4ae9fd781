// `follow`: reads the feed, and waits for what comes, until it is stopped.
import { UnavailableError, UnreachableError } from "../passerelle/index.js";
import { pause } from "../passerelle/client.js";
import type { Follower } from "./feed.js";

const LONG_POLL_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 60;

/** Follows the feed from where the last run has come to. With `once`, it ends at the end of the feed. */
export async function follow(follower: Follower, once: boolean, sleep = pause): Promise<number> {
  for (let failures = 0; ; ) {
    try {
      const page = await follower.read(once ? 0 : LONG_POLL_SECONDS);
      failures = 0;
      if (once && !page.hasMore) break;
    } catch (error) {
      if (once) throw error;
      await pauseAfter(error, ++failures, sleep);
    }
  }
  console.log(`everything up to event ${follower.after} is handled`);
  return 0;
}

/** Handles everything that the feed has, and returns the numbers of the events. */
export async function readAll(follower: Follower): Promise<number[]> {
  const numbers: number[] = [];
  for (let failures = 0; ; ) {
    try {
      const page = await follower.read(0);
      numbers.push(...page.numbers);
      if (!page.hasMore) return numbers;
    } catch (error) {
      await pauseAfter(error, ++failures);
    }
  }
}

/** Waits after a call that failed in spite of its repeats: a follower goes on for as long as it runs. */
async function pauseAfter(error: unknown, failures: number, sleep = pause): Promise<void> {
  if (!(error instanceof UnreachableError || error instanceof UnavailableError)) throw error;
  const asked = error instanceof UnavailableError ? (error.retryAfter ?? 0) : 0;
  const seconds = Math.max(asked, Math.min(LONGEST_PAUSE_SECONDS, 2 ** failures) * (0.5 + Math.random() / 2));
  console.error(`the gateway is away, again in ${seconds.toFixed(0)} s: ${error.message}`);
  await sleep(seconds);
}
