import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readStack, type StackSource } from "../practice/config/index.ts";
import { type CoverageRow, coverageOf } from "./coverage.ts";
import { NeverSettledError } from "./engine/limit.ts";
import type { Problem } from "./engine/problem.ts";
import type { Fixtures } from "./engine/recording.ts";
import type { PreviewedResource } from "./engine/resource.ts";
import { type Run, run } from "./engine/run.ts";
import { loadSdk } from "./engine/sdk.ts";
import { type Phases, Stopwatch } from "./phases.ts";
import { judge } from "./policy/judge.ts";
import { loadRules } from "./policy/rules.ts";
import type { Verdict } from "./policy/verdict.ts";
import { cacheFolderFor } from "./program/cache-folder.ts";
import { keepCompiled } from "./program/compile-cache.ts";
import { bringsProblems, diagnose, isUnusableStackFile } from "./program/diagnose.ts";
import { loadProgram } from "./program/load.ts";
import { findProgram } from "./program/project.ts";
import { withOutputAside } from "./program/standard-output.ts";
import { inFolder } from "./program/working-folder.ts";

export interface PreviewOptions {
  /** Folder with Pulumi.yaml. */
  readonly projectDir: string;
  readonly stack: string;
  /** Compiled policy rules. Default: `policies/dist/rules.cjs` of the project; a project without them is not judged. */
  readonly rulesFile?: string;
  readonly fixtures?: Fixtures;
  /** How long the program may take. Default: 30 seconds. */
  readonly limitMilliseconds?: number;
}

/** A stack as `pulumi up` would make it from nothing, and what there is to say of it. */
export interface Preview {
  readonly stack: string;
  readonly project: string;
  /** False: the stack file cannot be used, and `problems` say why. Nothing else is known then. */
  readonly usable: boolean;
  /** In the order of registration, the root stack first. */
  readonly resources: readonly PreviewedResource[];
  readonly coverage: readonly CoverageRow[];
  readonly verdicts: readonly Verdict[];
  readonly problems: readonly Problem[];
  /** What the program logged as a warning. */
  readonly warnings: readonly string[];
  readonly phases: Phases;
}

/** Keys that the practice reads itself: it says what is wrong with an encrypted value there, so it must see where one is. */
const practiceKeys = "upkeep:";

const rulesOfProject = join("policies", "dist", "rules.cjs");

/**
 * Previews a stack without an account, a network or a plugin. What is wrong with the stack is in the result;
 * it rejects only when the preview itself cannot work.
 */
export async function previewStack(options: PreviewOptions): Promise<Preview> {
  const projectDir = resolve(options.projectDir);
  const stopwatch = new Stopwatch();
  try {
    const source = await stopwatch.time("read", () => readStack(projectDir, options.stack));
    const ran = await runProgram(source, projectDir, options, stopwatch);
    const { resources, warnings } = ran;
    const verdicts = await stopwatch.time("judge", () => judgeRun(ran, source, projectDir, options));
    return {
      stack: source.stack,
      project: source.project.name,
      usable: !ran.errors.some(isUnusableStackFile),
      resources,
      coverage: coverageOf(resources),
      verdicts,
      problems: [...ran.problems, ...ran.errors.flatMap((error) => diagnose(error, projectDir))],
      warnings,
      phases: stopwatch.phases,
    };
  } catch (error) {
    if (!bringsProblems(error)) throw error;
    return {
      stack: options.stack,
      project: "",
      usable: !isUnusableStackFile(error),
      resources: [], coverage: [], verdicts: [], warnings: [],
      problems: diagnose(error, projectDir),
      phases: stopwatch.phases,
    };
  }
}

async function runProgram(source: StackSource, folder: string, options: PreviewOptions, stopwatch: Stopwatch): Promise<Run> {
  const found = findProgram(folder, source.project.main, source.locate);
  const { program, sdk } = await stopwatch.time("load", async () => {
    const cache = cacheFolderFor(found.workingFolder);
    keepCompiled(cache);
    return { program: await loadProgram(found, cache), sdk: loadSdk(found.workingFolder) };
  });
  const attempt = (traces: boolean): Promise<Run> => run(program, {
    sdk,
    project: source.project.name,
    stack: source.stack,
    rootDirectory: folder,
    config: source.config,
    encryptedKeys: source.secretKeys.filter((key) => !key.startsWith(practiceKeys)),
    traces,
    ...(options.fixtures ? { fixtures: options.fixtures } : {}),
    ...(options.limitMilliseconds === undefined ? {} : { limitMilliseconds: options.limitMilliseconds }),
  });
  return stopwatch.time("run", () => inFolder(found.workingFolder, () => withOutputAside(async () => {
    const first = await attempt(false);
    if (first.errors.every(needsNoPlace)) return first;
    const second = await withSourceMaps(() => attempt(true));
    return second.errors.length > 0 ? second : first;
  })));
}

/** Such an error says more than the place it was thrown at: finding that out is not worth another run. */
function needsNoPlace(error: unknown): boolean {
  return error instanceof NeverSettledError || bringsProblems(error);
}

/** Places in errors are then those of the program's source, not of its bundle. */
async function withSourceMaps(work: () => Promise<Run>): Promise<Run> {
  process.setSourceMapsEnabled(true);
  try {
    const ran = await work();
    // A stack is written when it is first read: now, while the maps are in use.
    for (const error of ran.errors) if (error instanceof Error) void error.stack;
    return ran;
  } finally {
    process.setSourceMapsEnabled(false);
  }
}

async function judgeRun({ resources, errors }: Run, source: StackSource, projectDir: string, { rulesFile }: PreviewOptions): Promise<readonly Verdict[]> {
  const file = rulesFile ?? join(projectDir, rulesOfProject);
  // Half a practice would be judged for what the program never came to declare.
  if (errors.length > 0 || (rulesFile === undefined && !existsSync(file))) return [];
  return judge(resources, loadRules(file), { config: source.config });
}

