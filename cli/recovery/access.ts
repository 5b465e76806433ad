import type { Credentials, OwnAccess } from "../../handlers/engines/credentials.ts";
import type { RepositoryAccess } from "../../handlers/engines/repository/git-server.ts";
import { listed, sentence } from "../../practice/config/problems.ts";
import type { DatabaseAddress } from "./address.ts";
import { Misused } from "./misused.ts";
import { readPasswordFile } from "./password-file.ts";
import type { RepositoryAddress } from "./repository-address.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** How a person gets into the database of an address: as its own programs would, or by a file with the password. */
export async function accessTo(address: DatabaseAddress, passwordFile: string | undefined, environment: Environment): Promise<Credentials | OwnAccess> {
  const given = passwordFile === undefined ? undefined : await readPasswordFile(passwordFile);
  switch (address.engine) {
    case "postgresql": return postgresql(address, given, environment);
    case "mongodb": return { uri: mongodbUri(address, given ?? environment["MONGODB_PASSWORD"]) };
    case "redis": return redis(address, given ?? environment["REDISCLI_AUTH"]);
  }
}

/** How a person gets into a repository: its user stands in the address, its token in a file. */
export async function accessToRepository({ username }: RepositoryAddress, tokenFile: string | undefined): Promise<RepositoryAccess> {
  const token = tokenFile === undefined ? undefined : await readPasswordFile(tokenFile);
  return { ...(username === undefined ? {} : { username }), ...(token === undefined ? {} : { token }) };
}

/** What libpq calls the options of an address when they come by the environment. */
const libpqOptions: Readonly<Record<string, string>> = {
  sslmode: "PGSSLMODE", sslrootcert: "PGSSLROOTCERT", sslcert: "PGSSLCERT", sslkey: "PGSSLKEY", sslcrl: "PGSSLCRL",
  passfile: "PGPASSFILE", connect_timeout: "PGCONNECT_TIMEOUT", channel_binding: "PGCHANNELBINDING", gssencmode: "PGGSSENCMODE",
  target_session_attrs: "PGTARGETSESSIONATTRS", options: "PGOPTIONS",
};

/**
 * Variables that are handed on besides PG...: what libpq finds its files by, and what Debian's wrapper of the programs
 * starts the right one by.
 */
const HANDED_ON = ["HOME", "PATH", "USER", "LOGNAME", "KRB5CCNAME", "KRB5_CONFIG", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/**
 * Variables that lead past the address: a service stands above it, a numeric address above the host, and of a name's several
 * servers each connection would draw one. What is dumped, and above all what is restored into, is what the address says.
 */
const LEADING_ELSEWHERE = ["PGSERVICE", "PGSERVICEFILE", "PGLOADBALANCEHOSTS", "PGHOSTADDR", "PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD"];

function postgresql({ host, hosts, port, username, options }: DatabaseAddress, given: string | undefined, environment: Environment): OwnAccess {
  const reached = options.get("host") ?? (host === "" ? environment["PGHOST"] ?? "" : host);
  // Each program connects anew: the server that was asked need not be the one that is written.
  if (`${hosts}${reached}`.includes(",")) throw new Misused(sentence("one host in the address of a PostgreSQL", "several", "name the one to talk to"));
  const unknown = [...options.keys()].filter((name) => name !== "host" && !Object.hasOwn(libpqOptions, name));
  if (unknown.length > 0) throw new Misused(sentence(`options of libpq in the address (${listed(Object.keys(libpqOptions), "or")})`, "others", "leave them out, or set libpq's variables for them"));
  const own = Object.entries(environment).flatMap(([name, value]): readonly (readonly [string, string])[] =>
    (value !== undefined && ((name.startsWith("PG") && !LEADING_ELSEWHERE.includes(name)) || HANDED_ON.includes(name)) ? [[name, value]] : []));
  const asked = [...options].flatMap(([name, value]): readonly (readonly [string, string])[] => {
    const variable = libpqOptions[name];
    return variable === undefined ? [] : [[variable, value]];
  });
  const user = username ?? environment["PGUSER"];
  const password = given ?? environment["PGPASSWORD"];
  const knownPort = port ?? portIn(environment["PGPORT"]);
  return {
    host: reached,
    ...(knownPort === undefined ? {} : { port: knownPort }),
    ...(user === undefined || user === "" ? {} : { username: user }),
    ...(password === undefined || password === "" ? {} : { password }),
    environment: Object.fromEntries([...own, ...asked]),
  };
}

function portIn(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new Misused(sentence("PGPORT to be a port in digits", "something else", "unset it, or write the port into the address"));
}

/** Ways to log in that need no password. */
const WITHOUT_PASSWORD = ["MONGODB-X509", "MONGODB-AWS", "GSSAPI", "MONGODB-OIDC"];

function mongodbUri({ scheme, hosts, username, database, options }: DatabaseAddress, password: string | undefined): string {
  const query = new URLSearchParams(options);
  // The database of an address is where its user is defined, unless it says otherwise; ours goes to the program apart.
  if (username !== undefined && !query.has("authSource")) query.set("authSource", database);
  const login = username === undefined ? "" : `${encodeURIComponent(username)}${passwordOf(username, password, query)}@`;
  return `${scheme}://${login}${hosts === "" ? "localhost" : hosts}/${query.size === 0 ? "" : `?${query.toString()}`}`;
}

function passwordOf(username: string, password: string | undefined, query: URLSearchParams): string {
  if (password !== undefined && password !== "") return `:${encodeURIComponent(password)}`;
  if (WITHOUT_PASSWORD.includes(query.get("authMechanism") ?? "")) return "";
  throw new Misused(sentence(`a password for the user ${username}`, "none", "put it into a file that only you can read and name that: `--password-file <file>`, or set MONGODB_PASSWORD"));
}

const REDIS_PORT = 6379;

function redis({ scheme, host, port, username }: DatabaseAddress, password: string | undefined): Credentials {
  return { username: username ?? "default", password: password ?? "", host: host === "" ? "localhost" : host, port: port ?? REDIS_PORT, tls: scheme === "rediss" };
}
