import type { ReadableStream } from "node:stream/web";
import { type Redact, redactionOf } from "../../runtime/redaction.ts";
import { type Advertised, readAdvertised } from "./advertised.ts";
import { FLUSH, flush, packet, packetsIn } from "./packets.ts";

/** How to get into a repository. Without a token it has to be public. */
export interface RepositoryAccess {
  /** Default: what GitHub wants beside a token. GitLab takes any, Bitbucket `x-token-auth`. */
  readonly username?: string;
  readonly token?: string;
}

const USERNAME = "x-access-token";

/** A server that gives nothing for a minute is not waited for. git's own says every 5 s that it is still at work. */
export const STALLED_SECONDS = 60;

/** Of one request. A repository that was renamed leads once. */
const MOST_REDIRECTS = 5;

/** Some servers give their pages for people to whoever does not call himself so. */
const USER_AGENT = "git/upkeep";

/** What is asked for beside the objects, where a server offers it. Azure DevOps answers nobody who cannot take several acknowledgements. */
const ASKED_FOR = ["multi_ack_detailed", "side-band-64k", "ofs-delta", "no-progress"];

const MOST_SHOWN_CHARACTERS = 300;

/** Talks to a server as `git clone` does (smart HTTP, protocol version 0), without git. Its token goes to that server alone. */
export class GitServer {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #redact: Redact;
  readonly #caller: AbortSignal;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #hasToken: boolean;
  /** Where it leads to on the same server. */
  #base: string;

  constructor(url: string, { username = USERNAME, token }: RepositoryAccess, signal: AbortSignal) {
    this.#url = url;
    this.#base = url.replace(/\/+$/, "");
    this.#hasToken = token !== undefined;
    const login = Buffer.from(`${username}:${token ?? ""}`).toString("base64");
    this.#headers = { "user-agent": USER_AGENT, "accept-encoding": "identity", ...(token === undefined ? {} : { authorization: `Basic ${login}` }) };
    this.#redact = redactionOf(token === undefined ? [] : [token, login]);
    this.#caller = signal;
    this.#signal = AbortSignal.any([signal, this.#over.signal]);
  }

