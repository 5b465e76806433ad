import { describe, expect, it } from "vitest";
import { broken, prodYaml, read, refusal } from "./campus.ts";

const section = "  upkeep:configuration: { backup: { every: daily at 01:20, keep: 30 days }, parameters: [/campus/prod], stateBucket: campus-pulumi-state }\n";
const said = (yaml: string): string => refusal(() => read(yaml));

describe("upkeep:configuration", () => {
  it("is read, each path with a slash at its end", () => {
    expect(read(prodYaml + section).configuration).toEqual({
      backup: { schedule: { words: "daily at 01:20", expression: "cron(20 1 * * ? *)", timeZone: "Europe/Berlin" }, keepDays: 30 },
      parameters: ["/campus/prod/"], stateBucket: "campus-pulumi-state",
    });
    expect(read(prodYaml).configuration).toBeUndefined();
    expect(read(`${prodYaml}  upkeep:configuration: { backup: { every: daily at 01:20 } }\n`).configuration?.parameters).toEqual([]);
  });

  it.each([
    ["no schedule", section.replace("every: daily at 01:20, ", ""), "upkeep:configuration.backup.every\n  Expected a schedule in words, got nothing."],
    ["the root of all parameters", section.replace("/campus/prod", "/"), 'upkeep:configuration.parameters[0]\n  Expected the path of SSM parameters of yours, from a slash on, got "/". Write it as `/campus/prod/`.'],
    ["parameters of AWS itself", section.replace("/campus/prod", "/aws/service"), "Expected the path of SSM parameters of yours"],
    ["a bucket that is none", section.replace("campus-pulumi-state", "s3://state"), "upkeep:configuration.stateBucket\n  Expected the name of an S3 bucket"],
    ["a key that there is not", section.replace("stateBucket", "bucket"), 'upkeep:configuration.bucket\n  Expected a key: backup, parameters, stateBucket or stateKey, got "bucket".'],
  ])("is refused with %s", (_, written, message) => {
    expect(said(prodYaml + written)).toContain(message);
  });

  it("keeps its name for itself", () => {
    const file = broken("    uploads:", "    configuration:");
    expect(said(file + section)).toContain("upkeep:files.configuration\n  Expected a name of its own, got that of a part of `configuration`, the source of upkeep:configuration. Rename one of the two");
    expect(read(file).files).toHaveProperty("configuration");
  });

});
