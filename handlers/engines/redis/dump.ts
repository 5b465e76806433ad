import { makePrivateFolder } from "../../programs/private-folder.ts";
import { startListening } from "../../programs/program.ts";
import type { Dump } from "../dump.ts";
import { readObjectCommand } from "../dump.ts";
import { gzip } from "../gzip.ts";
import { clientOf, type RedisAccess } from "./connection.ts";
import { factsOf, type RedisFacts } from "./server-facts.ts";
import { readSnapshot } from "./snapshot-stream.ts";
import { databaseName } from "./snapshot-inspector.ts";

export interface RedisSource extends RedisAccess {
  /** Number of the logical database that must not be empty. The dump holds all of them: a server hands out no less. */
  readonly database: string;
  /** Default: true. */
  readonly hashes?: boolean;
}

/** A snapshot as a replica gets it, read while it passes by and compressed here. */
export async function openRedisDump(source: RedisSource, signal: AbortSignal): Promise<Dump> {
  const folder = await makePrivateFolder();
  try {
    const client = await clientOf(source, folder, signal);
    const facts = await factsOf(client);
    expectWhole(facts);
    expectReadable(facts, client.tool);

    const program = startListening(client.call(["--rdb", "-"]));
    program.input.end(client.login);
    const snapshot = readSnapshot(program.output, { address: client.address, ...(source.hashes === undefined ? {} : { hashes: source.hashes }) });
    return {
      extension: "rdb.gz",
      body: gzip(expectKeys(snapshot.body, () => snapshot.contents().counts, source.database)),
      describe: () => {
        const { counts, hashes, hashedBy, checksum } = snapshot.contents();
        return {
          tool: client.tool,
          serverVersion: facts.version,
          server: facts.identity,
          consistency: "One moment for all databases of the server: the snapshot that it forked when a replica asked for one."
            + (checksum === "off" ? " Without a checksum of its own, the server writes none (rdbchecksum no)." : ""),
          counts,
          ...(hashes === undefined || hashedBy === undefined ? {} : { hashes, hashedBy }),
          dumpBytes: snapshot.bytes(),
          restoreCommand: (address) => `${readObjectCommand(address)} | gunzip > restored.rdb && redis-check-rdb restored.rdb `
            + "&& redis-server --port 6380 --dir . --dbfilename restored.rdb --appendonly no",
        };
      },
      close: async () => {
        await program.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

function expectWhole({ identity: { address }, isCluster, inStep }: RedisFacts): void {
  if (isCluster) {
    throw new Error(`Expected a Redis that holds all of its keys, ${address} is a node of a cluster: what it holds is a part of them. `
      + "Back a cluster up by its provider's snapshots, which are taken on all nodes.");
  }
  if (!inStep) throw new Error(`Expected a server that has all of its data, ${address} is a replica that is not in step with its master. Run it again when it is, or name the master.`);
}

/** Minor versions write forms of their own; a newer server would be refused by its first bytes, in fewer words. */
function expectReadable({ version, identity: { address } }: RedisFacts, tool: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major >= 5 && (major < 7 || (major === 7 && minor === 0))) return;
  throw new Error(`Expected a Redis from 5.0 to 7.0, whose snapshots can be read, ${address} is ${version} and the tools layer has ${tool}. `
    + "Let its provider take snapshots of it, and answer its items under upkeep:notApplicable.");
}

/** A number that no database has is an empty database to Redis: a backup of nothing would become the newest one. */
async function* expectKeys(body: AsyncIterable<Uint8Array>, counts: () => Readonly<Record<string, number>>, database: string): AsyncGenerator<Uint8Array> {
  yield* body;
  const found = counts();
  if ((found[databaseName(Number(database))] ?? 0) > 0) return;
  const others = Object.keys(found).filter((name) => name.startsWith("db"));
  throw new Error(`Expected keys in the database ${database} of Redis, it has none${others.length > 0 ? ` (${others.join(", ")} do)` : ""}. Is the number right?`);
}
