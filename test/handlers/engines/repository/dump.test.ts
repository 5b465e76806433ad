import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NotDecodable } from "../../../../handlers/engines/decode.ts";
import { openRepositoryDump } from "../../../../handlers/engines/repository/dump.ts";
import { recordFault, recordNotSeen } from "../../../support/fault-matrix.ts";
import { decoded, restored, takeBundle } from "../../../support/handlers/bundles.ts";
import { startBetween } from "../../../support/servers/between.ts";
import { type GitServer, refsIn, runGit, startGit } from "../../../support/servers/git.ts";

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
    server.git("update-ref", "refs/heads/zürich", first);
    server.git("update-ref", "refs/pull/7/head", server.git("commit-tree", tree, "-m", "from a fork"));
    server.git("update-ref", "refs/notes/commits", server.git("commit-tree", tree, "-m", "a note"));
    server.git("tag", "-m", "a release", "v1", first);
    server.git("tag", "-m", "a tag of a tag", "v1-again", "v1");
    server.git("tag", "tree", tree);
  });
  afterAll(() => server.stop());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "repository-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const source = () => ({ url: server.url, access: { token: server.token } });

  it("has every ref, and gives all of them back to a git that knows nothing of us", async () => {
    const { bytes, said } = await takeBundle(source());
    const clone = restored(bytes, folder);
    const refs = server.git("for-each-ref", "--format=%(objectname) %(refname)").split("\n");
    expect(refs).toHaveLength(8);
    expect(refsIn(clone)).toEqual(refs);
    expect(runGit("-C", clone, "cat-file", "-t", "v1-again")).toBe("tag");
    const { HEAD: head, ...hashes } = said.hashes ?? {};
    expect(Object.entries(hashes).map(([name, id]) => `${id} ${name}`).toSorted()).toEqual(refs.toSorted());
    expect(head).toBe(server.git("rev-parse", "HEAD"));
    expect(said).toMatchObject({
      counts: { refs: 9 }, dumpBytes: bytes.length, tool: "upkeep, git smart HTTP",
      serverVersion: expect.stringMatching(/^127\.0\.0\.1:\d+, git\/\d/) as string,
      consistency: expect.stringContaining("Git LFS are not in it") as string,
    });
  });

  it("is the same for git as the bundle that it would make itself", async () => {
    const { bytes, said } = await takeBundle(source());
    const [ours, own] = [join(folder, "ours.bundle"), join(folder, "own.bundle")];
    writeFileSync(ours, bytes);
    server.git("bundle", "create", "--quiet", own, "--all", "HEAD");
    const heads = (bundle: string): readonly string[] => runGit("bundle", "list-heads", bundle).split("\n").toSorted();
    expect(heads(ours)).toEqual(heads(own));
    expect(server.git("bundle", "verify", "--quiet", ours)).toBe("");
    recordNotSeen({ engine: "repository", what: "GitHub, GitLab, Bitbucket, Azure DevOps themselves", why: "none can be reached from here; git's own server stands for them" });
    await expect(decoded(readFileSync(own))).resolves.toEqual({ counts: said.counts, hashes: said.hashes, hashedBy: said.hashedBy });
  });

  it("is read whole again without git, piece by piece, and tells what its manifest has", async () => {
    const { bytes, said: { counts, hashes, hashedBy } } = await takeBundle(source());
    for (const piece of [1, 7, 65_536]) await expect(decoded(bytes, piece)).resolves.toEqual({ counts, hashes, hashedBy });
  });

  it("says which branch HEAD is: of two with one object git would guess", async () => {
    const [shop, clone] = [await startGit(), join(folder, "repository.git")];
    try {
      const commit = shop.git("commit-tree", shop.git("hash-object", "-t", "tree", "-w", "/dev/null"), "-m", "first");
      for (const branch of ["master", "release"]) shop.git("branch", branch, commit);
      shop.git("symbolic-ref", "HEAD", "refs/heads/release");
      const { bytes, said } = await takeBundle({ url: shop.url, access: { token: shop.token } });
      writeFileSync(join(folder, "stored"), bytes);
      execFileSync("bash", ["-o", "pipefail", "-c", said.restoreCommand(join(folder, "stored"))], { cwd: folder, stdio: "ignore", timeout: 30_000 });
      expect(runGit("-C", clone, "symbolic-ref", "HEAD")).toBe("refs/heads/release");
    } finally {
      await shop.stop();
    }
  });

  it("is as whole where the branch of HEAD was never made, and where HEAD is no branch", async () => {
    const shop = await startGit();
    try {
      const commit = shop.git("commit-tree", shop.git("hash-object", "-t", "tree", "-w", "/dev/null"), "-m", "first");
      shop.git("update-ref", "refs/heads/next", commit);
      const access = { token: shop.token };
      expect((await takeBundle({ url: shop.url, access })).said.hashes).toEqual({ "refs/heads/next": commit });
      const alone = shop.git("commit-tree", shop.git("hash-object", "-t", "tree", "-w", "/dev/null"), "-m", "on no branch");
      shop.git("update-ref", "--no-deref", "HEAD", alone);
      const { bytes, said } = await takeBundle({ url: shop.url, access });
      expect(said.hashes).toEqual({ HEAD: alone, "refs/heads/next": commit });
      restored(bytes, folder);
    } finally {
      await shop.stop();
    }
  });

  it("has every ref of a repository with very many, and asks for each object once", async () => {
    const shop = await startGit();
    const between = await startBetween(new URL(shop.url).origin, () => ({}));
    try {
      const commit = shop.git("commit-tree", shop.git("hash-object", "-t", "tree", "-w", "/dev/null"), "-m", "first");
      writeFileSync(join(shop.repository, "packed-refs"), Array.from({ length: 100_000 }, (_, index) => `${commit} refs/heads/many/${String(index).padStart(6, "0")}\n`).join(""));
      const { bytes, said } = await takeBundle({ url: `${between.origin}/shop.git`, access: { token: shop.token } });
      expect(said.counts).toEqual({ refs: 100_000 });
      await expect(decoded(bytes, 65_536)).resolves.toMatchObject({ counts: { refs: 100_000 } });
      expect(between.exchanges[1]?.asked.match(/want /g)).toHaveLength(1);
    } finally {
      await between.stop();
      await shop.stop();
    }
  });

  it("ends when it is told to", async () => {
    const stop = new AbortController();
    const dump = await openRepositoryDump(source(), stop.signal);
    stop.abort(new Error("time is over"));
    await expect((async () => { for await (const chunk of dump.body) expect(chunk).toBeInstanceOf(Uint8Array); })()).rejects.toThrow("time is over");
    await dump.close();
    await expect(takeBundle(source(), AbortSignal.abort(new Error("time is over")))).rejects.toThrow("time is over");
  });

  it("is found out wherever it is cut off, and whichever byte of its objects is changed", async () => {
    const { bytes } = await takeBundle(source());
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

  it("is as whole where the repository names its objects by SHA-256", async () => {
    const wide = await startGit("--object-format=sha256");
    try {
      const commit = wide.git("commit-tree", wide.git("hash-object", "-t", "tree", "-w", "/dev/null"), "-m", "first");
      wide.git("update-ref", "refs/heads/main", commit);
      const { bytes, said } = await takeBundle({ url: wide.url, access: { token: wide.token } });
      expect(said.hashes).toEqual({ HEAD: commit, "refs/heads/main": commit });
      expect(refsIn(restored(bytes, folder))).toEqual([`${commit} refs/heads/main`]);
      await expect(decoded(bytes)).resolves.toMatchObject({ hashes: { "refs/heads/main": commit } });
      await expect(decoded(bytes.subarray(0, -12))).rejects.toThrow(NotDecodable);
    } finally {
      await wide.stop();
    }
  });

  it("is none where it rests on commits that are not in it", async () => {
    const bundle = join(folder, "part.bundle");
    server.git("bundle", "create", "--quiet", bundle, "refs/heads/main", "^refs/heads/feature/one");
    await expect(decoded(readFileSync(bundle))).rejects.toThrow("rests on commits that are not in it");
  });
});
