import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { NotDecodable } from "../../../../handlers/engines/decode.ts";
import { decodeExport } from "../../../../handlers/engines/export/decode.ts";
import { recordFault } from "../../../support/fault-matrix.ts";

const { signal } = new AbortController();
const row = (table: string, id: number): string => `${JSON.stringify({ table, row: { id } })}\n`;
const end = (table: string, rows: number): string => `${JSON.stringify({ table, rows })}\n`;
const whole = row("users", 1) + row("users", 2) + end("users", 2) + end("empty", 0);

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10) {
    await Promise.resolve();
    yield bytes.subarray(at, at + 10);
  }
}

describe("an export, read whole", () => {
  it("tells how many rows each table has, those without any too", async () => {
    await expect(decodeExport(inPieces(gzipSync(whole)), signal)).resolves.toMatchObject({ counts: { users: 2, empty: 0 }, hashedBy: "export-rows-1" });
  });

  it.each<[string, Uint8Array]>([
    ["lost a row", gzipSync(row("users", 1) + end("users", 2))],
    ["lost the end of a table", gzipSync(row("users", 1) + row("users", 2))],
    ["lost the end of a table that another follows", gzipSync(row("users", 1) + end("empty", 0))],
    ["has a row behind the end of its table", gzipSync(`${whole}${row("users", 3)}`)],
    ["has a line that is no row", gzipSync('{"table":"users"}\n')],
    ["ends within a line", gzipSync(whole.slice(0, -3))],
    ["holds nothing", gzipSync("")],
    ["was cut off", gzipSync(whole).subarray(0, -5)],
  ])("is none when it %s", async (fault, bytes) => {
    await expect(decodeExport(inPieces(bytes), signal)).rejects.toThrow(NotDecodable);
    recordFault({ engine: "postgresql-export", fault: `stored export ${fault}`, happened: "no whole export", exit: "check failed", evidence: "corrupted", alarm: "corrupted", left: "all" });
  });
});
