import type { Exchange, Told } from "./between.ts";

/** In the side band: 1 are objects, 3 is the reason why there are no more. */
const packet = (band: number, text: string): Buffer => Buffer.concat([Buffer.from((text.length + 5).toString(16).padStart(4, "0")), Buffer.from([band]), Buffer.from(text)]);

/** What a server says that is not, or not all, that it should. */
export interface GitLie {
  readonly fault: string;
  /** What is told in place of the server's own words. */
  readonly tells: (exchange: Exchange) => Partial<Told>;
  readonly says: string;
}

const ofRefs = (tells: (exchange: Exchange) => Partial<Told>) => (exchange: Exchange): Partial<Told> => (exchange.method === "GET" ? tells(exchange) : {});
const ofObjects = (tells: (exchange: Exchange) => Partial<Told>) => (exchange: Exchange): Partial<Told> => (exchange.method === "POST" ? tells(exchange) : {});
const inRefs = (from: string | RegExp, to: string) => ofRefs(({ body }) => ({ body: Buffer.from(body.toString("latin1").replace(from, to), "latin1") }));

export const gitLies: readonly GitLie[] = [
  { fault: "the list of refs is cut", tells: ofRefs(({ body }) => ({ body: body.subarray(0, 300), then: "cut" })), says: "the connection was cut before all of it was sent" },
  { fault: "the list of refs ends early", tells: ofRefs(({ body }) => ({ body: body.subarray(0, -4) })), says: "its list of refs was cut off" },
  { fault: "connection cut in the pack", tells: ofObjects(({ body }) => ({ body: body.subarray(0, 1_500_000), then: "cut" })), says: "the connection was cut before all of it was sent" },
  { fault: "pack ends early, and well", tells: ofObjects(({ body }) => ({ body: body.subarray(0, -4) })), says: "its server stopped before all of it was sent" },
  { fault: "pack ends within a packet", tells: ofObjects(({ body }) => ({ body: body.subarray(0, 1_500_000) })), says: "its answer ends within a packet" },
  { fault: "a part of the pack is missing", tells: ofObjects(({ body }) => ({ body: without(body) })), says: "its objects are not those that their hash was made of" },
  { fault: "server fails in mid-pack", tells: ofObjects(({ body }) => ({ body: Buffer.concat([body.subarray(0, 8), packet(1, "PACK\0\0\0\u0002"), packet(3, "fatal: unable to read \u001B[31mobject\n")]) })), says: "its server said: fatal: unable to read [31mobject." },
  { fault: "not git", tells: ofRefs(() => ({ headers: { "content-type": "text/html" }, body: Buffer.from("<h1>Sign in</h1>") })), says: "there is no git server that speaks smart HTTP at this address" },
  { fault: "not git, but says so", tells: ofRefs(() => ({ body: Buffer.from("<h1>Sign in</h1>") })), says: "its answer is not what git's protocol has" },
  { fault: "shallow at its server", tells: inRefs(/0000$/, `0035shallow ${"a".repeat(40)}\n0000`), says: "(a shallow repository)" },
  { fault: "a ref that is two lines", tells: inRefs("refs/heads/next", "refs/heads/\n\nPA"), says: "a ref with a name that git does not take" },
  { fault: "a ref that leads out", tells: inRefs("refs/heads/next", "refs/../../next"), says: "a ref with a name that git does not take" },
  { fault: "an unknown hash", tells: inRefs("object-format=sha1", "object-format=md5x"), says: "a hash that is not known here" },
  { fault: "no side band", tells: inRefs("side-band-64k", "side-band-64x"), says: "cannot say that it failed" },
  { fault: "may not read", tells: ofRefs(() => ({ status: 403 })), says: "(403): it has to be allowed to read it" },
  { fault: "not there", tells: ofRefs(() => ({ status: 404 })), says: "its server has none there that this token may see (404)" },
  { fault: "server overloaded", tells: ofRefs(() => ({ status: 503 })), says: "its server answered 503" },
  { fault: "refused between the two requests", tells: ofObjects(() => ({ status: 401 })), says: "refused the token (401)" },
  { fault: "endless redirects", tells: ofRefs(({ path }) => ({ status: 302, headers: { location: path } })), says: "leads from one address to the next without an end" },
  { fault: "objects elsewhere", tells: ofObjects(({ path }) => ({ status: 307, headers: { location: path } })), says: "its server answered 307" },
  { fault: "a page for people", tells: ofRefs(() => ({ status: 302, headers: { location: "/login" } })), says: "its server leads to a page that is none of git" },
  { fault: "the token is told back", tells: ofObjects(({ body, askedWith }) => ({ body: Buffer.concat([body.subarray(0, 8), packet(3, `${String(askedWith.authorization)} may not`)]) })), says: "its server said: Basic [redacted] may not." },
];

/** Takes the second of the packets with objects out. */
function without(body: Buffer): Buffer {
  const second = 8 + Number.parseInt(body.toString("latin1", 8, 12), 16);
  return Buffer.concat([body.subarray(0, second), body.subarray(second + Number.parseInt(body.toString("latin1", second, second + 4), 16))]);
}
