import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What CloudWatch writes into a message about an alarm, as far as people read it. */
export interface AlarmMessage {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly NewStateValue: string;
}

export interface Subscriber {
  readonly address: string;
  /** What came, in its order, with the topic that it came from. */
  readonly messages: readonly (AlarmMessage & { readonly topicArn: string })[];
  readonly stop: () => Promise<void>;
}

interface Envelope {
  readonly Type: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly SubscribeURL?: string;
}

const CONFIRM_LIMIT_MILLISECONDS = 10_000;

/** An address that confirms its subscriptions, as SNS asks of every HTTP subscriber, and keeps what it is sent. */
export async function startSubscriber(): Promise<Subscriber> {
  const messages: (AlarmMessage & { readonly topicArn: string })[] = [];
  const take = async (incoming: IncomingMessage): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const { Type, TopicArn, Message, SubscribeURL } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Envelope;
    if (Type === "Notification") messages.push({ ...JSON.parse(Message) as AlarmMessage, topicArn: TopicArn });
    else if (SubscribeURL !== undefined) await fetch(SubscribeURL, { signal: AbortSignal.timeout(CONFIRM_LIMIT_MILLISECONDS) });
  };
  const server = createServer((incoming, outgoing) => {
    take(incoming).then(() => outgoing.end(), (error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    stop: () => new Promise((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    }),
  };
}
