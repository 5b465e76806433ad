import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { previewed, sdk } from "../../support/preview.ts";
import { run } from "../../../preview/engine/run.ts";

class Shelf extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("upkeep:test:Shelf", name, {}, opts);
  }
}

it("names the root stack as the engine does", async () => {
  const { resources } = await previewed(() => {});
  expect(resources.map((resource) => resource.urn)).toEqual(["urn:pulumi:test::upkeep::pulumi:pulumi:Stack::upkeep-test"]);
});

it("writes the types of the whole parent chain into a URN, without the root stack", async () => {
  const { byName } = await previewed(() => {
    const outer = new Shelf("outer");
    const inner = new Shelf("inner", { parent: outer });
    new Bucket("books", {}, { parent: inner });
  });
  expect(byName("outer").urn).toBe("urn:pulumi:test::upkeep::upkeep:test:Shelf::outer");
  expect(byName("books").urn).toBe("urn:pulumi:test::upkeep::upkeep:test:Shelf$upkeep:test:Shelf$aws:s3/bucket:Bucket::books");
  expect(byName("books").parent).toBe(byName("inner").urn);
});

it("reports two resources with one URN, and still shows the rest of the program", async () => {
  const { problems, resources } = await run(() => {
    new Bucket("twin");
    new Bucket("twin");
    new Bucket("after");
  }, { sdk, project: "upkeep", stack: "test" });
  expect(problems.map((problem) => problem.message)).toEqual([
    "Expected one resource with the URN urn:pulumi:test::upkeep::aws:s3/bucket:Bucket::twin, got two. Give one of them another name.",
  ]);
  expect(resources.map((resource) => resource.name)).toEqual(["upkeep-test", "twin", "after"]);
});

it("records which resources a value came from, and that they must exist first", async () => {
  const { byName } = await previewed(() => {
    const bucket = new Bucket("books");
    new BucketVersioning("books-versions", { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } });
  });
  const versioning = byName("books-versions");
  expect(versioning.propertyDependencies).toEqual({ bucket: [byName("books").urn] });
  expect(versioning.options.dependsOn).toEqual([byName("books").urn]);
});
