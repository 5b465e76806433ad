import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketObject } from "@pulumi/aws/s3/bucketObject.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { Provider } from "@pulumi/aws/provider.js";
import * as policy from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { exitCodeOf } from "../../../preview/exit-code.ts";
import { judgedOf } from "../../../preview/document.ts";
import { judge, type JudgeOptions } from "../../../preview/policy/judge.ts";
import type { Verdict } from "../../../preview/policy/verdict.ts";
import { previewed } from "../../support/preview.ts";

async function judged(rule: policy.Policies[number], body: () => unknown, options: JudgeOptions = {}): Promise<readonly Verdict[]> {
  const { resources } = await previewed(body);
  return judge(resources, { policies: [rule], sdk: policy }, options);
}

const outcomes = (verdicts: readonly Verdict[]): readonly string[] => verdicts.map(({ outcome, urn }) => `${outcome} ${urn?.split("::").at(-1) ?? "the stack"}`);

const labelled: policy.ResourceValidationPolicy = {
  name: "labelled",
  description: "Buckets have a label.",
  enforcementLevel: "mandatory",
  validateResource: policy.validateResourceOfType(Bucket, (bucket, _, report) => {
    if (bucket.tags?.label === undefined) report("Expected a label, got none.");
  }),
};

describe("a rule for a type of resource", () => {
  it("tells what passed and what is violated, and leaves other types alone", async () => {
    const verdicts = await judged(labelled, () => {
      new Bucket("good", { tags: { label: "A" } });
      new Bucket("bad");
      new BucketObject("other", { bucket: "b" });
    });
    expect(outcomes(verdicts)).toEqual(["violated bad", "passed good"]);
    expect(verdicts[0]).toMatchObject({ policy: "labelled", level: "mandatory", message: "Expected a label, got none." });
    expect(exitCodeOf({ usable: true, problems: [], verdicts })).toBe(1);
    expect(judgedOf(verdicts)).toEqual([{ policy: "labelled", level: "mandatory", passed: 1, violated: 1, cannotTell: 0, broken: 0, applies: true }]);
  });

  it("says once that it does not apply", async () => {
    const verdicts = await judged(labelled, () => new BucketObject("other", { bucket: "b" }));
    expect(outcomes(verdicts)).toEqual(["not-applicable the stack"]);
    expect(exitCodeOf({ usable: true, problems: [], verdicts })).toBe(0);
  });

  it("cannot tell when it reads what only the cloud knows, and does not block then", async () => {
    const verdicts = await judged(labelled, () => {
      const first = new Bucket("first", { tags: { label: "A" } });
      new Bucket("second", { tags: { label: first.arn } });
    });
    expect(outcomes(verdicts)).toEqual(["passed first", "cannot-tell second"]);
    expect(verdicts[1]?.message).toContain(".tags.label can't be known during preview");
    expect(exitCodeOf({ usable: true, problems: [], verdicts })).toBe(0);
  });

  it("sees inside secrets", async () => {
    const verdicts = await judged(labelled, () => new Bucket("good", { tags: pulumi.secret({ label: "A" }) }));
    expect(outcomes(verdicts)).toEqual(["passed good"]);
  });
});

