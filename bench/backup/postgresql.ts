import { join } from "node:path";
import { MARK_AS_SCRATCH } from "../../handlers/engines/postgresql/scratch-mark.ts";
import { programFolder } from "../../tools/parts/programs.ts";
import { type PostgresServer, startPostgres } from "../../test/support/servers/postgresql.ts";
import type { Figures } from "../benchmark.ts";
import { rounded } from "../measure/statistics.ts";
import { bareSeconds, checkedSeconds } from "./peer.ts";
import type { Task } from "./task.ts";
import { best, inFolder, type Timed, type Timer } from "./timed.ts";

/** Bytes of one row as the server keeps it: hexadecimal digits that no compressor makes less than half of, and words that it does. */
const ROW_BYTES = 512;
const GIBIBYTE = 1024 ** 3;

export interface PostgresqlFigures extends Figures {
  readonly gib: number;
  /** Throughput of the path over that of the bare program. */
  readonly ratio: number;
  /** The same over that of the bare program with a checksum and a file on the disk. */
  readonly ratioToChecked: number;
  readonly ratioWithHashes: number;
  readonly peakMegabytes: number;
}

/** Backs up as much data as asked, beside the bare program on the same server. */
export async function measurePostgresql(gib: number, runs: number, timed: Timer): Promise<PostgresqlFigures> {
  const server = await startPostgres();
  try {
    await fill(server, gib);
    const tools = programFolder("tools");
    const task = (what: Task["what"], folder: string, content: Task["content"], on = server): Task => ({
      what, folder, content, database: on.database, tools, engine: "postgresql", sizeGiB: gib,
      credentials: { username: on.user, password: on.password, host: on.host, port: on.port, sslmode: "disable" },
    });
    const [bares, checked, withouts]: [number[], number[], Timed[]] = [[], [], []];
    // In turns: a machine is slower at some times than at others.
    for (let count = 0; count < runs; count += 1) {
      bares.push(await inFolder((folder) => bareSeconds(server, tools, join(folder, "peer.dump"))));
      withouts.push(await inFolder((folder) => timed(task("backup", folder, "off"))));
      checked.push(await inFolder((folder) => checkedSeconds(server, tools, join(folder, "peer.dump"))));
    }
    const { kept, decode, restore } = await inFolder(async (folder) => {
      const full = timed(task("backup", folder, "full"));
      const decoded = timed(task("decode", folder, "full"));
      return { kept: full, decode: decoded, restore: await onScratch((scratch) => timed(task("restore", folder, "full", scratch))) };
    });
    const [bare, checkedBare, without] = [Math.min(...bares), Math.min(...checked), best(withouts)];
    return {
      gib, ratio: rounded(bare / without.seconds), ratioToChecked: rounded(checkedBare / without.seconds), ratioWithHashes: rounded(bare / kept.seconds),
      peakMegabytes: rounded(best([without, kept]).peakMegabytes, 0),
      bareSeconds: rounded(bare, 1), checkedSeconds: rounded(checkedBare, 1), seconds: rounded(without.seconds, 1), secondsWithHashes: rounded(kept.seconds, 1),
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

async function fill(server: PostgresServer, gib: number): Promise<void> {
  const rows = Math.round((gib * GIBIBYTE) / ROW_BYTES);
  // In slices: one statement of minutes would meet the limit of a test's statement.
  const slice = 500_000;
  await server.sql("create unlogged table orders (id bigint, customer text, note text, placed timestamptz)");
  for (let from = 0; from < rows; from += slice) {
    await server.sql(`insert into orders select n, md5(n::text), md5((-n)::text) || md5((n * 3)::text) || md5((n * 5)::text) || md5((n * 7)::text) || md5((n * 11)::text) || md5((n * 13)::text) || repeat('a note on an order. ', 10), now() from generate_series(${from + 1}, ${Math.min(from + slice, rows)}) n`);
  }
}
