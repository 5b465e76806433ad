import { type Command, Option } from "commander";
import { contentChoices } from "../practice/contract/content.ts";
import type { BackupOptions, BackupsOptions, EvidenceOptions, RestoreOptions, VerifyOptions } from "./options.ts";

/** The commands about backups themselves, in whatever store they lie. */
export interface RecoveryActions {
  readonly backup: (options: BackupOptions) => Promise<void>;
  readonly backups: (options: BackupsOptions) => Promise<void>;
  readonly verify: (options: VerifyOptions) => Promise<void>;
  readonly restore: (options: RestoreOptions) => Promise<void>;
  readonly evidence: (options: EvidenceOptions) => Promise<void>;
}

export function recoveryUsage(program: Command, actions: RecoveryActions): void {
  ofASource(program.command("backup"))
    .description("Back up a database, a repository or a folder that this machine reaches into a folder or a bucket, or have a deployed stack back it up and wait for the verdict.")
    .option("--url <address>", "what to back up, without a password: postgres://, mongodb:// or redis://, or https:// of a git repository")
    .option("--path <folder>", "what to back up, in place of --url: the files of a folder of this machine")
    .option("--store <store>", "where backups lie: a folder, or s3://bucket")
    .option("--password-file <file>", "a file that only you can open, with the password")
    .addOption(new Option("--content <how>", "full: with exact counts and hashes; off: without, which PostgreSQL takes less time for").choices(contentChoices).default("full"))
    .option("--wait <duration>", "longest wait for a deployed backup, in words", "2 hours")
    .option("--cwd <folder>", "folder of the project, for a deployed backup", ".")
    .addHelpText("after", `\n${backupHelp}`)
    .action(actions.backup);

  inAStore(program.command("backups"))
    .description("List backups: their age, size and state.")
    .addHelpText("after", `\n${backupsHelp}`)
    .action(actions.backups);

  inAStore(program.command("verify"))
    .description("Check backups, and write the result down as evidence.")
    .addOption(new Option("--level <level>", "how thoroughly").choices(["checksums", "decode"]).default("checksums"))
    .addHelpText("after", `\n${verifyHelp}`)
    .action(actions.verify);

  inAStore(program.command("restore"))
    .description("Restore a backup into an empty database and hold what arrived against the manifest. Never overwrites.")
    .option("--at <when>", "latest, the name of a run, or a time: the last sound backup before it", "latest")
    .requiredOption("--into <address>", "an empty database, without a password; for files an empty folder (./restored) or s3://bucket")
    .option("--password-file <file>", "a file that only you can open, with the password for --into")
    .option("--ask <question>", "ask the restored database, in its own language, and keep the answer as evidence")
    .option("--recover", "for real: into a new database beside production, after a fresh backup of that", false)
    .option("--url <address>", "with --recover: the production database, for the fresh backup")
    .option("--url-password-file <file>", "with --recover: the password for --url")
    .option("--production-is-gone", "with --recover: nothing is left that a fresh backup could be made of", false)
    .option("--system-name <name>", "with --recover: the system's name, where nobody can type it")
    .addHelpText("after", `\n${restoreHelp}`)
    .action(actions.restore);

  inAStore(program.command("evidence"))
    .description("Show what was ever found out about the backups: each check, its outcome, and how long a restore took.")
    .option("--csv", "print comma-separated values and nothing else", false)
    .addHelpText("after", `\n${evidenceHelp}`)
    .action(actions.evidence);
}

const ofASource = (command: Command): Command =>
  command
    .option("--source <name>", "whose backup; default: the only one there is, or the name of the database or folder")
    .option("--system <name>", "which system's; default: the only one there is, or the database's host")
    .option("--stack <name>", "which stack's; default: as the newest manifest says, or `local`")
    .option("--json", "print one JSON document and nothing else", false);

const inAStore = (command: Command): Command =>
  ofASource(command.requiredOption("--store <store>", "where backups lie: a folder, or s3://bucket"));

const backupHelp = `Examples:
  upkeep backup --url postgres://localhost/shop --store ./backups
  upkeep backup --url mongodb://anna@localhost/shop \\
    --password-file ~/.shop-password --store s3://bucket
  upkeep backup --url https://github.com/acme/shop.git \\
    --password-file ~/.shop-token --store s3://bucket
  upkeep backup --path ./uploads --store s3://bucket
  upkeep backup --stack prod --source accounts
                                in CI: no deployment without a sound backup

No password belongs into an address. PostgreSQL: PGPASSFILE, ~/.pgpass and the
other variables of psql work, but for those that lead past the address (PGHOST,
PGSERVICE...); MongoDB: MONGODB_PASSWORD; Redis: REDISCLI_AUTH; all of them:
--password-file, which holds the token for a repository, of which every ref is
kept. pg_dump, mongodump and redis-cli are taken from PATH, or from the folder
that UPKEEP_TOOLS names; a repository and a folder need no program.

Exit codes: 0 stored and plausible, 1 no backup, or one of a suspicious size,
2 the command line cannot be used.`;

const backupsHelp = `Examples:
  upkeep backups --store ./backups
  upkeep backups --store s3://bucket --source accounts --json \\
    | jq '.backups[] | select(.state != "sound")'

Exit codes: 0 the newest backup of each source is sound, 1 it is not, 2 the
command line cannot be used.`;

const verifyHelp = `Examples:
  upkeep verify --store ./backups                  sizes and checksums of all
  upkeep verify --store ./backups --level decode   the newest, read and decoded
  upkeep restore --help                            what no other check can show

Exit codes: 0 all is well, 1 it is not or could not be found out, 2 the command
line cannot be used.`;

const restoreHelp = `Examples:
  upkeep restore --store ./backups --into postgres://localhost:5433/shop_scratch
  upkeep restore --store s3://bucket --source accounts --at 2026-11-23T02:00 \\
    --into postgres://localhost:5433/scratch --ask "select count(*) from users"
  upkeep restore --store s3://bucket --source media --into s3://new-empty-bucket
  upkeep restore --store ./backups --source uploads --into ./restored
  upkeep restore --recover --store s3://bucket --source accounts \\
    --url postgres://db/shop --into postgres://db/shop_restored

A scratch database is empty, marked as one that may be thrown away (how, is said
when it is not) and not on the server of its source. What is recovered goes into
a new database beside production; people switch to it: docs/recover.md.

Exit codes: 0 restored, with the same counts and hashes, 1 not, 2 the command
line cannot be used.`;

const evidenceHelp = `Examples:
  upkeep evidence --store ./backups
  upkeep evidence --store s3://bucket --source accounts --csv > evidence.csv

Exit codes: 0 shown, 1 the store cannot be read or holds what is no evidence,
2 the command line cannot be used.`;
