import { describe, expect, it } from "vitest";
import { unpackLzf } from "../../../../handlers/engines/redis/lzf.ts";
import { intsetElements, listpackElements, ziplistElements } from "../../../../handlers/engines/redis/packed-elements.ts";

const texts = (elements: Iterable<Buffer>): readonly string[] => [...elements].map(String);

/** A ziplist as Redis up to 6.2 writes it: each entry after the length of the one before. */
function ziplist(...entries: readonly Buffer[]): Buffer {
  const lengths = entries.map((entry) => entry.length);
  const body = entries.map((entry, index) => {
    const before = index === 0 ? 0 : (lengths[index - 1] ?? 0) + 1;
    return Buffer.concat([Buffer.of(before), entry]);
  });
  return Buffer.concat([Buffer.alloc(10), ...body, Buffer.of(0xff)]);
}

const numbered = (first: number, ...rest: readonly number[]): Buffer => Buffer.of(first, ...rest);

describe("a ziplist", () => {
  it("holds texts of each length and whole numbers of each width", () => {
    const long = Buffer.alloc(300, "y");
    const entries = [
      Buffer.concat([Buffer.of(2), Buffer.from("ab")]), Buffer.of(0),
      numbered(0xf1), numbered(0xfd), numbered(0xfe, 0x80), numbered(0xc0, 0x18, 0xfc), numbered(0xf0, 0xff, 0xff, 0x7f),
      numbered(0xd0, 0, 0, 0, 0x80), numbered(0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
      Buffer.concat([Buffer.of(0x41, 0x2c), long]),
    ];
    expect(texts(ziplistElements(ziplist(...entries)))).toEqual(["ab", "", "0", "12", "-128", "-1000", "8388607", "-2147483648", "9223372036854775807", "y".repeat(300)]);
  });

  it("knows the five bytes of a long neighbour's length", () => {
    const long = Buffer.concat([Buffer.of(0x41, 0x2c), Buffer.alloc(300, "y")]);
    const pack = Buffer.concat([Buffer.alloc(10), Buffer.of(0), long, Buffer.of(0xfe, 0x2f, 1, 0, 0), Buffer.of(1, 0x61), Buffer.of(0xff)]);
    expect(texts(ziplistElements(pack))).toEqual(["y".repeat(300), "a"]);
  });
});

describe("a set of whole numbers", () => {
  it.each([
    ["two bytes", Buffer.from("020000000200000018fce803", "hex"), ["-1000", "1000"]],
    ["eight bytes", Buffer.from("0800000001000000ffffffffffffff7f", "hex"), ["9223372036854775807"]],
  ] as const)("of %s each", (_, pack, expected) => {
    expect(texts(intsetElements(pack))).toEqual(expected);
  });
});

describe("a pack that is not whole", () => {
  const listpack = Buffer.concat([Buffer.alloc(6), Buffer.of(5, 1), Buffer.of(0x82, 0x61, 0x62, 3), Buffer.of(0xff)]);

  it("is one that could have been", () => {
    expect(texts(listpackElements(listpack))).toEqual(["5", "ab"]);
  });

  it.each([
    ["a listpack that is cut", () => texts(listpackElements(listpack.subarray(0, -3)))],
    ["a listpack that goes on after its end", () => texts(listpackElements(Buffer.concat([listpack, Buffer.of(0)])))],
    ["a listpack with an entry of no kind", () => texts(listpackElements(Buffer.concat([Buffer.alloc(6), Buffer.of(0xf7, 1, 0xff)])))],
    ["a ziplist that is cut", () => texts(ziplistElements(ziplist(Buffer.of(2, 0x61, 0x62)).subarray(0, -2)))],
    ["a ziplist with an entry of no kind", () => texts(ziplistElements(ziplist(Buffer.of(0xff - 0x2e))))],
    ["a set with a width that no number has", () => texts(intsetElements(Buffer.from("0300000000000000", "hex")))],
    ["a set that is cut", () => texts(intsetElements(Buffer.from("020000000200000018fc", "hex")))],
  ])("%s is refused", (_, read) => {
    expect(read).toThrow(/^Expected .*corrupt/);
  });
});

describe("a packed string", () => {
  it("repeats what it refers to, also into itself", () => {
    expect(unpackLzf(Buffer.from([2, 0x61, 0x62, 0x63, 0xe0, 3, 2]), 15).toString()).toBe("abcabcabcabcabc");
  });

  it.each([
    ["refers to before its beginning", [0, 0x61, 0x20, 5], 4],
    ["is longer than was said", [2, 0x61, 0x62, 0x63], 2],
    ["is shorter than was said", [2, 0x61, 0x62, 0x63], 4],
    ["is cut in a run", [5, 0x61], 6],
  ] as const)("that %s is refused", (_, packed, length) => {
    expect(() => unpackLzf(Buffer.from(packed), length)).toThrow(/^Expected .*corrupt/);
  });
});
