import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Answer } from "../../../cli/options.ts";
import { run } from "../../../cli/run.ts";
import type { EvidenceRecord } from "../../../practice/contract/evidence.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { plainPage } from "../../support/page.ts";

describe("a backup by hand, of a folder into a folder", () => {
  let folder: string;
  let uploads: string;
  let store: string;
  let seconds = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "by-hand-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    [uploads, store] = [join(folder, "uploads"), join(folder, "store")];
    mkdirSync(join(uploads, "2026"), { recursive: true });
    writeFileSync(join(uploads, "2026", "Prüfung.pdf"), Buffer.alloc(300_000, "pdf"));
    writeFileSync(Buffer.concat([Buffer.from(`${uploads}/`), Buffer.from("name-\xff", "latin1")]), "no text in its name");
    writeFileSync(join(uploads, "secret"), "only the owner's", { mode: 0o600 });
    symlinkSync("2026/Prüfung.pdf", join(uploads, "latest"));
    symlinkSync("/etc/passwd", join(uploads, "outside"));
    mkdirSync(join(uploads, "read-only"));
    writeFileSync(join(uploads, "read-only", "a"), "a");
    chmodSync(join(uploads, "read-only"), 0o555);
    onTestFinished(() => chmodSync(join(uploads, "read-only"), 0o755));
  });

  /** Every command a second after the one before: runs and checks are named by their second. */
  const upkeep = (...args: readonly string[]): Promise<Answer> => {
    seconds += 1;
    return run(args, { now: new Date(Date.now() - 600_000 + seconds * 1000), page: plainPage, environment: { PATH: process.env["PATH"], HOME: folder } });
  };
  const backUp = async (...more: readonly string[]): Promise<BackupManifest> => {
    const { exitCode, stdout, stderr } = await upkeep("backup", "--path", uploads, "--store", store, "--json", ...more);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return (JSON.parse(stdout) as { readonly manifest: BackupManifest }).manifest;
  };
  const restored = async (into = join(folder, "restored")): Promise<Answer & { readonly record: EvidenceRecord }> => {
    const answer = await upkeep("restore", "--store", store, "--into", into, "--json");
    onTestFinished(() => {
      if (existsSync(join(into, "read-only"))) chmodSync(join(into, "read-only"), 0o755);
    });
    return { ...answer, record: JSON.parse(answer.stdout) as EvidenceRecord };
  };
  const dumpIn = ({ object }: BackupManifest): string => join(store, object.key);
  const sha256Of = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

  it("is stored, and says what it is on a page of 80 columns", async () => {
    const { exitCode, stdout, stderr } = await upkeep("backup", "--path", uploads, "--store", store);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("Backup  uploads of localhost: stored");
    expect(stdout).toContain("1 kind, 8 entries, not hashed");
    // Only the command to copy is whole.
    expect(lines.filter((line) => line.length > 80)).toEqual([expect.stringContaining("tar -xzpf - -C restored")]);
  });

  it("is listed, checked and decoded", async () => {
    expect(await backUp()).toMatchObject({ engine: "files", database: uploads, source: "uploads", counts: { objects: 8 } });
    expect((await upkeep("backups", "--store", store)).stdout).toMatch(/uploads[^]*sound/);
    for (const level of ["checksums", "decode"]) expect((await upkeep("verify", "--store", store, "--level", level)).exitCode).toBe(0);
  });

  it("is restored into an empty folder as it was, with evidence, and is found to be whole", async () => {
    const manifest = await backUp();
    const { exitCode, stderr, record } = await restored();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(record).toMatchObject({ level: "restore", outcome: "restored", findings: [], backup: { sha256: manifest.object.sha256 }, restore: { target: join(folder, "restored"), sameCounts: 1 } });
    const into = join(folder, "restored");
    expect(execFileSync("bash", ["-c", "diff --recursive --no-dereference \"$0\" \"$1\"", uploads, into], { encoding: "utf8" })).toBe("");
    expect(readdirSync(into, { encoding: "latin1" })).toContain("name-\xff");
    expect([lstatSync(join(into, "secret")).mode & 0o777, statSync(join(into, "read-only")).mode & 0o777]).toEqual([0o600, 0o555]);
    expect(readlinkSync(join(into, "outside"))).toBe("/etc/passwd");
    expect((await upkeep("evidence", "--store", store)).stdout).toContain("restored");
  });

  it("is restored into nothing that holds anything, nor into its source, nor into the store, and nothing is written there", async () => {
    await backUp();
    mkdirSync(join(folder, "used"));
    writeFileSync(join(folder, "used", "secret"), "somebody's");
    for (const [into, said] of [
      [join(folder, "used"), "Expected an empty folder"], [uploads, `Expected a folder outside of ${uploads}`],
      [join(uploads, "restored"), `Expected a folder outside of ${uploads}`], [join(store, "restored"), "Expected a folder outside the store"],
    ] as const) {
      const { exitCode, stdout } = await upkeep("restore", "--store", store, "--into", into, "--json");
      expect(exitCode).toBe(1);
      expect(stdout).toContain(said);
    }
    expect(readFileSync(join(folder, "used", "secret"), "utf8")).toBe("somebody's");
    expect([existsSync(join(uploads, "restored")), existsSync(join(store, "restored"))]).toEqual([false, false]);
  });

  it("is restored neither into its source nor into the store by a link that leads there, nor into its source when that was emptied", async () => {
    await backUp();
    symlinkSync(uploads, join(folder, "to-uploads"));
    symlinkSync(store, join(folder, "to-store"));
    const refused = async (into: string, said: string): Promise<void> => {
      const { exitCode, stdout } = await upkeep("restore", "--store", store, "--into", into, "--json");
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringContaining(said) as string });
    };
    await refused(join(folder, "to-uploads", "restored"), `Expected a folder outside of ${uploads}`);
    await refused(join(folder, "to-store", "restored"), "Expected a folder outside the store");
    expect([existsSync(join(uploads, "restored")), existsSync(join(store, "restored"))]).toEqual([false, false]);

    chmodSync(join(uploads, "read-only"), 0o755);
    rmSync(uploads, { recursive: true });
    await refused(uploads, `Expected a folder outside of ${uploads}`);
    mkdirSync(join(uploads, "read-only"), { recursive: true });
    expect(readdirSync(uploads)).toEqual(["read-only"]);
    await refused(join(folder, "to-uploads"), `Expected a folder outside of ${uploads}`);
    await refused(join(folder, "to-uploads", "read-only"), `Expected a folder outside of ${uploads}`);
    expect(readdirSync(join(uploads, "read-only"))).toEqual([]);
  });

  it("is no success when its archive is cut, and when what arrived is less than the manifest counts", async () => {
    const manifest = await backUp();
    const [whole, file] = [readFileSync(dumpIn(manifest)), join(store, manifest.object.key.replace(/[^/]+$/, "manifest.json"))];
    writeFileSync(dumpIn(manifest), whole.subarray(0, -100));
    expect((await upkeep("restore", "--store", store, "--into", join(folder, "cut"))).exitCode).toBe(1);

    writeFileSync(dumpIn(manifest), whole);
    chmodSync(file, 0o644);
    writeFileSync(file, JSON.stringify({ ...manifest, counts: { objects: 9 } }));
    const { exitCode, record } = await restored();
    expect(exitCode).toBe(1);
    expect(record).toMatchObject({ outcome: "corrupted", findings: [expect.stringContaining("Expected objects to have 9 rows, it has 8 rows.")] });
    expect(record.backup?.sha256).toBe(sha256Of(whole));
  });

  it("is no success, with the words of tar, where it cannot write", async () => {
    await backUp();
    const tar = join(folder, "bin", "tar");
    mkdirSync(join(folder, "bin"));
    writeFileSync(tar, "#!/bin/bash\ncat > /dev/null\necho 'tar: 2026: Cannot mkdir: No space left on device' >&2\nexit 2\n", { mode: 0o755 });
    const { exitCode, stdout } = await run(["restore", "--store", store, "--into", join(folder, "full"), "--json"], {
      now: new Date(), page: plainPage, environment: { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`, HOME: folder },
    });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "failed", findings: [expect.stringContaining("No space left on device")] });
  });

  it.each<readonly [string, () => readonly string[], string]>([
    ["a folder that is not there", () => ["--path", join(folder, "nothing"), "--store", store], "which is not there. Is its disk mounted? Look for a typing error. "],
    ["a file", () => ["--path", join(uploads, "secret"), "--store", store], "which is none. Name the folder that holds the files."],
    ["a link that leads to itself", () => ["--path", join(folder, "self"), "--store", store], "which cannot be looked at (ELOOP)"],
    ["an address", () => ["--path", "s3://anna:ghp_secret@campus", "--store", store], "Expected a folder of this machine after `--path`, got an address."],
    ["no store", () => ["--path", uploads], "Expected a store beside --path, got none."],
    ["a store within it", () => ["--path", uploads, "--store", join(uploads, "backups", "daily")], "Expected a store outside of the folder that is backed up"],
    ["itself as the store", () => ["--path", uploads, "--store", uploads], "Expected a store outside of the folder that is backed up"],
    ["a store within it, by a link", () => ["--path", join(folder, "link"), "--store", join(uploads, "backups")], "Expected a store outside of the folder that is backed up"],
    ["a database, too", () => ["--path", uploads, "--url", "postgres://localhost/shop", "--store", store], "Expected one thing to back up, got --url and --path."],
    ["a password", () => ["--path", uploads, "--password-file", join(uploads, "secret"), "--store", store], "Expected no password beside --path, got --password-file."],
    ["a folder without a name that a store takes", () => ["--path", join(folder, "my uploads"), "--store", store], "Give it another: `--source shop`."],
    ["a store alone", () => ["--store", store], "Expected --url or --path beside --store, got none."],
  ])("is not begun with %s", async (_, args, said) => {
    symlinkSync(uploads, join(folder, "link"));
    symlinkSync("self", join(folder, "self"));
    mkdirSync(join(folder, "my uploads"));
    const { exitCode, stdout, stderr } = await upkeep("backup", ...args());
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(said);
    expect(stderr).not.toContain("ghp_secret");
    expect([existsSync(store), existsSync(join(uploads, "backups"))]).toEqual([false, false]);
  });
});
