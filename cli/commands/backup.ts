import { sentence } from "../../practice/config/problems.ts";
import type { Answer, BackupOptions, Surroundings } from "../options.ts";
import { parseAddress } from "../recovery/address.ts";
import { answering, type Told } from "../recovery/answer.ts";
import { backupPage } from "../recovery/backup-page.ts";
import { type ByHand, dumpByHand } from "../recovery/dump-by-hand.ts";
import { expectStoreOutside, parseFolder } from "../recovery/folder-address.ts";
import { Misused } from "../recovery/misused.ts";
import { namesFor } from "../recovery/names.ts";
import { handTaken } from "../recovery/place.ts";
import { isRepositoryAddress, parseRepository } from "../recovery/repository-address.ts";
import { openStore } from "../recovery/store.ts";

/** `upkeep backup`: of a database, repository or folder that this machine reaches into a store, or by the deployed stack's own state machine. */
export const backup = (options: BackupOptions, surroundings: Surroundings): Promise<Answer> =>
  answering(options, surroundings, () => {
    const address = addressOf(options);
    return address === undefined ? deployed(options, surroundings) : byHand(address, options, surroundings);
  });

function addressOf({ url, path, passwordFile }: BackupOptions): ByHand["address"] | undefined {
  if (url !== undefined && path !== undefined) throw new Misused(sentence("one thing to back up", "--url and --path", "run it once for each"));
  if (url !== undefined) return isRepositoryAddress(url) ? parseRepository("--url", url) : parseAddress("--url", url);
  if (path !== undefined && passwordFile !== undefined) throw new Misused(sentence("no password beside --path", "--password-file", "leave it out: a folder is read with your own rights"));
  return path === undefined ? undefined : parseFolder("--path", path);
}

async function byHand(address: ByHand["address"], options: BackupOptions, surroundings: Surroundings): Promise<Told> {
  if (options.store === undefined) throw new Misused(sentence(`a store beside ${address.engine === "files" ? "--path" : "--url"}`, "none", "name a folder or a bucket: `--store ./backups` or `--store s3://bucket`"));
  if (address.engine === "files") expectStoreOutside(address, options.store);
  const store = await openStore(options.store, surroundings.environment, false);
  const place = { store, stack: options.stack ?? handTaken, ...namesFor(address, options) };
  const taken = await dumpByHand({ address, place, content: options.content, ...(options.passwordFile === undefined ? {} : { passwordFile: options.passwordFile }) }, surroundings);
  const { manifest, size, unlike } = taken;
  return {
    document: { store: store.name, manifest, ...(size === undefined ? {} : { size }), ...(unlike === undefined ? {} : { takenBeforeOf: { runId: unlike.runId, engine: unlike.engine, database: unlike.database, server: unlike.server } }) },
    page: backupPage(taken, { name: store.name, option: options.store }, surroundings.page),
    well: size === undefined || size.verdict === "plausible",
  };
}

async function deployed(options: BackupOptions, surroundings: Surroundings): Promise<Told> {
  if (options.store !== undefined || options.passwordFile !== undefined) {
    throw new Misused(sentence("--url or --path beside --store", "none", "name what to back up: `--url postgres://localhost/shop` or `--path ./uploads`; or name the --stack and --source of a deployed backup alone"));
  }
  const { backupBeforeDeploy } = await import("../recovery/before-deploy.ts");
  return backupBeforeDeploy(options, surroundings);
}
