import { listed, sentence } from "../../practice/config/problems.ts";
import type { BackupEngine } from "../../practice/contract/manifest.ts";
import { Misused } from "./misused.ts";

/** A database as its address names it. Never with a password. */
export interface DatabaseAddress {
  readonly engine: Extract<BackupEngine, "postgresql" | "mongodb" | "redis">;
  readonly scheme: string;
  /** As it was written: several hosts with ports for a replica set. */
  readonly hosts: string;
  /** The first host, without its port; empty for a socket. */
  readonly host: string;
  readonly port?: number;
  readonly username?: string;
  readonly database: string;
  readonly options: URLSearchParams;
}

const engines: Readonly<Record<string, DatabaseAddress["engine"]>> = {
  "postgres": "postgresql", "postgresql": "postgresql",
  "mongodb": "mongodb", "mongodb+srv": "mongodb",
  "redis": "redis", "rediss": "redis",
};

/** Options of an address that carry a secret, in any of the engines. Not `passfile`: that is where one lies. */
const secretOption = /^(?!passfile$).*(pass|pwd|secret|token|credential|mechanismproperties)|^auth$/i;

/** Reads an address. What it says of a wrong one never shows it: nobody knows yet which part of it is a password. */
export function parseAddress(option: string, text: string): DatabaseAddress {
  const [, scheme = "", rest = ""] = /^([a-z][a-z+]*):\/\/(.*)$/is.exec(text) ?? [];
  const engine = engines[scheme.toLowerCase()];
  if (engine === undefined) {
    throw new Misused(sentence(`${option} to begin with ${listed(Object.keys(engines).map((name) => `${name}://`), "or")}`, "something else", `write it as \`${option} postgres://localhost/shop\``));
  }
  expectNoPassword(option, rest, engine);
  const parts = /^(?:(?<user>[^@]*)@)?(?<hosts>[^/?#@]*)(?:\/(?<database>[^/?#@]*))?(?:\?(?<query>[^#@]*))?$/.exec(rest)?.groups;
  if (parts === undefined) throw new Misused(sentence(`${option} to be an address such as postgres://anna@localhost:5432/shop`, "one that cannot be read", "percent-encode what is no letter or digit in a name"));
  const { user = "", hosts = "", query = "" } = parts;
  const { host, port } = firstOf(option, hosts);
  return {
    engine, scheme: scheme.toLowerCase(), hosts, host, ...(port === undefined ? {} : { port }),
    ...(user === "" ? {} : { username: decoded(option, user) }),
    database: databaseOf(option, engine, decoded(option, parts["database"] ?? "")),
    options: new URLSearchParams(query),
  };
}

const wayIn: Readonly<Record<DatabaseAddress["engine"], string>> = {
  postgresql: "PGPASSFILE or ~/.pgpass holds it, as for psql, or a file that only you can read: --password-file",
  mongodb: "put it into a file that only you can read and name that: --password-file, or into MONGODB_PASSWORD",
  redis: "put it into a file that only you can read and name that: --password-file, or into REDISCLI_AUTH",
};

/** Every program on the machine can read a command line, and the shell keeps it. */
function expectNoPassword(option: string, rest: string, engine: DatabaseAddress["engine"]): void {
  const login = rest.includes("@") ? rest.slice(0, rest.lastIndexOf("@")) : "";
  const query = rest.includes("?") ? rest.slice(rest.indexOf("?") + 1) : "";
  const options = [...new URLSearchParams(query.split("#").join("&")).keys()];
  if (!/:|%3a/i.test(login) && !options.some((name) => secretOption.test(name))) return;
  throw new Misused(
    `Expected an address without a password after \`${option}\`, got one with it: every program on this machine can read a command line, and your shell keeps it. `
    + `Change that password; ${wayIn[engine]}.`,
  );
}

function firstOf(option: string, hosts: string): { readonly host: string; readonly port?: number } {
  const [first = ""] = hosts.split(",");
  const { host = "", port } = /^(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>\d+))?$/.exec(first)?.groups ?? {};
  if (first !== "" && host === "") throw new Misused(sentence(`${option} to name a host, and a port in digits if any`, "another", `write it as \`${option} postgres://localhost:5432/shop\``));
  return { host: host.replace(/^\[(.*)\]$/, "$1"), ...(port === undefined ? {} : { port: Number(port) }) };
}

function databaseOf(option: string, engine: DatabaseAddress["engine"], name: string): string {
  // A dump of Redis holds every database of the server; this is the one that must not be empty.
  if (engine === "redis" && name === "") return "0";
  if (engine === "redis" && !/^\d+$/.test(name)) throw new Misused(sentence(`${option} to name a database of Redis by its number`, "another name", `write it as \`${option} redis://localhost/0\``));
  if (name !== "") return name;
  throw new Misused(sentence(`${option} to name a database after the host`, "none", `write it as \`${option} ${engine === "mongodb" ? "mongodb" : "postgres"}://localhost/shop\``));
}

function decoded(option: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Misused(sentence(`${option} to be percent-encoded where it has a %`, "another %", "write a % itself as %25"));
  }
}
