import { isPrivateWay } from "../../../practice/contract/repository.ts";
import { type Dump, readObjectCommand, shellWord } from "../dump.ts";
import type { Advertised } from "./advertised.ts";
import { BundleInspector } from "./bundle-inspector.ts";
import { GitServer, type RepositoryAccess } from "./git-server.ts";

export interface RepositorySource {
  /** Where it is cloned from, without user and token. */
  readonly url: string;
  readonly access: RepositoryAccess;
}

/**
 * Every ref of a repository with all that is reached from it, as one bundle: a list of refs and the pack that the server
 * sends for them, which passes by as it comes.
 */
export async function openRepositoryDump({ url, access }: RepositorySource, signal: AbortSignal): Promise<Dump> {
  signal.throwIfAborted();
  const server = new GitServer(expectPrivateWay(url), access, signal);
  try {
    const advertised = await server.advertised();
    if (advertised.refs.size === 0) throw new Error(`Expected a repository with at least one branch at ${url}, it is empty. If it should be, take its backup out; what was backed up before stays.`);
    const pack = await server.pack(advertised);
    const inspector = new BundleInspector();
    let dumpBytes = 0;
    let contents: ReturnType<BundleInspector["end"]> | undefined;

    async function* body(): AsyncGenerator<Uint8Array> {
      const header = headerOf(advertised);
      inspector.add(header);
      dumpBytes = header.length;
      yield header;
      for await (const chunk of pack) {
        signal.throwIfAborted();
        inspector.add(chunk);
        dumpBytes += chunk.length;
        yield chunk;
      }
      contents = inspector.end();
    }
    return {
      extension: "bundle",
      body: body(),
      describe: () => ({
        tool: "upkeep, git smart HTTP",
        serverVersion: [new URL(url).host, advertised.agent].filter((one) => one !== undefined).join(", "),
        consistency: "All refs as the server named them at one moment, with everything that is reached from them. Objects of Git LFS are not in it: it holds their pointers. Nor are issues, settings and what else the server keeps beside git.",
        ...contents,
        dumpBytes,
        restoreCommand: (address) => `${readObjectCommand(address)} > repository.bundle && git clone --mirror repository.bundle repository.git${headCommand(advertised)}`,
      }),
      close: () => Promise.resolve(server.close()),
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

function expectPrivateWay(url: string): string {
  const address = new URL(url);
  if (isPrivateWay(address)) return url;
  throw new Error(`Expected the repository's address to begin with https://, it begins with ${address.protocol}//. http:// is for a server on this machine only.`);
}

/** As `git bundle create` writes it. */
function headerOf({ refs, format }: Advertised): Buffer {
  const first = format === "sha1" ? "# v2 git bundle\n" : `# v3 git bundle\n@object-format=${format}\n`;
  return Buffer.from(`${first}${[...refs].map(([name, id]) => `${id} ${name}\n`).join("")}\n`, "latin1");
}

/** A bundle says which object HEAD is, not which of the branches with that object it stands for. */
const headCommand = ({ head }: Advertised): string =>
  (head === undefined ? "" : ` && git -C repository.git symbolic-ref HEAD ${shellWord(Buffer.from(head, "latin1").toString("utf8"))}`);
