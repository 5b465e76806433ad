import type { PrivateFolder } from "../../programs/private-folder.ts";
import { shellWord } from "../dump.ts";

/** How to get into a repository. Without a token it has to be public. */
export interface RepositoryAccess {
  /** Default: what GitHub wants beside a token. GitLab takes any, Bitbucket `x-token-auth`. */
  readonly username?: string;
  readonly password?: string;
  /** What git needs to reach the server besides: proxies, certificates. No secret. */
  readonly environment?: Readonly<Record<string, string>>;
}

const USERNAME = "x-access-token";

/** A server that says less than this for a minute is not waited for: git's own default is for ever. */
const SLOWEST_BYTES_PER_SECOND = 1000;
const STALLED_SECONDS = 60;

/** Writes what git needs into a folder that it takes for its home, and gives the environment that leads it there. */
export async function gitEnvironment(folder: PrivateFolder, url: URL, { username = USERNAME, password, environment = {} }: RepositoryAccess): Promise<Readonly<Record<string, string>>> {
  const settings = [`[http]\n\tlowSpeedLimit = ${SLOWEST_BYTES_PER_SECOND}\n\tlowSpeedTime = ${STALLED_SECONDS}\n`];
  if (password !== undefined) {
    if (/[\n\0]/.test(username + password)) throw new Error("Expected a user and a token of one line each, one of them has more.");
    const file = await folder.write("credential", `username=${username}\npassword=${password}\n`);
    // Only for this server: where it leads elsewhere, git has nothing to show there.
    settings.push(`[credential ${quoted(url.origin)}]\n\thelper = ${quoted(`!f() { cat ${shellWord(file)}; }; f`)}\n`);
  }
  await folder.write(".gitconfig", settings.join(""));
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin", ...environment,
    HOME: folder.path, XDG_CONFIG_HOME: folder.path, LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", GIT_ALLOW_PROTOCOL: url.protocol.replace(":", ""),
  };
}

const quoted = (text: string): string => `"${text.replaceAll("\\", String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;
