import { createRequire } from "node:module";
import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import { withLazySdk } from "../program/lazy-sdk.ts";
import type { Monitor } from "./monitor.ts";

/** The SDK keeps the state of a run here; one store per run isolates concurrent runs. */
export interface Store {
  readonly config: Readonly<Record<string, string>>;
  callbacks: Callbacks | undefined;
  leakCandidates: Set<{ readonly _debugCtx?: string }>;
  /** What providers told of their classes when they were loaded, once in a process. */
  readonly resourceModules?: unknown;
  readonly resourcePackages?: unknown;
  readonly settings: { readonly options: { rootDirectory?: string } };
}

/** Where the SDK keeps a program's transforms. Its own holder listens on a socket. */
export interface Callbacks {
  readonly _callbacks: ReadonlyMap<string, (request: Uint8Array) => Promise<resourceProto.TransformResponse>>;
}

interface OutputLike {
  apply(change: () => unknown): unknown;
}

/** Of the protobuf package that the SDK brings along, and whose types it does not re-export. */
interface StructFactory {
  fromJavaScript(value: object): NonNullable<ReturnType<resourceProto.ReadResourceResponse["getProperties"]>>;
}

/** The parts of a Pulumi SDK that the engine needs, many of them internal. The only file that knows where they are. */
export interface Sdk {
  readonly proto: typeof resourceProto;
  readonly struct: StructFactory;
  readonly pulumi: {
    readonly runtime: Runtime;
    readonly log: Log;
    readonly unknown: unknown;
    /** `stackTrace` is internal, and younger than the versions that have no use for it. */
    readonly Resource: { stackTrace?: (skip: number) => readonly unknown[] };
    readonly Config: { readonly prototype: ConfigPrototype };
    output(value: unknown): OutputLike;
    secret(value: unknown): unknown;
  };
  readonly store: {
    getStore(): Store;
    readonly LocalStore: new () => Store;
    withLocalStorage<Result>(run: () => Result): Result;
  };
  setMockOptions(monitor: Monitor, project: string, stack: string, preview: boolean, organization: string): void;
  readonly CallbackServer: { readonly prototype: object };
  readonly debuggable: Debuggable;
}

/** How the SDK finds promises that never come. */
export interface Debuggable {
  debuggablePromise?: <Promised extends Promise<unknown>>(promise: Promised, name: string) => Promised;
}

type InvokeOutput = (token: string, args: unknown, options?: { readonly dependsOn?: unknown }, packageRef?: unknown) => unknown;

export interface Runtime {
  setAllConfig(config: Readonly<Record<string, string>>, secretKeys: readonly string[]): void;
  runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
  disconnect(): Promise<void>;
  invokeOutput: InvokeOutput;
  invokeSingleOutput: InvokeOutput;
}

export type LogLine = (message: string, ...rest: readonly unknown[]) => Promise<void>;

export interface Log {
  info: LogLine;
  warn: LogLine;
  error: LogLine;
}

/** `getSecret`, `requireSecret`, `getObject`... : all of one shape. */
export type ConfigPrototype = Record<string, (this: ConfigReader, key: string, ...rest: readonly unknown[]) => unknown>;

export interface ConfigReader {
  fullKey(key: string): string;
}

const loaded = new Map<string, Sdk>();

/**
 * Loads the SDK that files at `from` (a folder, or a file) would load: a program and its engine must share one.
 * The first load in a process leaves out what previews never use, and takes about 0.2 s.
 */
export function loadSdk(from: string): Sdk {
  const require = createRequire(from.endsWith(".json") ? from : `${from}/package.json`);
  const entry = resolveSdk(require, from);
  const known = loaded.get(entry);
  if (known) return known;

  const inside = createRequire(entry);
  const sdk = withLazySdk((): Sdk => ({
    pulumi: inside(entry) as Sdk["pulumi"],
    proto: inside("./proto/resource_pb.js") as typeof resourceProto,
    struct: (inside("google-protobuf/google/protobuf/struct_pb.js") as { readonly Struct: StructFactory }).Struct,
    store: inside("./runtime/state.js") as Sdk["store"],
    setMockOptions: (inside("./runtime/settings.js") as Pick<Sdk, "setMockOptions">).setMockOptions,
    CallbackServer: (inside("./runtime/callbacks.js") as Pick<Sdk, "CallbackServer">).CallbackServer,
    debuggable: inside("./runtime/debuggable.js") as Debuggable,
  }));
  loaded.set(entry, sdk);
  return sdk;
}

function resolveSdk(require: NodeJS.Require, from: string): string {
  try {
    return require.resolve("@pulumi/pulumi");
  } catch (cause) {
    throw new Error(`Expected @pulumi/pulumi beside the program in ${from}, found none. Run npm ci there.`, { cause });
  }
}
