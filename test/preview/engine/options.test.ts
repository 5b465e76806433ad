import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { Provider } from "@pulumi/aws/provider.js";
import { Topic } from "@pulumi/aws/sns/topic.js";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { previewed } from "../../support/preview.ts";

class Shelf extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions, type = "upkeep:test:Shelf") {
    super(type, name, {}, opts);
  }
}

describe("inheritance", () => {
  it("hands protect, retainOnDelete and deletedWith down to children that say nothing", async () => {
    const { byName } = await previewed(() => {
      const owner = new Bucket("owner");
      const shelf = new Shelf("shelf", { protect: true, retainOnDelete: true, deletedWith: owner });
      new Bucket("silent", {}, { parent: shelf });
      new Bucket("loud", {}, { parent: shelf, protect: false, retainOnDelete: false });
    });
    expect(byName("silent").options).toMatchObject({ protect: true, retainOnDelete: true, deletedWith: byName("owner").urn });
    expect(byName("loud").options).toMatchObject({ protect: false, retainOnDelete: false });
  });

  it("happens before transforms, which see the inherited value and keep it", async () => {
    const seen: unknown[] = [];
    const { byName } = await previewed(() => {
      const shelf = new Shelf("shelf", {
        protect: true,
        transforms: [({ name, props, opts }) => {
          if (name === "books") seen.push(opts.protect);
          return { props, opts };
        }],
      });
      new Bucket("books", {}, { parent: shelf });
    });
    expect(seen).toEqual([true]);
    expect(byName("books").options.protect).toBe(true);
  });

  it("sets only what is set", async () => {
    const { byName } = await previewed(() => new Topic("plain"));
    expect(byName("plain").options).toEqual({ version: expect.stringMatching(/^\d+\./) as string });
  });
});

describe("transforms", () => {
  it("run from the resource outwards: its own, its ancestors', the stack's", async () => {
    const order: string[] = [];
    const note = (from: string): pulumi.ResourceTransform => ({ name }) => {
      if (name === "books") order.push(from);
      return undefined;
    };
    await previewed(() => {
      pulumi.runtime.registerResourceTransform(note("stack"));
      const outer = new Shelf("outer", { transforms: [note("outer")] });
      const inner = new Shelf("inner", { parent: outer, transforms: [note("inner")] });
      new Bucket("books", {}, { parent: inner, transforms: [note("own")] });
    });
    expect(order).toEqual(["own", "inner", "outer", "stack"]);
  });

  it("change properties and options, and the program sees the change", async () => {
    let seen: pulumi.Output<Record<string, string> | undefined> | undefined;
    const { byName } = await previewed(() => {
      pulumi.runtime.registerResourceTransform(({ props, opts }) => ({
        props: { ...props, tags: { owner: "library" } },
        opts: { ...opts, ignoreChanges: ["tags"], retainOnDelete: true },
      }));
      seen = new Bucket("books", { tags: { owner: "nobody" } }).tags;
      return { owner: seen };
    });
    expect(byName("books").inputs).toEqual({ tags: { owner: "library" } });
    expect(byName("books").options).toMatchObject({ ignoreChanges: ["tags"], retainOnDelete: true });
    expect(byName("upkeep-test").outputs).toEqual({ owner: { owner: "library" } });
  });

  it("that throw are a problem of their resource", async () => {
    const broken = previewed(() => new Bucket("books", {}, { transforms: [() => { throw new Error("no shelf"); }] }));
    await expect(broken).rejects.toThrow("Expected the transforms of books to return, one threw: transform failed: Error: no shelf");
  });
});

describe("aliases", () => {
  it("become the URNs that the engine would look for", async () => {
    const { byName } = await previewed(() => {
      const shelf = new Shelf("shelf");
      new Topic("books", {}, { parent: shelf, aliases: [{ name: "papers" }, { parent: pulumi.rootStackResource }, "urn:pulumi:test::old::aws:sns/topic:Topic::x"] });
    });
    expect(byName("books").options.aliases).toEqual([
      "urn:pulumi:test::upkeep::upkeep:test:Shelf$aws:sns/topic:Topic::papers",
      "urn:pulumi:test::upkeep::aws:sns/topic:Topic::books",
      "urn:pulumi:test::old::aws:sns/topic:Topic::x",
    ]);
  });

  it("of a parent reach its children, with the name that followed from the parent's", async () => {
    const { byName } = await previewed(() => {
      const shelf = new Shelf("shelf", { aliases: [{ name: "rack", type: "upkeep:old:Rack" }] });
      new Topic("shelf-books", {}, { parent: shelf });
    });
    expect(byName("shelf-books").options.aliases).toEqual(["urn:pulumi:test::upkeep::upkeep:old:Rack$aws:sns/topic:Topic::rack-books"]);
  });
});

describe("providers", () => {
  it("are named by URN, the same in every preview", async () => {
    const { byName } = await previewed(() => {
      const ireland = new Provider("ireland", { region: "eu-west-1" });
      new Bucket("copy", {}, { provider: ireland });
    });
    expect(byName("copy").options.provider).toBe("urn:pulumi:test::upkeep::pulumi:providers:aws::ireland");
    expect(byName("ireland").inputs).toMatchObject({ region: "eu-west-1" });
  });

  it("of a component reach the resources in it", async () => {
    const { byName } = await previewed(() => {
      const ireland = new Provider("ireland", { region: "eu-west-1" });
      const outer = new Shelf("outer", { providers: [ireland] });
      const inner = new Shelf("inner", { parent: outer });
      new Bucket("copy", {}, { parent: inner });
    });
    expect(byName("inner").options.providers).toEqual({ aws: byName("ireland").urn });
    expect(byName("copy").options.provider).toBe(byName("ireland").urn);
  });
});

it("records the rest of the options", async () => {
  const { byName } = await previewed(() => {
    const first = new Bucket("first");
    new BucketVersioning("all", { bucket: "b", versioningConfiguration: { status: "Enabled" } }, {
      dependsOn: [first],
      replaceOnChanges: ["bucket"],
      deleteBeforeReplace: true,
      additionalSecretOutputs: ["mfa"],
      import: "b",
      customTimeouts: { create: "5m" },
    });
  });
  expect(byName("all").options).toMatchObject({
    dependsOn: [byName("first").urn],
    replaceOnChanges: ["bucket"],
    deleteBeforeReplace: true,
    additionalSecretOutputs: ["mfa"],
    importId: "b",
    customTimeouts: { create: "5m" },
  });
});
