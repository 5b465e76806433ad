import type { Statement } from "./role.ts";

/** `123456789012.dkr.ecr.eu-central-1.amazonaws.com/upkeep/node@sha256:...` */
const ownRegistry = /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(?<repository>[^:@]+)/;

/** What fetching images needs: nothing for those that everybody may have, and these rights for those in an ECR of one's own. */
export function imageStatements(images: readonly string[], partition: string): readonly Statement[] {
  const repositories = images.flatMap((image) => {
    const { account, region, repository } = ownRegistry.exec(image)?.groups ?? {};
    return account === undefined ? [] : [`arn:${partition}:ecr:${region}:${account}:repository/${repository}`];
  });
  if (repositories.length === 0) return [];
  return [
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    { actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], resources: [...new Set(repositories)] },
  ];
}
