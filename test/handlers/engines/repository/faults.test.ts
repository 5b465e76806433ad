import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { runBackup } from "../../../../handlers/backup/run.ts";
import { openRepositoryDump, type RepositorySource } from "../../../../handlers/engines/repository/dump.ts";
import { STALLED_SECONDS } from "../../../../handlers/engines/repository/git-server.ts";
import { type FaultRow, recordFault } from "../../../support/fault-matrix.ts";
import { restored, takeBundle } from "../../../support/handlers/bundles.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../../support/handlers/full-object-s3.ts";
import { makeStore, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type Between, startBetween } from "../../../support/servers/between.ts";
import { type GitLie, gitLies } from "../../../support/servers/git-lies.ts";
import { type GitServer, refsIn, startGit } from "../../../support/servers/git.ts";
import type { S3Server } from "../../../support/servers/s3.ts";
import { serverFolder } from "../../../support/servers/server-folder.ts";

const job = jobAt("2026-11-23T02:00:00Z", { source: "shop", engine: "repository", database: "https://git.campus.example/shop.git" });

describeWithParts("a fault while a repository is backed up", ["s3"], () => {
  let s3: S3Server;
  let git: GitServer;
  let store: TestStore;
  let tip: string;
  beforeAll(async () => {
    [s3, git] = await Promise.all([startFullObjectS3(), startGit()]);
    // What does not compress: the pack is larger than all that lies between its server and the store.
    writeFileSync(join(git.repository, "noise"), randomBytes(4_000_000));
    const blob = git.git("hash-object", "-w", join(git.repository, "noise"));
    git.git("update-index", "--add", "--cacheinfo", `100644,${blob},noise`);
    tip = git.git("commit-tree", git.git("write-tree"), "-m", "first");
    for (const branch of ["main", "next"]) git.git("update-ref", `refs/heads/${branch}`, tip);
  });
  afterAll(() => Promise.all([s3.stop(), git.stop()]));
  beforeEach(async () => {
    store = await makeStore(s3);
  });

  const backUp = (changed: Partial<RepositorySource> = {}, signal = new AbortController().signal): Promise<unknown> => runBackup(job, {
    store, attempt: "one", now: () => new Date(), signal,
    openDump: (stop) => openRepositoryDump({ url: git.url, access: { token: git.token }, ...changed }, stop),
  });
  const refusal = (changed: Partial<RepositorySource> = {}): Promise<string> => backUp(changed).then(() => "stored", (error: unknown) => String(error));
  async function nothingStored(said: string): Promise<void> {
    expect(said).not.toContain(git.token);
    expect(said).not.toContain(Buffer.from(`x-access-token:${git.token}`).toString("base64"));
    expect(await store.keys()).toEqual([]);
    expect(await store.unfinished()).toEqual([]);
  }
  const record = (row: Pick<FaultRow, "fault" | "happened">): void =>
    recordFault({ engine: "repository", exit: "error", evidence: "no manifest", alarm: "failed, age", left: "nothing", ...row });

  async function through(tells: GitLie["tells"], of: (between: Between) => Promise<void>): Promise<void> {
    const between = await startBetween(new URL(git.url).origin, tells);
    try {
      await of(between);
    } finally {
      await between.stop();
    }
  }

  it.each(gitLies)("is no backup: $fault", ({ fault, tells, says }) => through(tells, async ({ origin }) => {
    const said = await refusal({ url: `${origin}/shop.git` });
    expect(said).toMatch(/^(Error: Expected every ref of http:|NotDecodable: Expected a whole git bundle)/);
    expect(said).toContain(says);
    expect(said.split("\n")).toHaveLength(1);
    await nothingStored(said);
    record({ fault, happened: said.replace(/^.*shop\.git, (its )?/, "").slice(0, 40) });
  }));

  it("is no backup where the program of its server is killed in mid-pack", async () => {
    git.killNext(2_000_000);
    const said = await refusal();
    expect(said).toMatch(/its (server stopped before all of it was sent|answer ends within a packet)/);
    await nothingStored(said);
    expect(await refusal()).toBe("stored");
    record({ fault: "server's program killed in mid-pack", happened: "stopped before all of it was sent" });
  });

  it("is no backup where its server has lost what a ref points to, and says what git says of it", async () => {
    const broken = await startGit();
    try {
      const tree = broken.git("hash-object", "-t", "tree", "-w", "/dev/null");
      const [first, lost] = ["first", "lost"].map((name) => broken.git("commit-tree", tree, "-m", name));
      broken.git("update-ref", "refs/heads/main", broken.git("commit-tree", tree, "-p", String(lost), "-m", "last"));
      broken.git("update-ref", "refs/heads/next", String(first));
      rmSync(join(broken.repository, "objects", String(lost).slice(0, 2), String(lost).slice(2)));
      const said = await refusal({ url: broken.url });
      expect(said).toMatch(/its server (said: .*corrupt|stopped)/);
      await nothingStored(said);
    } finally {
      await broken.stop();
    }
    record({ fault: "object lost at its server", happened: "aborting due to repository corruption" });
  });

  it("has the refs of one moment where somebody pushes meanwhile", () => through((exchange) => {
    if (exchange.method === "GET") git.git("update-ref", "refs/heads/main", git.git("commit-tree", git.git("write-tree"), "-p", tip, "-m", "meanwhile"));
    return {};
  }, async ({ origin }) => {
    const folder = serverFolder("pushed-");
    try {
      const { bytes, said } = await takeBundle({ url: `${origin}/shop.git`, access: { token: git.token } });
      expect(refsIn(restored(bytes, folder))).toEqual([`${tip} refs/heads/main`, `${tip} refs/heads/next`]);
      expect(said.hashes).toMatchObject({ "refs/heads/main": tip });
      expect(git.git("rev-parse", "main")).not.toBe(tip);
    } finally {
      git.git("update-ref", "refs/heads/main", tip);
      rmSync(folder, { recursive: true });
    }
    recordFault({ engine: "repository", fault: "pushed to meanwhile", happened: "the refs of the first request", exit: "stored", evidence: "manifest", alarm: "none", left: "dump, manifest" });
  }));

  it("is no backup where a branch is replaced between the two requests: the state machine tries again", () => through((exchange) => {
    if (exchange.method === "GET") for (const branch of ["main", "next"]) git.git("update-ref", `refs/heads/${branch}`, git.git("commit-tree", git.git("write-tree"), "-m", "replaced"));
    return {};
  }, async ({ origin }) => {
    try {
      const said = await refusal({ url: `${origin}/shop.git` });
      expect(said).toMatch(/its server said: .*not our ref/);
      await nothingStored(said);
      expect(await refusal()).toBe("stored");
    } finally {
      for (const branch of ["main", "next"]) git.git("update-ref", `refs/heads/${branch}`, tip);
    }
    record({ fault: "branch replaced meanwhile", happened: "not our ref" });
  }));

  it("shows its token to no other server, and follows an address of the same one", async () => {
    await through(({ path }) => ({ status: 301, headers: { location: new URL(path, git.url).href } }), async (leading) => {
      const said = await refusal({ url: `${leading.origin}/shop.git` });
      expect(said).toContain(`leads to another one, ${new URL(git.url).host}, which is not shown the token`);
      await nothingStored(said);
    });
    await through(({ path }) => (path.startsWith("/old") ? { status: 301, headers: { location: path.replace("/old", "/shop") } } : {}), async ({ origin, exchanges }) => {
      expect(await refusal({ url: `${origin}/old.git` })).toBe("stored");
      expect(exchanges.map(({ method, path }) => `${method} ${path.split("?")[0] ?? ""}`)).toEqual(["GET /old.git/info/refs", "GET /shop.git/info/refs", "POST /shop.git/git-upload-pack"]);
    });
    record({ fault: "leads to another server", happened: "not shown the token" });
  });

  it("is no backup with a wrong token, or without one", async () => {
    const wrong = await refusal({ access: { token: "ghp_wrong-token" } });
    expect(wrong).toContain("refused the token (401)");
    expect(wrong).not.toContain("ghp_wrong-token");
    expect(await refusal({ access: {} })).toContain("its server wants a token (401)");
    await nothingStored(wrong);
    record({ fault: "wrong token", happened: "its server refused the token (401)" });
  });

  it("is no backup of a repository that is empty", async () => {
    const empty = await startGit();
    try {
      const said = await refusal({ url: empty.url });
      expect(said).toContain("Expected a repository with at least one branch");
      await nothingStored(said);
    } finally {
      await empty.stop();
    }
    record({ fault: "empty that was not empty", happened: "at least one branch" });
  });

  it("sends its token over no open way to another machine, nor anywhere where nobody answers", async () => {
    await expect(backUp({ url: "http://git.campus.example/shop.git" })).rejects.toThrow("http:// is for a server on this machine only");
    const said = await refusal({ url: "http://127.0.0.1:1/shop.git" });
    expect(said).toMatch(/its server could not be reached \(.+\)\.$/);
    await nothingStored(said);
    record({ fault: "server not there", happened: "could not be reached" });
  });

  it.each(["GET", "POST"])("waits for no server that falls silent in its answer to %s", (silent) => through(({ method }) => (method === silent ? { then: "silence" } : {}), async ({ origin, exchanges }) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const ended = refusal({ url: `${origin}/shop.git` });
      while (!exchanges.some(({ method }) => method === silent)) await new Promise(setImmediate);
      // What was said before the silence is read by then.
      for (let turn = 0; turn < 2000; turn += 1) await new Promise(setImmediate);
      await vi.advanceTimersByTimeAsync(STALLED_SECONDS * 1000);
      expect(await ended).toContain(`gave nothing for ${STALLED_SECONDS} s`);
    } finally {
      vi.useRealTimers();
    }
    await nothingStored("");
    record({ fault: `falls silent in its answer to ${silent}`, happened: "gave nothing for 60 s" });
  }), 60_000);

  it("stops where the function's time is over, with the words of that", () => through(({ method }) => (method === "POST" ? { then: "silence" } : {}), async ({ origin, exchanges }) => {
    const stop = new AbortController();
    const ended = backUp({ url: `${origin}/shop.git` }, stop.signal);
    const failed = expect(ended).rejects.toThrow("time is over");
    await vi.waitFor(() => expect(exchanges).toHaveLength(2), 20_000);
    stop.abort(new Error("time is over"));
    await failed;
    await nothingStored("");
    record({ fault: "Lambda deadline", happened: "time is over" });
  }));
});
