import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { ConfigurationItem } from "./item.ts";

/** How each secret is kept and rotated; never what it holds, which no permission of this function would allow. */
export async function readSecrets(secrets: SecretsManagerClient, names: readonly string[], abortSignal: AbortSignal): Promise<readonly ConfigurationItem[]> {
  const found: ConfigurationItem[] = [];
  for (const name of new Set(names)) {
    const { Description, KmsKeyId, RotationEnabled, RotationLambdaARN, RotationRules, Tags, ReplicationStatus } =
      await secrets.send(new DescribeSecretCommand({ SecretId: name }), { abortSignal });
    found.push({
      kind: "secret", name,
      definition: { Description, KmsKeyId, RotationEnabled, RotationLambdaARN, RotationRules, Tags, Regions: ReplicationStatus?.map(({ Region, KmsKeyId: key }) => ({ Region, KmsKeyId: key })) },
    });
  }
  return found;
}
