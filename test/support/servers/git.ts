import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server of git over HTTP, which is git's own behind a door that asks for a token. */
export interface GitServer {
  readonly url: string;
  readonly token: string;
  /** Folder of the repository that it serves. */
  readonly repository: string;
  /** Runs git in it. */
  readonly git: (...args: readonly string[]) => string;
  /** Kills the program that answers the next request for objects, once it has said so many bytes. */
  readonly killNext: (afterBytes: number) => void;
  readonly stop: () => Promise<void>;
}

/** Of every such server. */
export const gitToken = "ghp_Aa1-secret/token";

const environment = {
  PATH: process.env["PATH"] ?? "", LC_ALL: "C", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Anna", GIT_AUTHOR_EMAIL: "anna@campus.example", GIT_COMMITTER_NAME: "Anna", GIT_COMMITTER_EMAIL: "anna@campus.example",
};

export const runGit = (...args: readonly string[]): string =>
  execFileSync("git", args, { env: environment, encoding: "utf8", timeout: 30_000, stdio: ["ignore", "pipe", "pipe"] }).trim();

/** `object ref` of all refs of a repository or bundle's clone, in the order of their names. */
export const refsIn = (repository: string): readonly string[] =>
  runGit("-C", repository, "for-each-ref", "--format=%(objectname) %(refname)").split("\n");

/** @param options What `git init` is told besides. */
export async function startGit(...options: readonly string[]): Promise<GitServer> {
  const root = mkdtempSync(join(tmpdir(), "git-server-"));
  const repository = join(root, "shop.git");
  runGit("init", "--quiet", "--bare", "--initial-branch=main", ...options, repository);
  const token = gitToken;
  const wanted = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  let killAfterBytes = Number.POSITIVE_INFINITY;
  const server = createServer((request, response) => {
    if (request.headers.authorization !== wanted) return void response.writeHead(401, { "www-authenticate": 'Basic realm="campus"' }).end();
    answer(root, request, response, request.method === "POST" ? killAfterBytes : Number.POSITIVE_INFINITY);
    if (request.method === "POST") killAfterBytes = Number.POSITIVE_INFINITY;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop.git`, token, repository,
    killNext: (afterBytes) => {
      killAfterBytes = afterBytes;
    },
    git: (...args) => runGit("-C", repository, ...args),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      rmSync(root, { recursive: true });
    },
  };
}

/** What RFC 3875 asks of a server that runs a program for a page. What the program says is passed on as it comes. */
function answer(root: string, request: IncomingMessage, response: ServerResponse, killAfterBytes: number): void {
  const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
  const program = spawn("git", ["http-backend"], { detached: true, stdio: ["pipe", "pipe", "ignore"], env: {
    ...environment, GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: "1", PATH_INFO: pathname, QUERY_STRING: search.slice(1), REQUEST_METHOD: request.method ?? "GET",
    CONTENT_TYPE: request.headers["content-type"] ?? "", HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "", GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
  } });
  // A client that was refused asks no further; a program that was killed reads no further.
  program.stdin.on("error", () => undefined);
  request.pipe(program.stdin);
  let said = 0;
  let head: Buffer | undefined = Buffer.alloc(0);
  program.stdout.on("data", (chunk: Buffer) => {
    const left = killAfterBytes - said;
    said += chunk.length;
    const taken = chunk.subarray(0, Math.max(0, left));
    // git http-backend has programs of its own.
    if (said >= killAfterBytes && program.pid !== undefined) process.kill(-program.pid, "SIGKILL");
    if (head === undefined) return void response.write(taken);
    head = Buffer.concat([head, taken]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const headers = Object.fromEntries(head.toString("latin1", 0, end).split("\r\n").map((line) => line.split(": ") as [string, string]));
    response.writeHead(Number.parseInt(headers["Status"] ?? "200", 10), headers).write(head.subarray(end + 4));
    head = undefined;
  });
  program.once("close", () => response.end());
}