describe("a rule", () => {
  const rule = (validateResource: policy.ResourceValidation, more: Partial<policy.ResourceValidationPolicy> = {}): policy.ResourceValidationPolicy =>
    ({ name: "rule", description: "A rule.", validateResource, ...more });

  it("that is only advisory does not block", async () => {
    const verdicts = await judged(rule((_, report) => report("so so")), () => {});
    expect(verdicts).toMatchObject([{ level: "advisory", outcome: "violated", message: "so so" }]);
    expect(exitCodeOf({ usable: true, problems: [], verdicts })).toBe(0);
  });

  it("that fails is broken, which blocks: it would have judged", async () => {
    const verdicts = await judged(rule(() => { throw new Error("no shelf"); }), () => {});
    expect(verdicts).toMatchObject([{ outcome: "broken", message: "Expected the rule to judge, it failed: no shelf" }]);
    expect(exitCodeOf({ usable: true, problems: [], verdicts })).toBe(1);
  });

  it("that is disabled says nothing", async () => {
    expect(await judged(rule((_, report) => report("x"), { enforcementLevel: "disabled" }), () => {})).toEqual([]);
  });

  it("may take its time", async () => {
    const verdicts = await judged(rule(async (_, report) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      report("late");
    }), () => {});
    expect(verdicts.map(({ message }) => message)).toEqual(["late"]);
  });

  it("reads its settings, and the defaults of its schema for the rest", async () => {
    const seen: unknown[] = [];
    const configured = rule(({ getConfig }) => void seen.push(getConfig()), {
      configSchema: { properties: { days: { type: "integer", default: 14 }, label: { type: "string", default: "A" } } },
    });
    await judged(configured, () => {}, { settings: { rule: { label: "B" } } });
    expect(seen).toEqual([{ days: 14, label: "B" }]);
  });

  it("says itself that it does not apply, with its reason", async () => {
    const verdicts = await judged(rule(({ notApplicable }) => notApplicable("no books here")), () => {});
    expect(verdicts).toMatchObject([{ outcome: "not-applicable", message: "no books here" }]);
  });

  it("sees the options, the tags of the stack and the provider of a resource", async () => {
    const seen: unknown[] = [];
    await judged(rule(({ name, opts, stackTags, provider, isType }) => {
      if (isType(Bucket)) seen.push({ name, opts, team: stackTags.get("team"), region: provider?.props.region as unknown });
    }), () => {
      const ireland = new Provider("ireland", { region: "eu-west-1" });
      new Bucket("copy", {}, { provider: ireland, protect: true, customTimeouts: { create: "1h30m" } });
      new Bucket("plain");
    }, { stackTags: new Map([["team", "library"]]), config: { "aws:region": "eu-central-1" } });
    expect(seen).toMatchObject([
      { name: "copy", opts: { protect: true, customTimeouts: { createSeconds: 5_400, updateSeconds: 0 } }, team: "library", region: "eu-west-1" },
      { name: "plain", opts: { protect: false, ignoreChanges: [] }, team: "library", region: "eu-central-1" },
    ]);
  });
});

describe("a rule for the whole stack", () => {
  const versioned: policy.StackValidationPolicy = {
    name: "versioned",
    description: "Every bucket is versioned.",
    enforcementLevel: "mandatory",
    validateStack: ({ resources }, report) => {
      for (const bucket of resources.filter((resource) => resource.isType(Bucket))) {
        const by = resources.some((resource) => resource.isType(BucketVersioning) && resource.propertyDependencies["bucket"]?.includes(bucket));
        if (!by) report("Expected versions, found none.", bucket.urn);
      }
    },
  };

  it("follows edges as objects where values are unknown", async () => {
    const verdicts = await judged(versioned, () => {
      const good = new Bucket("good");
      new Bucket("bad");
      new BucketVersioning("versions", { bucket: good.id, versioningConfiguration: { status: "Enabled" } });
    });
    expect(outcomes(verdicts)).toEqual(["violated bad"]);
  });

  it("that finds everything in order passes once", async () => {
    expect(outcomes(await judged(versioned, () => {}))).toEqual(["passed the stack"]);
  });

  it("walks from a resource to its parents and dependencies", async () => {
    const seen: unknown[] = [];
    const walks: policy.StackValidationPolicy = {
      ...versioned,
      validateStack: ({ resources }) => {
        const versions = resources.find((resource) => resource.isType(BucketVersioning));
        seen.push(versions?.parent?.parent?.type, versions?.dependencies.map(({ name }) => name));
      },
    };
    await judged(walks, () => {
      class Shelf extends pulumi.ComponentResource {}
      const shelf = new Shelf("upkeep:test:Shelf", "shelf");
      const bucket = new Bucket("good", {}, { parent: shelf });
      new BucketVersioning("versions", { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } }, { parent: shelf });
    });
    expect(seen).toEqual(["pulumi:pulumi:Stack", ["good"]]);
  });

  it("sees of a component what it put out, where a rule for one resource sees what it was given: as under the engine", async () => {
    const seen: unknown[] = [];
    const note = (rule: string, props: Record<string, unknown>): void => void seen.push([rule, { ...props }]);
    const body = (): void => {
      class Shelf extends pulumi.ComponentResource {
        constructor() {
          super("upkeep:test:Shelf", "shelf", { given: 1 });
          this.registerOutputs({ out: 2 });
        }
      }
      new Shelf();
    };
    await judged({ ...versioned, validateStack: ({ resources }) => note("stack", resources.find(({ name }) => name === "shelf")?.props ?? {}) }, body);
    await judged({ name: "one", description: "", validateResource: ({ name, props }) => { if (name === "shelf") note("resource", props); } }, body);
    expect(seen).toEqual([["stack", { out: 2 }], ["resource", { given: 1 }]]);
  });

  it("does not apply when there is no resource of its type", async () => {
    const typed = { ...versioned, validateStack: policy.validateStackResourcesOfType(Bucket, () => {}) };
    expect(outcomes(await judged(typed, () => {}))).toEqual(["not-applicable the stack"]);
  });
});
