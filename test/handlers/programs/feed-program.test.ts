import { join } from "node:path";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { feedProgram } from "../../../handlers/programs/feed-program.ts";
import { childProcesses } from "../../support/handlers/processes.ts";
import { scriptsFolder } from "../../support/handlers/scripts.ts";

const CHUNK = Buffer.alloc(64 * 1024, "x");

async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield CHUNK;
}

async function* failing(count: number): AsyncGenerator<Uint8Array> {
  yield* chunks(count);
  throw new Error("the store broke off");
}

/** Never goes on after its first chunk. */
async function* stalling(): AsyncGenerator<Uint8Array> {
  yield CHUNK;
  await new Promise<never>(() => undefined);
}

const feed = (script: string, source: AsyncIterable<Uint8Array>, signal = new AbortController().signal): Promise<unknown> => {
  const folder = scriptsFolder({ reader: script });
  return feedProgram({ file: join(folder, "reader"), args: [join(folder, "read")], env: { PATH: "/usr/bin:/bin" }, redact: (text) => text.replaceAll("secret", "[redacted]") }, source, signal);
};

it("gives a program every byte, more than any pipe holds", async () => {
  const folder = scriptsFolder({ reader: "cat > \"$1\"" });
  const file = join(folder, "read");
  await feedProgram({ file: join(folder, "reader"), args: [file], env: { PATH: "/usr/bin:/bin" }, redact: (text) => text }, chunks(40), new AbortController().signal);
  expect(readFileSync(file).length).toBe(40 * CHUNK.length);
});

it("is a failure of the program, in its words, when it ends early with one", async () => {
  await expect(feed("head -c 10 >/dev/null; echo 'no secret here' >&2; exit 3", chunks(200))).rejects.toThrow(/ended with exit code 3\. Its last lines: no \[redacted\] here/);
});

it("does not wait for a source that stalls when the program has failed", async () => {
  await expect(feed("exit 4", stalling())).rejects.toThrow("ended with exit code 4");
});

it("is a failure when the program ends well without having read everything", async () => {
  await expect(feed("head -c 10 >/dev/null; exit 0", chunks(200))).rejects.toThrow("to read all that it was given");
});

it("is no failure when the program ends with the last byte, before it can know that it is the last", async () => {
  const folder = scriptsFolder({ reader: `head -c ${CHUNK.length} >"$1"; : >"$1.ended"` });
  const file = join(folder, "read");
  async function* one(): AsyncGenerator<Uint8Array> {
    yield CHUNK;
    await expect.poll(() => existsSync(`${file}.ended`)).toBe(true);
    await wait(100);
  }
  await feedProgram({ file: join(folder, "reader"), args: [file], env: { PATH: "/usr/bin:/bin" }, redact: (text) => text }, one(), new AbortController().signal);
  expect(readFileSync(file).length).toBe(CHUNK.length);
});

it("is a failure when more comes after the program has ended well", async () => {
  async function* late(): AsyncGenerator<Uint8Array> {
    yield CHUNK;
    await wait(300);
    yield CHUNK;
  }
  await expect(feed(`head -c ${CHUNK.length} >/dev/null; exit 0`, late())).rejects.toThrow("to read all that it was given");
});

it("is the source's failure when that breaks off, although the program took what came for the whole", async () => {
  await expect(feed("cat >/dev/null; exit 0", failing(3))).rejects.toThrow("the store broke off");
});

it("ends the program at once when it is told to, and says why", async () => {
  const deadline = new AbortController();
  const fed = feed("exec sleep 60", stalling(), deadline.signal);
  await expect.poll(() => childProcesses("sleep").length).toBe(1);
  deadline.abort(new Error("the deadline"));
  await expect(fed).rejects.toThrow("the deadline");
  expect(childProcesses("sleep")).toEqual([]);
});
