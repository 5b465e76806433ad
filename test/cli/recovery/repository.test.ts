import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer } from "../../../cli/options.ts";
import { run } from "../../../cli/run.ts";
import { parseRepository } from "../../../cli/recovery/repository-address.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { plainPage } from "../../support/page.ts";
import { type GitServer, refsIn, runGit, startGit } from "../../support/servers/git.ts";

describe("a backup by hand, of a repository into a folder", () => {
  let server: GitServer;
  let folder: string;
  let store: string;
  let seconds = 0;

  beforeAll(async () => {
    server = await startGit();
    server.git("update-ref", "refs/heads/main", server.git("commit-tree", server.git("hash-object", "-t", "tree", "-w", "/dev/null"), "-m", "first"));
    folder = mkdtempSync(join(tmpdir(), "by-hand-"));
    store = join(folder, "store");
    writeFileSync(join(folder, "token"), `${server.token}\n`, { mode: 0o600 });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const upkeep = (...args: readonly string[]): Promise<Answer> => {
    seconds += 1;
    return run(args, { now: new Date(Date.now() - 600_000 + seconds * 1000), page: plainPage, environment: { PATH: process.env["PATH"], HOME: folder } });
  };
  const backup = (...more: readonly string[]): Promise<Answer> => upkeep("backup", "--url", server.url, "--password-file", join(folder, "token"), "--store", store, ...more);

  it("is stored, and says what it is without its token", async () => {
    const { exitCode, stdout, stderr } = await backup();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.split("\n")[0]).toBe("Backup  shop of localhost: stored");
    expect(stdout).toContain("2 refs");
    expect(stdout).not.toContain(server.token);
  });

  it("is read whole again, and cloned by the command of its manifest", async () => {
    const { stdout } = await backup("--json");
    expect(stdout).not.toContain(server.token);
    const { manifest } = JSON.parse(stdout) as { readonly manifest: BackupManifest };
    expect(manifest).toMatchObject({ engine: "repository", database: server.url, source: "shop" });
    await expect(upkeep("verify", "--store", store, "--level", "decode")).resolves.toMatchObject({ exitCode: 0 });
    await promisify(execFile)("bash", ["-o", "pipefail", "-c", manifest.restoreCommand], { cwd: folder, timeout: 30_000 });
    expect(refsIn(join(folder, "repository.git"))).toEqual([`${server.git("rev-parse", "main")} refs/heads/main`]);
  });

  it("stays as it was when its server has a branch less", async () => {
    server.git("branch", "gone", "main");
    const { manifest } = JSON.parse((await backup("--json")).stdout) as { readonly manifest: BackupManifest };
    server.git("branch", "-D", "gone");
    await expect(backup()).resolves.toMatchObject({ exitCode: 0 });
    expect(runGit("bundle", "list-heads", join(store, manifest.object.key))).toContain("refs/heads/gone");
  });

  it("is no success with a wrong token, and nothing of one is shown", async () => {
    writeFileSync(join(folder, "wrong"), "ghp_wrong-token", { mode: 0o600 });
    const { exitCode, stdout, stderr } = await upkeep("backup", "--url", server.url, "--password-file", join(folder, "wrong"), "--store", join(folder, "other"));
    expect(exitCode).toBe(1);
    expect(`${stdout}${stderr}`).toMatch(/refused\s+the\s+token \(401\)/);
    expect(`${stdout}${stderr}`).not.toContain("ghp_wrong-token");
  });
});

describe("the address of a repository", () => {
  it("keeps its user, which is no secret, out of what is stored", () => {
    expect(parseRepository("--url", "https://anna@git.campus.example/team/shop.git")).toEqual({
      engine: "repository", host: "git.campus.example", database: "https://git.campus.example/team/shop.git", username: "anna",
    });
  });

  it.each([
    ["a token as a password", "https://anna:ghp_secret@git.campus.example/shop.git"],
    ["a token as a user", "https://ghp_secretsecretsecretsecretsecretse@git.campus.example/shop.git"],
    ["a token as an option", "https://git.campus.example/shop.git?private_token=ghp_secret"],
    ["no encryption on the way to a server elsewhere", "http://git.campus.example/ghp_secret.git"],
    ["no host", "https://"],
  ])("is refused with %s, and not shown again", (_, address) => {
    expect(() => parseRepository("--url", address)).toThrow(/^Expected (?!.*ghp_)/);
  });
});
