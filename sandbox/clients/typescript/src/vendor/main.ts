#!/usr/bin/env node
// The commands: `node dist/src/vendor/main.js --help`.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Gateway, ProblemError, UnreachableError } from "../passerelle/index.js";
import { deposit, NOT_DONE } from "./deposit.js";
import { EndpointRegistration } from "./endpoint.js";
import { Follower } from "./feed.js";
import { follow } from "./follow.js";
import { Hints, readOnHints, Receiver } from "./receive.js";
import { problemLines } from "./report.js";
import { DepositLog } from "./state.js";
import { crecheSummary, organiserSummary } from "./summary.js";

const USAGE = `usage: vendor [--state FOLDER] COMMAND …, a little vendor's program for the gateway

  deposit --month 2026-07 [--creche ID|NAME] [--dry-run] [--replace] [--correction-reason CODE] CHILDREN.csv DAYS.csv
          --replace replaces what somebody else deposited, after showing the differences
  follow  [--once]   print what happens, from where the last run has come to; --once ends at the end of the feed
  receive [--host 127.0.0.1] [--port 0] [--public-url URL] [--patience 60]
          receive webhooks, and read the feed at each of them, at the latest after --patience seconds
  summary [--creche ID|NAME | --all] PERIOD   the figures of a month (2026-07) or a quarter (2026Q3)

Environment: PASSERELLE_URL (…/creche/v1), PASSERELLE_API_KEY or PASSERELLE_API_KEY_FILE, PASSERELLE_WEBHOOK_SECRET
(of an endpoint that was made elsewhere), PASSERELLE_LANGUAGE (fr, nl, en), PASSERELLE_TIMEOUT (seconds).
Exit status: 0 done; 1 refused, with findings; 2 not carried out; 3 somebody else changed it.`;

const OPTIONS = {
  state: { type: "string", default: ".vendor" },
  creche: { type: "string" },
  month: { type: "string" },
  "dry-run": { type: "boolean", default: false },
  replace: { type: "boolean", default: false },
  "correction-reason": { type: "string" },
  once: { type: "boolean", default: false },
  host: { type: "string", default: "127.0.0.1" },
  port: { type: "string", default: "0" },
  "public-url": { type: "string" },
  patience: { type: "string", default: "60" },
  all: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const { values: given, positionals } = commandLine();

function commandLine() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(NOT_DONE);
  }
}

/** The gateway that the environment names. */
function gatewayOfEnvironment(): Gateway {
  const { PASSERELLE_URL: url, PASSERELLE_API_KEY_FILE: file, PASSERELLE_LANGUAGE: language = "en" } = process.env;
  const key = process.env["PASSERELLE_API_KEY"] ?? (file && readFileSync(file, "utf8").trim());
  if (!url || !key) throw new Error("set PASSERELLE_URL (…/creche/v1), and PASSERELLE_API_KEY or PASSERELLE_API_KEY_FILE");
  return new Gateway(url, key, { language, timeout: Number(process.env["PASSERELLE_TIMEOUT"] ?? 30) });
}

/** The id of a crèche by its id or name, or of the only one that the key reaches. */
async function crecheOf(gateway: Gateway, wanted: string | undefined): Promise<string> {
  const { creches } = await gateway.caller();
  const found = creches.filter(({ id, name }) => wanted === undefined || wanted === id || wanted === name);
  const [one] = found;
  if (one && found.length === 1) return one.id;
  throw new Error(`choose a crèche with --creche: ${creches.map(({ id, name }) => `${id} ${name}`).join("; ")}`);
}

async function receive(gateway: Gateway): Promise<number> {
  const hints = new Hints();
  const receiver = new Receiver(hints);
  const port = await receiver.listen(given.host, Number(given.port));
  const url = given["public-url"] ?? `http://${given.host}:${port}/hook`;
  const secrets = process.env["PASSERELLE_WEBHOOK_SECRET"];
  if (secrets) receiver.secrets = secrets.split(" ");
  else {
    const registration = new EndpointRegistration(gateway, given.state);
    const arrived = await registration.activate(url, (secret) => (receiver.secrets = [secret]));
    if (!arrived) throw new Error(`the test event did not arrive at ${url}`);
  }
  console.log(`receiving at ${url}`);
  return readOnHints(new Follower(gateway, given.state), hints, Number(given.patience));
}

async function run(gateway: Gateway, command: string | undefined, words: string[]): Promise<number> {
  const log = new DepositLog(given.state);
  const [first, second] = words;
  if (command === "deposit" && given.month && first && second && words.length === 2) {
    const creche = await crecheOf(gateway, given.creche);
    const { month, replace, "dry-run": dryRun, "correction-reason": correctionReason } = given;
    return deposit(gateway, log, { creche, month, dryRun, replace, correctionReason }, first, second);
  }
  if (command === "follow" && words.length === 0) return follow(new Follower(gateway, given.state), given.once);
  if (command === "receive" && words.length === 0) return receive(gateway);
  if (command === "summary" && first && words.length === 1) {
    return given.all ? organiserSummary(gateway, first) : crecheSummary(gateway, log, await crecheOf(gateway, given.creche), first);
  }
  throw new Error(USAGE);
}

async function main(): Promise<number> {
  const [command, ...words] = positionals;
  if (given.help) return console.log(USAGE), 0;
  try {
    const gateway = gatewayOfEnvironment();
    const status = await run(gateway, command, words);
    if (gateway.keyExpires) console.error(`the key ends at ${gateway.keyExpires}: ask the organiser for the next one`);
    return status;
  } catch (error) {
    const lines = error instanceof ProblemError ? problemLines(error, (where) => ({ where })) : [(error as Error).message];
    if (error instanceof UnreachableError) lines.push("whether it was carried out is not known: the same command again is safe");
    lines.forEach((line) => console.error(line));
    return NOT_DONE;
  }
}

for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
process.exitCode = await main();
if (process.exitCode !== 0) process.exit();
