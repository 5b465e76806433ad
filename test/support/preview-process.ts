import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const program = `
import { documentOf } from "./preview/document.ts";
import { exitCodeOf } from "./preview/exit-code.ts";
import { previewStack } from "./preview/preview.ts";

const preview = await previewStack(JSON.parse(process.argv[2]));
process.stdout.write(JSON.stringify({ document: documentOf(preview), phases: preview.phases, warnings: preview.warnings }));
process.exitCode = exitCodeOf(preview);
`;

export interface PreviewProcess {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PreviewRunner {
  /** Runs previewStack in a process of its own, as the command does: compiled, on plain Node. At most a minute. */
  run(options: object, node?: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>>; readonly cwd?: string }): Promise<PreviewProcess>;
  readonly remove: () => void;
}

/** Compiles the preview once, beside the repository's packages. Whoever asks for it removes it. */
export async function previewRunner(): Promise<PreviewRunner> {
  const folder = mkdtempSync(join(repository, "node_modules", ".preview-"));
  const file = join(folder, "preview.mjs");
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: repository, loader: "ts" },
    bundle: true, packages: "external", platform: "node", format: "esm", target: "node20", write: false, logLevel: "silent",
  });
  writeFileSync(file, outputFiles[0]?.contents ?? "");
  return {
    remove: () => rmSync(folder, { recursive: true, force: true }),
    run: async (options, { args = [], env = {}, cwd = repository } = {}) => {
      const running = promisify(execFile)(process.execPath, [...args, file, JSON.stringify(options)], {
        cwd, env: { ...process.env, NODE_OPTIONS: "", VITEST: "", ...env }, timeout: 60_000, maxBuffer: 64 * 1024 * 1024,
      });
      try {
        return { exitCode: 0, ...await running };
      } catch (error) {
        const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
        if (typeof code !== "number") throw error;
        return { exitCode: code, stdout, stderr };
      }
    },
  };
}
