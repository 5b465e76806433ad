import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { CheckOutcome, VerificationLevel } from "../../../practice/contract/evidence.ts";
import type { Decode } from "../../../handlers/engines/decode.ts";
import { NotDecodable } from "../../../handlers/engines/decode.ts";
import { listEvidence } from "../../../handlers/store/evidence.ts";
import type { VerificationPorts } from "../../../handlers/verify/run.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { badCheck, drain, scratchWith } from "../../support/handlers/checks.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const LAST_NIGHT = "2026-11-22T02:00:00Z";
const TONIGHT = "2026-11-23T02:00:00Z";

const reads: Decode = async (dump) => {
  await drain(dump);
  return {};
};
const contents = { counts: { users: 2 } };

interface Row {
  readonly fault: string;
  readonly level: VerificationLevel;
  /** Does it to the backup of tonight; may change how the store is seen. */
  readonly spoil: (store: TestStore, tonight: { readonly dump: string; readonly manifest: string }) => Promise<Partial<VerificationPorts> | undefined>;
  readonly outcome: CheckOutcome;
  readonly finding: RegExp;
  /** In a few words, for the table. */
  readonly happened: string;
  readonly left: string;
}

const nothingMore = async (done: Promise<unknown>): Promise<undefined> => {
  await done;
  return undefined;
};

const remove = (store: TestStore, key: string) => nothingMore(store.s3.send(new DeleteObjectCommand({ Bucket: store.name, Key: key })));

/** A store that says of the object what it should be, and gives other bytes: what a disk does. */
const giving = (store: TestStore, bytes: string): Partial<VerificationPorts> => ({
  store: { ...store, async *read () {
    yield Buffer.from(bytes);
  } },
});

