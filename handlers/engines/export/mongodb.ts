import type { ClientSession, Db } from "mongodb";
import type { ExportedTable } from "../../../practice/contract/exported.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import type { Dump } from "../dump.ts";
import { gzip } from "../gzip.ts";
import { helloOf } from "../mongodb/client.ts";
import { connectionOf, type MongodbDatabase, redactionOfUri } from "../mongodb/connection.ts";
import { identityOf } from "../mongodb/server.ts";
import { startOf } from "./line.ts";
import { readCommand, writtenLines } from "./written.ts";

/** Of MongoDB 5.0: the first that reads several collections at one moment without a transaction. */
const SNAPSHOT_WIRE_VERSION = 13;

/** Collections as lines of canonical Extended JSON, which keeps every type. Whether each can be read is asked before the first byte is written. */
export async function openMongodbExport(source: MongodbDatabase, collections: readonly ExportedTable[], signal: AbortSignal): Promise<Dump> {
  signal.throwIfAborted();
  const folder = await makePrivateFolder();
  const started = [folder.remove];
  const close = async (): Promise<void> => {
    for (const end of started) await end();
  };
  try {
    const uri = await connectionOf(source, folder);
    const redact = redactionOfUri(uri, source.credentials);
    const { MongoClient, BSON } = await import("../mongodb/driver.ts");
    const client = new MongoClient(uri, { appName: "upkeep", maxPoolSize: 1 });
    const closeOnAbort = (): void => void client.close();
    signal.addEventListener("abort", closeOnAbort, { once: true });
    started.unshift(async () => {
      signal.removeEventListener("abort", closeOnAbort);
      await client.close();
    });
    const told = async <Answer>(ask: Promise<Answer>): Promise<Answer> => {
      try {
        return await ask;
      } catch (error) {
        signal.throwIfAborted();
        throw new Error(redact(error instanceof Error ? error.message : String(error)), { cause: error });
      }
    };
    const hello: { readonly setName?: string; readonly maxWireVersion?: number } = await told(helloOf(client));
    const { version } = await told(client.db("admin").command({ buildInfo: 1 }));
    const database = client.db(source.database);
    for (const collection of collections) await told(expectReadable(database, collection));

    const inOneMoment = hello.setName !== undefined && (hello.maxWireVersion ?? 0) >= SNAPSHOT_WIRE_VERSION;
    const session = inOneMoment ? client.startSession({ snapshot: true }) : undefined;
    if (session !== undefined) started.unshift(() => session.endSession());
    async function* linesOf(index: number): AsyncGenerator<string> {
      const documents = documentsOf(database, collections[index], session);
      try {
        for await (const document of documents.cursor) yield `${documents.start}${BSON.EJSON.stringify(document, { relaxed: false })}}`;
      } catch (error) {
        await told(Promise.reject(error instanceof Error ? error : new Error(String(error))));
      }
    }
    const names = collections.map(({ name }) => name);
    const written = writtenLines(names, linesOf);
    return {
      extension: "jsonl.gz",
      body: gzip(written.body),
      describe: () => ({
        tool: "upkeep, MongoDB driver for Node.js",
        serverVersion: String(version),
        server: identityOf(uri, hello),
        consistency: inOneMoment ? IN_ONE_MOMENT : EACH_BY_ITSELF,
        ...written.contents(),
        dumpBytes: written.bytes(),
        restoreCommand: (address) => readCommand(address, names),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const IN_ONE_MOMENT = "One moment for all collections in it: a snapshot that the server gave at the first read.";
const EACH_BY_ITSELF = "Each collection by itself: the server is no replica set of MongoDB 5.0 or newer and gives no snapshot, so writes between two collections are not in step.";

/** MongoDB takes a name that it does not know for an empty collection, and a field that no document has for nothing. */
async function expectReadable(database: Db, { name, columns = [] }: ExportedTable): Promise<void> {
  const way = "Mend the export's `of`, or grant the user the role read.";
  const found = await database.listCollections({ name }, { nameOnly: true }).toArray();
  if (found.length === 0) throw new Error(`Expected the collection ${name} in ${database.databaseName} for the export, there is none. ${way}`);
  const one = await database.collection(name).findOne({}, { projection: { _id: 1 } });
  if (one === null) return;
  for (const field of columns) {
    if (await database.collection(name).findOne({ [field]: { $exists: true } }, { projection: { _id: 1 } }) === null) {
      throw new Error(`Expected documents with the field ${field} in ${name} for the export, none has it. ${way}`);
    }
  }
}

function documentsOf(database: Db, collection: ExportedTable | undefined, session: ClientSession | undefined) {
  if (collection === undefined) throw new Error("Expected a collection to export, got none. This is a fault of the export.");
  const { name, columns } = collection;
  const cursor = database.collection(name).find({}, {
    // As the server has them: a number of JavaScript would no longer say which of four types it was.
    promoteValues: false,
    ...(columns === undefined ? {} : { projection: { _id: columns.includes("_id") ? 1 : 0, ...Object.fromEntries(columns.map((column) => [column, 1])) } }),
    ...(session === undefined ? {} : { session }),
  });
  return { cursor, start: startOf(name) };
}
