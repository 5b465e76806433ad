import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { HELP, readArguments, type Request } from "./layer/arguments.ts";
import { ownArchitecture } from "./layer/contents.ts";
import { type FinishedLayer, placeLayer } from "./layer/place.ts";
import { takePrebuilt } from "./layer/prebuilt.ts";
import { zipOf } from "./layer/zip.ts";
import type { Part } from "./parts/part.ts";
import { provision } from "./parts/provision.ts";
import { tools, toolsRoot } from "./parts/tools.ts";
import { endCommandsOnSignal } from "./process/run-command.ts";

const OWN_FOLDER = fileURLToPath(new URL("../.tools", import.meta.url));
const say = (line: string): void => console.log(line);

endCommandsOnSignal();
const request = requested();
try {
  if (request.kind === "help") say(HELP);
  else if (request.kind === "take") await take(request);
  else await build(request);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function requested(): Request {
  try {
    return readArguments(process.argv.slice(2), OWN_FOLDER);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

async function build({ fresh, out }: Extract<Request, { readonly kind: "build" }>): Promise<void> {
  const architecture = ownArchitecture();
  const { problem } = await provision(fresh ? forgotten(tools) : tools, say);
  if (problem !== undefined) throw new Error(problem);
  say("packing");
  place(out, { root: toolsRoot(), zip: zipOf(toolsRoot()), architecture });
}

/** As if it had never been built: the first look says so. */
function forgotten(part: Part): Part {
  let looked = false;
  const find: Part["find"] = () => {
    if (looked) return part.find();
    looked = true;
    return { state: "missing", why: "a fresh build was asked for", wayOut: "leave out --fresh" };
  };
  return { ...part, find };
}

async function take(asked: Extract<Request, { readonly kind: "take" }>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "upkeep-tools-"));
  try {
    place(asked.out, { root, zip: await takePrebuilt(asked, root, say), architecture: asked.architecture });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function place(out: string, layer: FinishedLayer): void {
  const { zip, sha256, bin } = placeLayer(out, layer);
  say(`${relative(process.cwd(), zip)}: ${(layer.zip.length / 1e6).toFixed(1)} MB, SHA-256 ${sha256}`);
  say(bin === undefined ? "This machine cannot run the programs: only the zip was kept." : `On this machine: UPKEEP_TOOLS=${bin}`);
}