const rows: readonly Row[] = [
  {
    fault: "dump truncated", level: "checksums", outcome: "corrupted", finding: /to have 16 bytes, it has 7/, happened: "the store's size differs", left: "dump, manifest",
    spoil: (store, { dump }) => nothingMore(store.put(dump, "tonight")),
  },
  {
    fault: "one byte of the dump flipped", level: "checksums", outcome: "corrupted", finding: /to have the CRC32/, happened: "the store's checksum differs", left: "dump, manifest",
    spoil: (store, { dump }) => nothingMore(store.put(dump, "tonight's r0ws!!")),
  },
  {
    fault: "dump replaced by an older one", level: "checksums", outcome: "corrupted", finding: /What lies there is the dump of backup 20261122T020000Z/, happened: "says whose bytes it has", left: "dump, manifest",
    spoil: (store, { dump }) => nothingMore(store.put(dump, "the night before's")),
  },
  {
    fault: "dump deleted: manifest without dump", level: "checksums", outcome: "missing", finding: /that its manifest names, the store has no such object/, happened: "the dump is not there", left: "manifest",
    spoil: (store, { dump }) => remove(store, dump),
  },
  {
    fault: "manifest deleted: dump without manifest", level: "checksums", outcome: "missing", finding: /a manifest beside .*one\.dump, there is none/, happened: "no manifest a day later", left: "dump",
    spoil: async (store, { manifest }) => {
      await remove(store, manifest);
      return { now: () => new Date("2026-11-24T02:00:00Z") };
    },
  },
  {
    fault: "manifest corrupt", level: "checksums", outcome: "corrupted", finding: /manifest\.json to be JSON, it is not/, happened: "the manifest is no JSON", left: "dump, manifest",
    spoil: (store, { manifest }) => nothingMore(store.put(manifest, "{")),
  },
  {
    fault: "clock of the check a day behind", level: "checksums", outcome: "failed", finding: /one of two clocks is wrong/, happened: "the check is not due yet", left: "dump, manifest",
    spoil: () => Promise.resolve({ now: () => new Date("2026-11-22T12:00:00Z") }),
  },
  {
    fault: "clock of the backup a day ahead", level: "decode", outcome: "failed", finding: /dated in the past, it is 50400 s ahead/, happened: "the backup is of tomorrow", left: "dump, manifest",
    spoil: (store) => nothingMore(putBackup(store, { scheduledAt: "2026-11-24T02:00:00Z", versionId: "" })),
  },
  {
    fault: "store does not answer for a manifest", level: "checksums", outcome: "failed", finding: /^no answer$/, happened: "nothing is said of it", left: "dump, manifest",
    spoil: (store) => Promise.resolve({ store: { ...store, readText: () => Promise.reject(new Error("no answer")) } }),
  },
  {
    fault: "store breaks off in the dump", level: "decode", outcome: "failed", finding: /the store broke off: reset/, happened: "nothing is said of it", left: "dump, manifest",
    spoil: (store) => Promise.resolve({ store: { ...store, async *read () {
      yield Buffer.from("tonight");
      await Promise.reject(new Error("reset"));
    } } }),
  },
  {
    fault: "one byte flipped, facts right", level: "decode", outcome: "corrupted", finding: /SHA-256 .*not those that were backed up/, happened: "the SHA-256 differs", left: "dump, manifest",
    spoil: (store) => Promise.resolve(giving(store, "tonight's r0ws!!")),
  },
  {
    fault: "one byte flipped that stops the reader", level: "decode", outcome: "corrupted", finding: /SHA-256 .* Reading it failed: a bad block/, happened: "SHA-256 and reader say so", left: "dump, manifest",
    spoil: (store) => Promise.resolve({ ...giving(store, "tonight's r0ws!!"), decode: () => Promise.reject(new Error("a bad block")) }),
  },
  {
    fault: "dump that never was one", level: "decode", outcome: "corrupted", finding: /cut off.*the dump was bad when it was made/, happened: "right bytes, no whole dump", left: "dump, manifest",
    spoil: () => Promise.resolve({ decode: () => Promise.reject(new NotDecodable("cut off")) }),
  },
  {
    fault: "reader that cannot be started", level: "decode", outcome: "failed", finding: /^no such program$/, happened: "nothing is said of it", left: "dump, manifest",
    spoil: () => Promise.resolve({ decode: () => Promise.reject(new Error("no such program")) }),
  },
  {
    fault: "reader that stops early and says all is well", level: "decode", outcome: "failed", finding: /its reader stopped before and said that all is well/, happened: "the end was not read", left: "dump, manifest",
    spoil: () => Promise.resolve({ decode: () => Promise.resolve({}) }),
  },
  {
    fault: "format tells other counts", level: "decode", outcome: "corrupted", finding: /users to have 2 rows, it has 1 rows/, happened: "the counts differ", left: "dump, manifest",
    spoil: () => Promise.resolve({ decode: async (dump) => {
      await drain(dump);
      return { counts: { users: 1 } };
    } }),
  },
  {
    fault: "older backup deleted", level: "checksums", outcome: "missing", finding: /20261122T020000Z\/one.dump that its manifest names/, happened: "every kept one is looked at", left: "newest whole",
    spoil: (store) => remove(store, "campus/accounts/2026/11/20261122T020000Z/one.dump"),
  },
];

describeWithParts("a fault of a stored backup", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
  });

  it.each(rows)("$fault: $level says $outcome", async ({ fault, level, spoil, outcome, finding, happened, left }) => {
    await putBackup(store, { scheduledAt: LAST_NIGHT, rows: "the night before's", versionId: "" });
    const tonight = await putBackup(store, { scheduledAt: TONIGHT, rows: "tonight's rows!!", versionId: "", manifest: contents });
    const changed = await spoil(store, tonight);
    const { record } = await badCheck({ level }, { store, decode: reads, openTarget: () => Promise.resolve(scratchWith(contents)), ...changed });
    expect(record.outcome).toBe(outcome);
    expect(record.findings.join("\n")).toMatch(finding);
    expect(record.findings).toHaveLength(1);
    await expect(listEvidence(store, "campus", "accounts")).resolves.toEqual({ records: [record], foreign: [] });
    recordFault({ engine: "store", fault, happened, exit: "error", evidence: outcome, alarm: outcome === "corrupted" ? "corrupted" : "check failed", left });
  });

  it("tells where the right bytes still are", async () => {
    const { dump } = await putBackup(store, { scheduledAt: TONIGHT, versionId: "version-of-tonight" });
    await store.put(dump, "other");
    const { record } = await badCheck({}, { store });
    expect(record.findings[0]).toMatch(/Its version version-of-tonight is the right one, for as long as the store keeps old versions\.$/);
  });
});
