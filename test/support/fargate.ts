import type { FargateSettings } from "../../practice/config/settings.ts";

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** Images that nobody has to fetch: their digests are of nothing. */
export const fargate: FargateSettings = {
  images: {
    node: `public.ecr.aws/docker/library/node:24-slim@${digest("1")}`,
    awsCli: `public.ecr.aws/aws-cli/aws-cli:2.31.0@${digest("2")}`,
    postgresql: `public.ecr.aws/docker/library/postgres:18@${digest("3")}`,
    mongodb: `public.ecr.aws/docker/library/mongo:8.0@${digest("4")}`,
    redis: `public.ecr.aws/docker/library/redis:7.0@${digest("5")}`,
  },
};
