import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { folderStore } from "../../../handlers/store/folder/folder-store.ts";
import type { Store } from "../../../handlers/store/store.ts";
import { makeStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const never = new AbortController().signal;

async function* bytes(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function keysOf(store: Store, prefix = ""): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

const crc32Of = (text: string): string => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(text));
  return checksum.toString("base64");
};

/** What whoever uses a store relies on, whatever keeps it. */
function keepsItsWord(open: () => Promise<Store>): void {
  const write = (store: Store, key: string, body: AsyncIterable<Uint8Array>, signal = never): Promise<string> =>
    store.write({ key, body, sizeGiB: 1, signal });

  it("gives back what was written, with its size and checksum", async () => {
    const store = await open();
    const versionId = await write(store, "shop/accounts/one.dump", bytes("all the", " rows"));
    await expect(textOf(store.read("shop/accounts/one.dump", versionId, never))).resolves.toBe("all the rows");
    await expect(store.readText("shop/accounts/one.dump")).resolves.toBe("all the rows");
    await expect(store.facts("shop/accounts/one.dump")).resolves.toMatchObject({ bytes: 12, crc32: crc32Of("all the rows") });
  });

  it("says what is not there", async () => {
    const store = await open();
    await store.create("shop/accounts", "a text");
    for (const key of ["shop/nothing", "shop/accounts/below-a-text"]) {
      await expect(store.facts(key)).resolves.toBeUndefined();
      await expect(store.readText(key)).rejects.toThrow();
      await expect(textOf(store.read(key, "", never))).rejects.toThrow();
      await expect(store.markSuperseded(key)).resolves.toBe(false);
      await expect(store.isSuperseded(key)).resolves.toBe(false);
    }
    await expect(keysOf(store, "nobody/")).resolves.toEqual([]);
  });

  it("lists by prefix, in the order of the keys as bytes", async () => {
    const store = await open();
    const keys = ["shop/a/manifest.json", "shop/a-b", "shop/a/1/x", "shop/é", "shop/z", "shopping/a", "shop/a0"];
    for (const key of keys) await store.create(key, key);
    const inOrder = ["shop/a-b", "shop/a/1/x", "shop/a/manifest.json", "shop/a0", "shop/z", "shop/é"];
    await expect(keysOf(store, "shop/")).resolves.toEqual(inOrder);
    await expect(keysOf(store, "shop/a")).resolves.toEqual(inOrder.slice(0, 4));
    await expect(keysOf(store)).resolves.toEqual([...inOrder, "shopping/a"]);
    for await (const { key, bytes: size } of store.list("")) expect(size).toBe(Buffer.byteLength(key));
  });

  it("creates a text once, and lets the first one stand", async () => {
    const store = await open();
    await expect(store.create("shop/manifest.json", "first")).resolves.toBe(true);
    await expect(store.create("shop/manifest.json", "second")).resolves.toBe(false);
    await expect(store.readText("shop/manifest.json")).resolves.toBe("first");
  });

  it("lets one of many writers create a text", async () => {
    const store = await open();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, writer) => store.create("shop/manifest.json", `writer ${writer}`)));
    expect(answers.filter((answer) => answer)).toHaveLength(1);
    await expect(store.readText("shop/manifest.json")).resolves.toBe(`writer ${answers.indexOf(true)}`);
    await expect(keysOf(store)).resolves.toEqual(["shop/manifest.json"]);
  });

  it("keeps nothing of a body that fails", async () => {
    const store = await open();
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("half");
      throw new Error("the program died");
    }
    await expect(write(store, "shop/one.dump", failing())).rejects.toThrow("the program died");
    await expect(keysOf(store)).resolves.toEqual([]);
  });

  it("ends with the signal's reason while the body is silent, and keeps nothing", async () => {
    const store = await open();
    const stop = new AbortController();
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("half");
      stop.abort(new Error("the deadline"));
      await new Promise(() => undefined);
    }
    await expect(write(store, "shop/one.dump", silent(), stop.signal)).rejects.toThrow("the deadline");
    await expect(keysOf(store)).resolves.toEqual([]);
  });

  it("stops reading with the signal's reason", async () => {
    const store = await open();
    await store.create("shop/one.dump", "rows");
    await expect(textOf(store.read("shop/one.dump", "", AbortSignal.abort(new Error("the deadline"))))).rejects.toThrow("the deadline");
  });

  it("marks what may go, as often as it is asked to, and lists it as before", async () => {
    const store = await open();
    await store.create("shop/one.dump", "rows");
    await expect(store.isSuperseded("shop/one.dump")).resolves.toBe(false);
    await expect(store.markSuperseded("shop/one.dump")).resolves.toBe(true);
    await expect(store.markSuperseded("shop/one.dump")).resolves.toBe(true);
    await expect(store.isSuperseded("shop/one.dump")).resolves.toBe(true);
    await expect(keysOf(store)).resolves.toEqual(["shop/one.dump"]);
    await expect(store.readText("shop/one.dump")).resolves.toBe("rows");
  });

  it("tells a program where an object lies", async () => {
    const store = await open();
    expect(store.addressOf("shop/one.dump")).toMatch(/^(s3:\/\/[^/]+|\/.+)\/shop\/one\.dump$/);
  });
}

describe("a folder", () => {
  keepsItsWord(async () => {
    const folder = mkdtempSync(join(tmpdir(), "store-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return folderStore(join(folder, "not-made-yet"));
  });
});

describeWithParts("a bucket", ["s3"], () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  keepsItsWord(() => makeStore(server));
});
