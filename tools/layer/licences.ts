import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GoModule } from "../parts/go-part.ts";
import { STATIC_LIBRARIES } from "./build-needs.ts";
import { LICENCES } from "./contents.ts";

/** What people call the file that says under which terms a source may be passed on. */
const LICENCE_FILE = /^(licen[cs]e|copying|copyright|notice|third-party-notices)/i;

export interface LicensedSources {
  readonly postgresql: string;
  readonly redis: string;
  readonly modules: readonly GoModule[];
}

/** Copies the terms of everything that is in the programs: all of them ask that whoever passes a program on passes these on too. */
export function keepLicences(root: string, { postgresql, redis, modules }: LicensedSources): void {
  keep(root, "PostgreSQL", postgresql);
  keep(root, "Redis", redis);
  for (const name of ["hiredis", "hdr_histogram", "lua"]) keep(root, `Redis/${name}`, join(redis, "deps", name));
  // Go's own terms are those of golang.org/x/sys, which is among the modules.
  for (const { path, folder } of modules) keep(root, `go/${path.replaceAll("/", "_")}`, folder);
  for (const library of STATIC_LIBRARIES) {
    const file = library.licenceFiles.find(existsSync);
    if (file === undefined) throw new Error(`Expected the licence of ${library.title} in one of ${library.licenceFiles.join(", ")}, found none: a layer without it may not be passed on. Install ${library.debian} with its documentation.`);
    copy(file, root, library.title, "copyright");
  }
  // Has no file of its own for its terms: they stand at the top of its header.
  copy(join(redis, "deps/linenoise/linenoise.h"), root, "Redis/linenoise", "linenoise.h");
  // Distributions point to a copy of this one that lies elsewhere; ours is the same text.
  copy(fileURLToPath(new URL("../../LICENSE", import.meta.url)), root, "OpenSSL", "Apache-2.0");
}

function keep(root: string, name: string, folder: string): void {
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  if (files.length === 0) throw new Error(`Expected a licence in the sources of ${name}, found none: look for it before this is passed on.`);
  for (const file of files) copy(join(folder, file), root, name, file);
}

function copy(file: string, root: string, name: string, as: string): void {
  const folder = join(root, LICENCES, name);
  mkdirSync(folder, { recursive: true });
  cpSync(file, join(folder, as));
}
