import { DescribeClustersCommand, DescribeTaskDefinitionCommand, type DescribeTaskDefinitionCommandOutput, ECSClient } from "@aws-sdk/client-ecs";
import type { Account } from "./account.ts";
import type { ClientSettings } from "./aws-answers.ts";
import { within } from "./within.ts";

/** Where the account is asked about what tasks need. */
export function awsTasks(settings: ClientSettings): Pick<Account, "clusterState" | "hasTaskDefinition"> {
  const ecs = new ECSClient(settings);
  return {
    clusterState: async (name) => {
      const { clusters: [cluster] = [] } = await within((abortSignal) => ecs.send(new DescribeClustersCommand({ clusters: [name] }), { abortSignal }));
      return cluster?.status;
    },
    hasTaskDefinition: async (family) => await within((signal) => describedTask(ecs, family, signal)) !== undefined,
  };
}

/** ECS has no name of its own for the error about a family without an active revision: it says so in words. */
const NO_REVISION = /unable to describe task definition/i;

/** The newest active revision of a family, with its tags. */
export async function describedTask(ecs: ECSClient, family: string, abortSignal: AbortSignal): Promise<DescribeTaskDefinitionCommandOutput | undefined> {
  try {
    const found = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: family, include: ["TAGS"] }), { abortSignal });
    return found.taskDefinition?.status === "ACTIVE" ? found : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "ClientException" && NO_REVISION.test(error.message)) return undefined;
    throw error;
  }
}
