import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Checksum, isChecksum } from "./checksum.ts";
import { type Architecture, architectures, ownArchitecture } from "./contents.ts";
import { pinnedChecksum } from "./pinned.ts";

export const HELP = `Makes the Lambda layer of database programs: mongodump, mongorestore, pg_dump, pg_restore, psql, redis-cli,
redis-check-rdb. They are built from pinned, checksummed sources; the same sources, compilers and libraries give the
same bytes. Writes .tools/layer-<architecture>.zip, its .sha256 and, unpacked beside it, .tools/bin.

  npm run tools                                          build what is missing (about 2 minutes on 2 cores)
  npm run tools -- --fresh                               build again, even if it is there
  npm run tools -- --from layer-x86_64.zip --sha256 <sum>
                                                         take one that was built elsewhere: no compiler needed
  npm run tools -- --from https://example.com/layer-x86_64.zip
                                                         the same from the web; without --sha256 the sum must be the one
                                                         that tools/layer/pinned.json has
  npm run tools -- --out ../elsewhere                    write there instead of into .tools

  UPKEEP_TOOLS=$PWD/.tools/bin                           lets handlers and commands on this machine use the programs

  --arch x86_64|arm64   with --from: the processor that the layer is for. Default: x86_64, as the functions are.
                        A build is always for this machine's own.

Exit code 0: the layer is there. 1: it is not, and the last line says why. 2: the command line is wrong.`;

export type Request = { readonly out: string } & (
  | { readonly kind: "help" }
  | { readonly kind: "build"; readonly fresh: boolean }
  | { readonly kind: "take"; readonly from: string; readonly sha256: Checksum; readonly architecture: Architecture });

/** What was asked for. Throws with a sentence about the first argument that makes no sense. */
export function readArguments(args: readonly string[], ownFolder: string, pinned: typeof pinnedChecksum = pinnedChecksum): Request {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: "string" },
      sha256: { type: "string" },
      arch: { type: "string" },
      out: { type: "string" },
      fresh: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const out = values.out === undefined ? ownFolder : resolve(values.out);
  if (values.help) return { kind: "help", out };
  if (values.from === undefined) {
    if (values.sha256 !== undefined) throw new Error("--sha256 says which file is meant: expected --from <file or url> with it, got none.");
    if (values.arch !== undefined && values.arch !== ownArchitecture()) throw new Error(`A build is for this machine's own processor, ${ownArchitecture()}: expected no other --arch, got ${values.arch}. Build it there, or take it: --from <file or url>.`);
    return { kind: "build", fresh: values.fresh, out };
  }
  if (values.fresh) throw new Error("Expected --fresh, which builds, or --from, which takes what was built, got both.");
  const architecture = architectureOf(values.arch ?? "x86_64");
  const sha256 = values.sha256?.toLowerCase() ?? pinned(architecture);
  if (sha256 === undefined) throw new Error(`Expected --sha256 <checksum> with --from: tools/layer/pinned.json pins none for ${architecture}. Whoever built the layer has it in the .sha256 beside the zip.`);
  if (!isChecksum(sha256)) throw new Error(`Expected --sha256 to be 64 hexadecimal digits, got ${sha256}.`);
  return { kind: "take", from: values.from, sha256, architecture, out };
}

function architectureOf(text: string): Architecture {
  const known = Object.values(architectures).find((architecture) => architecture === text);
  if (known === undefined) throw new Error(`Expected --arch to be one of ${Object.values(architectures).join(", ")}, got ${text}.`);
  return known;
}
