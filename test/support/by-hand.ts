import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "../../cli/options.ts";
import { run } from "../../cli/run.ts";
import { plainPage } from "./page.ts";
import { programFolder } from "./parts.ts";
import { type PostgresServer, startPostgres } from "./servers/postgresql.ts";

/** Somebody at his machine, with two servers of PostgreSQL and their passwords in a file. */
export interface ByHand {
  readonly production: PostgresServer;
  readonly other: PostgresServer;
  /** His own; holds the file `pgpass`. */
  readonly folder: string;
  /** Every command a second after the one before: runs and checks are named by their second. */
  readonly upkeep: (...args: readonly string[]) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

export async function startByHand(): Promise<ByHand> {
  const [production, other] = await Promise.all([startPostgres(), startPostgres()]);
  const folder = mkdtempSync(join(tmpdir(), "by-hand-"));
  writeFileSync(join(folder, "pgpass"), [production, other].map(({ host, port, password }) => `${host}:${port}:*:*:${password}\n`).join(""), { mode: 0o600 });
  let seconds = 0;
  return {
    production, other, folder,
    upkeep: (...args) => {
      seconds += 1;
      return run(args, {
        now: new Date(Date.now() - 600_000 + seconds * 1000), page: plainPage,
        environment: { PGPASSFILE: join(folder, "pgpass"), PGSSLMODE: "disable", UPKEEP_TOOLS: programFolder("postgresql"), PATH: process.env["PATH"], HOME: folder },
      });
    },
    stop: async () => {
      await Promise.all([production.stop(), other.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** As `--url` and `--into` take it: without the password. */
export const addressOf = ({ host, port, user }: PostgresServer, database: string): string => `postgres://${user}@${host}:${port}/${database}`;

export const documentOf = <Document>({ stdout }: Answer): Document => JSON.parse(stdout) as Document;
