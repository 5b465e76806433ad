import { LayerVersion } from "@pulumi/aws/lambda/layerVersion.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { toolsLayerName } from "../practice/contract/names.ts";
import type { ToolsLayerEntry } from "../practice/plan/entries.ts";
import type { Scope } from "./internal/scope.ts";
import { toolsArchive } from "./internal/tools-archive.ts";

export interface ToolsLayerArgs {
  readonly scope: Scope;
  readonly entry: ToolsLayerEntry;
}

/** The official programs that dump and restore, as `npm run tools` built them. */
export class ToolsLayer extends ComponentResource {
  static readonly type = "upkeep:backup:ToolsLayer";

  /** With its version: a function keeps the one that it was deployed with. */
  readonly layerArn: Output<string>;

  constructor(name: string, { scope, entry }: ToolsLayerArgs, opts?: ComponentResourceOptions) {
    const archive = toolsArchive(entry.architecture);
    super(ToolsLayer.type, name, { entry }, opts);

    const layer = new LayerVersion(name, {
      layerName: toolsLayerName(scope),
      description: "mongodump, mongorestore, pg_dump, pg_restore, psql, redis-cli, redis-check-rdb: share/upkeep-tools names versions and licences",
      code: archive.code,
      compatibleArchitectures: [entry.architecture],
    }, {
      parent: this,
      // Where the zip is not, a preview must not say that the layer which is deployed would change.
      ...(archive.isBuilt ? {} : { ignoreChanges: ["code"] }),
    });

    this.layerArn = layer.arn;
    this.registerOutputs({ entry, layerArn: this.layerArn });
  }
}
