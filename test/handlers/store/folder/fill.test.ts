import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fill } from "../../../../handlers/store/folder/fill.ts";
import { folderStore } from "../../../../handlers/store/folder/folder-store.ts";

const MEBIBYTE = 1024 * 1024;

let folder: string;
let file: FileHandle;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fill-"));
  file = await open(join(folder, "filled"), "wx");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await file.close();
  rmSync(folder, { recursive: true });
});

/** Pieces of which no two are alike, and of which no batch is made without a rest. */
const pieces = (count: number, bytes: number): readonly Buffer[] => Array.from({ length: count }, (_, index) => Buffer.alloc(bytes + (index % 7), `${index},`));
const filled = (): Buffer => readFileSync(join(folder, "filled"));

describe("a file that is filled", () => {
  it("has every byte in its order, of more pieces than the system takes in one call", async () => {
    const many = pieces(40_000, 61);
    await fill(file, many);
    expect(filled().equals(Buffer.concat(many))).toBe(true);
  });

  it("has every byte in its order where the disk took a part of a batch, and of a piece", async () => {
    const given = pieces(9, 300_000);
    const prototype = Object.getPrototypeOf(file) as FileHandle;
    const writev = vi.spyOn(prototype, "writev").mockImplementationOnce(async function some(this: FileHandle, batch: readonly NodeJS.ArrayBufferView[]) {
      const [first, second] = batch as readonly [Buffer, Buffer];
      return { bytesWritten: (await this.write(Buffer.concat([first, second.subarray(0, 1000)]))).bytesWritten, buffers: [...batch] };
    });
    await fill(file, given);
    expect(writev.mock.calls.length).toBeGreaterThan(1);
    expect(filled().equals(Buffer.concat(given))).toBe(true);
  });

  it("is not one when its source fails while the disk is at work: that is what is heard of, and nothing else", async () => {
    let synced = false;
    // By hand: a spy listens to what it gives back, and would be the hearer.
    Object.defineProperty(file, "datasync", { value: async () => {
      await pause(20);
      synced = true;
      throw new Error("the disk, later");
    } });
    async function* breaking(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 65; count += 1) yield await Promise.resolve(Buffer.alloc(MEBIBYTE));
      throw new Error("the source");
    }
    await expect(fill(file, breaking())).rejects.toThrow("the source");
    // Nobody waits for the disk then, and no rejection without a hearer ends the process.
    await expect.poll(() => synced).toBe(true);
  });
});

describe("a file that is read one chunk ahead", () => {
  const openFiles = (): number => readdirSync("/proc/self/fd").length;

  it.runIf(process.platform === "linux")("is closed when its reader goes away in the middle, and when a read fails", async () => {
    writeFileSync(join(folder, "object"), Buffer.alloc(4 * MEBIBYTE, "x"));
    const store = folderStore(folder);
    const before = openFiles();
    const reader = store.read("object", "", new AbortController().signal)[Symbol.asyncIterator]();
    await expect(reader.next()).resolves.toMatchObject({ value: { length: MEBIBYTE } });
    await reader.return?.();
    vi.spyOn(Object.getPrototypeOf(file) as FileHandle, "read").mockRejectedValueOnce(new Error("a bad block"));
    await expect(store.readText("object")).rejects.toThrow("a bad block");
    await expect.poll(openFiles).toBe(before);
  });
});
