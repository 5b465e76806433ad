import { expect, it } from "vitest";
import type { Verdict } from "../../../../preview/policy/verdict.ts";
import { verdicts } from "../../../../preview/render/terminal/verdicts.ts";
import { plainPage, read } from "../../../support/page.ts";

const urn = "urn:pulumi:test::campus::aws:s3/bucket:Bucket::campus-backups";
const passed: Verdict = { policy: "store-versioned", level: "mandatory", outcome: "passed", message: "Stores keep versions." };
const violated: Verdict = { policy: "store-private", level: "mandatory", outcome: "violated", message: "Expected all four blocks, got three. Set restrictPublicBuckets.", urn };

it("counts what passed, and tells what did not with its resource and its way out", () => {
  const all: readonly Verdict[] = [
    passed, { ...passed, urn },
    violated, { ...violated, outcome: "passed" },
    { policy: "no-wildcard", level: "advisory", outcome: "cannot-tell", message: "Cannot be judged in a preview: it has an unknown value.", urn },
    { policy: "replicated", level: "mandatory", outcome: "not-applicable", message: "There is no replica." },
    { policy: "tagged", level: "mandatory", outcome: "broken", message: "Expected the rule to judge, it failed: x" },
  ];
  expect(read(verdicts(all, plainPage))).toBe([
    "Policies  5 rules: 1 failed itself, 1 violated, 1 cannot tell, 1 passed, 1",
    "  with nothing to judge",
    "  failed itself  tagged (mandatory)",
    "    Expected the rule to judge, it failed: x",
    "  violated  store-private (mandatory)",
    "    campus-backups: Expected all four blocks, got three. Set",
    "      restrictPublicBuckets.",
    "  cannot tell  no-wildcard (advisory)",
    "    campus-backups: Cannot be judged in a preview: it has an unknown value.",
  ].join("\n"));
});

it("is one line when all rules pass", () => {
  expect(read(verdicts([passed, { ...passed, policy: "other" }], plainPage))).toBe("Policies  2 rules: 2 passed");
});

it("does not take silence for consent", () => {
  expect(read(verdicts([], plainPage))).toBe("Policies  none: no rules were found: npm run build");
});
