import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { goPart } from "./go-part.ts";
import { LANGUAGE_HOST, languageHostSource, writeLanguageHost } from "./language-host.ts";
import type { Part } from "./part.ts";
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
  beside: { sources: [languageHostSource], write: writeLanguageHost },
});

/** The machine's own Pulumi where it can be used: it is the one that will deploy. Otherwise built from its pinned module. */
export const engine: Part = {
  ...built,
  find: () => {
    const { folder, whyNot } = onPath();
    if (folder !== undefined && whyNot === undefined) return { state: "ready", folder };
    const found = built.find();
    return found.state === "ready" || whyNot === undefined ? found : { ...found, why: `${whyNot}, and ${found.why}` };
  },
  // Who has a Pulumi and watches another being compiled for minutes wants to know why.
  provide: (progress) => {
    const whyNot = passedOver();
    return built.provide(whyNot === undefined ? progress : (line) => progress(`${line} (${whyNot})`));
  },
};

/** Why a `pulumi` on PATH is not the one that is used; undefined when it is, or when there is none. */
export const passedOver = (): string | undefined => onPath().whyNot;

interface OnPath {
  readonly folder?: string;
  readonly whyNot?: string;
}

const known = new Map<string, OnPath>();

function onPath(): OnPath {
  const folder = folderOnPath("pulumi");
  if (folder === undefined) return {};
  const judged = known.get(folder) ?? judge(folder);
  known.set(folder, judged);
  return judged;
}

function judge(folder: string): OnPath {
  const program = join(folder, "pulumi");
  const answer = versionOf(program);
  if (answer === undefined) return { folder, whyNot: `${program} does not say which version it is` };
  if (!isRecent(answer)) return { folder, whyNot: `${program} is ${answer}, ${OLDEST} or newer of major version 3 is needed` };
  const hasHost = folderOnPath(LANGUAGE_HOST) !== undefined || existsSync(join(dirname(realpathSync(program)), LANGUAGE_HOST));
  return hasHost ? { folder } : { folder, whyNot: `${program} has no ${LANGUAGE_HOST} beside it` };
}

function versionOf(program: string): string | undefined {
  const { stdout } = spawnSync(program, ["version"], {
    encoding: "utf8", timeout: ANSWER_LIMIT_MILLISECONDS, env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return /^v?(\d+\.\d+\.\d+\S*)/.exec((stdout ?? "").trim())?.[1];
}

function isRecent(version: string): boolean {
  const [[major, minor = 0], [oldestMajor, oldestMinor = 0]] = [version, OLDEST].map((text) => text.split(".").map(Number)) as [number[], number[]];
  return major === oldestMajor && minor >= oldestMinor;
}
