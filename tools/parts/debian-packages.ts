import { mayInstall } from "./may-install.ts";
import type { Progress } from "./part.ts";
import { folderOnPath } from "./programs-on-path.ts";
import { run } from "../process/run-command.ts";

/** The lists take seconds, the packages too; a slow mirror may take minutes. */
const LIMIT_SECONDS = 600;

/** Installs Debian packages where that is ours to do; elsewhere says what was expected and how to get it. */
export async function installPackages(packages: readonly string[], expected: string, wayOut: string, progress: Progress): Promise<void> {
  if (!mayInstall() || folderOnPath("apt-get") === undefined) throw new Error(`Expected ${expected} on this machine, found none: ${wayOut}.`);
  const options = { limitSeconds: LIMIT_SECONDS, onLine: progress, env: { DEBIAN_FRONTEND: "noninteractive" } };
  await run("apt-get", ["update"], options);
  await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], options);
}
