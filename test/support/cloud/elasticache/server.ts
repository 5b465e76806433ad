import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { S3Client } from "@aws-sdk/client-s3";
import { Fault, taughtActions, type World } from "./actions.ts";
import { answerXml, errorXml } from "./xml.ts";

/** What a test does to ElastiCache, and sees of it. */
export interface ElastiCacheDouble extends World {
  readonly endpoint: string;
  /** Every request, in its order: `CreateSnapshot campus-...`. */
  readonly asked: readonly string[];
  readonly stop: () => Promise<void>;
}

const VERSION = "2015-02-02";

/**
 * A double of ElastiCache's API, on the wire as the SDK speaks it: a snapshot is of its source at that moment, a real one of
 * a real Redis, and is written into the emulator's bucket when it is exported. It refuses each action and parameter that
 * it was not taught, as AWS refuses what its model does not know.
 *
 * @param s3 With it the service writes its exports.
 */
export async function startElastiCache(s3: S3Client, clock: () => Date = () => new Date()): Promise<ElastiCacheDouble> {
  const world: World = { s3, clock, sources: new Map(), snapshots: new Map(), faults: { next: new Map() }, looksUntilAvailable: 1, looksUntilExported: 1 };
  const asked: string[] = [];

  async function act(request: IncomingMessage): Promise<string> {
    let body = "";
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    const { Action = "", Version, ...parameters } = Object.fromEntries(new URLSearchParams(body));
    const taught = taughtActions[Action];
    if (taught === undefined || Version !== VERSION) throw new Error(`Expected an action that the double of ElastiCache was taught, got ${Action} ${Version}.`);
    const strange = Object.keys(parameters).filter((name) => !taught.parameters.includes(name));
    if (strange.length > 0) throw new Error(`Expected ${Action} with ${taught.parameters.join(", ")}, got ${strange.join(", ")}.`);
    asked.push([Action, parameters["SnapshotName"] ?? parameters["SourceSnapshotName"]].filter((word) => word !== undefined).join(" "));
    const fault = world.faults.next.get(Action);
    if (fault !== undefined) {
      if (!fault.always) world.faults.next.delete(Action);
      throw fault.fault;
    }
    return answerXml(Action, await taught.act(world, parameters));
  }
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    act(request).then((text) => response.writeHead(200, { "content-type": "text/xml" }).end(text), (error: unknown) => {
      const { code, status } = error instanceof Fault ? error : { code: "InternalFailure", status: 400 };
      response.writeHead(status, { "content-type": "text/xml" }).end(errorXml(code, error instanceof Error ? error.message : String(error)));
    });
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(world, {
    asked,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => void server.close((error) => (error ? reject(error) : resolve())));
    },
  });
}
