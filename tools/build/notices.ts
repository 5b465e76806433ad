import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile, OutputFile } from "esbuild";
import { packageOf } from "../../preview/program/package-files.ts";

const licenceFile = /^(licen[cs]e|copying|notice)/i;

/** Names and terms of all packages whose code lies in these bundles, beside them: that is what most terms ask for. */
export function noticesOf(built: readonly Metafile[], root: string, folder: string): Pick<OutputFile, "path" | "contents"> {
  const inside = built.flatMap(({ outputs }) => Object.values(outputs)).flatMap(({ inputs }) => Object.entries(inputs))
    .flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [join(root, file)] : []));
  const folders = [...new Set(inside.flatMap((file) => packageOf(file)?.folder ?? []))];
  const packagesBy = new Map<string, Set<string>>();
  for (const place of folders) {
    const { name, version, license } = JSON.parse(readFileSync(join(place, "package.json"), "utf8")) as Readonly<Record<"name" | "version" | "license", string>>;
    const terms = termsIn(place) || license;
    packagesBy.set(terms, (packagesBy.get(terms) ?? new Set()).add(`${name} ${version} (${license})`));
  }
  const blocks = [...packagesBy].map(([terms, names]) => `${[...names].toSorted().join("\n")}\n\n${terms}\n`).toSorted();
  const text = ["The code of these packages lies in the files of upkeep.\n", ...blocks].join(`\n${"-".repeat(80)}\n\n`);
  return { path: join(folder, "THIRD-PARTY-NOTICES.txt"), contents: Buffer.from(text) };
}

const termsIn = (folder: string): string =>
  readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && licenceFile.test(entry.name)).map(({ name }) => name).toSorted()
    .map((name) => readFileSync(join(folder, name), "utf8").trim()).join("\n\n");
