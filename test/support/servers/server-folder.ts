import { chownSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "./unprivileged-account.ts";

/** A new folder that only the server's account can open. */
export function serverFolder(name: string, account?: Account): string {
  const folder = mkdtempSync(join(tmpdir(), `upkeep-${name}-`));
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}
