import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";

/** Where a program of the database is told what to do next, in place of its work. */
export interface Fate {
  /** As shell; the next call does it, before its own work, and none after it. */
  readonly next: (script: string) => void;
  /** Each call does it, until `never`. */
  readonly always: (script: string) => void;
  readonly never: () => void;
  readonly isDone: () => boolean;
}

/** `shell`: what such a program begins with. */
export function fateIn(folder: string, name: string): Fate & { readonly shell: string } {
  const [once, taken, each] = ["once", "taken", "each"].map((ending) => join(folder, `${name}.${ending}`)) as [string, string, string];
  return {
    shell: `if [ "$1" != --version ]; then [ ! -e ${each} ] || . ${each}; if [ -e ${once} ]; then mv ${once} ${taken}; . ${taken}; fi; fi`,
    next: (script) => {
      rmSync(taken, { force: true });
      writeFileSync(once, `${script}\n`);
    },
    always: (script) => writeFileSync(each, `${script}\n`),
    never: () => rmSync(each),
    isDone: () => existsSync(taken),
  };
}

/** A real program, behind what a test wants of its next call. */
export const behind = (shell: string, program: string): string => `#!/bin/sh\n${shell}\nexec ${program} "$@"\n`;

/** Programs as a layer packs them. */
export const packed = (programs: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(programs).map(([name, text]) => [`bin/${name}`, [Buffer.from(text), { os: 3, attrs: 0o100755 * 2 ** 16 }]])));
