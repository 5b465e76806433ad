import { join } from "node:path";
import type { Progress } from "../parts/part.ts";
import { compilerFlags, keepProgram, linkerFlags, parallel, step, unpack } from "./compile.ts";
import { postgresql } from "./sources.ts";

/** The C library alone stays shared: its name service needs it. */
const STATIC = ["-l:libzstd.a", "-l:liblz4.a", "-l:libssl.a", "-l:libcrypto.a", "-l:libz.a", "-lm"] as const;

/** pg_dump, pg_restore and psql with libpq and all its libraries inside. */
export async function buildPostgresql(archive: string, folder: string, bin: string, progress: Progress): Promise<void> {
  progress(`unpacking ${postgresql.name} ${postgresql.version}`);
  await unpack(archive, folder);
  progress(`configuring ${postgresql.name} ${postgresql.version}`);
  await step(folder, "./configure", [
    // Where a layer is unpacked: the programs hold the path, and it must not be this machine's.
    "--prefix=/opt", "--disable-rpath", "--without-icu", "--without-readline", "--with-ssl=openssl", "--with-zstd", "--with-lz4",
    `CFLAGS=${compilerFlags(folder)}`, `LDFLAGS_EX=${linkerFlags}`,
  ]);
  progress("compiling pg_dump, pg_restore and psql");
  await step(folder, "make", [parallel, "-C", "src/backend", "generated-headers"]);
  await step(folder, "make", [parallel, "-C", "src/interfaces/libpq", "all-static-lib"]);
  const libpq = join(folder, "src/interfaces/libpq/libpq.a");
  // libpq was compiled for a shared library, against copies of the common code that carry other names.
  const libraries = [`-L${folder}/src/common`, `-L${folder}/src/port`, libpq, "-lpgcommon_shlib", "-lpgport_shlib", "-lpgcommon", "-lpgport", ...STATIC];
  for (const [part, programs] of [["pg_dump", ["pg_dump", "pg_restore"]], ["psql", ["psql"]]] as const) {
    await step(folder, "make", [parallel, "-C", `src/bin/${part}`, ...programs, `libpq_pgport=${libpq}`, `LIBS=${libraries.join(" ")}`]);
    for (const program of programs) await keepProgram(join(folder, "src/bin", part, program), bin, program);
  }
}
