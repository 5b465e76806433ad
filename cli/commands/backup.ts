import { sentence } from "../../practice/config/problems.ts";
import type { Answer, BackupOptions, Surroundings } from "../options.ts";
import { parseAddress } from "../recovery/address.ts";
import { answering, type Told } from "../recovery/answer.ts";
import { backupPage } from "../recovery/backup-page.ts";
import { dumpByHand } from "../recovery/dump-by-hand.ts";
import { Misused } from "../recovery/misused.ts";
import { namesFor } from "../recovery/names.ts";
import { handTaken } from "../recovery/place.ts";
import { isRepositoryAddress, parseRepository } from "../recovery/repository-address.ts";
import { openStore } from "../recovery/store.ts";

/** `upkeep backup`: of a database or repository that this machine reaches into a store, or by the deployed stack's own state machine. */
export const backup = (options: BackupOptions, surroundings: Surroundings): Promise<Answer> =>
  answering(options, surroundings, () => (options.url === undefined ? deployed(options, surroundings) : byHand(options.url, options, surroundings)));

async function byHand(url: string, options: BackupOptions, surroundings: Surroundings): Promise<Told> {
  const address = isRepositoryAddress(url) ? parseRepository("--url", url) : parseAddress("--url", url);
  if (options.store === undefined) throw new Misused(sentence("a store beside --url", "none", "name a folder or a bucket: `--store ./backups` or `--store s3://bucket`"));
  const store = await openStore(options.store, surroundings.environment, false);
  const place = { store, stack: options.stack ?? handTaken, ...namesFor(address, options) };
  const taken = await dumpByHand({ address, place, content: options.content, ...(options.passwordFile === undefined ? {} : { passwordFile: options.passwordFile }) }, surroundings);
  const { manifest, size } = taken;
  return {
    document: { store: store.name, manifest, ...(size === undefined ? {} : { size }) },
    page: backupPage(taken, { name: store.name, option: options.store }, surroundings.page),
    well: size === undefined || size.verdict === "plausible",
  };
}

async function deployed(options: BackupOptions, surroundings: Surroundings): Promise<Told> {
  if (options.store !== undefined || options.passwordFile !== undefined) {
    throw new Misused(sentence("--url beside --store", "none", "name the database: `--url postgres://localhost/shop`; or name the --stack and --source of a deployed backup alone"));
  }
  const { backupBeforeDeploy } = await import("../recovery/before-deploy.ts");
  return backupBeforeDeploy(options, surroundings);
}
