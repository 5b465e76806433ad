import { GetParametersByPathCommand, type Parameter, type SSMClient } from "@aws-sdk/client-ssm";
import type { ConfigurationItem } from "./item.ts";

/** Everything below the named paths. What is secure stays where it is: it is never decrypted, and its ciphertext is left out too. */
export async function readParameters(ssm: SSMClient, paths: readonly string[], abortSignal: AbortSignal): Promise<readonly ConfigurationItem[]> {
  const found = new Map<string, ConfigurationItem>();
  for (const path of paths) {
    let below = 0;
    let token: string | undefined;
    do {
      const page = await ssm.send(new GetParametersByPathCommand({
        Path: path, Recursive: true, WithDecryption: false, ...(token === undefined ? {} : { NextToken: token }),
      }), { abortSignal });
      for (const parameter of page.Parameters ?? []) {
        const item = itemOf(parameter);
        found.set(item.name, item);
        below += 1;
      }
      token = page.NextToken;
    } while (token !== undefined && token !== "");
    if (below === 0) throw new Error(`Expected parameters below ${path}, there are none. Mend upkeep:configuration.parameters, or remove the path.`);
  }
  return [...found.values()];
}

function itemOf({ Name, Type, Version, DataType, Value }: Parameter): ConfigurationItem {
  if (Name === undefined || Type === undefined) throw new Error("Expected SSM to name each parameter and its type, it did not.");
  return { kind: "parameter", name: Name, definition: { Type, Version, DataType, ...(Type === "SecureString" ? {} : { Value }) } };
}
