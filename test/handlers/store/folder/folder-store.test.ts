import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { type FileHandle, link, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { folderStore } from "../../../../handlers/store/folder/folder-store.ts";
import type { Store } from "../../../../handlers/store/store.ts";

vi.mock("node:fs/promises", { spy: true });

let folder: string;
let store: Store;
const key = "shop/accounts/one.dump";
const never = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
  store = folderStore(folder);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function* rows(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

const write = (body = rows("all the", " rows")): Promise<string> => store.write({ key, body, sizeGiB: 1, signal: never });

async function listed(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key: one } of store.list("")) keys.push(one);
  return keys;
}

const files = (): readonly string[] => readdirSync(folder, { recursive: true, withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));

/** What every open file of this process has, so that a disk can be full for one call of one of them. */
async function handles(): Promise<FileHandle> {
  const handle = await open(folder, "r");
  await handle.close();
  return Object.getPrototypeOf(handle) as FileHandle;
}

const failure = (code: string): Error => Object.assign(new Error(`${code}: what the system says, of a file that is gone`), { code });

describe("a key", () => {
  it.each(["../outside", "shop/../../outside", "/etc/passwd", "shop//one", "shop/./one", "", "shop/", "shop/one.superseded",
    "shop/.upkeep-00000000-0000-0000-0000-000000000000.part", "shop\\..\\outside", "shop/\0"])("cannot be %j", async (wrong) => {
    const refused = /^Expected a key such as /;
    await expect(store.create(wrong, "text")).rejects.toThrow(refused);
    await expect(store.write({ key: wrong, body: rows(), sizeGiB: 1, signal: never })).rejects.toThrow(refused);
    await expect(store.facts(wrong)).rejects.toThrow(refused);
    await expect(store.readText(wrong)).rejects.toThrow(refused);
    await expect(store.markSuperseded(wrong)).rejects.toThrow(refused);
    expect(() => store.addressOf(wrong)).toThrow(refused);
    expect(files()).toEqual([]);
  });
});

