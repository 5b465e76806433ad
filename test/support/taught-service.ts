import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { isDeepStrictEqual } from "node:util";

/** A question to a service of AWS, and how that answers it: with a body, or with the name of an error. */
export interface TaughtAnswer {
  readonly action: string;
  readonly asked: unknown;
  readonly answer: { readonly body: unknown } | { readonly error: string };
}

export interface TaughtService {
  readonly endpoint: string;
  /** Replaces what was taught before. */
  readonly teach: (answers: readonly TaughtAnswer[]) => void;
  readonly stop: () => Promise<void>;
}

/** For what the emulator of AWS has not, of services that are asked in JSON. It fails every question that nobody taught it, to the letter. */
export async function startTaughtService(): Promise<TaughtService> {
  let taught: readonly TaughtAnswer[] = [];
  const answerTo = async (request: IncomingMessage): Promise<TaughtAnswer["answer"]> => {
    const action = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const found = taught.find((one) => one.action === action && isDeepStrictEqual(one.asked, asked));
    return found?.answer ?? { error: `NobodyTaught${action}${JSON.stringify(asked).replaceAll(/\W/g, "_")}` };
  };
  const server = createServer((request, response) => {
    void answerTo(request).then((answer) => {
      response.writeHead("error" in answer ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify("error" in answer ? { __type: answer.error, message: answer.error } : answer.body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    teach: (answers) => {
      taught = answers;
    },
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => {
        resolve();
      });
    }),
  };
}
