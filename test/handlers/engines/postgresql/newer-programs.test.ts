import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { openPostgresqlDump } from "../../../../handlers/engines/postgresql/dump.ts";
import { openPostgresqlTarget } from "../../../../handlers/engines/postgresql/restore.ts";
import { MARK_AS_SCRATCH } from "../../../../handlers/engines/postgresql/scratch-mark.ts";
import { programFolder } from "../../../../tools/parts/programs.ts";
import { databaseOf } from "../../../support/handlers/postgresql-source.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { startPostgres } from "../../../support/servers/postgresql.ts";

const forever = new AbortController().signal;

describeWithParts("the newest programs and an older server", ["postgresql", "tools"], () => {
  it("dump it and restore into one as old, with the same counts and hashes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "by-hand-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [production, elsewhere] = await Promise.all([startPostgres(), startPostgres()]);
    try {
      await production.sql(`create table users (id int primary key, name text); insert into users select g, 'user ' || g from generate_series(1, 20000) g;
        create table "SET transaction_timeout = 0;" (note text); insert into "SET transaction_timeout = 0;" values ('SET transaction_timeout = 0;');
        create role webapp; grant select on users to webapp`);
      await elsewhere.sql(MARK_AS_SCRATCH);
      const tools = programFolder("tools");
      const dump = await openPostgresqlDump({ ...databaseOf(production, production.database), tools }, "full", forever);
      const target = await openPostgresqlTarget({ ...databaseOf(elsewhere, elsewhere.database), tools }, forever);
      try {
        const chunks: Uint8Array[] = [];
        for await (const chunk of dump.body) chunks.push(chunk);
        const { tool, counts, hashes, server } = dump.describe();
        expect(tool).toContain("18.");
        await target.prove("scratch", { database: production.database, ...(server === undefined ? {} : { server }) });
        await target.load((async function* whole() { yield* chunks; })());
        await expect(target.contents()).resolves.toMatchObject({ counts, hashes });
        expect(Object.values(counts ?? {})).toContain(20_000);
        // As a DBA does it, with the line of the manifest alone, and not from a dump that was cut.
        const byHand = (bytes: Buffer): Promise<unknown> => {
          const file = join(folder, "a dump's file");
          writeFileSync(file, bytes);
          const { host, port, user, password } = elsewhere;
          return promisify(execFile)("bash", ["-c", dump.describe().restoreCommand(file)], {
            env: { PATH: `${tools}:${programFolder("postgresql")}:/usr/bin:/bin`, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password },
          });
        };
        await byHand(Buffer.concat(chunks));
        await expect(elsewhere.sql("select count(*), (select note from \"SET transaction_timeout = 0;\") from users", "postgres_restored")).resolves.toBe("20000|SET transaction_timeout = 0;");
        await elsewhere.sql("drop database postgres_restored");
        await expect(byHand(Buffer.concat(chunks).subarray(0, -5))).rejects.toThrow("pg_restore: error");
      } finally {
        await target.close();
        await dump.close();
      }
    } finally {
      await Promise.all([production.stop(), elsewhere.stop()]);
    }
  });
});
