/** Test files that run on the oldest Node only, and what goes through the same code on every Node. */
export interface Once {
  readonly why: string;
  readonly files: readonly string[];
  /** Run in every pass. */
  readonly everywhere: readonly string[];
}

/**
 * Files, never folders: what is new runs in every pass until somebody writes here why it need not. Decision 19 says what may
 * stand here.
 */
export const once: readonly Once[] = [
  {
    why: "What is allowed is judged by a simulator from the requests that handlers made, and the handlers are at work in their own tests too",
    files: ["test/least-privilege/drill.test.ts", "test/least-privilege/handlers.test.ts", "test/least-privilege/host.test.ts", "test/least-privilege/services.test.ts"],
    everywhere: ["test/handlers/backup/run.test.ts", "test/handlers/evidence/run.test.ts", "test/handlers/retention/run.test.ts", "test/handlers/verify/run.test.ts"],
  },
  {
    why: "The same life as staging's, of another stack file; both are compared with the offline preview everywhere",
    files: ["test/engine/stack-life/prod.test.ts"],
    everywhere: ["test/engine/stack-life/staging.test.ts", "test/engine/equality.test.ts"],
  },
  {
    why: "What is killed, refused or repaired is Pulumi's engine and its state, a Go program; what it leaves of Node's processes is seen everywhere",
    files: ["test/engine/interrupted-up.test.ts", "test/engine/failure-to-start.test.ts", "test/engine/tools-layer.test.ts"],
    everywhere: ["test/engine/engine-killed.test.ts", "test/engine/bad-stack-file.test.ts", "test/components/tools-layer.test.ts"],
  },
  {
    why: "Aliases are resolved by the engine from what the program sends, which is compared everywhere",
    files: ["test/engine/refactoring.test.ts"],
    everywhere: ["test/engine/equality.test.ts", "test/components/renamed.test.ts"],
  },
  {
    why: "The emulator runs other machines with the bundles that the backup's path runs",
    files: [
      "test/cloud/backup-runner.test.ts", "test/cloud/copies-path.test.ts", "test/cloud/drill-engines.test.ts", "test/cloud/drill-path.test.ts",
      "test/cloud/elasticache-faults.test.ts", "test/cloud/elasticache-path.test.ts", "test/cloud/emulator-gone.test.ts",
    ],
    everywhere: [
      "test/cloud/backup-path.test.ts", "test/handlers/bundles.test.ts", "test/handlers/copies/run.test.ts", "test/handlers/drill/mongodb.test.ts",
      "test/handlers/elasticache/export.test.ts",
    ],
  },
  {
    why: "The system ends the process or has no room, and what the next run finds is the store's business",
    files: ["test/handlers/backup/killed.test.ts", "test/handlers/backup/full-disk.test.ts"],
    everywhere: ["test/handlers/backup/store-faults.test.ts", "test/handlers/backup/host-faults.test.ts", "test/handlers/programs/program.test.ts"],
  },
  {
    why: "mongodump and mongorestore fail as pg_dump does, through the same code for programs; faults that Node itself meets (sockets, fetch, files) are met everywhere",
    files: ["test/handlers/engines/mongodb/faults.test.ts", "test/handlers/engines/mongodb/restore-faults.test.ts"],
    everywhere: [
      "test/handlers/engines/postgresql/faults.test.ts", "test/handlers/engines/mongodb/dump.test.ts", "test/handlers/engines/mongodb/restore.test.ts",
      "test/handlers/engines/redis/faults.test.ts", "test/handlers/engines/repository/faults.test.ts", "test/handlers/engines/files/folder/faults.test.ts",
    ],
  },
  {
    why: "S3 copies the objects; the list of copies is one request after another, and is made everywhere",
    files: ["test/handlers/copies/faults.test.ts"],
    everywhere: ["test/handlers/copies/run.test.ts", "test/handlers/engines/files/faults.test.ts"],
  },
  {
    why: "What PostgreSQL says of a target or of contents, and what a drill makes of it; the restore itself runs everywhere",
    files: [
      "test/handlers/drill/postgresql.test.ts", "test/handlers/engines/postgresql/aimed-at-production.test.ts",
      "test/handlers/engines/postgresql/contents.test.ts", "test/handlers/engines/postgresql/restore-faults.test.ts",
    ],
    everywhere: ["test/handlers/drill/mongodb.test.ts", "test/handlers/engines/postgresql/dump.test.ts", "test/handlers/engines/postgresql/restore.test.ts"],
  },
  {
    why: "What retention keeps and expires is decided from lists of a store",
    files: ["test/handlers/retention/copies.test.ts", "test/handlers/retention/emptied-postgresql.test.ts", "test/handlers/retention/verified.test.ts"],
    everywhere: ["test/handlers/retention/run.test.ts", "test/handlers/copies/run.test.ts"],
  },
];

/** `npm test -- --again`: another pass over the same tree, on another Node. */
const AGAIN = "--again";

export const isAgain = (args: readonly string[]): boolean => args.includes(AGAIN);

/** Arguments for vitest. */
export const selectionOf = (args: readonly string[]): readonly string[] =>
  [...args.filter((arg) => arg !== AGAIN), ...(isAgain(args) ? once.flatMap(({ files }) => files).flatMap((file) => ["--exclude", file]) : [])];
