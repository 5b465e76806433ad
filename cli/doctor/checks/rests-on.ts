import { COPIES_AT_ONCE } from "../../../practice/contract/inventory.ts";
import { only } from "../../../preview/render/terminal/of-kind.ts";
import { asked, type Finding, ok, problem } from "../finding.ts";
import { isKnown, namesOf, type Subject } from "../subject.ts";

const FUNCTION = "aws:lambda/function:Function";

/** The layer with the database programs, of the architecture that the functions have. */
export async function toolsLayers({ plan, account }: Subject): Promise<readonly Finding[]> {
  const arns = new Set(only(plan.entries, "database-backup").map(({ toolsLayer }) => toolsLayer).filter(isKnown));
  const check = "tools layer";
  return (await Promise.all([...arns].map((arn) => asked(check, async () => {
    const architectures = await account.layerArchitectures(arn);
    if (architectures === undefined) return problem(check, `there is no ${arn}`, "Publish the layer, or mend upkeep:system.toolsLayer (with its version).");
    return architectures.length === 0 || architectures.includes("x86_64")
      ? ok(check, arn)
      : problem(check, `${arn} is for ${architectures.join(", ")}`, "The functions are x86_64: publish the programs for it.");
  })))).flat();
}

/** Buckets whose objects are backed up, and the one with the stack's state. */
export async function sourceBuckets({ plan, account }: Subject): Promise<readonly Finding[]> {
  const wanted = [
    ...only(plan.entries, "files-backup").filter(({ again }) => again === undefined).map(({ source, bucket }) => ({ source, bucket, from: `upkeep:files.${source}.bucket` })),
    ...only(plan.entries, "configuration-backup").map(({ source, stateBucket, from }) => ({ source, bucket: stateBucket, from: `${from}.stateBucket` })),
  ];
  return (await Promise.all(wanted.map(({ source, bucket, from }) => asked(`bucket of ${source}`, async () => {
    if (!isKnown(bucket)) return [];
    return await account.bucketExists(bucket) ? ok(`bucket of ${source}`, bucket)
      : problem(`bucket of ${source}`, `there is no bucket ${bucket}`, `Mend ${from}.`);
  })))).flat();
}

/** New accounts may run ten functions at one time: a night's backups would be throttled. A backup by copies alone runs eight. */
export async function concurrency({ account, ...subject }: Subject): Promise<readonly Finding[]> {
  const check = "functions at one time";
  const functions = namesOf(subject, FUNCTION).length;
  const byCopies = only(subject.plan.entries, "files-backup").filter(({ as }) => as === "copies").length;
  const needed = functions + byCopies * (COPIES_AT_ONCE - 1);
  if (needed === 0) return [];
  return asked(check, async () => {
    const free = await account.concurrency();
    const found = `${free} may run, ${needed} are needed${byCopies === 0 ? "" : ` (${COPIES_AT_ONCE} by each backup by copies)`}`;
    return free >= needed ? ok(check, found)
      : problem(check, found, "Ask for more: Service Quotas, AWS Lambda, concurrent executions.");
  });
}
