import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { hostScript, type PinnedObject } from "../../../components/internal/host-script.ts";

/** Answers exactly what the script asks for, from files, and ends with 99 at anything else. */
const AWS = `#!/bin/bash
here=$(dirname "$0")/..
printf '%s\\n' "$*" >> "$here/asked"
if [ "$*" = "s3api get-object --region eu-central-1 --bucket $UPKEEP_STORE_BUCKET --key $8 --version-id \${10} $TMPDIR/fetched" ]; then
  echo "$8" >> "$here/fetched"
  [ -f "$here/stall" ] && sleep 60
  if [ ! -f "$here/objects/\${10}" ]; then echo 'An error occurred (NoSuchVersion)' >&2; exit 254; fi
  cp "$here/objects/\${10}" "\${11}"
elif [ "$*" = "logs put-log-events --region eu-central-1 --log-group-name $UPKEEP_LOG_GROUP --log-stream-name $UPKEEP_LOG_STREAM --log-events \${10}" ]; then
  [ -f "$here/no-log" ] && exit 255
  echo "\${10}" >> "$here/log"
else
  echo "Nobody taught this double: aws $*" >&2
  exit 99
fi
`;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HostRun {
  readonly ended: Promise<Ended>;
  /** Of the script, and of everything it started. */
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** A folder that stands for a machine: what is deployed to it, an AWS CLI that only fetches that, and a place to keep it. */
export class HostMachine {
  readonly folder = mkdtempSync(join(tmpdir(), "host-"));
  readonly kept = join(this.folder, "kept");
  readonly #running = new Set<HostRun>();
  readonly #bundle: PinnedObject;
  readonly #tools: PinnedObject | undefined;

  constructor(bundle: string, programs: readonly string[] = []) {
    mkdirSync(join(this.folder, "bin"));
    mkdirSync(join(this.folder, "objects"));
    writeFileSync(join(this.folder, "bin", "aws"), AWS, { mode: 0o755 });
    this.#bundle = this.#deploy(".code/hosts/index.mjs", readFileSync(bundle));
    this.#tools = programs.length === 0 ? undefined : this.#deploy(".code/hosts/tools.zip", zipSync(Object.fromEntries(programs.map((path) =>
      [`bin/${path.split("/").at(-1) ?? ""}`, [readFileSync(path), { os: 3, attrs: 0o100755 * 2 ** 16, level: 1 }]] as const))));
  }

  #deploy(key: string, bytes: Uint8Array): PinnedObject {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(join(this.folder, "objects", `v-${sha256}`), bytes);
    return { key, versionId: `v-${sha256}`, sha256 };
  }

  /** Puts other bytes in the place of what was deployed. */
  tamper(): void {
    writeFileSync(join(this.folder, "objects", this.#bundle.versionId), "export const host = () => console.log('not what was deployed')");
  }

  write(name: string, text = ""): void {
    writeFileSync(join(this.folder, name), text);
  }

  remove(name: string): void {
    rmSync(join(this.folder, name), { force: true, recursive: true });
  }

  read(name: string): string {
    const file = join(this.folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  script(environment: Readonly<Record<string, string>>, node = process.execPath): string {
    return hostScript({ folder: this.kept, node, bundle: this.#bundle, ...(this.#tools === undefined ? {} : { tools: this.#tools }), environment });
  }

  /** Runs the document's script as SSM's agent does: from a file, as the leader of a group. */
  run(script: string, env: Readonly<Record<string, string>> = {}): HostRun {
    const file = join(this.folder, "script.sh");
    writeFileSync(file, script, { mode: 0o700 });
    const child = spawn("bash", [file], {
      detached: true, stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", ...env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text: Buffer) => { stdout += String(text); });
    child.stderr.on("data", (text: Buffer) => { stderr += String(text); });
    const started: HostRun = {
      ended: new Promise((resolve, reject) => {
        child.once("error", reject).once("close", (code, signal) => {
          this.#running.delete(started);
          resolve({ code, signal, stdout, stderr });
        });
      }),
      kill: (signal) => {
        if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
      },
    };
    this.#running.add(started);
    return started;
  }

  /** A second machine with the same folder of programs, without the named one. */
  without(program: string): Readonly<Record<string, string>> {
    const folder = join(this.folder, `without-${program}`);
    mkdirSync(folder);
    for (const name of ["bash", "cat", "chmod", "cp", "date", "dirname", "find", "flock", "mkdir", "mv", "rm", "sha256sum", "sleep", "timeout", "touch", "uname"]) {
      if (name !== program) copyFileSync(`/usr/bin/${name}`, join(folder, name));
    }
    if (program !== "aws") copyFileSync(join(this.folder, "bin", "aws"), join(folder, "aws"));
    return { PATH: folder };
  }

  dispose(): void {
    for (const { kill } of this.#running) kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
