import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2 } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { declareStack } from "../iam/declared-stack.ts";
import { secretName } from "../iam/stage.ts";
import { programPath } from "../parts.ts";
import { startPostgres } from "../servers/postgresql.ts";
import { assembled, emulatedAws } from "./assembly.ts";
import { bundleOf, type DeclaredMachine, startDeclaredMachine } from "./declared-machine.ts";
import { behind, type Fate, fateIn, packed } from "./fate.ts";
import type { Clients } from "./provider/clients.ts";

const UPDATE_LIMIT_SECONDS = 30;

/** The declared backup of one PostgreSQL on the emulator: its function, its state machine, its task, its store. */
export interface BackupMachine extends DeclaredMachine {
  readonly clients: Clients;
  /** Of pg_dump. */
  readonly inFunction: Fate;
  readonly inTask: Fate;
  /** Seconds that Lambda gives the function. */
  readonly giveFunction: (seconds: number) => Promise<void>;
  /** Another module in place of the function's bundle; none: its own again. */
  readonly replaceFunction: (module?: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export const startBackupMachine = (): Promise<BackupMachine> => assembled(async (assembly) => {
  const stack = await declareStack();
  const aws = await emulatedAws(assembly);
  const postgres = await assembly.started(startPostgres());
  const { name: FunctionName, environment: { variables } } = stack.the("aws:lambda/function:Function", "campus-accounts").inputs as {
    readonly name: string; readonly environment: { readonly variables: Readonly<Record<string, string>> };
  };
  await postgres.sql(`create database ${variables["UPKEEP_DATABASE"]}`);
  await postgres.sql("create table users as select generate_series(1, 1000) as id", variables["UPKEEP_DATABASE"]);
  await aws.keepSecret(secretName, { username: postgres.user, password: postgres.password, host: postgres.host, port: postgres.port, sslmode: "disable" });

  const folder = assembly.folder("machine");
  const inFunction = fateIn(folder, "function");
  const inTask = fateIn(folder, "task");
  const programs = (shell: string) => ({ pg_dump: behind(shell, programPath("postgresql", "pg_dump")), psql: behind(":", programPath("postgresql", "psql")) });
  const tools = join(folder, "bin");
  mkdirSync(tools);
  for (const [name, text] of Object.entries(programs(inFunction.shell))) writeFileSync(join(tools, name), text, { mode: 0o755 });

  const machine = await startDeclaredMachine(assembly, aws, {
    stack, name: "campus-accounts", handler: "backup", tools: packed(programs(inTask.shell)),
    functions: [{ name: "campus-accounts", handler: "backup", environment: { UPKEEP_TOOLS: tools } }],
  });
  const { lambda } = aws.clients;
  const updated = () => waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: UPDATE_LIMIT_SECONDS, minDelay: 1 }, { FunctionName });
  return {
    ...machine, clients: aws.clients, inFunction, inTask,
    giveFunction: async (seconds) => {
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: seconds }));
      await updated();
    },
    replaceFunction: async (module) => {
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipSync({ "index.mjs": module === undefined ? bundleOf("backup") : Buffer.from(module) }, { level: 1 }) }));
      await updated();
    },
  };
});
