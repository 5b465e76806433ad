import type { PrivateFolder } from "../../programs/private-folder.ts";
import { type Redact, redactionOf } from "../../runtime/redaction.ts";
import type { Credentials, UserCredentials } from "../credentials.ts";
import type { Content } from "../dump.ts";

/** A database and how to get into it. */
export interface MongodbDatabase {
  readonly credentials: Credentials;
  readonly database: string;
  /** Used where the secret names none. Absent: the host is looked up as Atlas wants it (`mongodb+srv`). */
  readonly defaultPort?: number;
  /** Folder with mongodump. */
  readonly tools: string;
  /** Whether documents, indexes and options are hashed; they are counted always. Default: full. */
  readonly content?: Content;
  /** All databases of a self-hosted replica set, and what was written while they were read. Not through mongos, not in Atlas. Default: false. */
  readonly oplog?: boolean;
  /** Default: 30,000. */
  readonly firstBytesMilliseconds?: number;
}

/** Milliseconds until a cluster that cannot be reached is given up; before the limit above, which knows less of why. */
const CONNECT_MILLISECONDS = 20_000;

/** The whole connection as one URI: for a file that only this user can read, never for argv. */
export async function connectionOf({ credentials, defaultPort }: MongodbDatabase, folder: PrivateFolder): Promise<string> {
  const options = new URLSearchParams({ serverSelectionTimeoutMS: String(CONNECT_MILLISECONDS) });
  if (credentials.caCertificate !== undefined) options.set("tlsCAFile", await folder.write("authorities.pem", credentials.caCertificate));
  if ("uri" in credentials) return withOptions(credentials.uri, options);
  options.set("authSource", credentials.authSource ?? "admin");
  const address = addressOf(credentials, defaultPort);
  // Said, not left to the tool: without it mongodump falls back to a connection that anyone can read.
  options.set("tls", String(credentials.tls ?? true));
  return `${address.scheme}://${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}@${address.hosts}/?${options.toString()}`;
}

/** A host with a port is a server (several, parted by commas, a replica set); one without is a cluster that DNS knows. */
function addressOf({ host, port }: UserCredentials, defaultPort: number | undefined): { readonly scheme: string; readonly hosts: string } {
  const known = port ?? defaultPort;
  if (host.includes(":")) return { scheme: "mongodb", hosts: host };
  if (known === undefined) return { scheme: "mongodb+srv", hosts: host };
  return { scheme: "mongodb", hosts: host.split(",").map((one) => `${one}:${known}`).join(",") };
}

/** Adds what the URI does not say itself. */
function withOptions(uri: string, options: URLSearchParams): string {
  const [address = uri, query = ""] = uri.split("?");
  const own = new URLSearchParams(query);
  for (const [name, value] of options) if (!own.has(name)) own.set(name, value);
  const path = address.replace(/^mongodb(\+srv)?:\/\//, "").includes("/") ? "" : "/";
  return `${address}${path}?${own.toString()}`;
}

export function redactionOfUri(uri: string, credentials: Credentials): Redact {
  if ("password" in credentials) return redactionOf([uri, credentials.password]);
  const encoded = /^mongodb(?:\+srv)?:\/\/[^/?]*?:([^/?]*)@/.exec(uri)?.[1] ?? "";
  return redactionOf([uri, credentials.uri, encoded, decodeURIComponent(encoded)]);
}
