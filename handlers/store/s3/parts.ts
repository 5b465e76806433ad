const MEBIBYTE = 1024 * 1024;

/** As many as S3 allows in one object (Amazon S3 user guide, multipart upload limits). */
const MOST_PARTS = 10_000;

/** So many are of the planned size. Those behind them grow: a source that nobody measured, or that has outgrown its plan. */
const PLANNED_PARTS = 8_000;
const GROWTH = 1.5;

/** The size doubles with each so many: after four times the plan a part of 16 MiB has become one of 512. */
const DOUBLES_EVERY = 250;

const SMALLEST_BYTES = 16 * MEBIBYTE;

/** Four are in memory at once: 2 GiB, of the 4 that a task has. */
const LARGEST_BYTES = 512 * MEBIBYTE;

/** Bytes of a part for a source of the expected size. */
export function partBytesFor(sizeGiB: number): number {
  const wanted = Math.ceil((GROWTH * sizeGiB * 1024 * MEBIBYTE) / PLANNED_PARTS);
  return Math.min(Math.max(wanted, SMALLEST_BYTES), LARGEST_BYTES);
}

/** Bytes of one part, by its number: as planned, and more than that at an end that nobody planned. Never less than the one before. */
export function bytesOfPart(planned: number, number: number): number {
  const doublings = Math.max(0, Math.ceil((number - PLANNED_PARTS) / DOUBLES_EVERY));
  return Math.max(planned, Math.min(LARGEST_BYTES, planned * 2 ** doublings));
}

export interface Part {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/** Cuts a stream. Gives at least one part; only the last may be small, or the only one empty. */
export async function* partsOf(body: AsyncIterable<Uint8Array>, planned: number): AsyncGenerator<Part, undefined> {
  let chunks: Uint8Array[] = [];
  let room = bytesOfPart(planned, 1);
  let number = 1;
  for await (const chunk of body) {
    let rest = chunk;
    while (rest.length > room) {
      if (number === MOST_PARTS) throw new Error(`Expected a source that S3 takes in ${MOST_PARTS} parts, it is several times larger than its sizeGiB says. Raise it to the truth.`);
      yield { number, bytes: Buffer.concat([...chunks, rest.subarray(0, room)]), isLast: false };
      rest = rest.subarray(room);
      chunks = [];
      number += 1;
      room = bytesOfPart(planned, number);
    }
    chunks.push(rest);
    room -= rest.length;
  }
  yield { number, bytes: Buffer.concat(chunks), isLast: true };
  return undefined;
}
