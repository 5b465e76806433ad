import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Account } from "./unprivileged-account.ts";

export interface ServerSpec {
  /** As error messages call it. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Holds all that the server writes; removed when it has stopped. */
  readonly folder: string;
  /** What makes it stop soon, without waiting for its clients. */
  readonly stopSignal: "TERM" | "INT";
  /** Absent: ours. */
  readonly account?: Account;
  readonly isReady: (log: readonly string[]) => boolean | Promise<boolean>;
  /** What `isReady` looks for, for the error message. */
  readonly waitsFor: string;
}

export interface RunningServer {
  readonly log: readonly string[];
  /** Stops the server and removes its folder. May be called twice. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the server and waits for the end of its own input, which comes when we close it and also when we are killed:
 * no server and no folder outlives the test process, however that ends.
 */
const GUARD = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
( read _ <&3; kill -s "$UPKEEP_STOP_SIGNAL" $server; sleep 5; kill -s KILL $server ) 2>/dev/null &
watch=$!
wait $server; code=$?
kill $watch 2>/dev/null
trap '' TERM; kill -s TERM 0
rm -rf "$UPKEEP_SERVER_FOLDER"
exit $code`;

/** Measured: PostgreSQL 0.2 s, FerretDB 0.3 s, ministack 0.5 s on an idle machine; a busy CI gets a hundred times that. */
const START_LIMIT_SECONDS = 30;
const STOP_LIMIT_SECONDS = 10;
const POLL_MILLISECONDS = 25;
const LOG_LINES = 200;
const SHOWN_LINES = 12;

export async function startGuarded(spec: ServerSpec): Promise<RunningServer> {
  const log: string[] = [];
  const child = spawn("sh", ["-c", GUARD, "guard", spec.program, ...spec.args], {
    cwd: spec.folder,
    env: { ...process.env, ...spec.env, UPKEEP_SERVER_FOLDER: spec.folder, UPKEEP_STOP_SIGNAL: spec.stopSignal },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    ...spec.account,
  });
  let end: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const settle = (how: string): void => {
      end = how;
      resolve();
    };
    child.once("error", (error) => settle(error.message));
    child.once("close", (code) => settle(`exit code ${code}`));
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      log.push(line);
      if (log.length > LOG_LINES) log.shift();
    });
  }

  const stop = async (): Promise<void> => {
    child.stdin.end();
    if (await endsWithin(ended, STOP_LIMIT_SECONDS)) return;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    throw new Error(failure(`Expected ${spec.name} to stop within ${STOP_LIMIT_SECONDS} s; it was killed.`, log));
  };

  const deadline = Date.now() + START_LIMIT_SECONDS * 1000;
  while (!(await spec.isReady(log))) {
    if (end !== undefined) throw new Error(failure(`Expected ${spec.name} to start, it ended (${end}).`, log));
    if (Date.now() > deadline) {
      await stop();
      throw new Error(failure(`Waited ${START_LIMIT_SECONDS} s for ${spec.name}: ${spec.waitsFor} never came.`, log));
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
  return { log, stop };
}

async function endsWithin(ended: Promise<void>, seconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), seconds * 1000);
  });
  const inTime = await Promise.race([ended.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

const failure = (what: string, log: readonly string[]): string =>
  [what, log.length > 0 ? "Its last lines:" : "It wrote nothing.", ...log.slice(-SHOWN_LINES)].join("\n  ");
