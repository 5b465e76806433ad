import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type ChangedInput, changedInputs } from "../../support/engine/changed-inputs.ts";
import { type Engine, startEngine } from "../../support/engine/engine.ts";
import { repository } from "../../support/engine/project.ts";
import type { StateResource } from "../../support/engine/state.ts";
import { describeWithParts } from "../../support/parts.ts";

vi.setConfig({ testTimeout: 180_000 });

interface Told {
  readonly op: string;
  readonly urn: string;
}

/** `op type::name`, in one order. */
const told = (steps: readonly Told[]): readonly string[] => steps.map(({ op, urn }) => `${op} ${urn.split("$").at(-1)}`).toSorted();

const listed = (things: readonly { readonly type: string; readonly id?: string }[]): readonly string[] => things.map(({ type, id }) => `${type} ${id}`).toSorted();

/** For how many days one source is kept: the only line that says so. */
const oneLine = {
  prod: { source: "uploads", component: "upkeep:backup:FilesBackup::campus-uploads", before: 30, after: 7 },
  staging: { source: "catalogue", component: "upkeep:backup:DatabaseBackup::campus-catalogue", before: 7, after: 30 },
} as const;

/** Commands of the page, as arguments, with the stack's name in place of `prod`. */
const commandsOf = (page: string, stack: string): readonly (readonly string[])[] =>
  [...readFileSync(join(repository, "docs", page), "utf8").matchAll(/^ *\$ pulumi (.+)$/gm)]
    .map(([, line = ""]) => line.split(" ").map((word) => (word === "prod" ? stack : word)));

/** Each stack has a file of its own: they share nothing, and two can live at a time. */
export function lifeOf(stack: keyof typeof oneLine): void {
  describeWithParts(`the life of the stack ${stack} under Pulumi, judged by the pack`, ["engine"], () => {
    let engine: Engine;
    let made: readonly StateResource[];
    beforeAll(async () => {
      engine = await startEngine({ stack });
    });
    afterAll(() => engine.stop());

    it("is made as it was previewed", async () => {
      const previewed = await engine.preview();
      const ended = await engine.up();
      expect([previewed.exitCode, ended.exitCode]).toEqual([0, 0]);
      expect(told(ended.steps)).toEqual(told(previewed.steps));
      expect(ended.steps.length).toBeGreaterThan(120);
      made = (await engine.exportStack()).resources;
    });

    it("is then as it should be: neither another preview nor a refresh changes anything", async () => {
      const again = await engine.preview();
      expect(told(again.steps)).toEqual([]);
      expect(again.same).toBeGreaterThan(120);
      const refreshed = await engine.refresh();
      expect(refreshed.exitCode).toBe(0);
      const after = (await engine.exportStack()).resources;
      expect(after.map(({ urn, id, inputs, outputs }) => ({ urn, id, inputs, outputs })))
        .toEqual(made.map(({ urn, id, inputs, outputs }) => ({ urn, id, inputs, outputs })));
    });

    it("changes where one line changes, and nowhere else", async () => {
      const { source, component, before, after } = oneLine[stack];
      engine.edit(`Pulumi.${stack}.yaml`, (text) => text.replace(`keep: ${before} days`, `keep: ${after} days`));
      const changed = await engine.up();
      expect(changed.exitCode).toBe(0);
      expect(changed.steps.map(({ op }) => op).filter((op) => op !== "update")).toEqual([]);
      const changes = changedInputs(made, (await engine.exportStack()).resources);
      expect(changes.map(({ of, path }) => `${of} ${path}`).toSorted()).toEqual([
        "aws:lambda/function:Function::campus-evidence environment.variables.UPKEEP_SOURCES",
        "aws:lambda/function:Function::campus-retention environment.variables.UPKEEP_SOURCES",
        // Which backups should still be there is what a check has to know.
        `aws:lambda/function:Function::campus-${source}-verify environment.variables.UPKEEP_KEEP_DAYS`,
        `${component} entry.keepDays`,
        "upkeep:index:Maintenance::campus plan.entries.*.keepDays",
        "upkeep:index:Maintenance::campus plan.entries.*.keepDays",
        // As the plan has it for the ages that are watched, and for what may expire.
        "upkeep:index:Maintenance::campus plan.entries.*.sources.*.keepDays",
        "upkeep:index:Maintenance::campus plan.entries.*.sources.*.keepDays",
        "upkeep:retention:Retention::campus-retention entry.sources.*.keepDays",
        "upkeep:verification:Evidence::campus-evidence entry.sources.*.keepDays",
        `upkeep:verification:Verification::campus-${source}-verify entry.keepDays`,
      ].toSorted());
      // Told to a handler, the number stands in a text beside those of the other sources.
      const expected = ({ path, before: value }: ChangedInput): unknown => {
        if (typeof value !== "string") return after;
        return path.endsWith("KEEP_DAYS") ? String(after) : value.replace(`"source":"${source}","keepDays":${before}`, `"source":"${source}","keepDays":${after}`);
      };
      expect(changes.map((change) => change.after)).toEqual(changes.map(expected));
      expect(changes.filter((change) => typeof change.before === "number").map((change) => change.before)).toEqual(Array.from({ length: 8 }, () => before));
      expect(changed.steps).toHaveLength(new Set(changes.map(({ of }) => of)).size);
      expect(told((await engine.preview()).steps)).toEqual([]);
    });

    it("refuses to be destroyed, and loses nothing", async () => {
      const before = engine.cloud.things.length;
      const refused = await engine.destroy();
      expect(refused.exitCode).not.toBe(0);
      expect(refused.output).toContain("protected");
      expect(engine.cloud.things).toHaveLength(before);
    });

    it("is retired as docs/retire-a-stack.md says, and leaves its stores and their keys", async () => {
      const retained = (await engine.exportStack()).resources.filter(({ custom, retainOnDelete }) => custom && retainOnDelete === true);
      for (const command of commandsOf("retire-a-stack.md", stack)) {
        const ended = await engine.command(...command);
        expect({ command, exitCode: ended.exitCode, output: ended.exitCode === 0 ? "" : ended.output }).toEqual({ command, exitCode: 0, output: "" });
      }
      expect(listed(engine.cloud.things)).toEqual(listed(retained));
      const types = retained.map(({ type }) => type);
      expect(types).toContain("aws:s3/bucket:Bucket");
      expect(types).toContain("aws:kms/key:Key");
    });
  });
}
