import { expect, it } from "vitest";
import { RunningCrc64 } from "../../../../handlers/engines/mongodb/crc64.ts";

const crcOf = (...parts: readonly Uint8Array[]): string => {
  const crc = new RunningCrc64();
  for (const part of parts) crc.update(part);
  const { high, low } = crc.value;
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
};

it("gives the check value of CRC-64/XZ", () => {
  expect(crcOf(Buffer.from("123456789"))).toBe("995dc9bbdf1939fa");
});

it("is zero for nothing", () => {
  expect(crcOf()).toBe("0000000000000000");
});

it("does not depend on where the bytes are cut", () => {
  const bytes = Buffer.from(Array.from({ length: 100 }, (_, index) => (index * 37) & 0xff));
  const whole = crcOf(bytes);
  for (let cut = 0; cut <= bytes.length; cut += 1) expect(crcOf(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(whole);
});
