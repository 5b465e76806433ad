import { describe, expect, it } from "vitest";
import { type Crc64Kind, crc64Redis, crc64Xz, RunningCrc64 } from "../../../handlers/engines/crc64.ts";

const crcOf = (kind: Crc64Kind, ...parts: readonly Uint8Array[]): string => {
  const crc = new RunningCrc64(kind);
  for (const part of parts) crc.update(part);
  const { high, low } = crc.value;
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
};

describe.each([
  ["CRC-64/XZ", crc64Xz, "995dc9bbdf1939fa"],
  ["CRC-64 of Redis", crc64Redis, "e9c6d914c4b8d9ca"],
] as const)("%s", (_, kind, check) => {
  it("gives its check value", () => {
    expect(crcOf(kind, Buffer.from("123456789"))).toBe(check);
  });

  it("is zero for nothing", () => {
    expect(crcOf(kind)).toBe("0000000000000000");
  });

  it("does not depend on where the bytes are cut", () => {
    const bytes = Buffer.from(Array.from({ length: 100 }, (_value, index) => (index * 37) & 0xff));
    const whole = crcOf(kind, bytes);
    for (let cut = 0; cut <= bytes.length; cut += 1) expect(crcOf(kind, bytes.subarray(0, cut), bytes.subarray(cut))).toBe(whole);
  });
});
