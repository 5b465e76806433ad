/** A packet of git's protocol: a line or bytes, or the flush that ends what belongs together. */
export type Packet = Buffer | typeof flush;

export const flush = Symbol("flush");

const LENGTH_DIGITS = 4;

/** Packets out of a body, as they arrive. Throws where the body ends within one. */
export async function* packetsIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<Packet> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    held = held.length === 0 ? bufferOf(chunk) : Buffer.concat([held, chunk]);
    while (held.length >= LENGTH_DIGITS) {
      const length = lengthOf(held);
      if (held.length < length) break;
      yield length === 0 ? flush : held.subarray(LENGTH_DIGITS, length);
      held = held.subarray(Math.max(length, LENGTH_DIGITS));
    }
  }
  if (held.length > 0) throw new Error("its answer ends within a packet");
}

const bufferOf = (chunk: Uint8Array): Buffer => Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

/** With its own four digits; 0 is a flush, and 1 to 3 are of a version that is not asked for. */
function lengthOf(held: Buffer): number {
  const digits = held.toString("latin1", 0, LENGTH_DIGITS);
  const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  if (length === 0 || length >= LENGTH_DIGITS) return length;
  throw new Error("its answer is not what git's protocol has");
}

/** The same text as a packet. */
export const packet = (text: string): string => `${(text.length + LENGTH_DIGITS).toString(16).padStart(LENGTH_DIGITS, "0")}${text}`;

export const FLUSH = "0000";
