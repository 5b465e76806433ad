import { parseArgs } from "node:util";
import { findPart, parts } from "./parts/all.ts";
import { installVariable } from "./parts/may-install.ts";
import { provision } from "./parts/provision.ts";
import { endCommandsOnSignal } from "./process/run-command.ts";

const HELP = `Provides the programs that tests run for real, in the ignored folder .parts/.

  npm run parts                      get what is missing (5 to 15 minutes the first time)
  npm run parts -- --list            show what is there, change nothing
  npm run parts -- --skip mongodb    leave one out; may be given several times
  npm run parts -- --install         as root on Debian, also install packages

Exit code 0: all are there. 1: one is missing, and its line says why. 2: the command line is wrong.`;

const { list, skip, install, help } = readArguments();
if (help) console.log(HELP);
else if (list) printTable();
else await provideAll();

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        list: { type: "boolean", default: false },
        skip: { type: "string", multiple: true, default: [] },
        install: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const unknown = values.skip.filter((name) => !parts.some((part) => part.name === name));
    if (unknown.length > 0) throw new Error(`--skip expects one of ${parts.map((part) => part.name).join(", ")}, got ${unknown.join(", ")}.`);
    return values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

function printTable(): void {
  const rows = parts.map((part) => {
    const found = findPart(part);
    return [part.name, found.state, part.version, part.neededBy, found.state === "ready" ? part.consequence : `${part.consequence}: ${found.wayOut}`];
  });
  const table = [["part", "state", "version", "needed by", "consequence if missing"], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ").trimEnd());
}

async function provideAll(): Promise<void> {
  endCommandsOnSignal();
  if (install) process.env[installVariable] = "true";
  let missing = 0;
  for (const part of parts) {
    if (skip.includes(part.name)) {
      console.log(`${part.name}: skipped: ${part.consequence}`);
      continue;
    }
    const { problem } = await provision(part, (line) => console.log(line));
    if (problem === undefined) continue;
    missing += 1;
    console.error(`${part.name}: missing: ${part.consequence}. ${problem}`);
  }
  if (missing === 0) console.log("parts: ready");
  process.exitCode = missing === 0 ? 0 : 1;
}
