import { CommanderError } from "commander";
import { documentOf } from "../preview/document.ts";
import { exitCodes } from "../preview/exit-code.ts";
import { nobody } from "./live.ts";
import { misuse } from "./misuse.ts";
import { nothingOf } from "./nothing.ts";
import type { Answer, StackOptions, Surroundings } from "./options.ts";
import { json } from "./text.ts";
import { usage } from "./usage.ts";

/** Runs one command line. What a command needs is loaded when it is asked for: help needs nothing. */
export async function run(args: readonly string[], surroundings: Omit<Surroundings, "debug" | "live"> & Partial<Pick<Surroundings, "live">>): Promise<Answer> {
  const debug = args.includes("--debug") || isSet(surroundings.environment.UPKEEP_DEBUG);
  const inside = { live: nobody, ...surroundings, debug };
  let answer: Answer | undefined;
  let [out, err] = ["", ""];
  let asked: StackOptions | undefined;
  const program = usage({
    preview: async (options) => {
      asked = options;
      const { preview } = await import("./commands/preview.ts");
      answer = await preview(options, inside);
    },
    coverage: async (options) => {
      asked = options;
      const { coverage } = await import("./commands/coverage.ts");
      answer = await coverage(options, inside);
    },
    doctor: async (options) => {
      asked = options;
      const { doctor } = await import("./commands/doctor.ts");
      answer = await doctor(options, inside);
    },
    backup: async (options) => {
      const { backup } = await import("./commands/backup.ts");
      answer = await backup(options, inside);
    },
    backups: async (options) => {
      const { backups } = await import("./commands/backups.ts");
      answer = await backups(options, inside);
    },
    verify: async (options) => {
      const { verify } = await import("./commands/verify.ts");
      answer = await verify(options, inside);
    },
    restore: async (options) => {
      const { restore } = await import("./commands/restore.ts");
      answer = await restore(options, inside);
    },
    evidence: async (options) => {
      const { evidence } = await import("./commands/evidence.ts");
      answer = await evidence(options, inside);
    },
  }, { out: (text) => void (out += text), err: (text) => void (err += text) });

  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) return failed(error, asked, debug);
    if (error.exitCode === 0) return { stdout: out, stderr: err, exitCode: exitCodes.fine };
    // The options were not understood, so only the words themselves tell what was wanted.
    const told = misuse(error, program);
    return instead({ json: args.includes("--json") }, error.code === "commander.help" ? err : `${told}\n`, told, exitCodes.unusable);
  }
  if (answer === undefined) throw new Error("Expected a command to answer, got nothing. Every command in usage.ts needs an action that waits for its work.");
  return answer;
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== "" && value !== "0";

type Asked = Pick<StackOptions, "json" | "stack">;

/** The preview itself could not work. Who is at fault is not known, so both ways out are named. */
function failed(error: unknown, asked: Asked = { json: false }, debug: boolean): Answer {
  const message = error instanceof Error ? error.message : String(error);
  const told = debug && error instanceof Error ? error.stack ?? message : message;
  const wayOut = debug
    ? "If upkeep is at fault, report these lines together with the stack file."
    : "Run again with --debug to see where it happened; if upkeep is at fault, report what that prints.";
  return instead(asked, `upkeep: ${told}\n${wayOut}\n`, message, exitCodes.wrong);
}

/** Words for people on stderr. Who asked for JSON gets a document in every case. */
function instead({ json: wanted, stack = "" }: Asked, stderr: string, message: string, exitCode: number): Answer {
  return { stderr, exitCode, stdout: wanted ? json(documentOf(nothingOf(stack, [{ message }]))) : "" };
}
