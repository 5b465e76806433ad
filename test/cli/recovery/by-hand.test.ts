import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Answer } from "../../../cli/options.ts";
import { run } from "../../../cli/run.ts";
import { MARK_AS_SCRATCH } from "../../../handlers/engines/postgresql/scratch-mark.ts";
import type { EvidenceRecord } from "../../../practice/contract/evidence.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { addressOf, type ByHand, documentOf, startByHand } from "../../support/by-hand.ts";
import { plainPage } from "../../support/page.ts";
import { describeWithParts, programFolder, programPath } from "../../support/parts.ts";
import type { PostgresServer } from "../../support/servers/postgresql.ts";

describeWithParts("a backup by hand, of a PostgreSQL into a folder", ["postgresql"], () => {
  let production: PostgresServer;
  let other: PostgresServer;
  let folder: string;
  let upkeep: ByHand["upkeep"];
  let stop: ByHand["stop"];
  let store: string;

  beforeAll(async () => {
    ({ production, other, folder, upkeep, stop } = await startByHand());
    store = join(folder, "store");
    await production.sql("create database shop");
    await production.sql("create table users as select id, 'user ' || id as name from generate_series(1, 1000) as id; create table orders (id int primary key)", "shop");
    // Roles are the server's: the other one has no such role.
    await production.sql("create role webapp; grant select on users to webapp; alter default privileges grant select on tables to webapp", "shop");
  });
  afterAll(() => stop());

  const files = (): readonly string[] => readdirSync(store, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name).toSorted();
  const expectNoPassword = ({ stdout, stderr }: Answer): void => {
    for (const { password } of [production, other]) expect(`${stdout}${stderr}`).not.toContain(password);
  };

  it("is stored, and says what it is on a page of 80 columns", async () => {
    const answer = await upkeep("backup", "--url", addressOf(production, "shop"), "--store", store);
    expect({ exitCode: answer.exitCode, stderr: answer.stderr }).toEqual({ exitCode: 0, stderr: "" });
    const lines = answer.stdout.split("\n");
    expect(lines[0]).toBe("Backup  shop of localhost: stored");
    expect(answer.stdout).toContain("2 tables, 1000 rows, 2 content hashes");
    // Only the command to copy is whole.
    expect(lines.filter((line) => line.length > 80)).toEqual([expect.stringContaining("pg_restore")]);
    expect(files()).toEqual([expect.stringMatching(/^[0-9a-f-]{36}\.dump$/), "manifest.json"]);
    expectNoPassword(answer);
  });

  it("says nothing of what is in it with --content off", async () => {
    const answer = await upkeep("backup", "--url", addressOf(production, "shop"), "--store", join(folder, "unsaid"), "--content", "off", "--json");
    expect(answer.exitCode).toBe(0);
    expect(documentOf<{ readonly manifest: BackupManifest }>(answer).manifest).not.toHaveProperty("hashes");
  });

  it("is restored without us by the command of its manifest, on a server that has none of its roles", async () => {
    const { manifest } = documentOf<{ readonly manifest: BackupManifest }>(await upkeep("backup", "--json", "--url", addressOf(production, "shop"), "--store", store));
    expect(manifest.restoreCommand).toContain(`cat '${join(store, manifest.object.key)}'`);
    await promisify(execFile)("bash", ["-o", "pipefail", "-c", manifest.restoreCommand], { timeout: 30_000, env: {
      PATH: `${programFolder("postgresql")}:${process.env["PATH"] ?? ""}`, PGHOST: other.host, PGPORT: String(other.port), PGUSER: other.user, PGPASSFILE: join(folder, "pgpass"),
    } });
    await expect(other.sql("select count(*) from users", "shop_restored")).resolves.toBe("1000");
  });

  it("is listed, checked and decoded", async () => {
    const listed = await upkeep("backups", "--store", store);
    expect({ exitCode: listed.exitCode, stderr: listed.stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(listed.stdout).toMatch(/^Backups {2}shop of localhost, stack local: 2 runs, 2 sound\n(.*\n){2}.* sound\n$/m);
    for (const level of ["checksums", "decode"]) {
      const checked = await upkeep("verify", "--store", store, "--source", "shop", "--level", level);
      expect({ exitCode: checked.exitCode, stderr: checked.stderr, verdict: checked.stdout.split("\n")[0] }).toEqual({ exitCode: 0, stderr: "", verdict: "Check  shop of localhost: verified" });
    }
  });

  it("is not restored into a database that did not prove to be scratch, which is no evidence of anything", async () => {
    await other.sql("create database scratch");
    const before = files();
    const unmarked = await upkeep("restore", "--store", store, "--into", addressOf(other, "scratch"));
    expect({ exitCode: unmarked.exitCode, stdout: unmarked.stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(unmarked.stderr).toContain("It is not marked as scratch.");
    for (const aim of [addressOf(production, "shop"), addressOf(production, "postgres")]) {
      const { exitCode, stderr } = await upkeep("restore", "--store", store, "--into", aim);
      expect({ exitCode, refused: stderr.includes("nothing is restored into it") }).toEqual({ exitCode: 1, refused: true });
    }
    expect(files()).toEqual(before);
    await expect(other.sql("select count(*) from pg_tables where schemaname = 'public'", "scratch")).resolves.toBe("0");
  });

  it("is restored into a scratch database, with counts, hashes, times and an answer", async () => {
    await other.sql(MARK_AS_SCRATCH, "scratch");
    const answer = await upkeep("restore", "--json", "--store", store, "--into", addressOf(other, "scratch"), "--ask", "select count(*) from users");
    expect({ exitCode: answer.exitCode, stderr: answer.stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(documentOf<EvidenceRecord>(answer)).toMatchObject({
      level: "restore", outcome: "restored", findings: [],
      restore: { target: `scratch on ${other.host}:${other.port}`, sameCounts: 2, sameHashes: 2, smokeAnswer: expect.stringContaining("1000") as string },
    });
    expectNoPassword(answer);
  });

  it("is recovered beside production only by who types the system's name, after a fresh backup", async () => {
    await production.sql("create database shop_new");
    const words = ["restore", "--recover", "--store", store, "--url", addressOf(production, "shop"), "--into", addressOf(production, "shop_new")];
    const before = files();
    const nobodyTypes = await upkeep(...words);
    expect({ exitCode: nobodyTypes.exitCode, stdout: nobodyTypes.stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(nobodyTypes.stderr).toContain("production is not touched, nothing is overwritten");
    for (const typed of ["yes", "y", "", "Localhost"]) expect((await upkeep(...words, "--system-name", typed)).exitCode).toBe(2);
    expect(files()).toEqual(before);

    await production.sql("insert into orders values (1)", "shop");
    const recovered = await upkeep(...words, "--system-name", "localhost");
    expect({ exitCode: recovered.exitCode, stderr: recovered.stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(recovered.stdout).toMatch(/^Recovery {2}shop of localhost: restored\n(.*\n)+.*Before it production was backed up as it was:/);
    expect(files().filter((name) => name === "manifest.json")).toHaveLength(before.filter((name) => name === "manifest.json").length + 1);
    // From before the fresh backup: what is recovered is what was chosen.
    await expect(production.sql("select count(*) from orders", "shop_new")).resolves.toBe("0");
    await expect(production.sql("select count(*) from orders", "shop")).resolves.toBe("1");
  });

  it.each([
    ["over production itself", (): readonly string[] => ["--url", addressOf(production, "shop"), "--into", addressOf(production, "shop")], 1, "is not empty"],
    ["over a database of another name", () => ["--url", addressOf(production, "shop"), "--into", addressOf(production, "shop_new")], 1, "is not empty"],
    ["without a fresh backup", () => ["--into", addressOf(production, "shop_new")], 2, "for a fresh backup before the recovery"],
    ["with a fresh backup of something else", () => ["--url", addressOf(production, "postgres"), "--into", addressOf(other, "fresh")], 2, "Expected --url to be the database that was backed up, shop"],
    ["of a production that is there and gone", () => ["--production-is-gone", "--url", addressOf(production, "shop"), "--into", addressOf(other, "fresh")], 2, "got it and --production-is-gone"],
    ["into another engine", () => ["--production-is-gone", "--into", "mongodb://localhost/shop"], 2, "Expected --into to be a database of postgresql"],
  ])("is not recovered %s", async (_, words, exitCode, message) => {
    const answer = await upkeep("restore", "--recover", "--store", store, "--system-name", "localhost", ...words());
    expect({ exitCode: answer.exitCode, stdout: answer.stdout }).toEqual({ exitCode, stdout: "" });
    expect(answer.stderr.replaceAll(/\s+/g, " ")).toContain(message);
  });

  it("leaves evidence, as a table, a document and values", async () => {
    const table = await upkeep("evidence", "--store", store);
    expect(table.stdout).toMatch(/^Evidence {2}shop of localhost: 4 checks, 4 good\n/);
    const { evidence } = documentOf<{ readonly evidence: readonly EvidenceRecord[] }>(await upkeep("evidence", "--json", "--store", store));
    expect(evidence.map(({ level, outcome }) => `${level} ${outcome}`)).toEqual(["restore restored", "restore restored", "decode verified", "checksums verified"]);
    const { stdout } = await upkeep("evidence", "--csv", "--store", store);
    expect(stdout.split("\r\n").map((line) => line.split(",")[3])).toEqual(["level", "restore", "restore", "decode", "checksums", undefined]);
  });

  it("that fails stores nothing, and says why without a password", async () => {
    const before = files();
    const answer = await upkeep("backup", "--url", addressOf(production, "nowhere"), "--store", store);
    expect({ exitCode: answer.exitCode, stdout: answer.stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toContain("database \"nowhere\" does not exist");
    expectNoPassword(answer);
    expect(files()).toEqual(before);
  });

  it("whose dump was changed afterwards is seen by everyone", async () => {
    const { manifest } = documentOf<{ readonly manifest: BackupManifest }>(await upkeep("backup", "--json", "--url", addressOf(production, "shop"), "--store", store));
    const dump = join(store, manifest.object.key);
    const bytes = readFileSync(dump);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
    writeFileSync(dump, bytes);

    const listed = await upkeep("backups", "--json", "--store", store);
    expect(listed.exitCode).toBe(1);
    expect(documentOf<{ readonly backups: readonly object[] }>(listed).backups[0]).toMatchObject({ runId: manifest.runId, state: "wrong checksum" });
    const checked = await upkeep("verify", "--store", store);
    expect({ exitCode: checked.exitCode, verdict: checked.stdout.split("\n")[0] }).toEqual({ exitCode: 1, verdict: "Check  shop of localhost: corrupted" });
    // The one that the evidence names is not the one that was changed.
    expect(checked.stdout).toMatch(/^ {2}newest sound {2}\d{8}T\d{6}Z, SHA-256/m);
    expect(checked.stdout.split(/\n {2}evidence/)[0]).not.toContain(manifest.runId);
    await other.sql("create database scratch_two");
    await other.sql(MARK_AS_SCRATCH, "scratch_two");
    const named = await upkeep("restore", "--store", store, "--at", manifest.runId, "--into", addressOf(other, "scratch_two"));
    expect({ exitCode: named.exitCode, stdout: named.stdout }).toEqual({ exitCode: 1, stdout: "" });
    const latest = await upkeep("restore", "--json", "--store", store, "--into", addressOf(other, "scratch_two"));
    expect(latest.exitCode).toBe(0);
    expect(documentOf<EvidenceRecord & { readonly passedOver: readonly string[] }>(latest)).toMatchObject({ outcome: "restored", passedOver: [expect.stringContaining("CRC32") as string] });
  });

  it("finds no programs where there are none, in a sentence", async () => {
    const answer = await run(["backup", "--url", addressOf(production, "shop"), "--store", store], { now: new Date(), page: plainPage, environment: { PATH: folder } });
    expect({ exitCode: answer.exitCode, stdout: answer.stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(answer.stderr.replaceAll(/\s+/g, " ")).toContain("Expected pg_dump and psql in one folder of PATH, they are not all there.");
    expect(programPath("postgresql", "pg_dump")).toContain(programFolder("postgresql"));
  });
});
