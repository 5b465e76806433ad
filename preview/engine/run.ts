import { followResourcesOnly } from "./followed-promises.ts";
import { leaveInvokesUnknown } from "./invoke.ts";
import { settled } from "./limit.ts";
import { monitorFor } from "./monitor.ts";
import type { Problem } from "./problem.ts";
import { withOwnStore } from "./own-store.ts";
import { keepLog } from "./program-log.ts";
import { type Fixtures, newRecording, type Recording } from "./recording.ts";
import type { PreviewedResource } from "./resource.ts";
import type { Sdk, Store } from "./sdk.ts";
import { withoutTraces } from "./traces.ts";
import { collectStrayRejections } from "./stray-rejections.ts";
import { callbacksInProcess } from "./transforms.ts";
import { teachConfigUnknown } from "./unknown-config.ts";
import { unknownSentinel } from "./wire.ts";

export interface RunOptions {
  readonly sdk: Sdk;
  readonly project: string;
  readonly stack: string;
  /** Folder with Pulumi.yaml, for programs that ask (`getRootDirectory`). */
  readonly rootDirectory?: string;
  /** Default: `organization`, the name that self-managed backends use. */
  readonly organization?: string;
  /** Values by full key, e.g. `aws:region`. Objects are JSON. */
  readonly config?: Readonly<Record<string, string>>;
  /** Full keys whose value is encrypted: present, secret, and unknown. */
  readonly encryptedKeys?: readonly string[];
  readonly fixtures?: Fixtures;
  /** How long the program may take. Default: 30 seconds. */
  readonly limitMilliseconds?: number;
  /** Errors know where they were thrown. Costs half of each registration's time. Default: false. */
  readonly traces?: boolean;
}

export interface Run {
  /** In the order of registration, the root stack first. */
  readonly resources: readonly PreviewedResource[];
  /** Would have stopped the engine. Those without a URN come from `errors` or from the program's log. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** What the program threw, or left rejected. */
  readonly errors: readonly unknown[];
}

const runs = new WeakMap<Store, Recording>();

/**
 * Runs a Pulumi program in this process behind the engine's protocol, and returns what it declared.
 * `program` returns the stack's outputs. Runs may overlap: each has the SDK's state to itself.
 */
export async function run(program: () => unknown, options: RunOptions): Promise<Run> {
  const { sdk, stack, project, organization = "organization", fixtures = {}, limitMilliseconds = 30_000 } = options;
  const recording = newRecording({ sdk, stack, project, organization, fixtures });
  const recordingNow = (): Recording | undefined => runs.get(sdk.store.getStore());
  leaveInvokesUnknown(sdk, recordingNow);
  keepLog(sdk, recordingNow);
  teachConfigUnknown(sdk);
  followResourcesOnly(sdk);

  const errors: unknown[] = [];
  const stopCollecting = collectStrayRejections(recording, recordingNow, (error) => errors.push(error));
  const execute = (): Promise<void> => withOwnStore(sdk, async () => {
    const store = prepare(recording, options);
    const work = declare(program, sdk).catch((error: unknown) => void errors.push(error));
    try {
      await settled(work, limitMilliseconds, () => waitingFor(store));
    } catch (error) {
      errors.push(error);
    }
    // The SDK looks at what is left here when the process ends, and would fail it a second time.
    store.leakCandidates = new Set();
    // Rejections are reported at the end of the turn in which they happened.
    await new Promise((resolve) => setImmediate(resolve));
    return errors.length === 0;
  });
  try {
    await (options.traces ? execute() : withoutTraces(sdk, execute));
  } finally {
    stopCollecting();
  }
  return {
    resources: [...recording.resources.values()].map((resource) => withOutputs(resource, recording)),
    problems: recording.problems,
    warnings: recording.warnings,
    errors: [...new Set(errors)],
  };
}

/** Runs the program and waits for every registration that it started. A throw inside the SDK's callback would surface again as stray rejections. */
async function declare(program: () => unknown, { pulumi: { runtime } }: Sdk): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  await runtime.runInPulumiStack(async () => {
    try {
      return await program() ?? {};
    } catch (error) {
      failure = { error };
      return {};
    }
  });
  await runtime.disconnect();
  if (failure) throw failure.error;
}

function prepare(recording: Recording, { config = {}, encryptedKeys = [], rootDirectory }: RunOptions): Store {
  const { sdk, project, stack, organization } = recording;
  const monitor = monitorFor(recording);
  const store = sdk.store.getStore();
  runs.set(store, recording);
  sdk.setMockOptions(monitor, project, stack, true, organization);
  if (rootDirectory !== undefined) store.settings.options.rootDirectory = rootDirectory;
  store.callbacks = callbacksInProcess(sdk, monitor);
  const unknowns = Object.fromEntries(encryptedKeys.map((key) => [key, unknownSentinel]));
  sdk.pulumi.runtime.setAllConfig({ ...config, ...unknowns }, encryptedKeys);
  return store;
}

/** Names the resources that were created and never registered: one of their properties is what never comes. */
function waitingFor(store: Store): string {
  const waiting = [...store.leakCandidates].flatMap(({ _debugCtx }) => {
    const match = /^resolveURN\(resource:(.+)\[(.+)\]\)$/.exec(_debugCtx ?? "");
    return match ? [`${match[2]} ${match[1]}`] : [];
  });
  const resources = waiting.filter((name) => !name.startsWith("pulumi:pulumi:Stack"));
  if (resources.length === 0) return "No resource waits for it: look for an await at the top of the program.";
  return `Look at the properties of: ${resources.slice(0, 5).join(", ")}${resources.length > 5 ? ` and ${resources.length - 5} more` : ""}.`;
}

function withOutputs(resource: PreviewedResource, { outputs }: Recording): PreviewedResource {
  const own = outputs.get(resource.urn);
  return own ? { ...resource, outputs: own } : resource;
}

