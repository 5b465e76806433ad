import { ComponentResource, interpolate, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { verificationEnvironment } from "../practice/contract/environment.ts";
import { evidencePrefix } from "../practice/contract/evidence.ts";
import { checkScheduleName, verificationName } from "../practice/contract/names.ts";
import { verificationGrants } from "../practice/contract/permissions.ts";
import type { VerificationEntry } from "../practice/plan/entries.ts";
import type { BackupStore } from "./backup-store.ts";
import { statementsOf } from "./internal/grants.ts";
import { handlerFunction } from "./internal/handler-function.ts";
import { scheduledCalls } from "./internal/schedule.ts";
import { known, type Scope } from "./internal/scope.ts";
import { storeTargets } from "./internal/store-targets.ts";
import type { ToolsLayer } from "./tools-layer.ts";

export interface VerificationArgs {
  readonly scope: Scope;
  readonly entry: VerificationEntry;
  readonly store: BackupStore;
  /** Where the entry names no published layer. */
  readonly tools?: ToolsLayer;
}

/** A call that was lost is made up for by an alarm on age, so it is repeated only twice. */
const RETRIES = 2;

/** Checks of one source's backups, each level on its own schedule, by one function that can read the store and write evidence. */
export class Verification extends ComponentResource {
  static readonly type = "upkeep:verification:Verification";

  readonly functionName: Output<string>;
  /** Whoever has a drill of the same source asks it what was written down. */
  readonly functionArn: Output<string>;
  readonly undeliveredQueueName: Output<string>;

  constructor(name: string, { scope, entry, store, tools }: VerificationArgs, opts?: ComponentResourceOptions) {
    super(Verification.type, name, { entry }, opts);
    const { source } = entry;

    const lambda = handlerFunction(name, {
      scope,
      area: "verification",
      handler: "verify",
      functionName: verificationName(scope, source),
      memoryMegabytes: entry.memoryMegabytes,
      timeoutSeconds: entry.timeoutSeconds,
      logDays: entry.logDays,
      environment: {
        [verificationEnvironment.system]: scope.system.name,
        [verificationEnvironment.stack]: scope.stack,
        [verificationEnvironment.bucket]: store.primary.bucketName,
        [verificationEnvironment.source]: source,
        [verificationEnvironment.engine]: entry.engine,
        [verificationEnvironment.keepDays]: String(entry.keepDays),
        [verificationEnvironment.replicaBucket]: store.replica?.bucketName ?? "",
        [verificationEnvironment.replicaRegion]: store.replica?.region ?? "",
      },
      statements: statementsOf(verificationGrants, {
        ...storeTargets(store), "evidence-objects": [interpolate`${store.primary.bucketArn}/${evidencePrefix(scope.system.name, source)}*`],
      }),
      layers: layersOf(entry, tools),
    }, this);

    const { undelivered } = scheduledCalls(name, {
      scope,
      area: "verification",
      queueName: verificationName(scope, source),
      roleEnding: "run",
      target: { arn: lambda.arn, action: "lambda:InvokeFunction" },
      retries: RETRIES,
      calls: entry.checks.map(({ level, schedule }) => ({
        ending: level, scheduleName: checkScheduleName(scope, source, level), when: schedule, event: { level },
      })),
    }, this);

    this.functionName = lambda.name;
    this.functionArn = lambda.arn;
    this.undeliveredQueueName = undelivered.name;
    this.registerOutputs({ entry, functionName: this.functionName, undeliveredQueueName: this.undeliveredQueueName });
  }
}

/** Only pg_restore reads what pg_dump wrote; the other formats are read by the function itself. */
function layersOf({ source, engine, toolsLayer }: VerificationEntry, tools: ToolsLayer | undefined): readonly Input<string>[] {
  if (engine !== "postgresql") return [];
  if (toolsLayer !== undefined) return [known(toolsLayer)];
  if (tools === undefined) throw new Error(`Expected a layer with pg_restore for the checks of ${source}, got none: give a ToolsLayer as \`tools\`, or name a published one in \`toolsLayer\`.`);
  return [tools.layerArn];
}
