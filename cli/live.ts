import { createInterface } from "node:readline/promises";

/** Whoever started the command, while it runs. */
export interface Live {
  /** Shows how far it is, in place of what was shown before; an empty line shows nothing. Does nothing where nobody looks. */
  readonly progress: (line: string) => void;
  /** Has a person type a line. Absent where nobody can. */
  readonly ask?: (question: string) => Promise<string>;
  /** From its first call on an interruption aborts this signal instead of ending the process: there is something to tidy up. */
  readonly interruption: () => AbortSignal;
}

/** Nobody looks, nobody types, nobody interrupts. */
export const nobody: Live = { progress: () => undefined, interruption: () => new AbortController().signal };

/** Ends the line behind the cursor. */
const CLEAR = "\r\u001b[K";

/** The person at a terminal, as far as there is one. */
export function liveAt({ stdin, stderr }: Pick<NodeJS.Process, "stdin" | "stderr">, onInterrupt: (react: () => void) => void): Live {
  let interrupted: AbortController | undefined;
  return {
    progress: (line) => void (stderr.isTTY && stderr.write(line === "" ? CLEAR : `${CLEAR}${line.slice(0, stderr.columns - 1)}`)),
    ...(stdin.isTTY && stderr.isTTY ? { ask: (question) => typed(stdin, stderr, question) } : {}),
    interruption: () => {
      if (interrupted === undefined) {
        const controller = new AbortController();
        interrupted = controller;
        onInterrupt(() => controller.abort(new Error("Interrupted. What was begun has been taken back; nothing of it counts.")));
      }
      return interrupted.signal;
    },
  };
}

async function typed(stdin: NodeJS.ReadStream, stderr: NodeJS.WriteStream, question: string): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
