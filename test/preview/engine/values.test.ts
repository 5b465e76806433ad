import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { getCallerIdentity, getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketObject } from "@pulumi/aws/s3/bucketObject.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Asset, Secret, unknown } from "../../../preview/engine/value.ts";
import { previewed } from "../../support/preview.ts";

describe("secrets", () => {
  it("are marked, and show themselves as [secret] only", async () => {
    const { byName } = await previewed(() => new BucketObject("note", { bucket: "b", content: pulumi.secret("hunter2") }));
    const { content } = byName("note").inputs;
    expect(content).toBeInstanceOf(Secret);
    expect(JSON.stringify(byName("note"))).toContain('"content":"[secret]"');
    expect(JSON.stringify(byName("note"))).not.toContain("hunter2");
    expect((content as Secret).reveal()).toBe("hunter2");
  });

  it("that only the cloud can give are unknown: the SDK sends no more than that", async () => {
    const { byName } = await previewed(() => {
      const { result } = new RandomPassword("session", { length: 32 });
      new BucketObject("note", { bucket: "b", content: result });
    });
    expect(byName("session").options.additionalSecretOutputs).toContain("result");
    expect(byName("note").inputs.content).toBe(unknown);
  });
});

describe("unknown values", () => {
  it("are outputs that no input gave", async () => {
    const { byName } = await previewed(() => {
      const bucket = new Bucket("books", { bucketPrefix: "books-" });
      new BucketObject("note", { bucket: bucket.bucketPrefix, key: bucket.arn, content: pulumi.interpolate`in ${bucket.id}` });
    });
    expect(byName("note").inputs).toEqual({ bucket: "books-", key: unknown, content: unknown });
    expect(JSON.stringify(byName("note").inputs)).toBe('{"bucket":"books-","content":"[unknown]","key":"[unknown]"}');
  });

  it("are answers of functions that return an Output, in every property", async () => {
    const { byName } = await previewed(() => new BucketObject("note", { bucket: "b", key: getCallerIdentityOutput().accountId }));
    expect(byName("note").inputs.key).toBe(unknown);
  });

  it("are replaced by fixtures", async () => {
    const { byName } = await previewed(
      () => new BucketObject("note", { bucket: "b", key: getCallerIdentityOutput().accountId }),
      { fixtures: { invokes: { "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" } } } },
    );
    expect(byName("note").inputs.key).toBe("123456789012");
  });

  it("cannot be given to a function that returns a promise, which says so", async () => {
    const asked = previewed(async () => {
      await getCallerIdentity();
    });
    await expect(asked).rejects.toThrow("got getCallerIdentity(), whose answer only the cloud knows. Use getCallerIdentityOutput()");
  });

  it("are outputs of another stack, unless a fixture gives them", async () => {
    const program = (): void => {
      const network = new pulumi.StackReference("acme/network/prod");
      new BucketObject("note", { bucket: "b", key: network.requireOutput("vpcId") });
    };
    expect((await previewed(program)).byName("note").inputs.key).toBe(unknown);
    const fixtures = { stacks: { "acme/network/prod": { vpcId: "vpc-1" } } };
    expect((await previewed(program, { fixtures })).byName("note").inputs.key).toBe("vpc-1");
  });
});

describe("configuration", () => {
  const config = { "upkeep:plain": "text", "upkeep:object": '{"days":30}' };

  it("arrives as the stack file says it", async () => {
    await previewed(() => {
      const read = new pulumi.Config("upkeep");
      expect(read.require("plain")).toBe("text");
      expect(read.requireObject("object")).toEqual({ days: 30 });
      expect(read.get("missing")).toBeUndefined();
    }, { config });
  });

  it("that is encrypted is there, secret and unknown, whatever type it is read as", async () => {
    let applied = 0;
    const { byName } = await previewed(async () => {
      const read = new pulumi.Config("datadog");
      const key = read.requireSecret("apiKey");
      void key.apply(() => { applied += 1; });
      expect(await pulumi.isSecret(key)).toBe(true);
      new BucketObject("note", { bucket: "b", content: key, key: read.require("apiKey"), etag: read.requireSecretObject<string>("apiKey") });
    }, { encryptedKeys: ["datadog:apiKey"] });
    expect(byName("note").inputs).toEqual({ bucket: "b", content: unknown, key: unknown, etag: unknown });
    expect(applied).toBe(0);
  });

  it("that is encrypted and read as a plain object says how to read it", async () => {
    const asked = previewed(() => new pulumi.Config("datadog").requireObject("keys"), { encryptedKeys: ["datadog:keys"] });
    await expect(asked).rejects.toThrow("Expected a plain value at datadog:keys, got one that is encrypted and cannot be read in a preview. Read it with requireSecretObject().");
  });
});

it("shows files and archives by their path", async () => {
  const { byName } = await previewed(() => new LambdaFunction("backup", {
    role: "arn:aws:iam::1:role/r",
    code: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.FileAsset("dist/backup.mjs") }),
  }));
  const { code } = byName("backup").inputs;
  expect(code).toBeInstanceOf(Asset);
  expect(JSON.parse(JSON.stringify(code))).toEqual({ asset: { "index.mjs": { asset: "dist/backup.mjs" } } });
});

it("records what the stack and its components put out", async () => {
  class Shelf extends pulumi.ComponentResource {
    constructor(name: string) {
      super("upkeep:test:Shelf", name, { label: "A to F" });
      this.registerOutputs({ books: 3 });
    }
  }
  const { byName } = await previewed(() => {
    new Shelf("shelf");
    return { open: true };
  });
  expect(byName("shelf")).toMatchObject({ custom: false, inputs: { label: "A to F" }, outputs: { books: 3 } });
  expect(byName("upkeep-test").outputs).toEqual({ open: true });
});

it("marks what is only read as external", async () => {
  const { byName } = await previewed(() => {
    const there = Bucket.get("there", "books-of-others");
    new BucketObject("note", { bucket: there.id, key: there.arn });
  });
  expect(byName("there")).toMatchObject({ custom: true, external: true });
  expect(byName("note").inputs).toEqual({ bucket: "books-of-others", key: unknown });
});
