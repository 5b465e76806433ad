import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { MARK_AS_SCRATCH } from "../../handlers/engines/postgresql/scratch-mark.ts";
import { programFolder } from "../../tools/parts/programs.ts";
import { type PostgresServer, startPostgres } from "../../test/support/servers/postgresql.ts";
import type { Figures } from "../benchmark.ts";
import { rounded } from "../measure/statistics.ts";
import type { Task } from "./task.ts";
import { inFolder, type Timed, timed } from "./timed.ts";

/** Bytes of one row as the server keeps it: hexadecimal digits that no compressor makes less than half of, and words that it does. */
const ROW_BYTES = 512;
const GIBIBYTE = 1024 ** 3;

export interface PostgresqlFigures extends Figures {
  readonly gib: number;
  /** Throughput of the path over that of the bare program. */
  readonly ratio: number;
  readonly ratioWithHashes: number;
  readonly peakMegabytes: number;
}

/** Backs up as much data as asked, beside the bare program on the same server. */
export async function measurePostgresql(gib: number, runs: number): Promise<PostgresqlFigures> {
  const server = await startPostgres();
  try {
    await fill(server, gib);
    const tools = programFolder("tools");
    const task = (what: Task["what"], folder: string, content: Task["content"], on = server): Task => ({
      what, folder, content, database: on.database, tools, engine: "postgresql", sizeGiB: gib,
      credentials: { username: on.user, password: on.password, host: on.host, port: on.port, sslmode: "disable" },
    });
    const bare = await best(runs, (folder) => ({ seconds: bareSeconds(server, tools, join(folder, "peer.dump")), peakMegabytes: 0 }));
    const without = await best(runs, (folder) => timed(task("backup", folder, "off")));
    const { kept, decode, restore } = await inFolder(async (folder) => {
      const full = timed(task("backup", folder, "full"));
      const decoded = timed(task("decode", folder, "full"));
      return { kept: full, decode: decoded, restore: await onScratch((scratch) => timed(task("restore", folder, "full", scratch))) };
    });
    const peak = Math.max(without.peakMegabytes, kept.peakMegabytes);
    return {
      gib, ratio: rounded(bare.seconds / without.seconds), ratioWithHashes: rounded(bare.seconds / kept.seconds), peakMegabytes: rounded(peak, 0),
      bareSeconds: rounded(bare.seconds, 1), seconds: rounded(without.seconds, 1), secondsWithHashes: rounded(kept.seconds, 1),
      decodeMibPerSecond: rate(gib, decode), restoreMibPerSecond: rate(gib, restore),
    };
  } finally {
    await server.stop();
  }
}

/** A scratch database never lives on the server of its source. */
async function onScratch(work: (scratch: PostgresServer) => Timed): Promise<Timed> {
  const scratch = await startPostgres();
  try {
    await scratch.sql(MARK_AS_SCRATCH);
    return work(scratch);
  } finally {
    await scratch.stop();
  }
}

const rate = (gib: number, { seconds }: Timed): number => rounded((gib * 1024) / seconds, 0);

/** The shortest of some runs: what a machine does besides only ever makes them longer. */
async function best(runs: number, run: (folder: string) => Timed): Promise<Timed> {
  const all: Timed[] = [];
  for (let count = 0; count < runs; count += 1) all.push(await inFolder(run));
  return { seconds: Math.min(...all.map(({ seconds }) => seconds)), peakMegabytes: Math.max(...all.map(({ peakMegabytes }) => peakMegabytes)) };
}

async function fill(server: PostgresServer, gib: number): Promise<void> {
  const rows = Math.round((gib * GIBIBYTE) / ROW_BYTES);
  // In slices: one statement of minutes would meet the limit of a test's statement.
  const slice = 500_000;
  await server.sql("create unlogged table orders (id bigint, customer text, note text, placed timestamptz)");
  for (let from = 0; from < rows; from += slice) {
    await server.sql(`insert into orders select n, md5(n::text), md5((-n)::text) || md5((n * 3)::text) || md5((n * 5)::text) || md5((n * 7)::text) || md5((n * 11)::text) || md5((n * 13)::text) || repeat('a note on an order. ', 10), now() from generate_series(${from + 1}, ${Math.min(from + slice, rows)}) n`);
  }
}

function bareSeconds(server: PostgresServer, tools: string, file: string): number {
  const output = openSync(file, "w");
  const began = performance.now();
  const { status, stderr } = spawnSync(join(tools, "pg_dump"), ["--format=custom", "--compress=zstd:1", "--no-password"], {
    stdio: ["ignore", output, "pipe"], encoding: "utf8",
    env: { PGHOST: server.host, PGPORT: String(server.port), PGUSER: server.user, PGPASSWORD: server.password, PGDATABASE: server.database, LC_ALL: "C" },
  });
  closeSync(output);
  if (status !== 0) throw new Error(`Expected pg_dump to end with 0, got ${status}: ${stderr}`);
  return (performance.now() - began) / 1000;
}
