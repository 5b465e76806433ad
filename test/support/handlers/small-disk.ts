import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A disk of its own in memory, which a test may fill. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves so many bytes of it, rounded to the disk's blocks. */
  readonly fill: (leftBytes: number) => void;
  readonly empty: () => void;
}

const mount = (folder: string, sizeMebibytes: number): void =>
  void execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMebibytes}m,mode=0700`, "tmpfs", folder], { stdio: "pipe" });

/** Taken away again when the running test has ended. */
export function smallDisk(sizeMebibytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "small-disk-"));
  mount(folder, sizeMebibytes);
  onTestFinished(() => {
    execFileSync("umount", [folder]);
    rmdirSync(folder);
  });
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill: (leftBytes) => {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes)));
    },
    empty: () => rmSync(ballast),
  };
}

/** Only who may mount can have one: root, and not in every container. */
export const maySmallDisk = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), "small-disk-"));
  try {
    mount(folder, 1);
    execFileSync("umount", [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
})();
