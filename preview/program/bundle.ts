import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, Plugin } from "esbuild";
import type { Problem } from "../engine/problem.ts";

export interface Bundle {
  readonly code: string;
  /** Every file that went into it. */
  readonly files: readonly string[];
}

/** The program cannot be read: each problem has its place. */
class ProgramSourceError extends Error {
  override readonly name = "ProgramSourceError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join("\n"));
    this.problems = problems;
  }
}

/**
 * Makes one module of a program's own files; packages stay outside. One import then evaluates the whole program afresh,
 * in whatever dialect of TypeScript it is written, on a Node that knows none.
 * `absolutePackages`: packages are named by path, for a module that will lie where they are not found by name.
 */
export async function bundle(entry: string, options: { readonly absolutePackages: boolean }): Promise<Bundle> {
  const { build, stop } = await import("esbuild");
  building += 1;
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      absWorkingDir: dirname(entry),
      bundle: true,
      packages: options.absolutePackages ? "bundle" : "external",
      platform: "node",
      format: "esm",
      target: "node20",
      sourcemap: "external",
      sourcesContent: false,
      write: false,
      outfile: "program.mjs",
      metafile: true,
      logLevel: "silent",
      define: { "import.meta": here, __dirname: `${here}.dirname`, __filename: `${here}.filename` },
      banner: { js: `import { createRequire as upkeepRequire } from "node:module"; const require = upkeepRequire(${JSON.stringify(pathToFileURL(entry).href)});` },
      plugins: [knowsItsPlace, ...(options.absolutePackages ? [namesPackagesByPath] : [])],
    });
    const code = outputFiles.find(({ path }) => path.endsWith(".mjs"));
    const map = outputFiles.find(({ path }) => path.endsWith(".map"));
    if (!code || !map) throw new Error(`Expected esbuild to make a module and its map of ${entry}, got ${outputFiles.map(({ path }) => path).join(", ")}.`);
    return { code: code.text + inlined(map.text, dirname(entry)), files: Object.keys(metafile.inputs).map((file) => resolve(dirname(entry), file)) };
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new ProgramSourceError(error.errors.map(({ text, location }) => ({
      message: text,
      ...(location ? { path: location.file, file: location.file, line: location.line, column: location.column + 1 } : {}),
    })));
  } finally {
    building -= 1;
    // Its child process serves all builds at once, and would take the others with it.
    if (building === 0) await stop();
  }
}

let building = 0;

/** The module will lie elsewhere than its sources, so its map names them by address. */
function inlined(map: string, folder: string): string {
  const { sources, ...rest } = JSON.parse(map) as { readonly sources: readonly string[] };
  const placed = JSON.stringify({ ...rest, sources: sources.map((source) => pathToFileURL(resolve(folder, source)).href) });
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(placed).toString("base64")}\n`;
}

/** Name of the constant that tells each file where it lies. */
const here = "__upkeepHere";

/** A file that asks where it lies is answered for itself, not for the bundle. */
const knowsItsPlace: Plugin = {
  name: "knows-its-place",
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }) => {
      const contents = readFileSync(path, "utf8");
      if (!/import\.meta|__dirname|__filename/.test(contents)) return undefined;
      const place = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
      // On the file's first line, so that its lines keep their numbers.
      return { contents: `const ${here} = ${JSON.stringify(place)}; ${contents}`, loader: path.endsWith("x") ? "tsx" : "ts" };
    });
  },
};

const namesPackagesByPath: Plugin = {
  name: "names-packages-by-path",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === here || importer === "" || path.startsWith("node:")) return undefined;
      const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: here });
      if (found.errors.length > 0 || found.external) return undefined;
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}
