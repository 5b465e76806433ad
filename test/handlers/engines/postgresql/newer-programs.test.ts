import { expect, it } from "vitest";
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
    const [production, elsewhere] = await Promise.all([startPostgres(), startPostgres()]);
    try {
      await production.sql(`create table users (id int primary key, name text); insert into users select g, 'user ' || g from generate_series(1, 20000) g;
        create table "SET transaction_timeout = 0;" (note text); insert into "SET transaction_timeout = 0;" values ('SET transaction_timeout = 0;')`);
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
      } finally {
        await target.close();
        await dump.close();
      }
    } finally {
      await Promise.all([production.stop(), elsewhere.stop()]);
    }
  });
});
