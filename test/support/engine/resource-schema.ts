import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What a provider's own schema would say of a resource type, as far as its generated class tells. */
export interface ResourceSchema {
  readonly inputs: ReadonlySet<string>;
  readonly required: readonly string[];
  /** Only the provider can give these. */
  readonly computed: readonly string[];
  readonly secretOutputs: readonly string[];
}

const require = createRequire(import.meta.url);
const read = new Map<string, ResourceSchema | undefined>();

/** Undefined: the installed package has no such type. */
export function schemaOf(type: string): ResourceSchema | undefined {
  if (!read.has(type)) read.set(type, readSchema(type));
  return read.get(type);
}

/** The token says where its class lies: `aws:s3/bucket:Bucket` is `s3/bucket.js` of `@pulumi/aws`. */
function readSchema(type: string): ResourceSchema | undefined {
  const [pkg, path = "", name] = type.split(":");
  const file = join(dirname(require.resolve(`@pulumi/${pkg}/package.json`)), `${path.replace(/^index\//, "")}.js`);
  if (!existsSync(file)) return undefined;
  const source = readFileSync(file, "utf8");
  if (!source.includes(`__pulumiType = '${pkg}:${path}:${name}'`)) return undefined;

  const assigned = [...source.matchAll(/resourceInputs\["(\w+)"\] = (.+);/g)].map(([, property = "", value = ""]) => ({ property, value }));
  const inputs = new Set(assigned.filter(({ value }) => /\bargs\b/.test(value)).map(({ property }) => property));
  const computed = assigned.filter(({ property, value }) => value.includes("/*out*/") && !inputs.has(property)).map(({ property }) => property);
  const secretOutputs = [...(/additionalSecretOutputs: \[([^\]]*)\]/.exec(source)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(([, property = ""]) => property);
  return { inputs, required: namesIn(source, /Missing required property '(\w+)'/g), computed: [...new Set(computed)], secretOutputs };
}

const namesIn = (source: string, pattern: RegExp): readonly string[] => [...new Set([...source.matchAll(pattern)].map(([, name = ""]) => name))];
