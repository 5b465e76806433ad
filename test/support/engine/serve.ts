import { type Call, grpc, type Reply, type Server } from "./wire.ts";

export interface Served {
  readonly port: number;
  /** False once it has stopped: whoever still asks gets no answer. */
  readonly isServing: () => boolean;
  /** Ends all connections at once, as the death of its process would. May be called twice. */
  readonly stop: () => void;
}

type Handler<Request> = (call: Call<Request>, reply: Reply) => void;

/** Answers one request with one message; what is thrown becomes the caller's error. */
export function answer<Request>(make: (request: Request) => unknown): Handler<Request> {
  return (call, reply) => {
    Promise.resolve(call.request).then(make).then(
      (response) => reply(null, response),
      (error: unknown) => reply({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) }),
    );
  };
}

/** Serves on the loopback interface. A method that is not among them is unimplemented. Port 0: one that is free. */
export async function serve(name: string, service: object, methods: Parameters<Server["addService"]>[1], port: number): Promise<Served> {
  const server = new grpc.Server();
  server.addService(service, methods);
  const bound = await bind(server, name, port);
  let serving = true;
  return {
    port: bound,
    isServing: () => serving,
    stop: () => {
      serving = false;
      server.forceShutdown();
    },
  };
}

function bind(server: Server, name: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (!error) return resolve(bound);
      server.forceShutdown();
      reject(new Error(`Expected port ${port} to be free for ${name}, another program listens there. Leave the port out to get a free one.`, { cause: error }));
    });
  });
}

/** A message of the protocol, with what `fill` sets. */
export function filled<Message>(message: Message, fill: (message: Message) => void): Message {
  fill(message);
  return message;
}
