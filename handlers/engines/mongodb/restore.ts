import type { MongoClient } from "mongodb";
import type { Contents } from "../../../practice/contract/manifest.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { NotATarget, type Purpose, type RestoreSource, type RestoreTarget } from "../restore.ts";
import type { ArchiveContents } from "./archive-inspector.ts";
import { answerOf, commandOf, helloOf, withClient } from "./client.ts";
import { connectionOf, type MongodbDatabase, redactionOfUri } from "./connection.ts";
import { startMongodump } from "./mongodump.ts";
import { mongorestore } from "./mongorestore.ts";
import { dns, type Names } from "../same-server.ts";
import { lookInto } from "./scratch-mark.ts";
import { addressesOf, identityOf, isRouter } from "./server.ts";
import { expectTarget } from "./target-proof.ts";

/** Reaches a database of MongoDB to restore into; a database that is not there yet is an empty one. */
export async function openMongodbTarget(target: MongodbDatabase, signal: AbortSignal, names: Names = dns): Promise<RestoreTarget> {
  const folder = await makePrivateFolder();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const under = new Set<Promise<unknown>>();
  /** Nothing of ours runs any more once the target is closed. */
  const followed = <Answer>(work: Promise<Answer>): Promise<Answer> => {
    const done: Promise<unknown> = work.then(() => undefined, () => undefined).then(() => under.delete(done));
    under.add(done);
    return work;
  };
  try {
    const uri = await connectionOf(target, folder);
    const config = await folder.write("mongorestore.yaml", `uri: ${JSON.stringify(uri)}\n`);
    const redact = redactionOfUri(uri, target.credentials);
    const name = `${target.database} on ${addressesOf(uri).join(",")}`;
    const ask = async <Result>(question: (client: MongoClient) => Promise<Result>): Promise<Result> => {
      try {
        return await withClient(uri, either, question);
      } catch (error) {
        either.throwIfAborted();
        // The driver's own words name an address at most; they are redacted all the same.
        throw new Error(`Expected an answer from ${name}, there was none: ${redact(error instanceof Error ? error.message : String(error))}`);
      }
    };
    const hello = await ask(helloOf);
    const server = identityOf(uri, hello);
    let proven: { readonly purpose: Purpose; readonly source: RestoreSource } | undefined;

    const prove = async (purpose: Purpose, source: RestoreSource): Promise<void> => {
      const found = await ask((client) => lookInto(client.db(target.database)));
      await expectTarget({ name, database: target.database, server, routed: isRouter(hello), found }, purpose, source, names);
      proven = { purpose, source };
    };
    const load = async (dump: AsyncIterable<Uint8Array>): Promise<void> => {
      if (proven === undefined) throw new NotATarget(`Expected ${name} to have proved that it may be written, nobody asked it to.`);
      const { purpose, source } = proven;
      // Again: between the proof and now somebody may have begun to use it, or a dump was read into it already.
      await prove(purpose, source);
      await mongorestore({ tools: target.tools, config, redact, from: source.database, to: target.database }, dump, either);
    };
    return {
      name,
      prove: (purpose, source) => followed(prove(purpose, source)),
      load: (dump) => followed(load(dump)),
      contents: async () => renamed(await followed(contentsOf(target, either)), target.database, proven?.source.database ?? target.database),
      ask: async (question) => {
        const command = await commandOf(question);
        return followed(ask((client) => answerOf(client.db(target.database), command)));
      },
      close: async () => {
        over.abort(new Error(`Expected ${name} to be open, it was closed.`));
        await Promise.all(under);
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Dumped once more and thrown away: measured as a backup measures, and read by nobody else. */
async function contentsOf(target: MongodbDatabase, signal: AbortSignal): Promise<ArchiveContents> {
  const archive = await startMongodump(target, signal);
  const stopOnAbort = (): void => void archive.close();
  signal.addEventListener("abort", stopOnAbort, { once: true });
  try {
    for await (const chunk of archive.body) void chunk;
    return archive.contents();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stopOnAbort);
    await archive.close();
  }
}

/** Under the names that the source has, so that a copy can be held against its manifest. */
function renamed({ counts, hashes, hashedBy }: ArchiveContents, from: string, to: string): Contents {
  const asInSource = <Value>(values: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name.startsWith(`${from}.`) ? `${to}${name.slice(from.length)}` : name, value]));
  return { counts: asInSource(counts), ...(hashes === undefined || hashedBy === undefined ? {} : { hashes: asInSource(hashes), hashedBy }) };
}
