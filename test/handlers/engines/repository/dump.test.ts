import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { NotDecodable } from "../../../../handlers/engines/decode.ts";
import { decodeRepository } from "../../../../handlers/engines/repository/decode.ts";
import { openRepositoryDump, type RepositorySource } from "../../../../handlers/engines/repository/dump.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { type GitServer, refsIn, runGit, startGit } from "../../../support/servers/git.ts";

const GIT = runGit("--exec-path");

describe("a backup of a repository", () => {
  let server: GitServer;
  let folder: string;

  beforeAll(async () => {
    server = await startGit();
    const tree = server.git("hash-object", "-t", "tree", "-w", "/dev/null");
    const first = server.git("commit-tree", tree, "-m", "first");
    const second = server.git("commit-tree", tree, "-p", first, "-m", "second");
    server.git("update-ref", "refs/heads/main", second);
    server.git("update-ref", "refs/heads/feature/one", first);
    server.git("update-ref", "refs/pull/7/head", server.git("commit-tree", tree, "-m", "from a fork"));
    server.git("update-ref", "refs/notes/commits", server.git("commit-tree", tree, "-m", "a note"));
    server.git("tag", "-m", "a release", "v1", first);
  });
  afterAll(() => server.stop());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "repository-"));
    mkdirSync(join(folder, "scratch"));
    vi.stubEnv("TMPDIR", join(folder, "scratch"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  const leftovers = (): readonly string[] => readdirSync(join(folder, "scratch"));
  const source = (parts: Partial<RepositorySource> = {}): RepositorySource => ({ url: server.url, access: { password: server.token }, tools: GIT, ...parts });

  async function taken(parts: Partial<RepositorySource> = {}, signal = new AbortController().signal) {
    const dump = await openRepositoryDump(source(parts), signal);
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of dump.body) chunks.push(chunk);
      return { bytes: Buffer.concat(chunks), said: dump.describe() };
    } finally {
      await dump.close();
    }
  }
  const refusal = (parts: Partial<RepositorySource>): Promise<string> => taken(parts).then(() => "taken", (error: unknown) => String(error));

  /** In pieces, as a store gives them. */
  async function decoded(bytes: Uint8Array, piece = 7) {
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += piece) yield await Promise.resolve(bytes.subarray(at, at + piece));
    }
    return decodeRepository(pieces(), new AbortController().signal);
  }

  it("has every ref, and gives all of them back to a git that knows nothing of us", async () => {
    const { bytes, said } = await taken();
    writeFileSync(join(folder, "repository.bundle"), bytes);
    runGit("clone", "--quiet", "--mirror", join(folder, "repository.bundle"), join(folder, "restored.git"));
    const refs = server.git("for-each-ref", "--format=%(objectname) %(refname)").split("\n");
    expect(refs).toHaveLength(5);
    expect(refsIn(join(folder, "restored.git"))).toEqual(refs);
    expect(runGit("-C", join(folder, "restored.git"), "fsck", "--strict")).toBe("");
    const { HEAD: head, ...hashes } = said.hashes ?? {};
    expect(Object.entries(hashes).map(([name, id]) => `${id} ${name}`).toSorted()).toEqual(refs.toSorted());
    expect(head).toBe(server.git("rev-parse", "HEAD"));
    expect(said).toMatchObject({ counts: { refs: 6 }, dumpBytes: bytes.length, consistency: expect.stringContaining("Git LFS are not in it") as string });
    expect(leftovers()).toEqual([]);
  });

  it("is read whole again without git, piece by piece, and tells what its manifest has", async () => {
    const { bytes, said: { counts, hashes, hashedBy } } = await taken();
    for (const piece of [1, 7, 65_536]) await expect(decoded(bytes, piece)).resolves.toEqual({ counts, hashes, hashedBy });
  });

  it("shows its token to no other program: not by arguments, not by environment", async () => {
    const log = join(folder, "log");
    writeFileSync(join(folder, "git"), `#!/bin/sh\n{ echo "$@"; env; } >> '${log}'\nexec '${GIT}/git' "$@"\n`);
    chmodSync(join(folder, "git"), 0o755);
    await taken({ tools: folder });
    const seen = readFileSync(log, "utf8");
    expect(seen).toContain("clone --mirror");
    expect(seen).not.toContain(server.token);
    expect(seen).not.toContain(encodeURIComponent(server.token));
  });

  it("is none with a wrong token, or without one, and says so without it", async () => {
    for (const access of [{ password: "ghp_wrong-token" }, {}]) {
      const said = await refusal({ access });
      expect(said).toMatch(/Authentication failed|could not read Username/);
      expect(said).not.toContain("ghp_wrong-token");
    }
    expect(leftovers()).toEqual([]);
    recordFault({ engine: "repository", fault: "wrong token", happened: "Authentication failed", exit: "error", evidence: "no manifest", alarm: "by hand: exit 1", left: "nothing" });
  });

  it("shows its token to no server that the named one leads to", async () => {
    const leading = createServer((request, response) => {
      response.writeHead(302, { location: new URL(request.url ?? "/", server.url).href }).end();
    });
    await new Promise<void>((resolve) => {
      leading.listen(0, "127.0.0.1", resolve);
    });
    try {
      const said = await refusal({ url: `http://127.0.0.1:${(leading.address() as AddressInfo).port}/shop.git` });
      expect(said).toContain("could not read Username");
    } finally {
      leading.closeAllConnections();
      leading.close();
    }
  });

  it("is none of a repository that is empty", async () => {
    const empty = await startGit();
    try {
      await expect(taken({ url: empty.url })).rejects.toThrow("Expected a repository with at least one branch");
    } finally {
      await empty.stop();
    }
    expect(leftovers()).toEqual([]);
    recordFault({ engine: "repository", fault: "empty that was not empty", happened: "at least one branch", exit: "error", evidence: "no manifest", alarm: "by hand: exit 1", left: "nothing" });
  });

  it("ends when it is told to, and leaves nothing behind", async () => {
    const stop = new AbortController();
    const dump = await openRepositoryDump(source(), stop.signal);
    stop.abort(new Error("time is over"));
    await expect((async () => { for await (const chunk of dump.body) expect(chunk).toBeInstanceOf(Uint8Array); })()).rejects.toThrow();
    await dump.close();
    expect(leftovers()).toEqual([]);
    await expect(taken({}, AbortSignal.abort(new Error("time is over")))).rejects.toThrow("time is over");
  });

  it("is found out wherever it is cut off, and whichever byte of its objects is changed", async () => {
    const { bytes } = await taken();
    const header = bytes.indexOf("\n\n") + 2;
    for (let at = 0; at < bytes.length; at += 11) await expect(decoded(bytes.subarray(0, at))).rejects.toThrow(NotDecodable);
    await expect(decoded(bytes.subarray(0, -1))).rejects.toThrow(NotDecodable);
    for (let at = header; at < bytes.length; at += 5) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      await expect(decoded(changed)).rejects.toThrow(NotDecodable);
    }
    recordFault({ engine: "repository", fault: "cut off, or one bit flipped", happened: "Expected a whole git bundle", exit: "not decodable", evidence: "corrupted", alarm: "corrupted", left: "dump, manifest" });
  });

  it("is read whole where the repository names its objects by SHA-256", async () => {
    const [repository, bundle] = [join(folder, "wide.git"), join(folder, "wide.bundle")];
    runGit("init", "--quiet", "--bare", "--object-format=sha256", "--initial-branch=main", repository);
    const git = (...args: readonly string[]): string => runGit("-C", repository, ...args);
    const commit = git("commit-tree", git("hash-object", "-t", "tree", "-w", "/dev/null"), "-m", "first");
    git("update-ref", "refs/heads/main", commit);
    git("bundle", "create", "--quiet", bundle, "--all");
    const bytes = readFileSync(bundle);
    await expect(decoded(bytes)).resolves.toMatchObject({ hashes: { "refs/heads/main": commit } });
    await expect(decoded(bytes.subarray(0, -12))).rejects.toThrow(NotDecodable);
  });

  it("is none where it rests on commits that are not in it", async () => {
    const bundle = join(folder, "part.bundle");
    server.git("bundle", "create", "--quiet", bundle, "refs/heads/main", "^refs/heads/feature/one");
    await expect(decoded(readFileSync(bundle))).rejects.toThrow("rests on commits that are not in it");
  });
});
