import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import type { Writable } from "node:stream";
import type { Redact } from "../runtime/redaction.ts";

export interface ProgramCall {
  readonly file: string;
  /** Anyone on the machine can read them: never a secret. */
  readonly args: readonly string[];
  /** The whole environment of the program: it gets none of ours, which holds the function's own credentials. */
  readonly env: Readonly<Record<string, string>>;
  readonly redact: Redact;
}

export interface RunningProgram {
  /** What the program writes. Fails at its end unless the program exited with 0. */
  readonly output: AsyncIterable<Uint8Array>;
  /** What it has written beside its output: the last 64 KiB, without secrets. */
  readonly said: () => string;
  /** Ends the program if it still runs, and waits until it is gone. May be called more than once. */
  readonly stop: () => Promise<void>;
}

/** A program that is told something while it runs. */
export interface ListeningProgram extends RunningProgram {
  /** Ends by itself when the program does, and is then an error to whoever writes on. */
  readonly input: Writable;
}

/**
 * What every program of a tools folder needs in its environment: its libraries are in `lib` beside it, as a layer puts
 * them into /opt/lib, where the system's own search does not look.
 */
export const toolsEnvironment = (tools: string): Readonly<Record<string, string>> =>
  ({ LD_LIBRARY_PATH: join(dirname(tools), "lib"), LC_ALL: "C" });

/** Enough for the last lines of any of the programs; a table with a million warnings must not fill the memory. */
const KEPT_ERROR_BYTES = 64 * 1024;

/** Seconds between the request to end and the kill: both programs close their connections within one. */
const GRACE_SECONDS = 5;

/** A program that finds its input empty. */
export function startProgram(call: ProgramCall): RunningProgram {
  const { input, ...program } = startListening(call);
  input.end();
  return program;
}

export function startListening({ file, args, env, redact }: ProgramCall): ListeningProgram {
  const child = spawn(file, [...args], { env, stdio: ["pipe", "pipe", "pipe"] });
  // A program that ends early breaks the pipe to it. How it ended says more, and a writer hears of it by itself.
  child.stdin.on("error", () => undefined);
  // Node throws away what a program wrote when it ended before anybody began to read. Who listens for it keeps it.
  child.stdout.on("readable", () => undefined);
  let said = Buffer.alloc(0);
  child.stderr.on("data", (chunk: Buffer) => {
    said = Buffer.concat([said, chunk]).subarray(-KEPT_ERROR_BYTES);
  });

  const saidSoFar = (): string => redact(said.toString("utf8")).trim();

  let ended = false;
  // Not `exit`: that comes while output may still be on its way.
  const end = new Promise<string | undefined>((resolve) => {
    const settle = (problem: string | undefined): void => {
      ended = true;
      resolve(problem);
    };
    child.once("error", (error) => settle(`Expected to run ${file}, it cannot be started: ${error.message}. The tools layer holds it; UPKEEP_TOOLS names another folder.`));
    child.once("close", (code, signal) => {
      if (code === 0) return settle(undefined);
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      settle(`Expected ${file} to end well, it ended with ${how}. Its last lines: ${saidSoFar() || "none"}`);
    });
  });

  const stop = async (): Promise<void> => {
    if (ended) return;
    // Unread output, or a pipe that a program of the program still holds, would keep its end from ever coming.
    child.stdin.destroy();
    child.stdout.destroy();
    child.stderr.destroy();
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_SECONDS * 1000);
    await end;
    clearTimeout(timer);
  };

  async function* output(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of child.stdout as AsyncIterable<Uint8Array>) yield chunk;
    } catch (error) {
      // How the program ended says more than that its output broke off.
      throw new Error(await end ?? `Expected to read all that ${file} wrote, its output broke off.`, { cause: error });
    }
    const problem = await end;
    if (problem !== undefined) throw new Error(problem);
  }

  return { input: child.stdin, output: output(), said: saidSoFar, stop };
}

/** For programs that say something short, such as their version, and may be told something before. */
export async function outputOf(call: ProgramCall, signal: AbortSignal, told = ""): Promise<string> {
  signal.throwIfAborted();
  const { input, ...program } = startListening(call);
  input.end(told);
  const stopOnAbort = (): void => void program.stop();
  signal.addEventListener("abort", stopOnAbort, { once: true });
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of program.output) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stopOnAbort);
    await program.stop();
  }
}
