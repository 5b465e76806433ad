import { spawnSync } from "node:child_process";
import { closeSync, fsyncSync, openSync } from "node:fs";
import { join } from "node:path";
import type { PostgresServer } from "../../test/support/servers/postgresql.ts";

/** Eight GiB take half a minute, on a slow disk a few. */
const LIMIT_MILLISECONDS = 20 * 60_000;

const ARGUMENTS = ["--format=custom", "--compress=zstd:1", "--no-password"];

const environmentOf = (server: PostgresServer): NodeJS.ProcessEnv => ({
  PGHOST: server.host, PGPORT: String(server.port), PGUSER: server.user, PGPASSWORD: server.password, PGDATABASE: server.database, LC_ALL: "C",
});

/** Seconds of `pg_dump > file`: nothing is checked, and after a power cut the file may be empty. */
export function bareSeconds(server: PostgresServer, tools: string, file: string): number {
  const output = openSync(file, "w");
  try {
    return secondsOf(join(tools, "pg_dump"), ARGUMENTS, environmentOf(server), output);
  } finally {
    closeSync(output);
  }
}

/**
 * Seconds of the same with what makes it a backup, by the programs of a system: a checksum while it passes by, and the file
 * on the disk at the end. What this loses to the bare program nobody can have back on the same machine.
 */
export function checkedSeconds(server: PostgresServer, tools: string, file: string): number {
  const began = performance.now();
  const output = openSync(`${file}.sha256`, "w");
  try {
    const line = `set -o pipefail; "$0" ${ARGUMENTS.join(" ")} | tee "$1" | openssl dgst -sha256`;
    secondsOf("bash", ["-c", line, join(tools, "pg_dump"), file], { ...environmentOf(server), PATH: process.env["PATH"] }, output);
  } finally {
    closeSync(output);
  }
  const written = openSync(file, "r+");
  fsyncSync(written);
  closeSync(written);
  return (performance.now() - began) / 1000;
}

function secondsOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv, output: number): number {
  const began = performance.now();
  const { error, status, stderr } = spawnSync(program, args, { stdio: ["ignore", output, "pipe"], encoding: "utf8", env, timeout: LIMIT_MILLISECONDS });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`Expected ${program} to end with 0, got ${status}: ${stderr}`);
  return (performance.now() - began) / 1000;
}
