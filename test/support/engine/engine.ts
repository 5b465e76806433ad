import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { programFolder } from "../../../tools/parts/programs.ts";
import { Cloud, type CloudOperations } from "./cloud.ts";
import { type Ended, execute } from "./operation.ts";
import { type EngineFolder, engineFolder, repository } from "./project.ts";
import { type Deed, startProvider } from "./provider-server.ts";
import type { Served } from "./serve.ts";
import { type Deployment, deploymentIn, plannedIn, type StateResource } from "./state.ts";

const fewFrames = fileURLToPath(new URL("few-frames.cjs", import.meta.url));

const packages = ["aws", "datadog", "mongodbatlas", "random"] as const;
type PackageName = (typeof packages)[number];

/** The reference stack takes 10 s on two busy cores; far above that, something hangs. */
const LIMIT_SECONDS = 120;

export interface EngineOptions {
  readonly stack: string;
  /** Folder of the program and its stack files. Default: the repository's own. */
  readonly source?: string;
  /** Judge by the compiled policy pack. Default: yes. */
  readonly pack?: boolean;
  /** Save the state after each operation, for an engine that will be killed. Default: no, once at the end, which of a large stack takes half the time. */
  readonly savesEachStep?: boolean;
  /** Ports for the providers. Default: free ones. */
  readonly ports?: Readonly<Partial<Record<PackageName, number>>>;
  readonly limitSeconds?: number;
  /** What performs for the aws provider, given our own cloud and the program's folder. Default: our own cloud. */
  readonly aws?: (kept: Cloud, project: string) => CloudOperations;
}

export interface Planned {
  readonly ended: Ended;
  readonly resources: readonly StateResource[];
}

/** The real engine on a stack of its own: the repository's program, a state in a file, a cloud of ours behind its providers. */
export interface Engine extends Pick<EngineFolder, "project" | "edit"> {
  readonly cloud: Cloud;
  /** Called before and after each thing that is done in the cloud, which waits for it. */
  onDeed: (deed: Deed) => void | Promise<void>;
  readonly preview: () => Promise<Ended>;
  /** What a preview would make, with all that the state would hold of it, and how it was judged. */
  readonly planned: () => Promise<Planned>;
  readonly up: (...args: readonly string[]) => Promise<Ended>;
  /** As a person runs it: nothing is done when the preview fails. */
  readonly previewAndUp: () => Promise<Ended>;
  readonly refresh: (...args: readonly string[]) => Promise<Ended>;
  readonly destroy: () => Promise<Ended>;
  readonly cancel: () => Promise<Ended>;
  /** Any other command, such as `state unprotect`. */
  readonly command: (...args: readonly string[]) => Promise<Ended>;
  readonly exportStack: () => Promise<Deployment>;
  /** Ends the running command at once, as a power cut would. */
  readonly kill: () => void;
  /** Ends one provider at once. */
  readonly killProvider: (name: PackageName) => void;
  readonly stop: () => void;
}

export async function startEngine({ stack, source = repository, pack = true, savesEachStep = false, ports = {}, limitSeconds = LIMIT_SECONDS, aws = (kept) => kept }: EngineOptions): Promise<Engine> {
  const programs = programFolder("engine");
  const folder = engineFolder(source);
  const servers: Served[] = [];
  let kill = (): void => {};
  const stop = (): void => {
    // A test that ran out of time leaves its command behind, which would write into a folder that is gone.
    kill();
    for (const server of servers) server.stop();
    folder.remove();
  };
  try {
    return await assemble();
  } catch (error) {
    stop();
    throw error;
  }

  async function assemble(): Promise<Engine> {
    const cloud = new Cloud();
    const providers = new Map<PackageName, Served>();
    const ofAws = aws(cloud, folder.project);
    for (const name of packages) {
      const server = await startProvider(name, versionOf(name), { cloud: name === "aws" ? ofAws : cloud, onDeed: (deed) => engine.onDeed(deed), port: ports[name] ?? 0 });
      servers.push(server);
      providers.set(name, server);
    }

    const [eventLog, plan] = [join(folder.home, "events.json"), join(folder.home, "plan.json")];
    const run = async (...args: readonly string[]): Promise<Ended> => {
      rmSync(eventLog, { force: true });
      const ended = await execute({
        program: join(programs, "pulumi"), eventLog, limitSeconds,
        args: [...args, "--non-interactive", "--color=never"],
        cwd: folder.project,
        env: { ...environment(programs, folder, providers), PULUMI_SKIP_CHECKPOINTS: String(!savesEachStep) },
        onStart: (end) => {
          kill = end;
        },
      });
      for (const [name, { isServing }] of providers) {
        if (!isServing()) throw new Error(`Expected the provider ${name} to answer until pulumi ${args[0] ?? ""} ends, it stopped before. Start the engine again; its state and cloud are gone.`);
      }
      return ended;
    };
    const judged = pack ? ["--policy-pack", join(repository, "policies")] : [];
    const operation = (name: string, ...args: readonly string[]): Promise<Ended> => run(name, "--stack", stack, "--event-log", eventLog, ...args);
    const engine: Engine = {
      project: folder.project,
      edit: folder.edit,
      cloud,
      onDeed: () => {},
      preview: () => operation("preview", ...judged),
      planned: async () => {
        const ended = await operation("preview", "--json", "--show-sames", "--save-plan", plan, ...judged);
        return { ended, resources: plannedIn(ended, plan) };
      },
      up: (...args) => operation("up", "--yes", "--skip-preview", ...judged, ...args),
      previewAndUp: () => operation("up", "--yes", ...judged),
      refresh: (...args) => operation("refresh", "--yes", "--skip-preview", ...args),
      destroy: () => operation("destroy", "--yes"),
      cancel: () => run("cancel", stack, "--yes"),
      command: run,
      exportStack: async () => deploymentIn(await run("stack", "export", "--stack", stack)),
      kill: () => kill(),
      killProvider: (name) => providers.get(name)?.stop(),
      stop,
    };
    const made = await run("stack", "init", stack);
    if (made.exitCode !== 0) throw new Error(`Expected pulumi to make the stack ${stack}, it ended with exit code ${made.exitCode}:\n${made.output}`);
    return engine;
  }
}

const versionOf = (name: PackageName): string =>
  (createRequire(import.meta.url)(`@pulumi/${name}/package.json`) as { readonly version: string }).version;

function environment(programs: string, folder: EngineFolder, providers: ReadonlyMap<string, Served>): Readonly<Record<string, string | undefined>> {
  return {
    // Before any language host of a Pulumi that is too old.
    PATH: [programs, process.env.PATH ?? ""].join(delimiter),
    PULUMI_BACKEND_URL: `file://${folder.state}`,
    PULUMI_HOME: folder.home,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_ACCESS_TOKEN: undefined,
    PULUMI_DEBUG_PROVIDERS: [...providers].map(([name, { port }]) => `${name}:${port}`).join(","),
    // Offers the event log.
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // What the person who runs the tests has set for their own stacks.
    PULUMI_STACK: undefined,
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
    NODE_OPTIONS: `--require "${fewFrames}"`,
  };
}
