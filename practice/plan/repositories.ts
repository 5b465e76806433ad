import type { RepositorySettings, Settings } from "../config/settings.ts";
import type { RepositoryBackupEntry } from "./entries.ts";
import { dumpFunction, RETRY_AFTER_SECONDS } from "./functions.ts";

/** Code that lives at somebody else's place, in ours too. */
export const planRepositories = ({ repositories }: Settings): readonly RepositoryBackupEntry[] =>
  Object.entries(repositories).map(([name, repository]) => planRepository(name, repository));

const planRepository = (source: string, { url, secret, secretKey, sizeGiB, backup }: RepositorySettings): RepositoryBackupEntry => ({
  kind: "repository-backup",
  name: source,
  from: `upkeep:repositories.${source}.backup`,
  carries: ["backup.repository"],
  source,
  ...backup,
  url,
  ...(secret === undefined ? {} : { secret }),
  ...(secretKey === undefined ? {} : { secretKey }),
  sizeGiB,
  retryAfterSeconds: RETRY_AFTER_SECONDS,
  ...dumpFunction(sizeGiB),
});
