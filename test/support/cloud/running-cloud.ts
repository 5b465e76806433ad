import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Engine, startEngine } from "../engine/engine.ts";
import { programPath } from "../parts.ts";
import { type MongoServer, startMongo } from "../servers/mongodb.ts";
import { type PostgresServer, startPostgres } from "../servers/postgresql.ts";
import { assembled, emulatedAws } from "./assembly.ts";
import { accessKinds } from "./provider/access-kinds.ts";
import { alertKinds } from "./provider/alert-kinds.ts";
import { CATALOGUE } from "./catalogue.ts";
import type { Clients } from "./provider/clients.ts";
import { EmulatedCloud } from "./provider/emulated-cloud.ts";
import { makeNetwork } from "./network.ts";
import { runKinds } from "./provider/run-kinds.ts";
import { smallStack, smallStackFolder } from "./small-stack.ts";
import { storeKinds } from "./provider/store-kinds.ts";
import { startSubscriber, type Subscriber } from "./subscriber.ts";

/** The real engine, an emulated AWS that runs what it is given, and the databases that are backed up. */
export interface RunningCloud {
  readonly engine: Engine;
  readonly emulated: EmulatedCloud;
  readonly clients: Clients;
  /** Variables with which a command asks the emulator. */
  readonly environment: Readonly<Record<string, string>>;
  readonly postgres: PostgresServer;
  readonly mongo: MongoServer;
  readonly subscriber: Subscriber;
  readonly stop: () => Promise<void>;
}

export const startRunningCloud = (): Promise<RunningCloud> => assembled(async (assembly) => {
  const { started, folder } = assembly;
  const subscriber = await started(startSubscriber());
  const { clients, server, environment, keepSecret } = await emulatedAws(assembly, { SSL_CERT_FILE: subscriber.authority });
  const postgres = await started(startPostgres());
  const mongo = await started(startMongo());

  const tools = folder("tools");
  symlinkSync(programPath("postgresql", "pg_dump"), join(tools, "pg_dump"));
  symlinkSync(programPath("postgresql", "psql"), join(tools, "psql"));
  symlinkSync(programPath("mongo-tools", "mongodump"), join(tools, "mongodump"));

  await keepSecret(smallStack.secrets.accounts, { username: postgres.user, password: postgres.password, host: postgres.host, port: postgres.port, sslmode: "disable" });
  await keepSecret(smallStack.secrets.catalogue, { username: mongo.user, password: mongo.password, host: mongo.host, port: mongo.port, tls: false });

  const source = smallStackFolder({
    databases: { accounts: postgres.database, catalogue: CATALOGUE }, network: await makeNetwork(clients.ec2), desk: `${subscriber.address}/upkeep`,
  });
  assembly.atEnd(source.remove);
  let emulated: EmulatedCloud | undefined;
  const engine = await started(startEngine({
    stack: smallStack.stack,
    source: source.folder,
    aws: (kept, project) => emulated = new EmulatedCloud({
      ...storeKinds(clients),
      ...accessKinds(clients),
      ...runKinds(clients, { project, environment: { ...environment, UPKEEP_TOOLS: tools } }),
      ...alertKinds(clients),
    }, kept),
  }));
  if (!emulated) throw new Error("Expected the engine to ask for the cloud of the aws provider, it did not.");
  return { engine, emulated, clients, environment: server.env, postgres, mongo, subscriber };
});
