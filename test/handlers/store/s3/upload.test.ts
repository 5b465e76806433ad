import { setTimeout as wait } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { upload } from "../../../../handlers/store/s3/upload.ts";
import { type Fate, type FaultyProxy, type SeenRequest, startFaultyProxy } from "../../../support/handlers/faulty-proxy.ts";
import { makeStore, settingsOf, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type S3Server, startS3 } from "../../../support/servers/s3.ts";

const MEBIBYTE = 1024 * 1024;
/** S3's smallest part: three and a bit make an upload of several parts. */
const PART = 5 * MEBIBYTE;
const CHUNK = MEBIBYTE;
const CHUNKS = 17;

async function* chunks(count: number, then: () => void = () => undefined): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(CHUNK, index);
  then();
}

describeWithParts("an upload", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let proxy: FaultyProxy | undefined;
  const never = new AbortController().signal;
  const key = "campus/accounts/one.dump";

  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    await proxy?.stop();
    proxy = undefined;
  });

  const begin = async (body: AsyncIterable<Uint8Array>, { fateOf = () => "pass", signal = never }: { fateOf?: (seen: SeenRequest) => Fate; signal?: AbortSignal } = {}): Promise<string> => {
    store = await makeStore(server);
    proxy = await startFaultyProxy(server.endpoint, fateOf);
    const s3 = new S3Client({ ...settingsOf(server, proxy.endpoint), maxAttempts: 2 });
    return upload({ bucket: { s3, name: store.name }, key, body, partBytes: PART, signal });
  };
  const expectNothingLeft = async (): Promise<void> => {
    await expect(store.keys()).resolves.toEqual([]);
    await expect(store.unfinished()).resolves.toEqual([]);
  };
  const isPart = ({ path }: SeenRequest, number: number): boolean => path.includes(`partNumber=${number}&`);

  it("stores one object of all parts", async () => {
    await expect(begin(chunks(CHUNKS))).resolves.not.toBe("");
    await expect(store.keys()).resolves.toEqual([key]);
    await expect(store.unfinished()).resolves.toEqual([]);
    expect(proxy?.seen.filter(({ path }) => path.includes("partNumber="))).toHaveLength(4);
  });

  it.each([["before the first byte", 0], ["before the first part is full", 3], ["between parts", 8], ["after the last byte", CHUNKS]])(
    "leaves nothing when its source fails %s", async (_, count) => {
      const failing = chunks(count, () => {
        throw new Error("the program died");
      });
      await expect(begin(failing)).rejects.toThrow("the program died");
      await expectNothingLeft();
    },
  );

  it("goes on after a connection that broke once", async () => {
    let broken = false;
    const fateOf = (seen: SeenRequest): Fate => {
      if (broken || !isPart(seen, 2)) return "pass";
      broken = true;
      return "reset";
    };
    await expect(begin(chunks(CHUNKS), { fateOf })).resolves.not.toBe("");
    expect(broken).toBe(true);
    await expect(store.keys()).resolves.toEqual([key]);
  });

  it("leaves nothing when a part fails for good, even while its source is silent", async () => {
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield* chunks(11);
      await new Promise(() => undefined);
    }
    await expect(begin(silent(), { fateOf: (seen) => (isPart(seen, 2) ? "reset" : "pass") })).rejects.toThrow(/^Expected S3 to store .*one.dump, it did not: .*(ECONNRESET|EPIPE|hang up)/);
    await expectNothingLeft();
  });

  it("leaves nothing when S3 refuses to finish", async () => {
    const fateOf = ({ method, path }: SeenRequest): Fate =>
      (method === "POST" && path.includes("uploadId=") ? { status: 400, code: "InvalidPart" } : "pass");
    await expect(begin(chunks(CHUNKS), { fateOf })).rejects.toThrow("injected");
    await expectNothingLeft();
  });

  it("ends with the signal's reason while a part hangs, and takes the upload back before it ends", async () => {
    const stop = new AbortController();
    const whole = begin(chunks(CHUNKS), { fateOf: (seen) => (isPart(seen, 3) ? "stall" : "pass"), signal: stop.signal });
    const ended = expect(whole).rejects.toThrow("the deadline");
    await expect.poll(() => proxy?.seen.some((seen) => isPart(seen, 3)), { timeout: 10_000 }).toBe(true);
    stop.abort(new Error("the deadline"));
    await ended;
    await expectNothingLeft();
  });

  it("ends with the signal's reason while its source is silent", async () => {
    const stop = new AbortController();
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield* chunks(6);
      await new Promise(() => undefined);
    }
    const ended = expect(begin(silent(), { signal: stop.signal })).rejects.toThrow("the deadline");
    await wait(300);
    stop.abort(new Error("the deadline"));
    await ended;
    await expectNothingLeft();
  });

  it("says so when the unfinished upload could not be taken back", async () => {
    const fateOf = (seen: SeenRequest): Fate => {
      if (seen.method === "DELETE") return { status: 403, code: "AccessDenied" };
      return isPart(seen, 2) ? "reset" : "pass";
    };
    await expect(begin(chunks(CHUNKS), { fateOf })).rejects.toThrow("could not be taken back either (injected)");
    await expect(store.unfinished()).resolves.toEqual([key]);
  });
});
