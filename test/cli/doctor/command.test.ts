import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../../cli/doctor/finding.ts";
import { commandBuilt } from "../../support/built.ts";
import { type Ended, referenceWith, upkeep } from "../../support/command.ts";
import { namesAsked } from "../../support/doctor.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

/** Nothing of the person's who runs the tests: no account may be asked by them. */
const nobody = {
  AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_SESSION_TOKEN: "", AWS_PROFILE: "", AWS_CONFIG_FILE: "/nonexistent", AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
  AWS_EC2_METADATA_DISABLED: "true", AWS_CONTAINER_CREDENTIALS_FULL_URI: "", AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "", AWS_WEB_IDENTITY_TOKEN_FILE: "",
};

const findingsIn = ({ stdout }: Ended): readonly Finding[] => (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings;

beforeAll(commandBuilt);

describe("upkeep doctor, without an account", () => {
  it("without credentials says so once, and ends with 1", async () => {
    const { exitCode, stdout } = await upkeep(["doctor"], { env: nobody });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("1 check, 1 problem, 0 unknown");
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("Could not load credentials from any providers -> Log in");
  });

  it("ends with 1 where nobody answers", async () => {
    const env = { ...nobody, AWS_ACCESS_KEY_ID: "111122223333", AWS_SECRET_ACCESS_KEY: "test", AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    const ended = await upkeep(["doctor", "--json"], { env });
    expect([ended.exitCode, findingsIn(ended).map(({ check, state }) => [check, state])]).toEqual([1, [["credentials", "problem"]]]);
  });

  it("ends with 2 where the stack file cannot be used, and asks nobody", async () => {
    const cwd = referenceWith({ "Pulumi.prod.yaml": (text) => text.replace("keep: 30 days", "keep: 30") });
    const { exitCode, stdout } = await upkeep(["doctor"], { cwd, env: nobody });
    expect(exitCode).toBe(2);
    expect(stdout).toContain("upkeep:files.uploads.backup.keep");
  });
});

describeWithParts("upkeep doctor, with the emulator's empty account", ["s3"], () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  const asking = (account: string) => ({ ...nobody, ...server.env, AWS_ACCESS_KEY_ID: account, AWS_SECRET_ACCESS_KEY: "test" });

  it("finds everything missing that the reference system rests on, on a page of 80 columns", async () => {
    const page = await upkeep(["doctor"], { env: asking("111122223333") });
    expect(page.exitCode).toBe(1);
    expect(page.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    const findings = findingsIn(await upkeep(["doctor", "--json"], { env: asking("111122223333") }));
    expect(findings.map(({ check, state }) => `${state} ${check}`)).toEqual([
      "ok credentials", "problem secret of accounts", "problem secret of catalogue", "problem VPC", "problem bucket of uploads",
      "ok second region", ...namesAsked.map((check) => `ok ${check}`), "ok names of clusters", "ok names of task definitions", "ok functions at one time", "unknown deployed",
    ]);
  });

  it("in another account looks no further", async () => {
    const ended = await upkeep(["doctor", "--json"], { env: asking("999999999999") });
    expect([ended.exitCode, findingsIn(ended).map(({ found }) => found)]).toEqual([1, ["account 999999999999, the stack file says 111122223333"]]);
  });
});
