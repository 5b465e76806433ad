import * as z from "zod/mini";
import { configurationEnvironment } from "../../practice/contract/environment.ts";
import { scopeName } from "../../practice/contract/names.ts";
import { expectNumber } from "../backup/job.ts";
import type { BackupJob } from "../backup/run.ts";
import type { WantedConfiguration } from "../engines/configuration/read.ts";
import { readEnvironment } from "../runtime/environment.ts";

/** What the environment says of the function that archives the configuration. */
export interface ConfigurationSetup {
  readonly bucket: string;
  readonly region: string;
  readonly wanted: WantedConfiguration;
  readonly job: Omit<BackupJob, "scheduledAt">;
}

export function readSetup(env: Readonly<Record<string, string | undefined>>): ConfigurationSetup {
  const { bucket, system, stack, source, sizeGiB, parameters, secrets, stateBucket, stateObject } =
    readEnvironment(configurationEnvironment, env, ["stateBucket", "stateObject"]);
  const scope = scopeName({ system: { name: system }, stack });
  return {
    bucket,
    region: env["AWS_REGION"] ?? "",
    wanted: {
      prefix: `${scope}-`,
      parameters: readNames(configurationEnvironment.parameters, parameters),
      secrets: readNames(configurationEnvironment.secrets, secrets),
      ...(stateBucket === "" ? {} : { state: { bucket: stateBucket, key: stateObject } }),
    },
    job: { system, stack, source, engine: "configuration", database: scope, sizeGiB: expectNumber(configurationEnvironment.sizeGiB, sizeGiB) },
  };
}

const names = z.array(z.string().check(z.minLength(1)));

function readNames(variable: string, json: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(`Expected ${variable} to be JSON, it is not.`, { cause: error });
  }
  const result = names.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`Expected ${variable} to be a list of names, it is not.`, { cause: result.error });
}
