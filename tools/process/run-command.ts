import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The command is ended after this time, with all that it started. */
  readonly limitSeconds: number;
  /** Receives stdout and stderr line by line. Default: the command writes to our terminal. */
  readonly onLine?: (line: string) => void;
}

/** Kept for the error message: enough for a compiler's complaint, little enough to read. */
const LAST_LINES = 15;
/** Between asking and forcing; PostgreSQL and vitest both end within two seconds. */
const GRACE_MILLISECONDS = 8_000;

const running = new Set<ChildProcess>();

/** Runs a command to its end and gives its exit code. It cannot outlive us: a signal to us ends its whole group. */
export async function exitCodeOf(program: string, args: readonly string[], options: CommandOptions): Promise<number> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: options.onLine ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    detached: true,
  });
  running.add(child);
  for (const stream of [child.stdout, child.stderr]) {
    if (stream && options.onLine) createInterface({ input: stream }).on("line", options.onLine);
  }
  let overdue = false;
  const limit = setTimeout(() => {
    overdue = true;
    endGroup(child);
  }, options.limitSeconds * 1000);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exit, signal) => resolve(exit ?? (signal === null ? 1 : 128)));
    });
    if (overdue) throw new Error(`${commandLine(program, args)} did not end within ${options.limitSeconds} s and was stopped.`);
    return code;
  } finally {
    clearTimeout(limit);
    running.delete(child);
  }
}

/** Runs a command that must succeed; otherwise throws with its last lines. */
export async function run(program: string, args: readonly string[], options: CommandOptions): Promise<void> {
  const last: string[] = [];
  const onLine = (line: string): void => {
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
    options.onLine?.(line);
  };
  const code = await exitCodeOf(program, args, { ...options, onLine });
  if (code === 0) return;
  throw new Error([`${commandLine(program, args)} ended with exit code ${code}.`, ...last].join("\n  "));
}

/** Call once at the start of a tool: Ctrl-C or a cancelled job then ends every command that still runs. */
export function endCommandsOnSignal(): void {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    process.once(signal, () => {
      const children = [...running];
      const exit = (): never => process.exit(code);
      if (children.length === 0) exit();
      let left = children.length;
      for (const child of children) {
        child.once("close", () => {
          left -= 1;
          if (left === 0) exit();
        });
        endGroup(child);
      }
      setTimeout(exit, GRACE_MILLISECONDS + 1_000);
    });
  }
}

function endGroup(child: ChildProcess): void {
  signalGroup(child, "SIGTERM");
  setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MILLISECONDS).unref();
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const commandLine = (program: string, args: readonly string[]): string => `\`${[program, ...args].join(" ")}\``;
