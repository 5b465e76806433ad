import { join } from "node:path";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { outputOf, startProgram } from "../../programs/program.ts";
import { redactionOf } from "../../runtime/redaction.ts";
import { type Dump, readObjectCommand } from "../dump.ts";
import { type RepositoryAccess, gitEnvironment } from "./access.ts";
import { BundleInspector } from "./bundle-inspector.ts";

export interface RepositorySource {
  /** Where it is cloned from, without user and token. */
  readonly url: string;
  readonly access: RepositoryAccess;
  /** Folder with git. */
  readonly tools: string;
}

/** Every ref of a repository with all that is reached from it, as one bundle. It is fetched whole before its first byte is given. */
export async function openRepositoryDump({ url, access, tools }: RepositorySource, signal: AbortSignal): Promise<Dump> {
  signal.throwIfAborted();
  const folder = await makePrivateFolder();
  try {
    const env = await gitEnvironment(folder, new URL(url), access);
    const call = { file: join(tools, "git"), env, redact: redactionOf([access.password]) };
    const mirror = join(folder.path, "mirror.git");
    const version = (await outputOf({ ...call, args: ["--version"] }, signal)).trim();
    await outputOf({ ...call, args: ["clone", "--mirror", "--quiet", "--", url, mirror] }, signal);
    const refs = refsOf(await outputOf({ ...call, args: ["-C", mirror, "for-each-ref", "--format=%(objectname) %(refname)"] }, signal));
    if (refs.size === 0) throw new Error(`Expected a repository with at least one branch at ${url}, it is empty. If it should be, take its backup out; what was backed up before stays.`);

    const bundling = startProgram({ ...call, args: ["-C", mirror, "bundle", "create", "--quiet", "-", "--all"] });
    const inspector = new BundleInspector();
    let dumpBytes = 0;
    let contents: ReturnType<BundleInspector["end"]> | undefined;
    const stop = (): void => void bundling.stop();
    signal.addEventListener("abort", stop, { once: true });

    async function* body(): AsyncGenerator<Uint8Array> {
      for await (const chunk of bundling.output) {
        signal.throwIfAborted();
        inspector.add(chunk);
        dumpBytes += chunk.length;
        yield chunk;
      }
      contents = inspector.end();
      expectAll(refs, contents.hashes ?? {});
    }
    return {
      extension: "bundle",
      body: body(),
      describe: () => ({
        tool: version,
        serverVersion: new URL(url).host,
        consistency: "All refs as the server named them when the clone began, with everything that is reached from them. Objects of Git LFS are not in it: it holds their pointers. Nor are issues, settings and what else the server keeps beside git.",
        ...contents,
        dumpBytes,
        restoreCommand: (address) => `${readObjectCommand(address)} > repository.bundle && git clone --mirror repository.bundle repository.git`,
      }),
      close: async () => {
        signal.removeEventListener("abort", stop);
        await bundling.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

const refsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split("\n").filter((line) => line !== "").map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));

/** git leaves a ref out with a warning, and ends well. */
function expectAll(refs: ReadonlyMap<string, string>, bundled: Readonly<Record<string, string>>): void {
  const missing = [...refs].filter(([name, id]) => bundled[name] !== id).map(([name]) => name);
  if (missing.length > 0) throw new Error(`Expected all ${refs.size} refs in the bundle, ${missing.length} are not, the first of them ${missing[0]}.`);
}
