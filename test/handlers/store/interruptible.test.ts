import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { interruptible } from "../../../handlers/store/interruptible.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("holds on to no chunk that it has given on: a dump does not gather in memory", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const chunks: WeakRef<Uint8Array>[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let count = 0; count < 100; count += 1) {
      const chunk = new Uint8Array(1024);
      chunks.push(new WeakRef(chunk));
      yield chunk;
      await turn();
    }
  }
  let bytes = 0;
  let held = 0;
  for await (const { length } of interruptible(source(), new AbortController().signal)) {
    bytes += length;
    await turn();
    if (chunks.length < 100) continue;
    collect();
    held = chunks.filter((chunk) => chunk.deref() !== undefined).length;
  }
  expect(bytes).toBe(100 * 1024);
  expect(held).toBeLessThan(10);
});

it("ends with the signal's reason while its source is silent, and tells the source", async () => {
  const told: string[] = [];
  const silent: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => undefined),
      return: () => {
        told.push("finish");
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  const ending = new AbortController();
  setImmediate(() => ending.abort(new Error("The deadline is near.")));
  await expect(interruptible(silent, ending.signal).next()).rejects.toThrow("The deadline is near.");
  expect(told).toEqual(["finish"]);
});
