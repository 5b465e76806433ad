import { makePrivateFolder } from "../../programs/private-folder.ts";
import { startListening } from "../../programs/program.ts";
import type { Dump } from "../dump.ts";
import { clientOf, type RedisAccess } from "./connection.ts";
import { factsOf, type RedisFacts } from "./server-facts.ts";
import { snapshotDump } from "./snapshot-dump.ts";
import { readSnapshot } from "./snapshot-stream.ts";

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
    return snapshotDump(snapshot, {
      database: source.database,
      about: () => ({
        tool: client.tool,
        serverVersion: facts.version,
        server: facts.identity,
        consistency: "One moment for all databases of the server: the snapshot that it forked when a replica asked for one.",
      }),
      close: async () => {
        await program.stop();
        await folder.remove();
      },
    });
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
