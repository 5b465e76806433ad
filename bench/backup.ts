import { loadavg } from "node:os";
import { measureMongodb } from "./backup/mongodb.ts";
import { measurePostgresql, type PostgresqlFigures } from "./backup/postgresql.ts";
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
    const load = rounded(loadavg()[0] ?? 0, 1);
    console.log(`  load ${load} at the start; the shortest of some runs each. ${sizesVariable}=0.5 measures less.\n`);
    const sizes = (process.env[sizesVariable] ?? SIZES).split(",").map(Number);
    const postgresql: PostgresqlFigures[] = [];
    for (const gib of sizes) {
      // What takes minutes is measured once.
      const figures = await measurePostgresql(gib, gib <= 2 ? 3 : 1);
      postgresql.push(figures);
      console.log(`  PostgreSQL ${String(gib).padStart(4)} GiB  ratio ${figures.ratio} (target ${TARGETS.postgresql}), with hashes ${figures.ratioWithHashes}, peak ${figures.peakMegabytes} MB; `
        + `decode ${String(figures["decodeMibPerSecond"])} MiB/s, restore and compare ${String(figures["restoreMibPerSecond"])} MiB/s`);
    }
    const mongodb = await measureMongodb(3);
    console.log(`  MongoDB              ratio ${mongodb.ratio} (target ${TARGETS.mongodb}), peak ${mongodb.peakMegabytes} MB`);

    const ratio = Math.min(...postgresql.map((figures) => figures.ratio));
    const peakMegabytes = Math.max(mongodb.peakMegabytes, ...postgresql.map((figures) => figures.peakMegabytes));
    const met = ratio >= TARGETS.postgresql && mongodb.ratio >= TARGETS.mongodb && peakMegabytes < TARGETS.peakMegabytes;
    console.log(`\n  ${met ? "Each target is met." : "A target is missed."}`);
    return { ratio, mongodbRatio: mongodb.ratio, peakMegabytes, met, targets: TARGETS, loadAtStart: load, postgresql, mongodb };
  },
};