describe("a link", () => {
  it("to a folder elsewhere is neither written behind, nor read behind, nor listed", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    try {
      writeFileSync(join(elsewhere, "one.dump"), "not of this store");
      mkdirSync(join(folder, "shop"));
      symlinkSync(elsewhere, join(folder, "shop", "accounts"));
      const refused = /is a link or behind one/;
      await expect(write()).rejects.toThrow(refused);
      await expect(store.create("shop/accounts/manifest.json", "{}")).rejects.toThrow(refused);
      await expect(store.facts(key)).rejects.toThrow(refused);
      await expect(listed()).resolves.toEqual([]);
      expect(readdirSync(elsewhere)).toEqual(["one.dump"]);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("in an object's place is not read", async () => {
    mkdirSync(join(folder, "shop", "accounts"), { recursive: true });
    symlinkSync("/etc/hostname", join(folder, key));
    await expect(store.readText(key)).rejects.toThrow("is a link or behind one");
  });

  it("to the store as a whole is the store: people keep it on another disk", async () => {
    const alias = `${folder}-link`;
    symlinkSync(folder, alias);
    try {
      await folderStore(alias).create(key, "text");
      await expect(store.readText(key)).resolves.toBe("text");
    } finally {
      rmSync(alias);
    }
  });
});

describe("a disk that is full", () => {
  it.each([["a byte more", "writev"], ["what was written to last", "sync"]] as const)("does not take %s: a sentence, and nothing is left", async (_, call) => {
    vi.spyOn(await handles(), call).mockRejectedValueOnce(failure("ENOSPC"));
    await expect(write()).rejects.toThrow(
      `Expected to write ${key} into ${folder}, the disk is full. Make room there, or name a store on another disk; nothing of it was kept.`,
    );
    expect(files()).toEqual([]);
  });

  it("does not take a manifest either", async () => {
    vi.spyOn(await handles(), "writev").mockRejectedValueOnce(failure("ENOSPC"));
    await expect(store.create(key, "{}")).rejects.toThrow("the disk is full");
    expect(files()).toEqual([]);
  });

  it("that refuses on its own time what it had taken, refuses the dump", async () => {
    const large = async function* mebibytes(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 130; count += 1) yield Buffer.alloc(1024 * 1024);
    };
    vi.spyOn(await handles(), "datasync").mockRejectedValueOnce(failure("ENOSPC"));
    await expect(store.write({ key, body: large(), sizeGiB: 1, signal: never })).rejects.toThrow("the disk is full");
    expect(files()).toEqual([]);
  });

  it("that takes a part of what it is given, gets the rest", async () => {
    vi.spyOn(await handles(), "writev").mockImplementationOnce(async function some(this: FileHandle, chunks: readonly NodeJS.ArrayBufferView[]) {
      return { bytesWritten: (await this.write(chunks[0] as Uint8Array, 0, 3)).bytesWritten, buffers: [...chunks] };
    });
    await write();
    await expect(store.readText(key)).resolves.toBe("all the rows");
  });
});

it("is only for its owner, folders and files", async () => {
  await write();
  expect([statSync(join(folder, key)).mode & 0o777, statSync(join(folder, "shop")).mode & 0o777]).toEqual([0o600, 0o700]);
});

it("shows nothing under a key before all of it is there", async () => {
  async function* watched(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("all the");
    expect(await store.facts(key)).toBeUndefined();
    await expect(listed()).resolves.toEqual([]);
    expect(files()).toEqual([expect.stringMatching(/^\.upkeep-.*\.part$/)]);
    yield Buffer.from(" rows");
  }
  await write(watched());
  expect(files()).toEqual(["one.dump"]);
});

it("removes what a killed process left a day ago, and leaves what another one is writing", async () => {
  const run = join(folder, "shop", "older-run");
  mkdirSync(run, { recursive: true });
  const [abandoned, current] = ["00000000-0000-0000-0000-000000000000", "11111111-1111-1111-1111-111111111111"].map((id) => join(run, `.upkeep-${id}.part`));
  for (const part of [abandoned, current]) writeFileSync(part ?? "", "half");
  const longAgo = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(abandoned ?? "", longAgo, longAgo);
  await write();
  expect(files().toSorted()).toEqual([".upkeep-11111111-1111-1111-1111-111111111111.part", "one.dump"]);
});

it("has no versions to read", async () => {
  await write();
  await expect(store.read(key, "v1", never)[Symbol.asyncIterator]().next()).rejects.toThrow("Expected no version of shop/accounts/one.dump, got v1");
});

it("notices a file that got shorter while it was read", async () => {
  await write();
  const prototype = await handles();
  vi.spyOn(prototype, "stat").mockResolvedValueOnce({ size: 13 } as never);
  await expect(store.facts(key)).rejects.toThrow(/^Expected 13 bytes of .*one\.dump, the file ended after 12/);
});

it.each([
  ["EFBIG", "that disk takes no file that large. Name a store on another one"],
  ["EROFS", "that disk can only be read. Name a store on another one"],
  ["EACCES", "you may not write there. Name a folder that is yours"],
  ["EDQUOT", "your quota on that disk is used up. Make room there, or name a store on another disk"],
])("says what to do about %s", async (code, wayOut) => {
  vi.spyOn(await handles(), "writev").mockRejectedValueOnce(failure(code));
  await expect(write()).rejects.toThrow(wayOut);
});

describe("a disk without hard links", () => {
  it("lets one of many writers create a text, too", async () => {
    for (let writer = 0; writer < 8; writer += 1) vi.mocked(link).mockRejectedValueOnce(failure("EPERM"));
    const answers = await Promise.all(Array.from({ length: 8 }, (_, writer) => store.create(key, `writer ${writer}`)));
    expect(answers.filter((answer) => answer)).toHaveLength(1);
    await expect(store.readText(key)).resolves.toBe(`writer ${answers.indexOf(true)}`);
    expect(files()).toEqual(["one.dump"]);
  });

  it("keeps no half of a text that it could not write", async () => {
    vi.mocked(link).mockRejectedValueOnce(failure("ENOTSUP"));
    vi.spyOn(await handles(), "writeFile").mockRejectedValueOnce(failure("ENOSPC"));
    await expect(store.create(key, "text")).rejects.toThrow("the disk is full");
    expect(files()).toEqual([]);
  });
});
