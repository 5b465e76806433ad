import { afterAll, beforeAll, expect, it } from "vitest";
import { NotDecodable } from "../../../../handlers/engines/decode.ts";
import { decodePostgresql } from "../../../../handlers/engines/postgresql/decode.ts";
import { openPostgresqlDump } from "../../../../handlers/engines/postgresql/dump.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { databaseOf } from "../../../support/handlers/postgresql-source.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { scriptsFolder } from "../../../support/handlers/scripts.ts";
import { describeWithParts, programFolder } from "../../../support/parts.ts";
import { type PostgresServer, startPostgres } from "../../../support/servers/postgresql.ts";

describeWithParts("decoding a dump of PostgreSQL", ["postgresql"], () => {
  let postgres: PostgresServer;
  let bytes: Buffer;
  beforeAll(async () => {
    postgres = await startPostgres();
    await postgres.sql("create table users as select g as id, md5(g::text) as name from generate_series(1, 20000) g; create table last (id int); insert into last values (1)");
    const dump = await openPostgresqlDump(databaseOf(postgres), "off", new AbortController().signal);
    const chunks: Uint8Array[] = [];
    for await (const chunk of dump.body) chunks.push(chunk);
    await dump.close();
    bytes = Buffer.concat(chunks);
  });
  afterAll(() => postgres.stop());

  async function* stored(content: Uint8Array): AsyncGenerator<Uint8Array> {
    yield* [content.subarray(0, 7), content.subarray(7)];
  }
  const decoded = (content: Uint8Array, tools = programFolder("postgresql")): Promise<unknown> =>
    decodePostgresql(tools)(stored(content), new AbortController().signal);
  const record = (fault: string): void =>
    recordFault({ engine: "postgresql", fault: `stored dump ${fault}`, happened: "pg_restore cannot read it to its end", exit: "error", evidence: "corrupted", alarm: "corrupted", left: "dump, manifest" });

  it("reads a whole one, which tells nothing of its rows", async () => {
    await expect(decoded(bytes)).resolves.toEqual({});
  });

  it.each([
    ["is empty", 0], ["was cut in its header", 3], ["was cut in its table of contents", 1_000], ["was cut in the middle", 0.5], ["lacks its last byte", -1],
  ])("does not take one for whole that %s", async (fault, end) => {
    await expect(decoded(bytes.subarray(0, end === 0.5 ? bytes.length / 2 : end))).rejects.toThrow(NotDecodable);
    record(fault);
  });

  it("does not take one for whole whose rows cannot be unpacked", async () => {
    const spoilt = Buffer.from(bytes);
    const middle = Math.floor(bytes.length / 2);
    spoilt.fill(0xff, middle, middle + 200);
    await expect(decoded(spoilt)).rejects.toThrow(NotDecodable);
    record("has rows that cannot be unpacked");
  });

  it("says nothing of a dump when its program is missing or its source breaks off", async () => {
    const without = await decoded(bytes, scriptsFolder({})).then(() => undefined, (error: unknown) => error);
    expect(without).not.toBeInstanceOf(NotDecodable);
    expect(without).toMatchObject({ message: expect.stringContaining("cannot be started") as string });
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 20_000);
      throw new Error("the store broke off");
    }
    await expect(decodePostgresql(programFolder("postgresql"))(breaking(), new AbortController().signal)).rejects.toThrow(/^the store broke off$/);
  });

  it("ends when it is told to", async () => {
    const deadline = new AbortController();
    async function* stalling(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 20_000);
      deadline.abort(new Error("the deadline"));
      await new Promise<never>(() => undefined);
    }
    await expect(decodePostgresql(programFolder("postgresql"))(stalling(), deadline.signal)).rejects.toThrow("the deadline");
    expect(childProcesses("pg_restore")).toEqual([]);
  });
});
