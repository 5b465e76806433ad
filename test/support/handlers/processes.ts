import { readdirSync, readFileSync } from "node:fs";

export interface SeenProcess {
  readonly id: number;
  readonly command: string;
  readonly environment: string;
}

/** Processes that this one started and that still run, as anyone on the machine sees them. `parent`: another one's. */
export function childProcesses(program: string, parent = process.pid): readonly SeenProcess[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((id) => {
    try {
      const its = /\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, "utf8"))?.[1];
      const command = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
      if (Number(its) !== parent || !command.includes(program)) return [];
      return [{ id: Number(id), command, environment: readFileSync(`/proc/${id}/environ`, "utf8") }];
    } catch (error) {
      // It ended between two reads.
      if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH")) return [];
      throw error;
    }
  });
}
