import { flush, type Packet } from "./packets.ts";

/** What a server says of a repository before it gives anything. */
export interface Advertised {
  /** Object of each ref, HEAD among them. Names are latin1, so that each keeps its bytes whatever they mean. */
  readonly refs: ReadonlyMap<string, string>;
  /** The ref that HEAD stands for. Absent: it is detached, or of a branch that nobody has made yet. */
  readonly head?: string;
  readonly format: "sha1" | "sha256";
  readonly capabilities: ReadonlySet<string>;
  /** As it calls itself, e.g. `git/2.39.5`. */
  readonly agent?: string;
}

/** As many as a bundle's header may have, about a million: what has no end until then is no list. */
const LIST_LIMIT_BYTES = 128 * 1024 * 1024;

const idDigits = { sha1: 40, sha256: 64 } as const;

/** What git takes for the name of a ref: nothing that a shell, a header or a path would read otherwise. */
const refName = /^(?:HEAD|refs\/[!-~\u0080-\u00FF]+)$/;
const noRefName = /[~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.lock$/;

/** Reads the list of refs of protocol version 0, which every server speaks. An error is the rest of a sentence about the server. */
export async function readAdvertised(packets: AsyncIterable<Packet>): Promise<Advertised> {
  const lines = await linesOf(packets);
  const [service, ...listed] = lines;
  if (service !== "# service=git-upload-pack") throw new Error("its answer is not that of a git server");
  const [id, name, said] = /^([0-9a-f]+) ([^\0]+)\0(.*)$/.exec(listed[0] ?? "")?.slice(1) ?? [];
  if (id === undefined || name === undefined || said === undefined) {
    if (listed.length === 0) return { refs: new Map(), format: "sha1", capabilities: new Set() };
    throw new Error("its list of refs does not begin as one");
  }
  const capabilities = new Set(said.split(" "));
  const format = valueOf(capabilities, "object-format") ?? "sha1";
  if (format !== "sha1" && format !== "sha256") throw new Error("it names objects by a hash that is not known here");
  const head = [...capabilities].find((one) => one.startsWith("symref=HEAD:"))?.slice("symref=HEAD:".length);
  const agent = valueOf(capabilities, "agent");
  return {
    refs: refsOf([`${id} ${name}`, ...listed.slice(1)], idDigits[format]), format, capabilities,
    ...(head === undefined || !isRefName(head) ? {} : { head }),
    ...(agent === undefined ? {} : { agent }),
  };
}

/** The service, and what follows its flush until the next one. */
async function linesOf(packets: AsyncIterable<Packet>): Promise<readonly string[]> {
  const lines: string[] = [];
  let flushes = 0;
  let bytes = 0;
  for await (const one of packets) {
    if (one === flush) {
      flushes += 1;
      continue;
    }
    if (flushes > 1) throw new Error("it says more than its list of refs");
    bytes += one.length;
    if (bytes > LIST_LIMIT_BYTES) throw new Error("its list of refs has no end");
    const line = one.toString("latin1").replace(/\n$/, "");
    if (line.startsWith("ERR ")) throw new Error(`it said: ${line.slice(4)}`);
    lines.push(line);
  }
  if (flushes !== 2) throw new Error("its list of refs was cut off");
  return lines;
}

const valueOf = (capabilities: ReadonlySet<string>, name: string): string | undefined =>
  [...capabilities].find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);

function refsOf(lines: readonly string[], digits: number): ReadonlyMap<string, string> {
  const refs = new Map<string, string>();
  for (const line of lines) {
    if (line.startsWith("shallow ")) throw new Error("it has only the newest part of the history itself (a shallow repository): what it gives could not be cloned");
    const [id, name] = [line.slice(0, digits), line.slice(digits + 1)];
    if (!/^[0-9a-f]+$/.test(id) || id.length !== digits || line[digits] !== " ") throw new Error("its list of refs has a line that is no ref");
    // `v1^{}` is what the tag points to, which comes with it; `capabilities^{}` stands where there is no ref at all.
    if (name.endsWith("^{}")) continue;
    if (!isRefName(name)) throw new Error("it has a ref with a name that git does not take");
    refs.set(name, id);
  }
  return refs;
}

const isRefName = (name: string): boolean => refName.test(name) && !noRefName.test(name);
