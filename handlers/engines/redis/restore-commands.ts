import { crc64Redis, RunningCrc64 } from "../crc64.ts";
import { SnapshotBytes } from "./snapshot-bytes.ts";
import { type SnapshotKey, walkSnapshot } from "./snapshot-walk.ts";

export interface CommandOptions {
  readonly username: string;
  readonly password: string;
  /** Version of the snapshot that the target's server reads at most. */
  readonly newestVersion: number;
  /** When a key is to expire, milliseconds since 1970; `never` for one that stays, `gone` for one that is left out. */
  readonly expiryOf: (key: SnapshotKey) => number | "never" | "gone";
}

/** A server takes no longer word, and gives up on who sends one. */
const LONGEST_WORD = 512 * 1024 * 1024;

/**
 * A snapshot as the commands that make its keys anew in a running server, as redis-cli passes them on. Each value goes
 * as it lies in the snapshot, in the envelope of DUMP, so that nothing of it is lost on the way; one value at a time is
 * held. Gives how many commands that were: the server has to answer each.
 */
export async function* restoreCommands(snapshot: AsyncIterable<Uint8Array>, options: CommandOptions): AsyncGenerator<Buffer, number> {
  const bytes = new SnapshotBytes();
  const ready: Buffer[] = [];
  let sent = 0;
  const send = (...words: readonly (string | Buffer)[]): void => {
    sent += 1;
    ready.push(...command(words));
  };
  // First, in the stream itself: redis-cli takes its own login from the same input, and would swallow what follows it.
  send("AUTH", options.username, options.password);

  let version = 0;
  let database = 0;
  const reading = walkSnapshot(bytes, {
    version: (found) => {
      version = found;
      expectVersion(found, options.newestVersion);
    },
    library: (code) => send("FUNCTION", "LOAD", Buffer.from(code)),
    key: () => {
      bytes.keep();
      return undefined;
    },
    keyEnd: (key) => {
      const value = bytes.kept();
      const expiry = options.expiryOf(key);
      if (expiry === "gone") return;
      if (key.database !== database) {
        database = key.database;
        send("SELECT", String(database));
      }
      send("RESTORE", key.name, expiry === "never" ? "0" : String(expiry), envelope(key, value, version), "ABSTTL");
    },
  });

  let came = 0;
  let whole = false;
  for await (const chunk of snapshot) {
    came += chunk.length;
    if (!whole) {
      bytes.push(chunk);
      whole = reading.next().done === true;
    }
    if (whole && came > bytes.position) throw new Error("Expected nothing after the end of the snapshot, more came.");
    yield* ready.splice(0);
  }
  if (!whole) throw new Error(`Expected a whole snapshot of Redis, it breaks off after ${bytes.position} bytes.`);
  return sent;
}

/** Type, value, version, and a checksum over the three: what DUMP gives and RESTORE takes. */
function envelope(key: SnapshotKey, value: readonly Uint8Array[], version: number): Buffer {
  const head = Buffer.of(key.type);
  const tail = Buffer.alloc(10);
  tail.writeUInt16LE(version);
  const crc = new RunningCrc64(crc64Redis);
  for (const part of [head, ...value, tail.subarray(0, 2)]) crc.update(part);
  tail.writeUInt32LE(crc.value.low, 2);
  tail.writeUInt32LE(crc.value.high, 6);
  const whole = Buffer.concat([head, ...value, tail]);
  if (whole.length <= LONGEST_WORD) return whole;
  throw new Error(`Expected values of at most ${LONGEST_WORD} bytes, which a running server takes, the key ${JSON.stringify(key.name.toString())} has ${whole.length}: `
    + "start a new server from the snapshot instead, as the manifest's restore command does.");
}

function* command(words: readonly (string | Buffer)[]): Generator<Buffer> {
  yield Buffer.from(`*${words.length}\r\n`);
  for (const word of words) {
    yield Buffer.from(`$${Buffer.byteLength(word)}\r\n`);
    yield typeof word === "string" ? Buffer.from(`${word}\r\n`) : word;
    if (typeof word !== "string") yield Buffer.from("\r\n");
  }
}

function expectVersion(version: number, newest: number): void {
  if (version <= newest) return;
  throw new Error(`Expected a target that reads snapshots of version ${version}, its Redis reads ${newest} at most. Restore into a Redis that is not older than the one that was backed up.`);
}
