import { readFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, Loader, Metafile, Plugin } from "esbuild";
import type { Problem } from "../engine/problem.ts";
import { packagesInside, required } from "./packages.ts";

export interface Bundle {
  readonly code: string;
  /** Source map; read only when an error's place is asked for. */
  readonly map: string;
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
 * Makes one module of a program. One import then evaluates the whole program afresh, in whatever dialect of TypeScript it is
 * written, on a Node that knows none, wherever the module lies: what it requires is found from the program's first file.
 */
export async function bundle(entry: string): Promise<Bundle> {
  const { build, stop } = await import("esbuild");
  building += 1;
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      absWorkingDir: dirname(entry),
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      // As Node has them: the bundlers' own condition "module" would find other files.
      conditions: [],
      sourcemap: "external",
      sourcesContent: false,
      // Half as much to read, and places are those of the sources all the same.
      minifyWhitespace: true,
      write: false,
      outfile: "program.mjs",
      metafile: true,
      logLevel: "silent",
      define: { "import.meta": here, __dirname: `${here}.dirname`, __filename: `${here}.filename` },
      banner: { js: `import { createRequire as upkeepRequire } from "node:module"; const require = upkeepRequire(${JSON.stringify(pathToFileURL(entry).href)});` },
      plugins: [knowsItsPlace, packagesInside],
    });
    const code = outputFiles.find(({ path }) => path.endsWith(".mjs"));
    const map = outputFiles.find(({ path }) => path.endsWith(".map"));
    if (!code || !map) throw new Error(`Expected esbuild to make a module and its map of ${entry}, got ${outputFiles.map(({ path }) => path).join(", ")}.`);
    return { code: code.text, map: placed(map.text, dirname(entry)), files: filesOf(metafile, dirname(entry)) };
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

const filesOf = ({ inputs }: Metafile, folder: string): readonly string[] =>
  Object.keys(inputs).filter((input) => !input.startsWith(`${required}:`)).map((file) => resolve(folder, file));

/** The module will lie elsewhere than its sources, so its map names them by address. */
function placed(map: string, folder: string): string {
  const { sources, ...rest } = JSON.parse(map) as { readonly sources: readonly string[] };
  return JSON.stringify({ ...rest, sources: sources.map((source) => pathToFileURL(resolve(folder, source)).href) });
}

/** Name of the constant that tells each file where it lies. */
const here = "__upkeepHere";

/** A file that asks where it lies is answered for itself, not for the bundle. */
const knowsItsPlace: Plugin = {
  name: "knows-its-place",
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, ({ path }) => {
      const contents = readFileSync(path, "utf8");
      if (!/import\.meta|__dirname|__filename/.test(contents)) return undefined;
      const place = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
      // On the file's first line, so that its lines keep their numbers.
      return { contents: `const ${here} = ${JSON.stringify(place)}; ${contents}`, loader: extname(path).replace(/^\.[cm]?/, "") as Loader };
    });
  },
};

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}
