import { pipeline } from "node:stream/promises";
import type { Contents } from "../../../practice/contract/manifest.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { type RunningProgram, startListening } from "../../programs/program.ts";
import { NotATarget, type Purpose, type RestoreSource, type RestoreTarget } from "../restore.ts";
import { clientOf, type RedisAccess, type RedisClient } from "./connection.ts";
import { type Expiry, expiryFor } from "./expiry.ts";
import { askToRead } from "./question.ts";
import { type CommandOptions, restoreCommands } from "./restore-commands.ts";
import { proveTarget } from "./scratch.ts";
import { readSnapshot } from "./snapshot-stream.ts";
import { unpacked } from "./unpacked.ts";

/** Seconds that redis-cli waits for the last answers once it has sent all; a value of half a GiB takes the server some. */
const LAST_ANSWERS_SECONDS = 300;

/** Reaches a Redis to restore into, while it runs: it loads snapshots by itself only when it starts. */
export async function openRedisTarget(access: RedisAccess, signal: AbortSignal): Promise<RestoreTarget> {
  const folder = await makePrivateFolder();
  try {
    const client = await clientOf(access, folder, signal);
    const running = new Set<RunningProgram>();
    const stop = async (): Promise<void> => {
      await Promise.all([...running].map((program) => program.stop()));
    };
    const stopOnAbort = (): void => void stop();
    signal.addEventListener("abort", stopOnAbort, { once: true });
    let proved: { readonly purpose: Purpose; readonly source: RestoreSource; readonly expiry: Expiry } | undefined;

    return {
      name: `the Redis at ${client.address}`,
      prove: async (purpose, source) => {
        await proveTarget(client, purpose, source);
        proved = { purpose, source, expiry: expiryFor(purpose) };
      },
      load: async (dump) => {
        if (proved === undefined) throw new NotATarget("Expected the target to have proved itself before anything is written to it, nobody asked it to.");
        const { purpose, source, expiry } = proved;
        // Again: between the proof and now somebody may have begun to use it, or a dump was read into it already.
        const facts = await proveTarget(client, purpose, source);
        await load(client, expiry.watch(unpacked(dump)), running, {
          username: access.credentials.username, password: access.credentials.password,
          newestVersion: Number(facts.version.split(".")[0]) >= 7 ? 10 : 9, expiryOf: expiry.ofKey,
        });
        signal.throwIfAborted();
      },
      contents: () => contentsOf(client, running, proved?.expiry ?? expiryFor("scratch")),
      ask: (question) => askToRead(client, question),
      close: async () => {
        signal.removeEventListener("abort", stopOnAbort);
        await stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function load(client: RedisClient, snapshot: AsyncIterable<Uint8Array>, running: Set<RunningProgram>, options: CommandOptions): Promise<void> {
  const program = startListening(client.callWithoutLogin(["--pipe", "--pipe-timeout", String(LAST_ANSWERS_SECONDS)]));
  running.add(program);
  let sent: number | undefined;
  let broken: { readonly error: unknown } | undefined;
  async function* commands(): AsyncGenerator<Buffer> {
    try {
      sent = yield* restoreCommands(snapshot, options);
    } catch (error) {
      broken = { error };
      // Left alone it takes the end of its input for the end of all, and waits for the last answers: for ever, when it has not logged in yet.
      await program.stop();
      throw error;
    }
  }
  try {
    const [fed, said] = await Promise.allSettled([pipeline(commands, program.input), textOf(program.output)]);
    if (broken !== undefined) throw broken.error;
    if (said.status === "rejected") throw shortened(said.reason);
    if (fed.status === "rejected") throw fed.reason;
    const [, errors, replies] = /errors: (\d+), replies: (\d+)/.exec(said.value) ?? [];
    if (errors !== "0" || replies !== String(sent)) {
      throw new Error(`Expected the Redis at ${client.address} to answer each of ${sent ?? 0} commands, redis-cli says: ${said.value.trim()}.`);
    }
  } finally {
    await program.stop();
    running.delete(program);
  }
}

async function contentsOf(client: RedisClient, running: Set<RunningProgram>, expiry: Expiry): Promise<Contents> {
  const program = startListening(client.call(["--rdb", "-"]));
  running.add(program);
  program.input.end(client.login);
  try {
    const snapshot = readSnapshot(program.output, { address: client.address, asCounted: expiry.asCounted });
    for await (const _ of snapshot.body) continue;
    const { counts, hashes, hashedBy } = snapshot.contents();
    return expiry.complete({ counts, ...(hashes === undefined || hashedBy === undefined ? {} : { hashes, hashedBy }) });
  } finally {
    await program.stop();
    running.delete(program);
  }
}

async function textOf(output: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of output) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

const SHOWN_LINES = 8;

/** A server that refuses refuses a thousand times in the same words. */
function shortened(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const lines = [...new Set(error.message.split("\n"))];
  return new Error(lines.length > SHOWN_LINES ? [...lines.slice(0, SHOWN_LINES), `and ${lines.length - SHOWN_LINES} more`].join("\n") : lines.join("\n"), { cause: error.cause });
}
