import type { Contents } from "../../practice/contract/manifest.ts";
import type { Fault } from "./verdict.ts";

/** Differences that are named; a database of ten thousand tables may differ in each. */
const NAMED_DIFFERENCES = 10;

export interface Comparison {
  readonly faults: readonly Fault[];
  readonly sameCounts: number;
  readonly sameHashes: number;
}

/**
 * Holds what was found against what a manifest says, exactly and both ways: what is missing, what is too much, what
 * differs. Only what both tell is compared; hashes only where both were made in one way.
 */
export function compareContents(expected: Partial<Contents>, found: Partial<Contents>): Comparison {
  const counts = expected.counts === undefined || found.counts === undefined ? nothing : compareNamed("rows", expected.counts, found.counts);
  const canCompareHashes = expected.hashes !== undefined && found.hashes !== undefined && expected.hashedBy === found.hashedBy;
  const hashes = canCompareHashes ? compareNamed("a hash of", expected.hashes, found.hashes) : nothing;
  return { faults: [...counts.faults, ...hashes.faults], sameCounts: counts.same, sameHashes: hashes.same };
}

interface Compared {
  readonly same: number;
  readonly faults: readonly Fault[];
}

const nothing: Compared = { same: 0, faults: [] };

function compareNamed(what: "rows" | "a hash of", expected: Readonly<Record<string, string | number>>, found: Readonly<Record<string, string | number>>): Compared {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])].toSorted();
  const said = (value: string | number | undefined): string => (value === undefined ? "no such part" : what === "rows" ? `${value} rows` : `the hash ${value}`);
  const different = names.filter((name) => !Object.hasOwn(expected, name) || !Object.hasOwn(found, name) || expected[name] !== found[name]);
  const findings = different.slice(0, NAMED_DIFFERENCES).map((name) =>
    `Expected ${name} to have ${said(own(expected, name))}, it has ${said(own(found, name))}.`);
  const more = different.length - findings.length;
  return {
    same: names.length - different.length,
    faults: [...findings, ...(more > 0 ? [`${more} more ${what === "rows" ? "counts" : "hashes"} differ.`] : [])].map((finding) => ({ outcome: "corrupted", finding })),
  };
}

const own = <Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined => (Object.hasOwn(values, name) ? values[name] : undefined);

/** What keeps a restored database from being held against its manifest at all. */
export function notComparable(expected: Partial<Contents>, found: Contents): readonly Fault[] {
  const failed = (finding: string): Fault => ({ outcome: "failed", finding });
  if (expected.counts === undefined) return [failed("Expected the manifest to say how many rows its source had, it does not: a restore that nothing is compared with proves nothing.")];
  if (expected.hashes !== undefined && (found.hashes === undefined || expected.hashedBy !== found.hashedBy)) {
    return [failed(`Expected hashes made by ${expected.hashedBy ?? "nobody knows what"} as the manifest has them, the scratch database gave those of ${found.hashedBy ?? "nobody knows what"}. A newer backup is hashed in the new way.`)];
  }
  return Object.entries(expected.extensions ?? {}).flatMap(([name, version]) => {
    const came = own(found.extensions ?? {}, name);
    return came === version ? [] : [failed(`Expected the scratch database to have the extension ${name} ${version}, it has ${came === undefined ? "none" : `its version ${came}`}.`)];
  });
}
