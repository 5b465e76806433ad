import { meaning, noMeaning } from "../words/parsed.ts";
import { keys, leaf } from "./leaf.ts";

const name = String.raw`[a-z0-9]+([._-]+[a-z0-9]+)*`;
const tag = String.raw`[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`;

/** `registry/repository[:tag]@sha256:...`; without a registry's name it would be Docker Hub, which limits who pulls without an account. */
const pinned = new RegExp(String.raw`^${name}(\.${name})+(:\d+)?(/${name})+(:${tag})?@sha256:[0-9a-f]{64}$`);
const unpinned = new RegExp(String.raw`^[a-z0-9][a-z0-9._/-]*(:\d+/[a-z0-9._/-]+)?(:${tag})?$`);

const expected = "a container image by its registry, its name and its digest";

/** A tag is whatever somebody pushed last: what dumps production is what was looked at, to the byte. */
const image = (example: string) => leaf<string>((value) => {
  if (typeof value === "string" && pinned.test(value)) return meaning(value);
  const known = typeof value === "string" && unpinned.test(value) && value.includes("/") ? value : example;
  return noMeaning(expected, `write it as \`${known}@sha256:...\`; \`docker buildx imagetools inspect ${known}\` prints the digest, without fetching the image`);
});

const official = (program: string): string => `public.ecr.aws/docker/library/${program}`;

export const fargate = keys({
  images: keys({
    node: image(official("node:24-slim")),
    awsCli: image("public.ecr.aws/aws-cli/aws-cli:2.31.0"),
    postgresql: image(official("postgres:18")).exactOptional(),
    mongodb: image(official("mongo:8.0")).exactOptional(),
    redis: image(official("redis:7.0")).exactOptional(),
  }, "an image"),
});
