import { afterAll, beforeAll, expect, it } from "vitest";
import type { DumpDescription } from "../../../../handlers/engines/dump.ts";
import { decodePostgresql } from "../../../../handlers/engines/postgresql/decode.ts";
import { openPostgresqlDump } from "../../../../handlers/engines/postgresql/dump.ts";
import { openPostgresqlTarget } from "../../../../handlers/engines/postgresql/restore.ts";
import { MARK_AS_SCRATCH } from "../../../../handlers/engines/postgresql/scratch-mark.ts";
import { compareContents } from "../../../../handlers/verify/compare.ts";
import type { Contents } from "../../../../practice/contract/manifest.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { databaseOf, type ReachedPostgresql } from "../../../support/handlers/postgresql-source.ts";
import { describeWithParts, programFolder } from "../../../support/parts.ts";
import { type PostgresServer, startPostgres } from "../../../support/servers/postgresql.ts";

const { signal } = new AbortController();

/** Measured with these rows: 57 of 60 flips turn letters into others, the rest break the stream. */
const TRIES = 20;

describeWithParts("one byte that was flipped inside the zstd stream of a dump", ["postgresql", "tools"], () => {
  let production: PostgresServer;
  let elsewhere: PostgresServer;
  let whole: Buffer;
  let description: DumpDescription;
  let made = 0;
  beforeAll(async () => {
    [production, elsewhere] = await Promise.all([startPostgres(), startPostgres()]);
    await production.sql(`create table notes as select (select string_agg(chr(97 + (random() * 25)::int), '') from generate_series(1, 40 + g % 5)) ||
      ' was seen, and there was nothing to say of it' as note from generate_series(1, 20000) g`);
    const dump = await openPostgresqlDump(withTools(production, production.database), "full", signal);
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of dump.body) chunks.push(chunk);
      whole = Buffer.concat(chunks);
      description = dump.describe();
    } finally {
      await dump.close();
    }
  });
  afterAll(() => Promise.all([production.stop(), elsewhere.stop()]));

  const withTools = (server: PostgresServer, database: string): ReachedPostgresql => ({ ...databaseOf(server, database), tools: programFolder("tools") });
  const flippedAt = (at: number): Buffer => {
    const copy = Buffer.from(whole);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };
  async function* stored(bytes: Buffer): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const restored = async (bytes: Buffer): Promise<Contents> => {
    const name = `scratch_${made += 1}`;
    await elsewhere.sql(`create database ${name} template template0`);
    await elsewhere.sql(MARK_AS_SCRATCH, name);
    const target = await openPostgresqlTarget(withTools(elsewhere, name), signal);
    try {
      const { server } = description;
      await target.prove("scratch", { database: production.database, ...(server === undefined ? {} : { server }) });
      await target.load(stored(bytes));
      return await target.contents();
    } finally {
      await target.close();
    }
  };

  it("passes decoding, the restore and the count of its rows: the hash alone finds it", async () => {
    let passed = 0;
    for (let tried = 0; tried < TRIES && passed === 0; tried += 1) {
      const bytes = flippedAt(Math.floor(whole.length * (0.2 + 0.6 * tried / TRIES)));
      const decodes = await decodePostgresql(programFolder("tools"))(stored(bytes), signal).then(() => true, () => false);
      if (!decodes) continue;
      const found = await restored(bytes).catch(() => undefined);
      if (found?.counts["public.notes"] !== 20_000) continue;
      passed += 1;
      expect(found.counts).toEqual(description.counts);
      expect(compareContents(description, found)).toMatchObject({
        sameCounts: 1, sameHashes: 0, faults: [{ outcome: "corrupted", finding: expect.stringContaining("Expected public.notes to have the hash") as string }],
      });
    }
    expect(passed, `of ${TRIES} flips`).toBe(1);
    recordFault({ engine: "postgresql", fault: "one byte flipped inside the zstd stream", happened: "decoded, restored, all rows there; the hash differs", exit: "error", evidence: "corrupted", alarm: "corrupted", left: "dump, manifest" });
  }, 60_000);

  it("is not found where none was flipped", async () => {
    await expect(restored(whole).then((found) => compareContents(description, found))).resolves.toEqual({ faults: [], sameCounts: 1, sameHashes: 1 });
  });
});
