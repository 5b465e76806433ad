import { availableParallelism, loadavg } from "node:os";
import { measureMongodb, type MongodbFigures } from "./backup/mongodb.ts";
import { measurePostgresql, type PostgresqlFigures } from "./backup/postgresql.ts";
import { type Timer, withTimer } from "./backup/timed.ts";
import type { Benchmark } from "./benchmark.ts";
import { rounded } from "./measure/statistics.ts";

/** Sizes of the PostgreSQL data, GiB; another list in this variable, e.g. `0.5` for a first look. */
const sizesVariable = "UPKEEP_BENCH_GIB";
const SIZES = "0.5,2,8";

const TARGETS = { postgresql: 0.9, mongodb: 0.8, peakMegabytes: 300 } as const;

export const backup: Benchmark = {
  name: "backup",
  about: "throughput of the whole path of a backup over that of the bare program, and its peak of memory.",
  run: async () => {
    const [load, processors] = [rounded(loadavg()[0] ?? 0, 1), availableParallelism()];
    console.log(`  ${processors} processors, load ${load} at the start; the shortest of some runs each. ${sizesVariable}=0.5 measures less.\n`);
    const { postgresql, mongodb } = await withTimer(measureEach);

    const ratio = Math.min(...postgresql.map((figures) => figures.ratio));
    const ratioToChecked = Math.min(...postgresql.map((figures) => figures.ratioToChecked));
    const peakMegabytes = Math.max(mongodb.peakMegabytes, ...postgresql.map((figures) => figures.peakMegabytes));
    const met = ratio >= TARGETS.postgresql && mongodb.ratio >= TARGETS.mongodb && peakMegabytes < TARGETS.peakMegabytes;
    console.log(`\n  ${met ? "Each target is met." : "A target is missed."}`);
    return { ratio, ratioToChecked, mongodbRatio: mongodb.ratio, peakMegabytes, met, targets: TARGETS, processors, loadAtStart: load, postgresql, mongodb };
  },
};

async function measureEach(timed: Timer): Promise<{ readonly postgresql: readonly PostgresqlFigures[]; readonly mongodb: MongodbFigures }> {
  const postgresql: PostgresqlFigures[] = [];
  for (const gib of (process.env[sizesVariable] ?? SIZES).split(",").map(Number)) {
    // What takes minutes is measured once.
    const figures = await measurePostgresql(gib, gib <= 2 ? 5 : 1, timed);
    postgresql.push(figures);
    console.log(`  PostgreSQL ${String(gib).padStart(4)} GiB  ratio ${figures.ratio} (target ${TARGETS.postgresql}), with hashes ${figures.ratioWithHashes}, peak ${figures.peakMegabytes} MB`);
    console.log(`                       ${figures.ratioToChecked} of the program with tee, openssl and a sync; `
      + `decode ${String(figures["decodeMibPerSecond"])} MiB/s, restore and compare ${String(figures["restoreMibPerSecond"])} MiB/s`);
  }
  const mongodb = await measureMongodb(5, timed);
  console.log(`  MongoDB              ratio ${mongodb.ratio} (target ${TARGETS.mongodb}), peak ${mongodb.peakMegabytes} MB`);
  return { postgresql, mongodb };
}
