import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import type { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import type * as messages from "@pulumi/pulumi/proto/analyzer_pb.js";

const require = createRequire(import.meta.url);
/** What the SDK itself loads: two copies of a message class do not recognise each other. */
const inside = createRequire(require.resolve("@pulumi/pulumi"));
const proto = inside("./proto/analyzer_pb.js") as typeof messages;
const { Struct } = inside("google-protobuf/google/protobuf/struct_pb.js") as { Struct: { fromJavaScript(value: object): messages.AnalyzeRequest["getProperties"] extends () => infer S ? S : never } };
const { Empty } = inside("google-protobuf/google/protobuf/empty_pb.js") as { Empty: new () => Parameters<AnalyzerClient["getAnalyzerInfo"]>[0] };

/** Compiling TypeScript, which the SDK's runner always gets ready for, takes a slow machine some seconds. */
const START_LIMIT_MILLISECONDS = 20_000;

export interface Sent {
  readonly type: string;
  readonly name: string;
  readonly props: object;
}

export interface Diagnostic {
  readonly policy: string;
  readonly level: "advisory" | "mandatory";
  readonly message: string;
}

/** A policy pack as Pulumi runs it: the SDK's own runner in a process of its own. */
export interface RunningPack {
  policies(): Promise<readonly string[]>;
  analyze(resource: Sent): Promise<readonly Diagnostic[]>;
  analyzeStack(resources: readonly Sent[]): Promise<readonly Diagnostic[]>;
  stop(): Promise<void>;
}

export async function startPack(folder: string): Promise<RunningPack> {
  const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", folder], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  try {
    const { close, ...client } = clientOf(await portOf(child));
    return {
      ...client,
      stop: () => {
        close();
        return stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first line that a pack prints is the port it listens on. */
async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null || child.stderr === null) throw new Error("Expected the pack's output to be piped.");
  const complaints: string[] = [];
  child.stderr.on("data", (data) => complaints.push(String(data)));
  const tooLate = AbortSignal.timeout(START_LIMIT_MILLISECONDS);
  const [line] = await Promise.race([
    once(createInterface(child.stdout), "line", { signal: tooLate }),
    once(child, "exit", { signal: tooLate }).then(() => {
      throw new Error(`Expected the pack to print its port, it ended: ${complaints.join("")}`);
    }),
  ]) as [string];
  return Number(line);
}

function clientOf(port: number): Omit<RunningPack, "stop"> & { readonly close: () => void } {
  const { AnalyzerClient: Client } = inside("./proto/analyzer_grpc_pb.js") as { AnalyzerClient: typeof AnalyzerClient };
  const { credentials } = inside("@grpc/grpc-js") as { credentials: { createInsecure(): ConstructorParameters<typeof AnalyzerClient>[1] } };
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    close: () => client.close(),
    policies: async () => {
      const info = await answer<messages.AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done));
      return info.getPoliciesList().map((policy) => policy.getName());
    },
    analyze: async (resource) => {
      const request = fill(new proto.AnalyzeRequest(), resource);
      return diagnosticsOf(await answer<messages.AnalyzeResponse>((done) => client.analyze(request, done)));
    },
    analyzeStack: async (resources) => {
      const request = new proto.AnalyzeStackRequest();
      request.setResourcesList(resources.map((resource) => fill(new proto.AnalyzerResource(), resource)));
      return diagnosticsOf(await answer<messages.AnalyzeResponse>((done) => client.analyzeStack(request, done)));
    },
  };
}

function fill<Message extends messages.AnalyzeRequest | messages.AnalyzerResource>(message: Message, { type, name, props }: Sent): Message {
  message.setType(type);
  message.setName(name);
  message.setUrn(`urn:pulumi:test::campus::${type}::${name}`);
  message.setProperties(Struct.fromJavaScript(props));
  message.setOptions(new proto.AnalyzerResourceOptions());
  return message;
}

const diagnosticsOf = (response: messages.AnalyzeResponse): readonly Diagnostic[] =>
  response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: diagnostic.getEnforcementlevel() === proto.EnforcementLevel.MANDATORY ? "mandatory" : "advisory",
    message: diagnostic.getMessage(),
  }));

const answer = <Response>(call: (done: (error: unknown, response: Response) => void) => void): Promise<Response> =>
  new Promise((resolve, reject) => {
    call((error, response) => {
      if (error instanceof Error) reject(error);
      else resolve(response);
    });
  });
