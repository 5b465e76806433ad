import { filled, hostRole, instanceId } from "./forms.ts";
import { keys, leaf, named, oneOf } from "./leaf.ts";
import { meaning, noMeaning } from "../words/parsed.ts";

/** Control characters would end a line of the script, and `{{` begins a parameter of an SSM document. */
const isPath = (value: unknown): value is string =>
  typeof value === "string" && value.startsWith("/") && !/[\p{Cc}]|\{\{/u.test(value) && !value.split("/").some((part) => part === "." || part === "..");

const path = (expected: string, example: string) => leaf<string>((value) => {
  const cut = isPath(value) ? value.replace(/\/+$/, "") : "";
  return cut === "" ? noMeaning(expected, `write it as \`${example}\``) : meaning(cut);
});

/** The root is refused: it holds what is no file, and the database's own files, which change while they are read. */
export const folderPath = path("the absolute path of a folder on the host, not the root", "/app/uploads");

export const hosts = named(
  keys({ instanceId, role: hostRole, node: path("the absolute path of Node.js on the host", "/usr/local/bin/node").exactOptional() }),
  "web-1: { instanceId: i-0a1b2c3d4e5f60718, role: web-1 }",
).prefault({});

/** Which of them; that there is one of this name is seen when all is read. */
export const machine = filled("the name of one of upkeep:hosts", "web-1");

export const onHost = oneOf(["host"], "where its backups run, vpc or host");
export const inVpc = oneOf(["vpc"], "where its backups run, vpc or host");

/** What a person wrote decides which keys there are. */
export const saysHost = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "runsOn" in value && value.runsOn === "host";

export const saysPlaceOnHost = (value: unknown): boolean =>
  typeof value === "object" && value !== null && ("host" in value || "path" in value);

/** Files lie in one of two places. */
export const notBeside = (expected: string, wayOut: string) => leaf<never, never>(() => noMeaning(expected, wayOut));
