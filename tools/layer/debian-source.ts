import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../process/run-command.ts";
import { folderOnPath } from "../parts/programs-on-path.ts";
import type { Place } from "./sources.ts";

type DebianPlace = Extract<Place, { readonly kind: "debian" }>;

/** apt's own downloader: it knows the machine's proxies and checks the sum. */
const APT_HELPER = "/usr/lib/apt/apt-helper";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** Two lists of 10 MB, or a file of 25. */
const LIMIT_SECONDS = 300;

/** The file with the pinned sum out of a Debian source package. apt works in folders of its own: the machine's lists stay as they are. */
export async function debianSource(place: DebianPlace, file: string, scratch: string): Promise<void> {
  const said = `Debian ${place.suite} (source package ${place.package})`;
  if (folderOnPath("apt-get") === undefined || !existsSync(APT_HELPER)) throw new Error(`${said}: this machine has no apt`);
  const folder = join(scratch, `apt-${place.suite}`);
  try {
    const options = await privateApt(folder, await mirror(said), place.suite);
    await output("apt-get", [...options, "update"]);
    const offered = await output("apt-get", [...options, "source", "--print-uris", "--download-only", "--only-source", place.package]);
    const line = offered.find((text) => text.endsWith(`SHA256:${place.sha256}`));
    const address = /^'([^']+)'/.exec(line ?? "")?.[1];
    if (address === undefined) throw new Error(`${said}: none of its files has the SHA-256 ${place.sha256}; has Debian a newer one now?`);
    await output(APT_HELPER, ["-o", "APT::Sandbox::User=", "download-file", address, file, `SHA256:${place.sha256}`]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The mirror of this machine's own release: the same that serves it serves the other suites. */
async function mirror(said: string): Promise<string> {
  const release = existsSync("/etc/os-release") ? /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] : undefined;
  // What an update would fetch: apt knows that without lists, which a fresh container does not have.
  const wanted = await output("apt-get", ["update", "--print-uris"]);
  const own = wanted.map((line) => /^'(.+)\/dists\/([^/]+)\/InRelease'/.exec(line)).find((found) => found?.[2] === release);
  if (own?.[1] === undefined) throw new Error(`${said}: apt names no mirror for ${release ?? "this system"}`);
  return own[1];
}

async function privateApt(folder: string, uri: string, suite: string): Promise<readonly string[]> {
  for (const name of ["lists/partial", "cache/archives/partial"]) mkdirSync(join(folder, name), { recursive: true });
  const list = join(folder, "sources.list");
  writeFileSync(list, `deb-src ${existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : ""}${uri} ${suite} main\n`);
  const settings = {
    "Dir::Etc::SourceList": list,
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::Cache": join(folder, "cache"),
    "Acquire::Languages": "none",
    // As root apt would become another account, which cannot look into a folder of ours.
    "APT::Sandbox::User": "",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

async function output(program: string, args: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  await run(program, args, { limitSeconds: LIMIT_SECONDS, env: { LC_ALL: "C" }, onLine: (line) => lines.push(line) });
  return lines;
}
