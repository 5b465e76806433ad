import * as z from "zod/mini";
import type { SourceRetention } from "../../practice/contract/environment.ts";
import { verificationLevels } from "../../practice/contract/evidence.ts";

const sourcesShape: z.ZodMiniType<readonly SourceRetention[]> = z.array(z.strictObject({
  source: z.string().check(z.minLength(1)),
  keepDays: z.int().check(z.positive()),
  levels: z.exactOptional(z.array(z.enum(verificationLevels))),
}));

/** The sources that a component wrote into the environment. */
export function parseSources(variable: string, json: string): readonly SourceRetention[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(`Expected ${variable} to be JSON, it is not.`, { cause: error });
  }
  const result = sourcesShape.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`Expected ${variable} to be a list such as [{"source":"catalogue","keepDays":30}], it is not.`, { cause: result.error });
}
