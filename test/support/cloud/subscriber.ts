import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

/** What CloudWatch writes into a message about an alarm, as far as people read it. */
export interface AlarmMessage {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly NewStateValue: string;
}

/** With the topic that it came from. */
export type Received = AlarmMessage & { readonly topicArn: string };

export interface Subscriber {
  /** `https://localhost:...` */
  readonly address: string;
  /** File of the certificate that whoever sends has to trust. */
  readonly authority: string;
  /** What came, in its order. */
  readonly messages: readonly Received[];
  readonly stop: () => Promise<void>;
}

interface Envelope {
  readonly Type: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly SubscribeURL?: string;
}

const HOST = "localhost";

const CONFIRM_LIMIT_MILLISECONDS = 10_000;

/** An HTTPS address that confirms its subscriptions, as SNS asks of everyone behind one, and keeps what it is sent. */
export async function startSubscriber(): Promise<Subscriber> {
  const messages: Received[] = [];
  const take = async (incoming: IncomingMessage): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const { Type, TopicArn, Message, SubscribeURL } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Envelope;
    if (Type === "Notification") messages.push({ ...JSON.parse(Message) as AlarmMessage, topicArn: TopicArn });
    else if (SubscribeURL !== undefined) await fetch(SubscribeURL, { signal: AbortSignal.timeout(CONFIRM_LIMIT_MILLISECONDS) });
  };
  const { private: key, cert } = await generate([{ name: "commonName", value: HOST }], { keyType: "ec", algorithm: "sha256" });
  const folder = mkdtempSync(join(tmpdir(), "upkeep-subscriber-"));
  const authority = join(folder, "authority.pem");
  writeFileSync(authority, cert);
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    take(incoming).then(() => outgoing.end(), (error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `https://${HOST}:${(server.address() as AddressInfo).port}`,
    authority,
    messages,
    stop: () => new Promise((resolve, reject) => {
      rmSync(folder, { recursive: true, force: true });
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    }),
  };
}
