import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { BSON } from "mongodb";

export interface RefusingMongo {
  readonly port: number;
  /** Commands that were refused. */
  readonly refused: readonly string[];
  readonly stop: () => Promise<void>;
}

const HOST = "127.0.0.1";
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const FLAGS_BYTES = 4;
const NOT_AUTHORIZED = 13;

/** Stands before a server that knows no roles, and refuses what reads one collection in the words of one that does. */
export async function startRefusingMongo(serverPort: number, collection: string): Promise<RefusingMongo> {
  const refused: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(serverPort, HOST);
    for (const [socket, other] of [[client, server], [server, client]] as const) {
      sockets.add(socket);
      // A broken connection breaks the one beyond it, which is all that is to be known of it here.
      socket.on("error", () => undefined);
      socket.once("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    server.pipe(client);
    let waiting = Buffer.alloc(0);
    client.on("data", (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= HEADER_BYTES && waiting.length >= waiting.readInt32LE(0)) {
        const message = waiting.subarray(0, waiting.readInt32LE(0));
        waiting = waiting.subarray(message.length);
        const command = commandOn(message, collection);
        if (command === undefined) {
          server.write(message);
          continue;
        }
        refused.push(command);
        client.write(answerTo(message, { ok: 0, code: NOT_AUTHORIZED, codeName: "Unauthorized", errmsg: `not authorized on shop to execute command { ${command}: "${collection}" }` }));
      }
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, HOST, resolve));
  return {
    port: (proxy.address() as AddressInfo).port,
    refused,
    stop: () => new Promise((resolve, reject) => {
      proxy.close((error) => (error ? reject(error) : resolve()));
      for (const socket of sockets) socket.destroy();
    }),
  };
}

/** The first key of a command is its name, and its value the collection. */
function commandOn(message: Buffer, collection: string): string | undefined {
  if (message.readInt32LE(12) !== OP_MSG) return undefined;
  const at = HEADER_BYTES + FLAGS_BYTES + 1;
  const [first] = Object.entries(BSON.deserialize(message.subarray(at, at + message.readInt32LE(at))));
  return first?.[1] === collection ? first[0] : undefined;
}

function answerTo(message: Buffer, document: object): Buffer {
  const body = BSON.serialize(document);
  const answer = Buffer.alloc(HEADER_BYTES + FLAGS_BYTES + 1);
  answer.writeInt32LE(answer.length + body.length, 0);
  answer.writeInt32LE(message.readInt32LE(4), 8);
  answer.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([answer, body]);
}
