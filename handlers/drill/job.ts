import { drillEnvironment } from "../../practice/contract/environment.ts";
import { type DrillEngine, drillEngines } from "../../practice/contract/scratch.ts";
import { readEnvironment } from "../runtime/environment.ts";
import type { VerificationJob } from "../verify/run.ts";

/** What the environment says of a drill. Of where it restores it can say a port of this machine. */
export interface DrillSetup {
  readonly bucket: string;
  readonly engine: DrillEngine;
  readonly port: number;
  readonly job: Omit<VerificationJob, "level" | "scheduledAt">;
}

export function readSetup(env: Readonly<Record<string, string | undefined>>): DrillSetup {
  const { bucket, engine, port, smoke, ...job } = readEnvironment(drillEnvironment, env, ["smoke"]);
  return { bucket, engine: expectEngine(engine), port: expectPort(port), job: { ...job, ...(smoke === "" ? {} : { smoke }) } };
}

function expectEngine(text: string): DrillEngine {
  const engine = drillEngines.find((known) => known === text);
  if (engine === undefined) throw new Error(`Expected ${drillEnvironment.engine} to be one of ${drillEngines.join(", ")}, it is ${text}.`);
  return engine;
}

function expectPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Error(`Expected ${drillEnvironment.port} to be a TCP port, it is ${text}.`);
}
