import { readFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, Loader, Plugin } from "esbuild";
import type { Problem } from "../engine/problem.ts";
import { isPackaged } from "./package-files.ts";
import { packages, required } from "./packages.ts";

export interface Bundle {
  readonly code: string;
  /** Source map; read only when an error's place is asked for. */
  readonly map: string;
  /** Every file that went into it, and every place where a package was looked for. */
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
  const inside = await bundleWith(entry, "inside").catch((error: unknown) => {
    // What is wrong in the program itself is said by the second one too.
    if (error instanceof ProgramSourceError) return undefined;
    throw error;
  });
  return inside === undefined || inside.particular ? bundleWith(entry, "outside") : inside;
}

async function bundleWith(entry: string, modules: "inside" | "outside"): Promise<Bundle & { readonly particular: boolean }> {
  const { build, stop } = await import("esbuild");
  const { plugin, places, read, particular } = packages(modules);
  building += 1;
  try {
    const { outputFiles, metafile, warnings } = await build({
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
      banner: { js: banner(pathToFileURL(entry).href) },
      plugins: [plugin, knowsItsPlace(read)],
      // What is said to be without effects may be pruned in packages only: here, files are imported to declare something.
      ignoreAnnotations: modules === "outside",
    });
    const code = outputFiles.find(({ path }) => path.endsWith(".mjs"));
    const map = outputFiles.find(({ path }) => path.endsWith(".map"));
    if (!code || !map) throw new Error(`Expected esbuild to make a module and its map of ${entry}, got ${outputFiles.map(({ path }) => path).join(", ")}.`);
    const inputs = Object.entries(metafile.inputs).flatMap(([input, { format }]) =>
      (input.startsWith(`${required}:`) ? [] : [{ file: resolve(dirname(entry), input), format }]));
    // Node believes no package's claim to be without effects, and keeps one copy of a script, whoever asks for it.
    const unlikeNode = warnings.some(({ id }) => id === "ignored-bare-import")
      || inputs.some(({ file, format }) => isPackaged(file) && format !== "esm");
    return { code: code.text, map: placed(map.text, dirname(entry)), files: [...inputs.map(({ file }) => file), ...places], particular: unlikeNode || particular() };
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
function placed(map: string, folder: string): string {
  const { sources, ...rest } = JSON.parse(map) as { readonly sources: readonly string[] };
  return JSON.stringify({ ...rest, sources: sources.map((source) => pathToFileURL(resolve(folder, source.replace(`${required}:`, ""))).href) });
}

/** Name of the constant that tells each file where it lies. */
const here = "__upkeepHere";

/** What the program requires by a computed name is found from its first file; what a file resolves, from that file. */
const banner = (entry: string): string => [
  `import { createRequire as upkeepRequire } from "node:module"; import { pathToFileURL as upkeepUrl } from "node:url";`,
  `const require = upkeepRequire(${JSON.stringify(entry)});`,
  `const upkeepResolve = (from) => (name) => /^\\.{0,2}\\//.test(name) || URL.canParse(name) ? new URL(name, from).href : upkeepUrl(upkeepRequire(from).resolve(name)).href;`,
].join(" ");

/** A file that asks where it lies is answered for itself, not for the bundle. */
const knowsItsPlace = (read: (file: string, content: string) => void): Plugin => ({
  name: "knows-its-place",
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, ({ path }) => {
      const contents = readFileSync(path, "utf8");
      read(path, contents);
      if (!/import\.meta|__dirname|__filename/.test(contents)) return undefined;
      const url = JSON.stringify(pathToFileURL(path).href);
      const place = `{ url: ${url}, dirname: ${JSON.stringify(dirname(path))}, filename: ${JSON.stringify(path)}, resolve: upkeepResolve(${url}) }`;
      // On the file's first line, so that its lines keep their numbers; a line that is for the shell must be the first, or none.
      return { contents: `const ${here} = ${place}; ${contents.replace(/^#!.*/, "")}`, loader: extname(path).replace(/^\.[cm]?/, "") as Loader };
    });
  },
});

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}
