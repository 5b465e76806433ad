import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Answer } from "../../../cli/options.ts";
import { run } from "../../../cli/run.ts";
import { MARK_AS_SCRATCH } from "../../../handlers/engines/postgresql/scratch-mark.ts";
import type { EvidenceRecord } from "../../../practice/contract/evidence.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { addressOf, type ByHand, documentOf, startByHand } from "../../support/by-hand.ts";
import { plainPage } from "../../support/page.ts";
import { describeWithParts, programFolder } from "../../support/parts.ts";
import type { PostgresServer } from "../../support/servers/postgresql.ts";

describeWithParts("a backup by hand, where something is amiss", ["postgresql"], () => {
  let production: PostgresServer;
  let other: PostgresServer;
  let folder: string;
  let upkeep: ByHand["upkeep"];
  let stop: ByHand["stop"];

  beforeAll(async () => {
    ({ production, other, folder, upkeep, stop } = await startByHand());
    await production.sql("create role webapp");
    await production.sql("create database shop");
  });
  afterAll(() => stop());

  it("of another server under the same names is told apart from the one before", async () => {
    await other.sql("create database shop");
    const twice = join(folder, "two-servers");
    const words = (server: PostgresServer): readonly string[] => ["backup", "--url", addressOf(server, "shop"), "--store", twice];
    for (const same of [await upkeep(...words(production)), await upkeep(...words(production))]) expect(same.stdout).not.toContain("something else");
    const { exitCode, stdout } = await upkeep(...words(other));
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`is of something else: postgresql shop on ${production.host}:${production.port}. Unless it has moved, keep the two apart with --source`);
    const document = documentOf<{ readonly takenBeforeOf?: object }>(await upkeep(...words(production), "--json"));
    expect(document.takenBeforeOf).toMatchObject({ engine: "postgresql", database: "shop", server: { address: `${other.host}:${other.port}` } });
  });

  it("without a password is told where one is looked for, in words and in a document", async () => {
    const words = ["backup", "--url", addressOf(production, "shop"), "--store", join(folder, "locked")];
    const surroundings = { now: new Date(), page: plainPage, environment: { PGSSLMODE: "disable", UPKEEP_TOOLS: programFolder("postgresql"), PATH: process.env["PATH"], HOME: folder } };
    const { exitCode, stderr } = await run(words, surroundings);
    expect({ exitCode, said: stderr.replaceAll(/\s+/g, " ") }).toMatchObject({ exitCode: 1, said: expect.stringMatching(/no password supplied\. Put it into ~\/\.pgpass, or name a file: PGPASSFILE, or --password-file/) as string });
    const document = documentOf<{ readonly problems: readonly object[] }>(await run([...words, "--json"], surroundings));
    expect(document.problems).toEqual([{ message: expect.stringContaining("or --password-file") as string }]);
  });

  it("before a recovery says so too: what was backed up as production is another server's", async () => {
    const recovering = join(folder, "recovering");
    await production.sql("create database accounts");
    await production.sql("create database accounts_new");
    await other.sql("create database accounts");
    expect((await upkeep("backup", "--url", addressOf(production, "accounts"), "--store", recovering)).exitCode).toBe(0);
    const recover = (from: PostgresServer): Promise<Answer> =>
      upkeep("restore", "--recover", "--store", recovering, "--at", "latest", "--url", addressOf(from, "accounts"), "--into", addressOf(production, "accounts_new"), "--system-name", "localhost");
    expect((await recover(production)).stdout).not.toContain("something else");
    const { stdout } = await recover(other);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(/Before it production was backed up as it was: .* The backup before it \(\w+\) is of something else: postgresql accounts on .*: each is taken for the other's newest/);
  });

  it("that is the only one and has no manifest any more is missing, and the check says so", async () => {
    const alone = join(folder, "alone");
    const { manifest } = documentOf<{ readonly manifest: BackupManifest }>(await upkeep("backup", "--json", "--url", addressOf(production, "shop"), "--store", alone));
    rmSync(join(alone, dirname(manifest.object.key), "manifest.json"));
    const { exitCode, stdout } = await upkeep("verify", "--json", "--store", alone, "--level", "decode");
    expect({ exitCode, checks: documentOf<{ readonly checks: readonly EvidenceRecord[] }>({ exitCode, stdout, stderr: "" }).checks }).toMatchObject({
      exitCode: 1, checks: [{ outcome: "missing", findings: ["Expected a backup of shop, there is none."] }],
    });
  });

  it("with a policy for a role that the other server has not is not restored, and the way out is said", async () => {
    await production.sql("create database guarded");
    await production.sql("create table notes (id int); alter table notes enable row level security; create policy reading on notes to webapp using (true)", "guarded");
    const guarded = join(folder, "guarded");
    expect((await upkeep("backup", "--url", addressOf(production, "guarded"), "--store", guarded)).exitCode).toBe(0);
    await other.sql("create database for_guarded");
    await other.sql(MARK_AS_SCRATCH, "for_guarded");
    const answer = await upkeep("restore", "--json", "--store", guarded, "--into", addressOf(other, "for_guarded"));
    expect({ exitCode: answer.exitCode, ...documentOf<object>(answer) }).toMatchObject({ exitCode: 1, problems: [{ message: expect.stringContaining("createuser --no-login 'webapp'") as string }] });
    await expect(other.sql("select count(*) from pg_class where relname = 'notes'", "for_guarded"), "nothing was written").resolves.toBe("0");
  });
});
