import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import ts from "typescript";

export interface SourceFile {
  /** From the top of the tree, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly text: string;
  /** As written, types too, dynamic ones too. */
  readonly imports: readonly string[];
  /** Those that are still there when the program runs. */
  readonly loads: readonly string[];
}

/** Lint makes an import of nothing but types say so at its start; the compiler erases it. */
const TYPES_ONLY = /^(?:import|export) type [^;]+? from "([^"]+)";/gm;
const NOT_OURS = new Set(["node_modules", "dist", "coverage"]);

/** Every TypeScript file of the tree, as the tests of its shape look at it. */
export function sourceFiles(top: string): readonly SourceFile[] {
  return walk(top).map((file) => {
    const text = readFileSync(file, "utf8");
    // The compiler's own reader also sees dynamic imports, and no import inside a comment or string.
    const imports = ts.preProcessFile(text, true, true).importedFiles.map((found) => found.fileName);
    const erased = [...text.matchAll(TYPES_ONLY)].map((found) => found[1]);
    const loads = [...imports];
    for (const specifier of erased) loads.splice(loads.indexOf(specifier ?? ""), 1);
    return { path: relative(top, file), lines: text.trimEnd().split("\n").length, text, imports, loads };
  });
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".") || NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** What a relative import means, from the top of the tree. */
export const importTarget = (from: SourceFile, specifier: string): string => normalize(join(dirname(from.path), specifier));
