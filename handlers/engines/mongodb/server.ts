import { hostname } from "node:os";
import type { ServerIdentity } from "../../../practice/contract/manifest.ts";

const DEFAULT_PORT = "27017";
const SRV = "mongodb+srv://";

/** What a server says of itself to anyone who asks `hello`. */
export interface Hello {
  /** Of a router of a sharded cluster: `isdbgrid`. */
  readonly msg?: string;
  readonly setName?: string;
  readonly me?: string;
  readonly hosts?: readonly string[];
  readonly passives?: readonly string[];
  readonly arbiters?: readonly string[];
  readonly topologyVersion?: { readonly processId: { readonly toHexString: () => string } };
}

/**
 * Every address by which a deployment is known: that of the connection string, and those that its members have for each
 * other. The id is that of the replica set, or of the running process where there is none: a restarted one has another.
 */
export function identityOf(uri: string, hello: Hello): ServerIdentity {
  const members = [...hello.hosts ?? [], ...hello.passives ?? [], ...hello.arbiters ?? []].map(canonical).toSorted();
  const addresses = [...addressesOf(uri), ...members, ...(hello.me === undefined ? [] : [canonical(hello.me)])];
  const process = hello.topologyVersion?.processId.toHexString();
  const id = hello.setName !== undefined ? `replica set ${hello.setName} of ${members.join(",")}` : process === undefined ? undefined : `process ${process}`;
  return { address: [...new Set(addresses)].join(","), ...(id === undefined ? {} : { id }) };
}

/** Whether it stands before a sharded cluster, whose name it does not say: two of one cluster have nothing in common. */
export const isRouter = ({ msg }: Hello): boolean => msg === "isdbgrid";

/** The addresses of a connection string, each as everyone would write it. */
export function addressesOf(uri: string): readonly string[] {
  const [, srv, hosts = ""] = /^mongodb(\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri) ?? [];
  if (srv !== undefined) return [`${SRV}${hosts.toLowerCase().replace(/\.$/, "")}`];
  return hosts.split(",").map(canonical);
}

/** The name behind `mongodb+srv`, or nothing. */
export const srvNameOf = (address: string): string | undefined => (address.startsWith(SRV) ? address.slice(SRV.length) : undefined);

/** `host:port` in small letters; this machine's own name where the address means this machine, since another one means itself by it. */
export function canonical(address: string): string {
  const [, bracketed, plain, port = DEFAULT_PORT] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(decodeURIComponent(address).toLowerCase()) ?? [];
  const host = (bracketed ?? plain ?? address.toLowerCase()).replace(/\.$/, "");
  return `${isThisMachine(host) ? hostname().toLowerCase() : host}:${port}`;
}

const isThisMachine = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || host === "::1" || host === "0.0.0.0" || host === "::" || host.startsWith("/")
  || /^(::ffff:)?127(\.\d+){3}$/.test(host);
