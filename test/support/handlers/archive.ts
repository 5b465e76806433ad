import { crc64Xz, RunningCrc64 } from "../../../handlers/engines/crc64.ts";

type Value = string | number | boolean | bigint;

/** A flat BSON document: whole numbers are int32, bigints int64. */
export function bson(values: Readonly<Record<string, Value>>): Buffer {
  const fields = Object.entries(values).map(([name, value]) => {
    const key = Buffer.from(`${name}\0`);
    if (typeof value === "string") {
      const text = Buffer.from(`${value}\0`);
      return Buffer.concat([Buffer.from([0x02]), key, int32(text.length), text]);
    }
    if (typeof value === "boolean") return Buffer.concat([Buffer.from([0x08]), key, Buffer.from([value ? 1 : 0])]);
    if (typeof value === "number") return Buffer.concat([Buffer.from([0x10]), key, int32(value)]);
    const long = Buffer.alloc(8);
    long.writeBigUInt64LE(value);
    return Buffer.concat([Buffer.from([0x12]), key, long]);
  });
  const body = Buffer.concat(fields);
  return Buffer.concat([int32(body.length + 5), body, Buffer.from([0])]);
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

const TERMINATOR = Buffer.from([0xff, 0xff, 0xff, 0xff]);

export const magic = Buffer.from([0x6d, 0xe2, 0x99, 0x81]);

/** Magic, header and the announced namespaces. */
export const prelude = (...names: readonly string[]): Buffer => Buffer.concat([
  magic,
  bson({ concurrent_collections: 4, version: "0.1", server_version: "7.0.0", tool_version: "100.13.0" }),
  ...names.map((name) => {
    const [db = "", collection = ""] = name.split(".");
    return bson({ db, collection, metadata: "{}", size: 0, type: "collection" });
  }),
  TERMINATOR,
]);

const header = (name: string, last: boolean, crc: bigint): Buffer => {
  const dot = name.indexOf(".");
  return bson({ db: name.slice(0, dot), collection: name.slice(dot + 1), EOF: last, CRC: crc });
};

export const segment = (name: string, ...documents: readonly Buffer[]): Buffer =>
  Buffer.concat([header(name, false, 0n), ...documents, TERMINATOR]);

/** The last block of a namespace, with the checksum of all its documents. */
export function end(name: string, ...documents: readonly Buffer[]): Buffer {
  const crc = new RunningCrc64(crc64Xz);
  for (const document of documents) crc.update(document);
  const { high, low } = crc.value;
  return Buffer.concat([header(name, true, (BigInt(high) << 32n) | BigInt(low)), TERMINATOR]);
}
