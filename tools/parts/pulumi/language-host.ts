import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type * as messages from "@pulumi/pulumi/proto/language_pb.js";
import type * as pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";

// Becomes the program `pulumi-language-nodejs` beside a built `pulumi`, which runs no Node program without one: Pulumi's own
// comes with its installer only. Like that one it starts programs and policy packs with the SDK's runners, and with the loader
// that Pulumi.yaml asks for. The SDK is the project's, so its version is whatever the project has.

/** Exit code by which the SDK's runners say that the error was told already. */
const TOLD_ALREADY = 32;

interface Call<Request> {
  readonly request: Request;
  on(event: "cancelled", listener: () => void): void;
}

interface Stream<Request> extends Call<Request> {
  write(message: object): void;
  end(): void;
}

type Reply = (error: { readonly code: number; readonly details: string } | null, response?: object) => void;

/** As much of it as is used here: it is the SDK's dependency. */
interface Grpc {
  readonly Server: new () => {
    addService(service: object, methods: Readonly<Record<string, (call: never, reply: Reply) => void>>): void;
    bindAsync(address: string, credentials: unknown, bound: (error: Error | null, port: number) => void): void;
  };
  readonly ServerCredentials: { createInsecure(): unknown };
  readonly status: { readonly UNIMPLEMENTED: number; readonly UNKNOWN: number };
}

// The last one: the engine puts flags for logs before it.
const engineAddress = process.argv.at(-1) ?? "";
const children = new Set<ChildProcess>();
const inside = createRequire(runnerOf(process.cwd(), "@pulumi/pulumi"));
const grpc = inside("@grpc/grpc-js") as Grpc;
const language = { ...inside("./proto/language_pb.js") as typeof messages, ...inside("./proto/language_grpc_pb.js") as typeof services };
const { PluginInfo } = inside("./proto/plugin_pb.js") as typeof pluginMessages;
const { version } = inside("./package.json") as { readonly version: string };

/** A killed engine ends nobody, but its end of the pipe closes: its programs and packs would wait for ever. */
process.stdin.once("close", endAll).resume();
process.once("SIGINT", endAll);
process.once("SIGTERM", endAll);

const server = new grpc.Server();
server.addService(language.LanguageRuntimeService, {
  handshake: (_call, reply) => reply(null, new language.LanguageHandshakeResponse()),
  getPluginInfo: (_call, reply) => {
    const info = new PluginInfo();
    info.setVersion(version);
    reply(null, info);
  },
  // The engine fetches a provider when the program asks for it, in the version that the program names.
  getRequiredPlugins: (_call, reply) => reply(null, new language.GetRequiredPluginsResponse()),
  getRequiredPackages: (_call, reply) => reply(null, new language.GetRequiredPackagesResponse()),
  run: runProgram,
  runPlugin: runPack,
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});

function runnerOf(folder: string, runner: string): string {
  try {
    return createRequire(join(folder, "package.json")).resolve(runner);
  } catch (error) {
    throw new Error(`Expected ${runner} in the node_modules of ${folder} or above it, found none: run \`npm install\` there.`, { cause: error });
  }
}

function runProgram(call: Call<messages.RunRequest>, reply: Reply): void {
  const { request } = call;
  const info = request.getInfo();
  const { nodeargs = "", typescript = true } = (info?.getOptions()?.toJavaScript() ?? {}) as { readonly nodeargs?: string; readonly typescript?: boolean };
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
    "root-directory": info?.getRootDirectory() ?? "",
  };
  const child = start([
    ...nodeargs.split(" ").filter((argument) => argument !== ""),
    runnerOf(request.getPwd(), "@pulumi/pulumi/cmd/run"),
    ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() ?? ".",
  ], request.getPwd(), {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(typescript),
  }, call);
  // What it says goes where the engine shows it.
  child.stdout?.pipe(process.stdout, { end: false });
  child.stderr?.pipe(process.stderr, { end: false });
  child.once("error", ({ message }) => reply({ code: grpc.status.UNKNOWN, details: message }));
  child.once("close", (code) => {
    const response = new language.RunResponse();
    if (code === TOLD_ALREADY) response.setBail(true);
    else if (code !== 0) response.setError(`Program ended with exit code ${code}`);
    reply(null, response);
  });
}

function runPack(call: Stream<messages.RunPluginRequest>): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  const environment = Object.fromEntries(request.getEnvList().map((line): [string, string] => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  const child = start([runnerOf(folder, "@pulumi/pulumi/cmd/run-policy-pack"), engineAddress, "."], folder, environment, call);
  const say = (set: (response: messages.RunPluginResponse) => void): void => {
    const response = new language.RunPluginResponse();
    set(response);
    call.write(response);
  };
  child.stdout?.on("data", (data: Buffer) => say((response) => response.setStdout(data)));
  child.stderr?.on("data", (data: Buffer) => say((response) => response.setStderr(data)));
  child.once("close", (code) => {
    say((response) => response.setExitcode(code ?? 1));
    call.end();
  });
}

function start(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, call: Call<object>): ChildProcess {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  child.once("close", () => children.delete(child));
  call.on("cancelled", () => child.kill("SIGKILL"));
  return child;
}

function endAll(): void {
  for (const child of children) child.kill("SIGKILL");
  process.exit(0);
}
