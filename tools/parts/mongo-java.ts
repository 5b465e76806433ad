import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../process/run-command.ts";
import { fillFolder, folderOf, recipes } from "./folder.ts";
import type { Found, Part, Progress } from "./part.ts";
import { folderOnPath } from "./programs-on-path.ts";

const SOURCES = "mongo-java-server";
const VERSION = "mongo-java-server 1.47.0";
const COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
const wayOut = "install a JDK 11 or newer and Maven (`apt-get install default-jdk-headless maven` on Debian), then `npm run parts`";

/** Maven fetches 24 MB, its own plugins among them; half a minute on a good line. */
const LIMIT_SECONDS = 600;

const folder = (): string => folderOf("mongo-java", ["Main.java", "jars.sha256", "pom.xml"].map((file) => `${SOURCES}/${file}`), [VERSION]);

/** Keeps the indexes of a restore, which FerretDB refuses; it has no users. */
export const mongoJava: Part = {
  name: "mongo-java",
  version: VERSION,
  neededBy: "restore of MongoDB with its indexes",
  consequence: "no test restores a MongoDB database with its indexes",
  find,
  provide: (progress) => fillFolder(folder(), (temporary) => build(temporary, progress)),
};

function find(): Found {
  if (folderOnPath("java") === undefined) return { state: "missing", why: "no folder on PATH holds java", wayOut };
  if (!existsSync(folder())) return { state: "missing", why: "it was not built yet", wayOut };
  return { state: "ready", folder: folder() };
}

async function build(temporary: string, progress: Progress): Promise<void> {
  if (folderOnPath("mvn") === undefined || folderOnPath("javac") === undefined) {
    throw new Error(`Expected the programs mvn and javac on PATH, at least one is missing: ${wayOut}.`);
  }
  const sources = join(recipes, SOURCES);
  const options = { limitSeconds: LIMIT_SECONDS, onLine: progress };
  progress("fetching jars");
  await run("mvn", ["-B", "-q", "-f", join(sources, "pom.xml"), COPY_JARS, `-DoutputDirectory=${temporary}`, "-DincludeScope=runtime"], options);
  expectJars(temporary, readFileSync(join(sources, "jars.sha256"), "utf8"));
  await run("javac", ["-cp", join(temporary, "*"), "-d", temporary, join(sources, "Main.java")], options);
}

/** Maven compares only with what the same server says of a jar; these sums are ours. */
function expectJars(made: string, sums: string): void {
  const came = readdirSync(made).map((name) => `${createHash("sha256").update(readFileSync(join(made, name))).digest("hex")}  ${name}`);
  const expected = sums.trim().split("\n");
  const strangers = came.filter((line) => !expected.includes(line)).map((line) => line.slice(66));
  if (strangers.length === 0 && came.length === expected.length) return;
  throw new Error(`Expected the ${expected.length} jars that ${SOURCES}/jars.sha256 lists, ${came.length} came; unlisted or with another content: ${strangers.join(", ") || "none"}.`);
}
