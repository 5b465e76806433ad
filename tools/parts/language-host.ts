import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { common } from "../build/settings.ts";
import { recipes } from "./folder.ts";

/** What the engine looks for, on PATH and beside itself. */
export const LANGUAGE_HOST = "pulumi-language-nodejs";

export const languageHostSource = "pulumi/language-host.ts";

/** Past a link to it; a program without an extension would be read as the nearest package.json says. */
const STARTER = `#!/bin/sh
exec node "$(dirname "$(readlink -f "$0")")/${LANGUAGE_HOST}.cjs" "$@"
`;

export async function writeLanguageHost(folder: string): Promise<void> {
  const { build } = await import("esbuild");
  await build({ ...common, entryPoints: [join(recipes, languageHostSource)], outfile: join(folder, `${LANGUAGE_HOST}.cjs`), format: "cjs", write: true });
  writeFileSync(join(folder, LANGUAGE_HOST), STARTER, { mode: 0o755 });
}
