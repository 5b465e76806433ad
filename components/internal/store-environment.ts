import type { Input } from "@pulumi/pulumi";
import { storeEnvironment, type SourceRetention } from "../../practice/contract/environment.ts";
import type { BackupStore } from "../backup-store.ts";
import type { Scope } from "./scope.ts";

/** What a function must know to look into the store. The names of the second region are empty where there is none. */
export const storeVariables = (scope: Scope, store: BackupStore, sources: readonly SourceRetention[]): Readonly<Record<string, Input<string>>> => ({
  [storeEnvironment.system]: scope.system.name,
  [storeEnvironment.stack]: scope.stack,
  [storeEnvironment.bucket]: store.primary.bucketName,
  [storeEnvironment.sources]: JSON.stringify(sources),
  [storeEnvironment.replicaBucket]: store.replica?.bucketName ?? "",
  [storeEnvironment.replicaRegion]: store.replica?.region ?? "",
});
