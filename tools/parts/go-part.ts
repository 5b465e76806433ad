import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fillFolder, folderOf, recipes } from "./folder.ts";
import { GO_NEEDED, goProgram } from "./go-program.ts";
import type { Found, Part, Progress } from "./part.ts";
import { run } from "../process/run-command.ts";

export interface GoRecipe extends Pick<Part, "name" | "version" | "neededBy" | "consequence"> {
  /** Folder beside this file with go.mod and go.sum: they pin every module by checksum. */
  readonly module: string;
  /** Program name -> the Go package of its main. */
  readonly programs: Readonly<Record<string, string>>;
  /** Runs between `go mod vendor` and the build, for sources that need a file their module lacks. */
  readonly patchVendor?: (vendor: string) => void;
  /** What its release process gives to the linker, e.g. `-X module/version.Version=v1.2.3`. */
  readonly linkerFlags?: readonly string[];
  /** A program that is not written in Go: files beside this one, and what makes it from them in the part's folder. */
  readonly beside?: { readonly sources: readonly string[]; readonly write: (folder: string) => Promise<void> };
}

/** Cold, on 2 cores: FerretDB takes 100 s, the engine 350 s, and three times that when others work there; the module download 20 s on a good line. */
const LIMIT_SECONDS = 1_200;

export function goPart(recipe: GoRecipe): Part {
  const folder = (): string => folderOf(
    recipe.name,
    [`${recipe.module}/go.mod`, `${recipe.module}/go.sum`, ...recipe.beside?.sources ?? []],
    [recipe.version, ...Object.entries(recipe.programs).flat(), ...recipe.linkerFlags ?? []],
  );
  const find = (): Found => existsSync(folder())
    ? { state: "ready", folder: folder() }
    : { state: "missing", why: "it was not built yet", wayOut: `\`npm run parts\` builds it, given ${GO_NEEDED}` };
  const provide = async (progress: Progress): Promise<void> => {
    const go = await goProgram(progress);
    await fillFolder(folder(), (temporary) => build(recipe, go, temporary, progress));
  };
  return { ...recipe, find, provide };
}

/** The environment of every call: the same module gives the same bytes whatever a person's shell says. */
const environment = { CGO_ENABLED: "0", GOFLAGS: "-trimpath -buildvcs=false", GOWORK: "off", GOAMD64: "v1", GOARM64: "v8.0", GOEXPERIMENT: "" };

/** Leaves the recipe's programs in the folder. */
export async function build(recipe: GoRecipe, goPath: string, folder: string, progress: Progress): Promise<void> {
  const sources = join(folder, "sources");
  cpSync(join(recipes, recipe.module), sources, { recursive: true });
  const go = (...args: string[]): Promise<void> => run(goPath, args, { cwd: sources, env: environment, limitSeconds: LIMIT_SECONDS, onLine: progress });
  progress("fetching modules");
  if (recipe.patchVendor) {
    await go("mod", "vendor");
    recipe.patchVendor(join(sources, "vendor"));
  }
  for (const [program, main] of Object.entries(recipe.programs)) {
    progress(`compiling ${program}`);
    await go("build", recipe.patchVendor ? "-mod=vendor" : "-mod=readonly", `-ldflags=${["-s", "-w", ...recipe.linkerFlags ?? []].join(" ")}`, "-o", join(folder, program), main);
  }
  await recipe.beside?.write(folder);
  rmSync(sources, { recursive: true });
}

export interface GoModule {
  readonly path: string;
  readonly version: string;
  /** Where its source lies on this machine. */
  readonly folder: string;
}

/** Every module whose code is in the recipe's programs. */
export async function modulesOf(recipe: GoRecipe, goPath: string): Promise<readonly GoModule[]> {
  const lines: string[] = [];
  const format = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}";
  await run(goPath, ["list", "-mod=readonly", "-deps", "-f", format, ...Object.values(recipe.programs)], {
    cwd: join(recipes, recipe.module), env: environment, limitSeconds: LIMIT_SECONDS, onLine: (line) => lines.push(line),
  });
  return [...new Set(lines.filter((line) => line !== ""))].toSorted().map((line) => {
    const [path = "", version = "", folder = ""] = line.split("\t");
    return { path, version, folder };
  });
}
