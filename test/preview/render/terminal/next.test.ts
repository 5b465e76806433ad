import { expect, it } from "vitest";
import { next, type Ending } from "../../../../preview/render/terminal/next.ts";
import { plainPage, read } from "../../../support/page.ts";

const fine: Ending = { stack: "prod", problems: 0, violations: 0, missing: 0, doubts: 0, judged: true, strict: false, there: "", policyPack: undefined };

it.each<readonly [string, Partial<Ending>, string]>([
  ["nothing is in the way", {}, "Next: pulumi up --stack prod"],
  ["the project has rules of its own", { policyPack: "policies" }, "Next: pulumi up --stack prod --policy-pack policies"],
  ["the project is elsewhere", { missing: 83, there: " --cwd shop" },
    "Next: pulumi up --stack prod --cwd shop\n      (83 items stay missing: npx upkeep coverage --stack prod --cwd shop)"],
  ["something is missing", { missing: 83 }, "Next: pulumi up --stack prod\n      (83 items stay missing: npx upkeep coverage --stack prod)"],
  ["missing items fail", { missing: 1, strict: true }, "Next: carry or answer the 1 missing item (--strict):\n      npx upkeep coverage --stack prod"],
  ["doubts fail", { doubts: 1, strict: true }, "Next: make known what the 1 doubt above asks for (--strict), then preview\n      again."],
  ["nobody judged", { judged: false, missing: 3, strict: true }, "Next: build the rules, for none was found (--strict): npm run build"],
  ["nobody judged, which is allowed", { judged: false }, "Next: pulumi up --stack prod"],
  ["doubts are allowed", { doubts: 1 }, "Next: pulumi up --stack prod"],
  ["a policy is violated", { violations: 2, missing: 83 }, "Next: mend the 2 violations above, then preview again."],
  ["there are problems, which come first", { problems: 1, violations: 2 }, "Next: mend the 1 problem above, then preview again."],
])("when %s", (_, parts, said) => {
  expect(read(next({ ...fine, ...parts }, plainPage))).toBe(said);
});
