import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Transform } from "node:stream";

/**
 * pass: hand through. reset: break the connection before the server has seen the request. lose-answer: let the server do
 * it, then break the connection. stall: never answer. flip: one bit of what is sent is another when it arrives. A number:
 * answer with that status and the S3 error code. A checksum: the server's answer, with this CRC32 in its place.
 */
export type Fate = "pass" | "reset" | "lose-answer" | "stall" | "flip" | { readonly status: number; readonly code: string } | { readonly crc32: string };

export interface SeenRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
}

export interface FaultyProxy {
  readonly endpoint: string;
  readonly seen: readonly SeenRequest[];
  readonly stop: () => Promise<void>;
}

/** Stands before an emulator, which never fails by itself, and fails in its place. */
export async function startFaultyProxy(target: string, fateOf: (seen: SeenRequest) => Fate): Promise<FaultyProxy> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const one = { method: incoming.method ?? "", path: incoming.url ?? "" };
    seen.push(one);
    const fate = fateOf(one);
    if (fate === "reset") return void incoming.socket.destroy();
    if (fate === "stall") return void incoming.resume();
    if (typeof fate === "object" && "status" in fate) {
      incoming.resume();
      outgoing.writeHead(fate.status, { "content-type": "application/xml", connection: "close" });
      return void outgoing.end(`<?xml version="1.0"?><Error><Code>${fate.code}</Code><Message>injected</Message></Error>`);
    }
    const onward = request(`${target}${one.path}`, { method: one.method, headers: incoming.headers }, (answer: IncomingMessage) => {
      if (fate === "lose-answer") {
        answer.resume();
        return void answer.once("end", () => incoming.socket.destroy());
      }
      outgoing.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...(typeof fate === "object" ? { "x-amz-checksum-crc32": fate.crc32 } : {}) });
      answer.pipe(outgoing);
    });
    onward.once("error", () => incoming.socket.destroy());
    outgoing.once("close", () => onward.destroy());
    if (fate === "flip") incoming.pipe(flipping()).pipe(onward);
    else incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop: () => new Promise((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    }),
  };
}

/** Changes the lowest bit of the first byte. */
function flipping(): Transform {
  let first = true;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const changed = Buffer.from(chunk);
      if (first) changed.writeUInt8(changed.readUInt8(0) ^ 1, 0);
      first = false;
      done(null, changed);
    },
  });
}
