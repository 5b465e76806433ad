import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { goPart } from "./go-part.ts";
import type { Found, Part } from "./part.ts";
import { folderOnPath } from "./programs-on-path.ts";

const VERSION = "3.259.0";
/** The locked SDK's own: an older engine does not know all that this SDK asks of it. */
const OLDEST = "3.248.0";
/** It answers in 0.2 s; one that hangs must not keep every test file. */
const ANSWER_LIMIT_MILLISECONDS = 10_000;

const built = goPart({
  name: "engine",
  version: `Pulumi ${VERSION} (or ${OLDEST} and newer on PATH)`,
  neededBy: "every suite that runs a stack through Pulumi itself",
  consequence: "no test shows that Pulumi does what the offline preview says",
  module: "pulumi",
  programs: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
  linkerFlags: ["-X", `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${VERSION}`],
});

/** The machine's own Pulumi where it is recent enough: it is the one that will deploy. Otherwise built from its pinned module. */
export const engine: Part = { ...built, find: () => onPath() ?? built.find() };

const answers = new Map<string, string>();

function onPath(): Found | undefined {
  const folder = folderOnPath("pulumi");
  if (folder === undefined) return undefined;
  const answer = answers.get(folder) ?? versionOf(join(folder, "pulumi"));
  answers.set(folder, answer);
  return isRecent(answer) ? { state: "ready", folder } : undefined;
}

function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ["version"], {
    encoding: "utf8", timeout: ANSWER_LIMIT_MILLISECONDS, env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return stdout ?? "";
}

function isRecent(answer: string): boolean {
  const found = /^v?(\d+)\.(\d+)\.\d+/.exec(answer.trim());
  const oldest = OLDEST.split(".").map(Number);
  if (!found) return false;
  const [major, minor] = found.slice(1).map(Number);
  return major === oldest[0] && (minor ?? 0) >= (oldest[1] ?? 0);
}
