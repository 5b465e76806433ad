import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** One request, and what the server behind said to it. */
export interface Exchange {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly asked: string;
  readonly askedWith: IncomingHttpHeaders;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What is told instead. `then`: how the connection ends after the body; default is as it should. */
export type Told = Pick<Exchange, "status" | "headers" | "body"> & { readonly then?: "cut" | "silence" };

export interface Between {
  readonly origin: string;
  readonly exchanges: readonly Exchange[];
  readonly stop: () => Promise<void>;
}

/** Headers that are about one connection, not about what is asked. */
const ofOneConnection = ["host", "connection", "content-length", "transfer-encoding"];

/** Stands between a client and an HTTP server and changes what that says; what it does not change it hands on. */
export async function startBetween(origin: string, change: (exchange: Exchange) => Partial<Told>): Promise<Between> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const [method, path, asked] = [request.method ?? "GET", request.url ?? "/", Buffer.concat(chunks)];
      const sent = Object.entries(request.headers).flatMap(([name, value]): [string, string][] => (ofOneConnection.includes(name) ? [] : [[name, String(value)]]));
      const answer = await fetch(new URL(path, origin), { method, headers: sent, ...(method === "GET" ? {} : { body: asked }), redirect: "manual" });
      const type = answer.headers.get("content-type");
      const exchange: Exchange = {
        method, path, asked: asked.toString("latin1"), askedWith: request.headers, status: answer.status, headers: type === null ? {} : { "content-type": type }, body: Buffer.from(await answer.arrayBuffer()),
      };
      exchanges.push(exchange);
      const { status, headers, body, then } = { ...exchange, ...change(exchange) } as Told;
      response.writeHead(status, headers).write(body, () => {
        if (then === "cut") response.destroy();
        else if (then === undefined) response.end();
      });
    })().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
