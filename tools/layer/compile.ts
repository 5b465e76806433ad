import { cpSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "../process/run-command.ts";

/** PostgreSQL's clients take 45 s on two cores; a busy machine gets twenty times that. */
const STEP_LIMIT_SECONDS = 900;

/** A date that some sources write into their programs: any will do, as long as it is always the same. 2001-09-09. */
const SOURCE_DATE = "1000000000";

/** What a person's shell may hold and a compiler would obey: the same sources would give other bytes. */
const OBEYED = [
  "CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "LIBS", "CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH", "MAKEFLAGS", "MFLAGS", "MAKELEVEL",
  "PG_CONFIG", "OPTIMIZATION", "REDIS_CFLAGS", "REDIS_LDFLAGS", "PKG_CONFIG_PATH",
] as const;

const environment: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(OBEYED.map((name) => [name, undefined])),
  LC_ALL: "C",
  TZ: "UTC",
  SOURCE_DATE_EPOCH: SOURCE_DATE,
  // Redis asks git for a commit, and would find ours.
  GIT_DIR: "/dev/null",
};

export const parallel = `-j${availableParallelism()}`;

/** Position-independent and hardened as a distribution does it; no path of this machine gets into the program. */
export const compilerFlags = (folder: string): string =>
  `-O2 -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=${folder}=.`;
export const linkerFlags = "-pie -Wl,-z,relro,-z,now -Wl,--build-id=none";

/** One command of a build, in a folder of its own sources. */
export const step = (folder: string, program: string, args: readonly string[]): Promise<void> =>
  run(program, args, { cwd: folder, env: environment, limitSeconds: STEP_LIMIT_SECONDS });

/** Unpacks a tarball of any compression without the folder that its files are in. */
export async function unpack(archive: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await step(folder, "tar", ["--extract", "--file", archive, "--strip-components=1", "--no-same-owner"]);
}

/** Copies a finished program without what only a debugger reads. */
export async function keepProgram(file: string, bin: string, name: string): Promise<void> {
  mkdirSync(bin, { recursive: true });
  cpSync(file, join(bin, name));
  await step(bin, "strip", ["--strip-all", name]);
}
