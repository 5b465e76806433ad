/** What the headers of an archive hold. 64-bit numbers come as two unsigned halves. */
export type FlatValue = string | number | boolean | { readonly high: number; readonly low: number };

const TYPES = { string: 0x02, boolean: 0x08, int32: 0x10, int64: 0x12 } as const;

/** Reads one BSON document that holds nothing nested, which is all that an archive's headers are. */
export function readFlatDocument(document: Buffer): Readonly<Record<string, FlatValue>> {
  const values: Record<string, FlatValue> = {};
  const end = document.length - 1;
  let at = 4;
  while (at < end) {
    const type = document.readUInt8(at);
    const nameEnd = document.indexOf(0, at + 1);
    if (nameEnd < 0) throw new Error("Expected the name of a field in a header of the archive to end, it does not.");
    const name = document.toString("utf8", at + 1, nameEnd);
    at = nameEnd + 1;
    switch (type) {
      case TYPES.string: {
        const bytes = document.readInt32LE(at);
        values[name] = document.toString("utf8", at + 4, at + 4 + bytes - 1);
        at += 4 + bytes;
        break;
      }
      case TYPES.boolean:
        values[name] = document.readUInt8(at) === 1;
        at += 1;
        break;
      case TYPES.int32:
        values[name] = document.readInt32LE(at);
        at += 4;
        break;
      case TYPES.int64:
        values[name] = { low: document.readUInt32LE(at), high: document.readUInt32LE(at + 4) };
        at += 8;
        break;
      default:
        throw new Error(`Expected strings, numbers and truths in a header of the archive, the field ${name} has the BSON type ${type}.`);
    }
  }
  return values;
}

export function textOf(document: Readonly<Record<string, FlatValue>>, name: string): string {
  const value = document[name];
  if (typeof value !== "string") throw new Error(`Expected the text ${name} in a header of the archive, it holds ${Object.keys(document).join(", ")}.`);
  return value;
}
