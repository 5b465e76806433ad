import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { run } from "../../../cli/run.ts";
import { plainPage } from "../../support/page.ts";

const nothing = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_PROFILE: undefined, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined,
  AWS_CONFIG_FILE: "/nonexistent", AWS_SHARED_CREDENTIALS_FILE: "/nonexistent", AWS_EC2_METADATA_DISABLED: "true", AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined, AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined, AWS_WEB_IDENTITY_TOKEN_FILE: undefined };

beforeEach(() => {
  for (const [name, value] of Object.entries(nothing)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ["a region", {}, "Expected a region for s3://campus-backups, got none (Region is missing). Write `export AWS_REGION=eu-central-1`, or name a profile that has one: AWS_PROFILE."],
  ["credentials", { AWS_REGION: "eu-central-1" }, "Expected credentials for s3://campus-backups, got none (Could not load credentials from any providers). Log in as for the AWS CLI (`aws sts get-caller-identity` shows who you are), or name a profile: AWS_PROFILE."],
])("a bucket without %s is not looked into, and the way out is said", async (_, has, said) => {
  for (const [name, value] of Object.entries(has)) vi.stubEnv(name, value);
  const { exitCode, stdout, stderr } = await run(["backups", "--store", "s3://campus-backups"], { now: new Date(), page: plainPage, environment: {} });
  expect({ exitCode, stdout, said: stderr.trim().replaceAll(/\s+/g, " ") }).toEqual({ exitCode: 1, stdout: "", said });
});
