import type { Problem } from "../../config/problems.ts";
import type { Settings } from "../../config/settings.ts";

const path = "upkeep:system.fargate";

/** What tasks rest on: a network that they run in, and images that can be had from it. */
export function findFargateConflicts(settings: Settings): readonly Problem[] {
  const { system } = settings;
  if (system.fargate === undefined) return [];
  if (system.network === undefined) {
    return [{
      path: "upkeep:system.network",
      message: `Expected a network in which the tasks of ${path} run, got none: Fargate has none of its own. Write \`network: { vpcId: ..., privateSubnetIds: [...], egress: nat }\` under system, or leave fargate out.`,
    }];
  }
  if (system.network.egress === "nat") return [];
  return Object.entries(system.fargate.images).filter(([, image]) => !isWithinReach(image, settings)).map(([name, image]) => ({
    path: `${path}.images.${name}`,
    message: `Expected an image in the account's own ECR (${registryOf(settings)}/...), got ${image}. From subnets without a way out (system.network.egress: endpoints) nothing else can be fetched. `
      + "Copy it there with `docker buildx imagetools create`, which keeps the digest, and write its address in ECR.",
  }));
}

/** An account that is an Output is known too late to be compared. */
const accountOf = ({ system }: Settings): string => (typeof system.account === "string" ? system.account : String.raw`\d{12}`);

const isWithinReach = (image: string, settings: Settings): boolean =>
  new RegExp(String.raw`^${accountOf(settings)}\.dkr\.ecr\.${settings.region}\.amazonaws\.com(\.cn)?/`).test(image);

const registryOf = ({ system, region }: Settings): string =>
  `${typeof system.account === "string" ? system.account : "<account>"}.dkr.ecr.${region}.amazonaws.com`;
