import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { BucketObject } from "@pulumi/aws/s3/bucketObject.js";
import type { asset, Output, Resource } from "@pulumi/pulumi";
import { codePrefix, taskFiles } from "../../practice/contract/runner.ts";
import type { HostsEntry } from "../../practice/plan/entries.ts";
import type { BackupStore } from "../backup-store.ts";
import { bundleFile, bundlePath } from "./bundle.ts";
import { type Scope, tagsOf } from "./scope.ts";
import { builtTools, toolsFile } from "./tools-archive.ts";

/** Below it, hosts find what they run. */
export const hostCodePrefix = `${codePrefix}hosts/`;

/** An object of the store with its version and checksum: a host runs just that, or nothing. */
export interface StoredCode {
  readonly key: string;
  readonly versionId: Output<string>;
  readonly sha256: Output<string>;
}

export interface HostCode {
  readonly bundle: StoredCode;
  readonly tools?: StoredCode;
}

export interface HostCodeArgs {
  readonly scope: Scope;
  readonly store: BackupStore;
  readonly architecture: HostsEntry["architecture"];
}

/** The bundle of the backup, and the database programs where there are databases. */
export function hostCode(name: string, { scope, store, architecture }: HostCodeArgs, parent: Resource): HostCode {
  const stored = (label: string, file: string, code: asset.Asset, sha256: string, isBuilt = true): StoredCode => {
    const key = `${hostCodePrefix}${file}`;
    const object = new BucketObject(label, { bucket: store.primary.bucketName, key, source: code, metadata: { sha256 }, tags: tagsOf(scope, "backup") }, {
      parent,
      // A locked store lets no version go before its time: an object that was deleted with the stack would fail that.
      retainOnDelete: true,
      // Where the zip is not, a preview must not say that the programs which are stored would change.
      ...(isBuilt ? {} : { ignoreChanges: ["source", "metadata"] }),
    });
    // From the object: in a preview without the zip it is that of the one which is stored.
    return { key, versionId: object.versionId, sha256: object.metadata.apply((metadata) => metadata?.["sha256"] ?? "") };
  };
  const zip = architecture === undefined ? undefined : { ...toolsFile(architecture), path: builtTools(architecture) };
  return {
    bundle: stored(`${name}-bundle`, taskFiles.bundle, bundleFile("backup"), sha256Of(bundlePath("backup"))),
    ...(zip === undefined ? {} : { tools: stored(`${name}-tools`, taskFiles.tools, zip.code, zip.path === undefined ? "not built" : sha256Of(zip.path), zip.isBuilt) }),
  };
}

const sha256Of = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
