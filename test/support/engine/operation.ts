import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { existsSync, readFileSync } from "node:fs";

/** A step that the engine took, or in a preview would take. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  /** Properties that differ, where the step is about a difference. */
  readonly differs: readonly string[];
}

export interface Judgement {
  readonly policy: string;
  readonly urn: string;
  readonly level: string;
  readonly message: string;
}

/** One command of the engine, ended. */
export interface Ended {
  /** Null: a signal ended it. */
  readonly exitCode: number | null;
  readonly output: string;
  /** All but those that leave a resource as it is. */
  readonly steps: readonly Step[];
  /** How many resources stay as they are. */
  readonly same: number;
  readonly judgements: readonly Judgement[];
  /** Names of the packs that judged. */
  readonly packs: readonly string[];
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limitSeconds: number;
  /** Where the engine leaves what it did, event by event. */
  readonly eventLog: string;
  /** Called with what ends the engine at once, as a power cut would. */
  readonly onStart: (kill: () => void) => void;
}

export async function execute({ program, args, cwd, env, limitSeconds, eventLog, onStart }: Command): Promise<Ended> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  onStart(kill);
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", (line) => output.push(line));
  let overdue = false;
  const limit = setTimeout(() => {
    overdue = true;
    kill();
  }, limitSeconds * 1000);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (overdue) throw new Error(`Expected pulumi ${args[0] ?? ""} to end within ${limitSeconds} s, it was stopped. Its last lines:\n${output.slice(-12).join("\n")}`);
    return { exitCode, output: output.join("\n"), ...eventsIn(eventLog) };
  } finally {
    clearTimeout(limit);
  }
}

interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: { readonly op: string; readonly urn: string; readonly diffs?: readonly string[] } };
  readonly summaryEvent?: { readonly PolicyPacks?: Readonly<Record<string, string>> | null };
  readonly policyEvent?: { readonly policyName: string; readonly resourceUrn?: string; readonly enforcementLevel: string; readonly message: string };
}

function eventsIn(file: string): Pick<Ended, "steps" | "same" | "judgements" | "packs"> {
  // A killed engine may leave half a line.
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter((line) => line.endsWith("}")) : [];
  const events = lines.map((line) => JSON.parse(line) as EngineEvent);
  const steps = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  return {
    steps: steps.filter(({ op }) => op !== "same").map(({ op, urn, diffs }) => ({ op, urn, differs: diffs ?? [] })),
    same: steps.filter(({ op }) => op === "same").length,
    judgements: events.flatMap(({ policyEvent }) => (policyEvent
      ? [{ policy: policyEvent.policyName, urn: policyEvent.resourceUrn ?? "", level: policyEvent.enforcementLevel, message: policyEvent.message }]
      : [])),
    // Of a pack on disk: `name|local|folder`.
    packs: events.flatMap(({ summaryEvent }) => Object.keys(summaryEvent?.PolicyPacks ?? {}).map((pack) => pack.split("|", 1)[0] ?? "")),
  };
}
