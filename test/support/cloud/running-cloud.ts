import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { type Engine, startEngine } from "../engine/engine.ts";
import { startFullObjectS3 } from "../handlers/full-object-s3.ts";
import { programPath } from "../parts.ts";
import { type MongoServer, startMongo } from "../servers/mongodb.ts";
import { type PostgresServer, startPostgres } from "../servers/postgresql.ts";
import { accessKinds } from "./provider/access-kinds.ts";
import { alertKinds } from "./provider/alert-kinds.ts";
import { CATALOGUE } from "./catalogue.ts";
import { type Clients, clientsOf } from "./provider/clients.ts";
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

/** A state machine waits ten minutes before it tries a backup again; here it is a tenth of a second. */
const WAIT_SCALE = "0.001";

export async function startRunningCloud(): Promise<RunningCloud> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  try {
    return await assemble();
  } catch (error) {
    await stop();
    throw error;
  }

  async function assemble(): Promise<RunningCloud> {
    const started = async <T extends { readonly stop: () => unknown }>(starting: Promise<T>): Promise<T> => {
      const one = await starting;
      stops.push(() => one.stop());
      return one;
    };
    const subscriber = await started(startSubscriber());
    const server = await started(startFullObjectS3({ SSL_CERT_FILE: subscriber.authority, SFN_WAIT_SCALE: WAIT_SCALE }));
    const postgres = await started(startPostgres());
    const mongo = await started(startMongo());

    const tools = mkdtempSync(join(tmpdir(), "upkeep-tools-"));
    stops.push(() => rmSync(tools, { recursive: true, force: true }));
    symlinkSync(programPath("postgresql", "pg_dump"), join(tools, "pg_dump"));
    symlinkSync(programPath("postgresql", "psql"), join(tools, "psql"));
    symlinkSync(programPath("mongo-tools", "mongodump"), join(tools, "mongodump"));

    const clients = clientsOf(server);
    await keepSecret(clients, smallStack.secrets.accounts, { username: postgres.user, password: postgres.password, host: postgres.host, port: postgres.port, sslmode: "disable" });
    await keepSecret(clients, smallStack.secrets.catalogue, { username: mongo.user, password: mongo.password, host: mongo.host, port: mongo.port, tls: false });

    const source = smallStackFolder({
      databases: { accounts: postgres.database, catalogue: CATALOGUE }, network: await makeNetwork(clients.ec2), desk: `${subscriber.address}/upkeep`,
    });
    stops.push(source.remove);
    let emulated: EmulatedCloud | undefined;
    const engine = await started(startEngine({
      stack: smallStack.stack,
      source: source.folder,
      aws: (kept, project) => emulated = new EmulatedCloud({
        ...storeKinds(clients),
        ...accessKinds(clients),
        ...runKinds(clients, { project, environment: { ...server.env, UPKEEP_TOOLS: tools, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" } }),
        ...alertKinds(clients),
      }, kept),
    }));
    if (!emulated) throw new Error("Expected the engine to ask for the cloud of the aws provider, it did not.");
    return { engine, emulated, clients, environment: server.env, postgres, mongo, subscriber, stop };
  }
}

const keepSecret = ({ secrets }: Clients, name: string, content: object): Promise<unknown> =>
  secrets.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(content) }));
