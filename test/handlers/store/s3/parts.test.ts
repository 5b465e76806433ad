import { describe, expect, it } from "vitest";
import { bytesOfPart, partBytesFor, type Part, partsOf } from "../../../../handlers/store/s3/parts.ts";

const MEBIBYTE = 1024 * 1024;
const MOST_PARTS = 10_000;

const most = (planned: number): number => Array.from({ length: MOST_PARTS }, (_, index) => bytesOfPart(planned, index + 1)).reduce((sum, bytes) => sum + bytes, 0);

describe("the size of a part", () => {
  it.each([
    ["is 16 MiB at least", 0.1, 16],
    ["leaves half as much again as was expected", 200, 38.4],
    ["is 512 MiB at most", 100_000, 512],
  ])("%s", (_, sizeGiB, mebibytes) => {
    expect(partBytesFor(sizeGiB) / MEBIBYTE).toBeCloseTo(mebibytes, 1);
  });

  it("is the planned one for half as much again as was expected", () => {
    for (const sizeGiB of [100, 200, 500]) {
      const planned = partBytesFor(sizeGiB);
      expect(bytesOfPart(planned, Math.ceil((1.5 * sizeGiB * 1024 * MEBIBYTE) / planned))).toBe(planned);
    }
  });

  it("grows at an end that nobody planned: what was thought to be 1 GiB may be 700, and 200 a terabyte", () => {
    const gibibytes = (sizeGiB: number): number => most(partBytesFor(sizeGiB)) / 1024 / MEBIBYTE;
    expect(gibibytes(1)).toBeGreaterThan(700);
    expect(gibibytes(200)).toBeGreaterThan(1024);
  });

  it.each([16, 38.4, 300, 512])("never shrinks, and never grows beyond what a task has room for: from %s MiB", (mebibytes) => {
    const sizes = Array.from({ length: MOST_PARTS }, (_, index) => bytesOfPart(mebibytes * MEBIBYTE, index + 1));
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(512 * MEBIBYTE);
  });
});

describe("a stream, cut", () => {
  const cut = async (sizes: readonly number[], planned: number): Promise<readonly Part[]> => {
    async function* body(): AsyncGenerator<Uint8Array> {
      let value = 0;
      for (const size of sizes) yield Buffer.from(Array.from({ length: size }, () => (value += 1) % 256));
    }
    const parts: Part[] = [];
    for await (const part of partsOf(body(), planned)) parts.push(part);
    return parts;
  };

  it.each([
    ["nothing", [], [0]],
    ["less than a part", [3], [3]],
    ["just a part, which is then the last", [4], [4]],
    ["a byte more than a part", [5], [4, 1]],
    ["chunks across the cuts", [3, 3, 3, 3], [4, 4, 4]],
    ["a chunk of many parts", [13], [4, 4, 4, 1]],
    ["empty chunks among them", [0, 4, 0, 1, 0], [4, 1]],
  ] as const)("gives all of its bytes in order, of %s", async (_, chunks, lengths) => {
    const parts = await cut(chunks, 4);
    expect(parts.map(({ bytes }) => bytes.length)).toEqual(lengths);
    expect(parts.map(({ number }) => number)).toEqual(lengths.map((_length, index) => index + 1));
    expect(parts.map(({ isLast }) => isLast)).toEqual(lengths.map((_length, index) => index === lengths.length - 1));
    const all = lengths.reduce((sum: number, length) => sum + length, 0);
    expect([...Buffer.concat(parts.map(({ bytes }) => bytes))]).toEqual(Array.from({ length: all }, (_byte, index) => (index + 1) % 256));
  });

  it("goes on past the plan in larger parts", async () => {
    const parts = await cut([8_000, 4, 6], 1);
    expect(parts.map(({ bytes }) => bytes.length)).toEqual([...Array.from({ length: 8_000 }, () => 1), 2, 2, 2, 2, 2]);
  });

  it("says what to do when even those do not suffice", async () => {
    await expect(cut([200_000], 1)).rejects.toThrow("Expected a source that S3 takes in 10000 parts, it is several times larger than its sizeGiB says. Raise it to the truth.");
  });
});
