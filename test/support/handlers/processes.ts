import { readdirSync, readFileSync } from "node:fs";

export interface SeenProcess {
  readonly id: number;
  readonly command: string;
  readonly environment: string;
}

/** Processes that this one started and that still run, as anyone on the machine sees them. */
export function childProcesses(program: string): readonly SeenProcess[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((id) => {
    try {
      const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, "utf8"))?.[1];
      const command = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
      if (Number(parent) !== process.pid || !command.includes(program)) return [];
      return [{ id: Number(id), command, environment: readFileSync(`/proc/${id}/environ`, "utf8") }];
    } catch (error) {
      // It ended between two reads.
      if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH")) return [];
      throw error;
    }
  });
}
