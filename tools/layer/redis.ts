import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "../parts/part.ts";
import { compilerFlags, keepProgram, linkerFlags, parallel, step, unpack } from "./compile.ts";
import { redis } from "./sources.ts";

/** redis-cli with TLS inside, and redis-check-rdb: the server's program under that name, which needs no TLS to read a file. */
export async function buildRedis(archive: string, folder: string, bin: string, progress: Progress): Promise<void> {
  progress(`unpacking ${redis.name} ${redis.version}`);
  await unpack(archive, folder);
  const make = (program: string, ...settings: readonly string[]): Promise<void> => step(folder, "make", [
    parallel, "-C", "src", program, "MALLOC=libc", "BUILD_WITH_SYSTEMD=no", "DEBUG=",
    `CFLAGS=${compilerFlags(folder)}`, `LDFLAGS=${linkerFlags}`, ...settings,
  ]);
  progress("compiling redis-cli");
  await make("redis-cli", "BUILD_TLS=yes", "LIBSSL_LIBS=-l:libssl.a", "LIBCRYPTO_LIBS=-l:libcrypto.a");
  await keepProgram(join(folder, "src/redis-cli"), bin, "redis-cli");
  progress("compiling redis-check-rdb");
  // Other settings: its makefile begins anew by itself.
  await make("redis-server", "BUILD_TLS=no");
  await keepProgram(join(folder, "src/redis-server"), bin, "redis-check-rdb");
}

/** The newest version of the RDB format that redis-check-rdb reads; it refuses files of a newer one. The oldest is 1. */
export function newestRdb(folder: string): number {
  const found = /^#define RDB_VERSION (\d+)$/m.exec(readFileSync(join(folder, "src/rdb.h"), "utf8"))?.[1];
  if (found === undefined) throw new Error(`Expected the version of the RDB format in src/rdb.h of ${redis.name} ${redis.version}, found none.`);
  return Number(found);
}
