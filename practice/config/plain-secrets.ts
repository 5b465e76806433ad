import { mapping } from "./mapping.ts";
import { sentence, type Problem } from "./problems.ts";
import { namespace } from "./flat.ts";

/** The settings of providers and of programs that are secrets by their name: `datadog:apiKey`, `campus:dbPassword`. */
const secretName = /(password|passwd|token|apiKey|appKey|privateKey|secretKey)$/i;

/** Secrets of other namespaces in plain text. Pulumi can encrypt them there, so nothing excuses it. */
export const plainSecrets = (values: Readonly<Record<string, unknown>>, stack: string): readonly Problem[] =>
  Object.entries(values)
    .filter(([key, value]) => !key.startsWith(namespace) && secretName.test(key) && !isEncrypted(value) && value !== "" && value !== null)
    .map(([path]) => ({
      path,
      message: sentence(
        "an encrypted value", "one that everybody can read (not shown)",
        `write it with \`pulumi config set --secret ${path} --stack ${stack}\`, which asks for it, and let it be a new one`,
      ),
    }));

const isEncrypted = (value: unknown): boolean => typeof mapping(value).secure === "string";
