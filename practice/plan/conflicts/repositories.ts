import type { Problem } from "../../config/problems.ts";
import type { Settings } from "../../config/settings.ts";
import { lambdaLimits } from "../../contract/runner.ts";
import { goneBeforeItIsRead } from "./backups.ts";
import { backedUpRepositories } from "./sources.ts";

export const findRepositoryConflicts = (settings: Settings): readonly Problem[] =>
  backedUpRepositories(settings).flatMap((source) => {
    const { path, settings: { sizeGiB } } = source;
    return [
      ...goneBeforeItIsRead(source),
      ...(sizeGiB <= lambdaLimits.rawGiB ? [] : [{
        path: `${path}.sizeGiB`,
        message: `Expected at most ${lambdaLimits.rawGiB}, got ${sizeGiB}. A function has 15 minutes, in which no server sends a repository of this size. `
          + "Take it out, back it up by hand or in CI (`upkeep backup --url`), and answer backup.repository under notApplicable.",
      }]),
    ];
  });
