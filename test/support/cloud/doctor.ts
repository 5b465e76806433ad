import { upkeep } from "../command.ts";
import type { RunningCloud } from "./running-cloud.ts";
import { smallStack } from "./small-stack.ts";

export interface DoctorsTable {
  readonly exitCode: number;
  /** `ok names of queues: 4 free`, of each check. What takes more than one line in the table ends with its first. */
  readonly rows: readonly string[];
  readonly text: string;
}

const row = /^ {2}(?<state>ok|problem|unknown) +(?<check>\S.*?) {2,}(?<found>\S.*)$/;

/** `upkeep doctor` as a person runs it, on the emulator. */
export async function askDoctor({ engine, environment }: RunningCloud): Promise<DoctorsTable> {
  const { exitCode, stdout, stderr } = await upkeep(["doctor", "--stack", smallStack.stack, "--cwd", engine.project], { env: environment });
  const rows = stdout.split("\n").flatMap((line) => {
    const { state, check, found } = row.exec(line)?.groups ?? {};
    return state === undefined ? [] : [`${state} ${check}: ${found}`];
  });
  return { exitCode, rows, text: `${stdout}\n${stderr}` };
}
