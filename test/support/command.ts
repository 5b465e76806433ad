import { execFile, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { withoutSecrets } from "./secrets.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const launcher = join(repository, "cli", "bin", "upkeep.js");

/** A preview takes a second or two; a busy machine needs several times that. */
const LIMIT_MILLISECONDS = 60_000;

const LOOK_MILLISECONDS = 50;

const SURROUNDINGS = ["NO_COLOR", "FORCE_COLOR", "PULUMI_STACK", "UPKEEP_DEBUG", "NODE_OPTIONS", "VITEST"];

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the compiled command as a whole process, without what the person who runs the tests has set. */
export function upkeep(args: readonly string[], { cwd = repository, env = {} }: Place = {}): Promise<Ended> {
  return execute(process.execPath, [launcher, ...args], cwd, env);
}

/** The same from a checkout whose rules nobody compiled, of which nothing else is missing. */
export function upkeepWithoutRules(args: readonly string[]): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-without-rules-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["Pulumi.yaml", "Pulumi.prod.yaml", "package.json", "cli"]) cpSync(join(repository, name), join(folder, name), { recursive: true });
  for (const name of ["index.ts", "node_modules"]) symlinkSync(join(repository, name), join(folder, name));
  return execute(process.execPath, [join(folder, "cli", "bin", "upkeep.js"), ...args], folder, {});
}

/** The same through a shell, where `upkeep` stands for the command. */
export function inShell(script: string): Promise<Ended> {
  return execute("bash", ["-c", `upkeep() { "${process.execPath}" "${launcher}" "$@"; }\n${script}`], repository, {});
}

async function execute(file: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const ended = await new Promise<Ended>((resolve, reject) => {
    execFile(file, args, { cwd, env: { ...plainEnvironment(), ...env }, timeout: LIMIT_MILLISECONDS, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, stdout, stderr });
      else if (typeof error.code === "number") resolve({ exitCode: error.code, stdout, stderr });
      else reject(new Error("Expected the command to end by itself, it did not.", { cause: error }));
    });
  });
  withoutSecrets("what the command writes", `${ended.stdout}\n${ended.stderr}`);
  return ended;
}

const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !SURROUNDINGS.includes(name)));

interface Interruption extends Place {
  /** When to interrupt. Default: once its program prints something. */
  readonly when?: () => boolean;
}

/** Starts the command and interrupts it, as Ctrl-C does. */
export function interrupted(args: readonly string[], { cwd = repository, env = {}, when }: Interruption): Promise<number | null> {
  const child = spawn(process.execPath, [launcher, ...args], { cwd, env: { ...plainEnvironment(), ...env }, stdio: ["ignore", "ignore", "pipe"], timeout: LIMIT_MILLISECONDS });
  if (when === undefined) child.stderr.once("data", () => child.kill("SIGINT"));
  const looking = setInterval(() => {
    if (when?.() !== true) return;
    clearInterval(looking);
    child.kill("SIGINT");
  }, LOOK_MILLISECONDS);
  return new Promise<number | null>((resolve, reject) => child.once("exit", resolve).once("error", reject)).finally(() => clearInterval(looking));
}

/** The reference system with changed files, beside the repository's program and packages. Gone when the test is. */
export function referenceWith(changes: Readonly<Record<string, (text: string) => string>>): string {
  const folder = mkdtempSync(join(repository, "node_modules", ".fixture-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.staging.yaml"]) cpSync(join(repository, name), join(folder, name));
  for (const name of ["index.ts", "node_modules"]) symlinkSync(join(repository, name), join(folder, name));
  for (const [name, change] of Object.entries(changes)) {
    const before = readFileSync(join(folder, name), "utf8");
    const after = change(before);
    if (after === before) throw new Error(`Expected the change to ${name} to change it, it did not: the file reads otherwise now.`);
    writeFileSync(join(folder, name), after);
  }
  return folder;
}
