import { createServer, request, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 } from "node:zlib";
import { type S3Server, startS3 } from "../servers/s3.ts";

/**
 * The emulator, with two things put right: for an object uploaded in parts it always reports the checksum of the parts'
 * checksums, or none, also where the upload asked for that of the full object (only those that asked are answered so); and it
 * copies over an object that is there, also where the copy asked for none.
 */
export async function startFullObjectS3(settings: Readonly<Record<string, string>> = {}): Promise<S3Server> {
  const emulator = await startS3(settings);
  const asked = new Set<string>();

  const listener: RequestListener = (incoming, outgoing) => {
    const path = incoming.url ?? "";
    const [key = ""] = path.split("?");
    if (incoming.method === "POST" && /\?uploads\b/.test(path) && incoming.headers["x-amz-checksum-type"] === "FULL_OBJECT") asked.add(key);
    const goOn = (): void => handOn(incoming, outgoing, key);
    const isConditionalCopy = incoming.method === "PUT" && incoming.headers["x-amz-copy-source"] !== undefined && incoming.headers["if-none-match"] === "*";
    if (!isConditionalCopy) return goOn();
    void statusOfHead(`${emulator.endpoint}${key}`).then((status) => (status === 200 ? refuse(outgoing) : goOn()), () => incoming.socket.destroy());
  };
  const handOn = (incoming: IncomingMessage, outgoing: ServerResponse, key: string): void => {
    const onward = request(`${emulator.endpoint}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
      void (async () => {
        const headers = { ...answer.headers };
        const whole = headers["x-amz-checksum-crc32"];
        if (incoming.method === "HEAD" && answer.statusCode === 200 && asked.has(key) && (whole === undefined || String(whole).includes("-"))) {
          headers["x-amz-checksum-crc32"] = await checksumOf(`${emulator.endpoint}${key}`);
          headers["x-amz-checksum-type"] = "FULL_OBJECT";
        }
        outgoing.writeHead(answer.statusCode ?? 500, headers);
        answer.pipe(outgoing);
      })().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
    });
    onward.once("error", () => incoming.socket.destroy());
    outgoing.once("close", () => onward.destroy());
    incoming.pipe(onward);
  };

  const proxy = createServer(listener);
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    ...emulator,
    endpoint,
    env: { ...emulator.env, AWS_ENDPOINT_URL: endpoint },
    stop: async () => {
      proxy.closeAllConnections();
      await new Promise<void>((resolve, reject) => void proxy.close((error) => (error ? reject(error) : resolve())));
      await emulator.stop();
    },
  };
}

/** As S3 answers a condition that does not hold. */
function refuse(outgoing: ServerResponse): void {
  outgoing.writeHead(412, { "content-type": "application/xml" });
  outgoing.end('<?xml version="1.0"?><Error><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message></Error>');
}

const statusOfHead = (url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => void request(url, { method: "HEAD" }, ({ statusCode }) => resolve(statusCode)).once("error", reject).end());

async function checksumOf(url: string): Promise<string> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => void request(url, resolve).once("error", reject).end());
  let crc = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) crc = crc32(chunk, crc);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString("base64");
}
