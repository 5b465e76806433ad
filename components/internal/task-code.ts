import { codePrefix, taskExport, taskFiles, taskFolder } from "../../practice/contract/runner.ts";
import type { HandlerName } from "./bundle.ts";

/** Handlers whose bundles run as tasks too. */
export const taskHandlers = ["backup", "drill"] as const satisfies readonly HandlerName[];

export type TaskHandler = (typeof taskHandlers)[number];

/** What a task of the handler fetches. The same at each release: what was there becomes an older version, which the store's lifecycle takes away. */
export const taskCode = (handler: TaskHandler): string => `${codePrefix}${handler}/`;

/** What the official image of the AWS CLI is told: copies the bundle and the programs, which lie side by side in the store. */
export const fetchCommand = (bucket: string, handler: TaskHandler): readonly string[] =>
  ["s3", "cp", "--recursive", "--no-progress", `s3://${bucket}/${taskCode(handler)}`, taskFolder];

/** What the official image of Node.js is told: the bundle's program instead of its Lambda handler. */
export const runCommand: readonly string[] =
  ["node", "--input-type=module", "--eval", `import("${taskFolder}/${taskFiles.bundle}").then(({ ${taskExport} }) => ${taskExport}())`];
