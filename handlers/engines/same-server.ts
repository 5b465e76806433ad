import { lookup, resolveSrv } from "node:dns/promises";
import type { ServerIdentity } from "../../practice/contract/manifest.ts";
import { canonical, srvNameOf } from "./mongodb/server.ts";

/** Asks DNS. Gives nothing for a name that is not known here. */
export interface Names {
  readonly addressesOf: (host: string) => Promise<readonly string[]>;
  readonly membersOf: (srvName: string) => Promise<readonly string[]>;
}

export const dns: Names = {
  addressesOf: async (host) => (await known(lookup(host, { all: true }))).map(({ address }) => address),
  membersOf: async (name) => (await known(resolveSrv(`_mongodb._tcp.${name}`))).map(({ name: host, port }) => `${host}:${port}`),
};

/** Why a target is on the server of a source, in a few words each; nothing when no sign of it was found. */
export async function signsOfOneServer(target: ServerIdentity, source: ServerIdentity, names: Names): Promise<readonly string[]> {
  if (target.id !== undefined && target.id === source.id) return [`both say that they are ${target.id}`];
  const [ours, theirs] = [target, source].map(({ address }) => address.split(",")) as [string[], string[]];
  const shared = ours.filter((address) => theirs.includes(address));
  if (shared.length > 0) return [`both are reached by ${shared.join(", ")}`];
  const [places, taken] = await Promise.all([ours, theirs].map((addresses) => placesOf(addresses, names))) as [readonly string[], readonly string[]];
  const met = places.filter((place) => taken.includes(place));
  return met.length > 0 ? [`${target.address} and ${source.address} lead to ${[...new Set(met)].join(", ")}`] : [];
}

/** Every member and every IP address that the addresses lead to, with its port. */
async function placesOf(addresses: readonly string[], names: Names): Promise<readonly string[]> {
  const members = await Promise.all(addresses.map(async (address) => {
    const name = srvNameOf(address);
    return name === undefined ? [address] : (await names.membersOf(name)).map(canonical);
  }));
  const places = await Promise.all(members.flat().map(async (member) => {
    const colon = member.lastIndexOf(":");
    const found = await names.addressesOf(member.slice(0, colon));
    return [member, ...found.map((ip) => `${ip}:${member.slice(colon + 1)}`)];
  }));
  return places.flat();
}

/** A source is often not known by name where its copies are tested. */
async function known<Answer>(answer: Promise<readonly Answer[]>): Promise<readonly Answer[]> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string" && UNKNOWN.has(error.code)) return [];
    throw error;
  }
}

const UNKNOWN = new Set(["ENOTFOUND", "ENODATA", "EAI_AGAIN", "ESERVFAIL", "EREFUSED", "ECONNREFUSED", "ETIMEOUT", "ENONAME"]);