  /** Every ref that it shows to whoever asks so. */
  async advertised(): Promise<Advertised> {
    try {
      const response = await this.#asked("GET", `info/refs?service=git-upload-pack`, "application/x-git-upload-pack-advertisement");
      return await readAdvertised(packetsIn(this.#bodyOf(response)));
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** All objects that are reached from these, as one pack. It is asked for here, and arrives as it is read. */
  async pack({ refs, format, capabilities, agent }: Advertised): Promise<AsyncIterable<Uint8Array>> {
    try {
      if (!capabilities.has("side-band-64k")) throw new Error("its server cannot say that it failed (side-band-64k)");
      const asked = [...ASKED_FOR.filter((one) => capabilities.has(one)), ...(format === "sha1" ? [] : [`object-format=${format}`]), ...(agent === undefined ? [] : ["agent=upkeep"])];
      const wants = [...new Set(refs.values())].map((id, index) => packet(`want ${id}${index === 0 ? ` ${asked.join(" ")}` : ""}\n`));
      const response = await this.#asked("POST", "git-upload-pack", "application/x-git-upload-pack-result", `${wants.join("")}${FLUSH}${packet("done\n")}`);
      return this.#packIn(response);
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** Ends what still runs. */
  close(): void {
    this.#over.abort(new Error("it was given up"));
  }

  async *#packIn(response: Response): AsyncGenerator<Uint8Array> {
    let isBegun = false;
    let isEnded = false;
    try {
      for await (const one of packetsIn(this.#bodyOf(response))) {
        if (isEnded) throw new Error("its answer goes on after its end");
        if (one === flush) isEnded = true;
        else if (!isBegun) isBegun = expectBeginning(one);
        else if (one[0] === 1 && one.length > 1) yield one.subarray(1);
        else if (one[0] === 3) throw new Error(`its server said: ${one.toString("utf8", 1)}`);
        // 2 is progress, and an empty 1 says that it is still at work.
        else if (one[0] !== 1 && one[0] !== 2) throw new Error("its answer is not what git's protocol has");
      }
      if (!isEnded) throw new Error("its server stopped before all of it was sent");
    } catch (error) {
      throw this.#told(error);
    }
  }

  async #asked(method: "GET" | "POST", what: string, type: string, body?: string): Promise<Response> {
    for (let leads = 0; leads <= MOST_REDIRECTS; leads += 1) {
      const response = await this.#unlessStalled(fetch(`${this.#base}/${what}`, {
        method, redirect: "manual", signal: this.#signal,
        headers: { ...this.#headers, accept: type, ...(body === undefined ? {} : { "content-type": "application/x-git-upload-pack-request" }) },
        ...(body === undefined ? {} : { body }),
      }));
      if (response.ok && response.headers.get("content-type")?.split(";")[0] === type) return response;
      await response.body?.cancel();
      if (response.ok) throw new Error("there is no git server that speaks smart HTTP at this address");
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null || method === "POST") throw new Error(refusalOf(response.status, this.#hasToken));
      this.#follow(location);
    }
    throw new Error("its server leads from one address to the next without an end");
  }

  /** Never to another server: that would be shown the token. */
  #follow(location: string): void {
    const from = new URL(this.#base);
    const to = new URL(location, `${this.#base}/info/refs`);
    if (to.origin !== from.origin) throw new Error(`its server leads to another one, ${to.host}, which is not shown the token. If it is the right one, name the address there`);
    if (!to.pathname.endsWith("/info/refs")) throw new Error("its server leads to a page that is none of git, where people log in perhaps");
    this.#base = `${to.origin}${to.pathname.slice(0, -"/info/refs".length)}`;
  }

  async *#bodyOf(response: Response): AsyncGenerator<Uint8Array> {
    const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
    if (reader === undefined) return;
    try {
      for (;;) {
        const { done, value } = await this.#unlessStalled(reader.read());
        if (done) return;
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  /** Only what is waited for counts: while the store takes its time, nothing is read. */
  async #unlessStalled<Result>(waiting: Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => this.#over.abort(new Error(`its server gave nothing for ${STALLED_SECONDS} s`)), STALLED_SECONDS * 1000);
    try {
      return await waiting;
    } finally {
      clearTimeout(timer);
    }
  }

  /** One sentence, without the token, and without what could write over a terminal. */
  #told(error: unknown): Error {
    if (this.#caller.aborted) return this.#caller.reason instanceof Error ? this.#caller.reason : new Error(String(this.#caller.reason));
    const problem = this.#redact(networkProblem(error)).replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
    const shown = problem.length > MOST_SHOWN_CHARACTERS ? `${problem.slice(0, MOST_SHOWN_CHARACTERS)}...` : problem;
    return new Error(`Expected every ref of ${this.#url}, ${shown}${/[.!?]$/.test(shown) ? "" : "."}`);
  }
}

function expectBeginning(one: Buffer): true {
  const line = one.toString("utf8").trimEnd();
  if (line === "NAK") return true;
  throw new Error(line.startsWith("ERR ") ? `its server said: ${line.slice(4)}` : "its answer is not what git's protocol has");
}

function refusalOf(status: number, hasToken: boolean): string {
  switch (status) {
    case 401: return hasToken ? "its server refused the token (401): it may be wrong, or have expired" : "its server wants a token (401)";
    case 403: return hasToken ? "its server let the token in, but not to the code (403): it has to be allowed to read it" : "its server lets nobody in without a token (403)";
    case 404: return `its server has none there${hasToken ? " that this token may see" : ""} (404)`;
    default: return `its server answered ${status}`;
  }
}

/** What `fetch` keeps under "fetch failed". */
function networkProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  if (message === "terminated") return "the connection was cut before all of it was sent";
  if (message !== "fetch failed") return message;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  return `its server could not be reached (${code ?? (cause instanceof Error ? cause.message : "no reason given")})`;
}
