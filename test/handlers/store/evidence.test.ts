import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { listEvidence } from "../../../handlers/store/evidence.ts";
import { putRecord, recordAt } from "../../support/handlers/evidence.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

describeWithParts("stored evidence", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
  });

  it("is read the newest first, whatever its level and year", async () => {
    const old = { level: "restore", outcome: "restored", restore: { target: "scratch", durationMilliseconds: 1, ageSeconds: 2, sameCounts: 3, sameHashes: 4 } } as const;
    await putRecord(store, "2025-12-31T06:00:00Z", old);
    await putRecord(store, "2026-01-02T05:00:00Z");
    await putRecord(store, "2026-01-01T05:00:00Z", { level: "decode" });
    await expect(listEvidence(store, "campus", "accounts")).resolves.toEqual({
      records: [recordAt("2026-01-02T05:00:00Z"), recordAt("2026-01-01T05:00:00Z", { level: "decode" }), recordAt("2025-12-31T06:00:00Z", old)],
      foreign: [],
    });
  });

  it("reports what is none, and reads the rest", async () => {
    await putRecord(store, "2026-01-02T05:00:00Z");
    const prefix = "campus/evidence/accounts/2026/01/";
    await store.put(`${prefix}notes.txt`, "hello");
    await store.put(`${prefix}20260103T050000Z-checksums.json`, "{");
    await store.put(`${prefix}20260104T050000Z-checksums.json`, JSON.stringify({ ...recordAt("2026-01-04T05:00:00Z"), outcome: "splendid" }));
    await store.put(`${prefix}20260105T050000Z-checksums.json`, JSON.stringify(recordAt("2026-01-04T05:00:00Z")));
    await store.put("campus/evidence/accounts/2025/01/20260106T050000Z-checksums.json", JSON.stringify(recordAt("2026-01-06T05:00:00Z")));
    const { records, foreign } = await listEvidence(store, "campus", "accounts");
    expect(records).toEqual([recordAt("2026-01-02T05:00:00Z")]);
    expect(foreign.map(({ problem }) => problem).toSorted()).toEqual([
      expect.stringMatching(/03T050000Z-checksums.json to be JSON, it is not \(1 characters\)/),
      expect.stringMatching(/04T050000Z-checksums.json to be a record of evidence of version 1.*outcome/),
      expect.stringMatching(/05T050000Z-checksums.json to be the record of campus accounts 20260105T050000Z checksums, it is one of campus accounts 20260104/),
      expect.stringMatching(/2025\/01\/20260106T050000Z-checksums.json is none by its name/),
      expect.stringMatching(/notes.txt is none by its name/),
    ]);
  });

  it("does not mix a source with one whose name begins alike, and is empty where nothing was checked", async () => {
    await putRecord(store, "2026-01-02T05:00:00Z", { source: "accounts-old" });
    await expect(listEvidence(store, "campus", "accounts")).resolves.toEqual({ records: [], foreign: [] });
  });
});
