import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { runBackup } from "../../../../../handlers/backup/run.ts";
import { decodeFiles } from "../../../../../handlers/engines/files/decode.ts";
import { openFolderDump } from "../../../../../handlers/engines/files/folder/dump.ts";
import { dumpOf } from "../../../../../handlers/engines/open.ts";
import { folderStore } from "../../../../../handlers/store/folder/folder-store.ts";
import type { BackupManifest } from "../../../../../practice/contract/manifest.ts";
import { jobAt } from "../../../../support/handlers/dumps.ts";

const inLatin1 = (folder: string, name: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, "latin1")]);

describe("a backup of a folder", () => {
  let scratch: string;
  let uploads: string;
  let place: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "test-"));
    onTestFinished(() => rmSync(scratch, { recursive: true }));
    [uploads, place] = [join(scratch, "uploads"), join(scratch, "store")];
    mkdirSync(uploads);
  });

  const backUp = async (): Promise<BackupManifest & { readonly path: string }> => {
    const store = folderStore(place);
    const job = jobAt("2026-11-23T02:00:00Z", { source: "uploads", engine: "files", database: uploads });
    const outcome = await runBackup(job, {
      store, attempt: "one", now: () => new Date(), signal: new AbortController().signal,
      openDump: dumpOf({ ...job, tools: "", credentials: () => Promise.reject(new Error("Expected nobody to ask for credentials.")) }),
    });
    const manifest = JSON.parse(await store.readText(outcome.manifestKey)) as BackupManifest;
    return { ...manifest, path: store.addressOf(manifest.object.key) };
  };
  /** By the line in the manifest, which is what a stranger has. */
  const restored = ({ restoreCommand }: BackupManifest): string => {
    const { status, stderr } = spawnSync("bash", ["-c", `set -e; ${restoreCommand}`], { cwd: scratch, encoding: "utf8" });
    // It remarks on times that are far away, and sets them.
    expect({ status, stderr: stderr.replaceAll(/^tar: .*(s in the future|implausibly old time stamp .*)\n/gm, "") }).toEqual({ status: 0, stderr: "" });
    return join(scratch, "restored");
  };

  it("is restored by stock tar as it was: bytes, rights, owners, times, links, empty files and folders", async () => {
    mkdirSync(join(uploads, "empty"));
    mkdirSync(join(uploads, "2026", "11"), { recursive: true });
    writeFileSync(join(uploads, "2026", "11", "picture.png"), Buffer.alloc(3_000_000, "png"));
    writeFileSync(join(uploads, "nothing"), "");
    writeFileSync(join(uploads, "secret"), "only the owner's", { mode: 0o600 });
    chmodSync(join(uploads, "empty"), 0o2750);
    symlinkSync("2026/11/picture.png", join(uploads, "latest"));
    symlinkSync("/etc/passwd", join(uploads, "outside"));
    if (process.getuid?.() === 0) chownSync(join(uploads, "secret"), 1234, 5678);
    utimesSync(join(uploads, "secret"), 1_000_000_000, 1_000_000_000);

    const manifest = await backUp();
    expect(manifest).toMatchObject({ counts: { objects: 8 }, object: { key: expect.stringMatching(/\.tar\.gz$/) as string }, tool: "upkeep, tar-stream" });
    expect(manifest.consistency).toMatch(/Symbolic links are kept as links, and never followed\.$/);
    const to = restored(manifest);
    expect(readFileSync(join(to, "2026/11/picture.png")).equals(Buffer.alloc(3_000_000, "png"))).toBe(true);
    expect(readFileSync(join(to, "nothing"), "utf8")).toBe("");
    expect(readdirSync(join(to, "empty"))).toEqual([]);
    expect(statSync(join(to, "empty")).mode & 0o7777).toBe(0o2750);
    expect([readlinkSync(join(to, "latest")), readlinkSync(join(to, "outside"))]).toEqual(["2026/11/picture.png", "/etc/passwd"]);
    const { mode, uid, gid, mtimeMs } = statSync(join(to, "secret"));
    expect({ mode: mode & 0o7777, mtimeMs }).toEqual({ mode: 0o600, mtimeMs: 1_000_000_000_000 });
    if (process.getuid?.() === 0) expect([uid, gid]).toEqual([1234, 5678]);
  });

  it("keeps names of every length and kind, those too that are no text", async () => {
    const names = ["--checkpoint=1", " a b ", "line\nbreak", "ä", "x".repeat(255), `${`${"deep".repeat(40)}/`.repeat(3)}leaf`, "quote'\"", "caf\xe9", `\xff${"long".repeat(40)}`];
    for (const [index, name] of names.entries()) {
      const bytes = /[\u0080-\u00ff]/.test(name) && name !== "ä" ? inLatin1(uploads, name) : Buffer.from(join(uploads, name));
      mkdirSync(bytes.subarray(0, bytes.lastIndexOf("/")), { recursive: true });
      writeFileSync(bytes, `body ${index}`);
    }
    mkdirSync(inLatin1(uploads, "fol\xe4der"));
    symlinkSync(Buffer.from("to-\xfc", "latin1"), inLatin1(uploads, "l\xf6nk"));

    const manifest = await backUp();
    const to = restored(manifest);
    for (const [index, name] of names.entries()) {
      const bytes = /[\u0080-\u00ff]/.test(name) && name !== "ä" ? inLatin1(to, name) : Buffer.from(join(to, name));
      expect(readFileSync(bytes, "utf8"), name).toBe(`body ${index}`);
    }
    expect(lstatSync(inLatin1(to, "fol\xe4der")).isDirectory()).toBe(true);
    expect(readlinkSync(inLatin1(to, "l\xf6nk"), { encoding: "latin1" })).toBe("to-\xfc");
    const { counts } = await decodeFiles((async function* read() { yield await Promise.resolve(readFileSync(manifest.path)); })(), new AbortController().signal);
    expect(counts).toEqual(manifest.counts);
  });

  it("keeps times and owners that tar's own header has no room for", async () => {
    for (const [name, seconds] of [["before-1970", -86_400], ["after-2038", 4_000_000_000]] as const) {
      writeFileSync(join(uploads, name), name);
      // Node takes a time before 1970 for the present.
      execFileSync("touch", ["-d", `@${seconds}`, join(uploads, name)]);
    }
    if (process.getuid?.() === 0) chownSync(join(uploads, "after-2038"), 3_000_000, 3_000_001);
    const to = restored(await backUp());
    expect(statSync(join(to, "before-1970")).mtimeMs).toBe(-86_400_000);
    const { mtimeMs, uid, gid } = statSync(join(to, "after-2038"));
    expect(mtimeMs).toBe(4_000_000_000_000);
    if (process.getuid?.() === 0) expect([uid, gid]).toEqual([3_000_000, 3_000_001]);
  });

  it("leaves sockets and pipes out and says so, and waits for neither", async () => {
    execFileSync("bash", ["-c", "mkfifo pipe"], { cwd: uploads });
    const socket = createServer().listen(join(uploads, "app.sock"));
    onTestFinished(() => void socket.close());
    writeFileSync(join(uploads, "a.txt"), "text");
    const manifest = await backUp();
    expect(manifest.counts).toEqual({ objects: 1 });
    expect(manifest.consistency).toMatch(/ 2 sockets, pipes or devices are left out; the first: app\.sock\.$/);
  });

  it("tells the whole size of a file of many gigabytes", async () => {
    // Sparse: 9 GiB of zeros on no disk, more than the eleven octal digits of a header can say.
    writeFileSync(join(uploads, "huge"), "");
    truncateSync(join(uploads, "huge"), 9 * 1024 ** 3);
    const dump = openFolderDump(uploads, new AbortController().signal);
    onTestFinished(() => dump.close());
    const listing = spawn("tar", ["-tvzf", "-"], { stdio: ["pipe", "pipe", "ignore"] });
    const [line] = await Promise.all([
      once(listing.stdout, "data"),
      // It has told the name and the size when what follows ends too early.
      (async () => {
        let bytes = 0;
        for await (const chunk of dump.body) {
          listing.stdin.write(chunk);
          if ((bytes += chunk.length) > 100_000) break;
        }
        listing.stdin.end();
      })(),
    ]);
    expect(String(line[0])).toContain(" 9663676416 ");
  });

  it("may be of a folder that is a link, as a release's is, and of one that is still empty", async () => {
    symlinkSync(uploads, join(scratch, "current"));
    uploads = join(scratch, "current");
    const manifest = await backUp();
    expect(manifest.counts).toEqual({ objects: 0 });
    expect(readdirSync(restored(manifest))).toEqual([]);
  });
});
