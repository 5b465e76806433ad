import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export interface TcpGate {
  readonly port: number;
  /** Resolves once the gate has closed: so many bytes have come from the server, and no more pass. */
  readonly closed: Promise<void>;
  /** Breaks every connection, and takes no new one. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
}

const HOST = "127.0.0.1";

/** Stands before a server, lets so many bytes of its answers pass, and then holds back the rest: whoever waits is in the middle of it. */
export async function startTcpGate(serverPort: number, passedBytes: number): Promise<TcpGate> {
  const sockets = new Set<Socket>();
  let left = passedBytes;
  let isCut = false;
  let close: () => void;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const watch = (socket: Socket, other: () => Socket): void => {
    sockets.add(socket);
    // A broken connection breaks the one beyond it, which is all that is to be known of it here.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      sockets.delete(socket);
      other().destroy();
    });
  };
  const gate = createServer((client) => {
    if (isCut) return void client.destroy();
    const server = connect(serverPort, HOST);
    watch(client, () => server);
    watch(server, () => client);
    client.pipe(server);
    server.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left > 0) return void client.write(chunk);
      server.pause();
      close();
    });
  });
  await new Promise<void>((resolve) => gate.listen(0, HOST, resolve));
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (gate.address() as AddressInfo).port,
    closed,
    cut,
    stop: () => new Promise((resolve, reject) => {
      gate.close((error) => (error ? reject(error) : resolve()));
      cut();
    }),
  };
}
