import { isUtf8 } from "node:buffer";
import type { Pack } from "tar-stream";

const BLOCK_BYTES = 512;
const CHECKSUM = { at: 148, bytes: 8 } as const;

/**
 * Writes a name that is no text before the entry that has it. Every tar takes such a name from an entry of its own, as
 * GNU's tar began it for long ones: `L` for the next entry's name, `K` for what a link points to. The library writes
 * text only.
 */
export function writeRawName(archive: Pack, kind: "L" | "K", name: string): void {
  const bytes = Buffer.from(name, "latin1");
  if (isUtf8(bytes)) return;
  const body = Buffer.alloc(Math.ceil((bytes.length + 1) / BLOCK_BYTES) * BLOCK_BYTES);
  bytes.copy(body);
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write("././@LongLink", 0);
  for (const [field, at] of [["0000644", 100], ["0000000", 108], ["0000000", 116]] as const) header.write(`${field}\0`, at);
  header.write(`${(bytes.length + 1).toString(8).padStart(11, "0")}\0`, 124);
  header.write(`${"0".repeat(11)}\0`, 136);
  header.write(kind, 156);
  header.write("ustar  \0", 257);
  // The sum is taken with blanks in its own place.
  header.fill(" ", CHECKSUM.at, CHECKSUM.at + CHECKSUM.bytes);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, CHECKSUM.at);
  archive.push(Buffer.concat([header, body]));
}
