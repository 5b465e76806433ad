import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Packing compiles the declarations, and so does a check of them: a minute each on a busy machine. */
const LIMIT_MILLISECONDS = 150_000;

/** Set by `npm test` and by vitest for themselves; a command that somebody types has none of them. */
const ofThisRun = /^(npm_(lifecycle|package|command)_?|npm_config_local_prefix$|INIT_CWD$|NODE_OPTIONS$|VITEST)/;

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Folder outside the repository in which the package is packed and other people's projects lie. */
export class Elsewhere {
  readonly folder = mkdtempSync(join(tmpdir(), "upkeep-package-"));

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What `npm publish` would send, as a file. */
  async pack(): Promise<string> {
    const ended = await execute("npm", ["pack", "--silent", "--pack-destination", this.folder], repository);
    const [tarball] = readdirSync(this.folder).filter((name) => name.endsWith(".tgz"));
    if (ended.exitCode !== 0 || tarball === undefined) throw new Error(`Expected npm pack to make a file, it did not:\n${ended.stderr}${ended.stdout}`);
    return join(this.folder, tarball);
  }

  /** A project with these files that has installed the package. Pulumi's own packages are the repository's: they are 120 MB. */
  async project(name: string, tarball: string, files: Readonly<Record<string, string>>): Promise<string> {
    const folder = join(this.folder, name);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const ended = await execute("npm", ["install", "--prefer-offline", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", tarball], folder);
    if (ended.exitCode !== 0) throw new Error(`Expected npm to install the package, it did not:\n${ended.stderr}`);
    symlinkSync(join(repository, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"), "dir");
    return folder;
  }
}

/** The command as npm has linked it in the project. */
export const upkeepOf = (folder: string, ...args: readonly string[]): Promise<Ended> =>
  execute(join(folder, "node_modules", ".bin", "upkeep"), args, folder);

/** What the compiler says of the project and of our declarations in it. Other packages answer for their own. */
export async function typeErrorsOf(folder: string): Promise<readonly string[]> {
  const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = await execute(process.execPath, [compiler, "--pretty", "false", "--project", folder], folder);
  const errors = stdout.split("\n").filter((line) => line.includes("error TS"));
  return errors.filter((line) => /^((?!\.\.|node_modules)|node_modules\/upkeep\/)/.test(line));
}

async function execute(file: string, args: readonly string[], cwd: string): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThisRun.test(name)));
  try {
    return { exitCode: 0, ...await promisify(execFile)(file, args, { cwd, env, timeout: LIMIT_MILLISECONDS, maxBuffer: 64 * 1024 * 1024 }) };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { exitCode: code, stdout, stderr };
  }
}
