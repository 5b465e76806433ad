import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it, vi } from "vitest";
import { type Engine, startEngine } from "../support/engine/engine.ts";
import type { Deed } from "../support/engine/provider-server.ts";
import { repository } from "../support/engine/project.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 180_000 });

interface Interrupted {
  readonly source: string;
  /** Type and name of the resource in whose create the engine dies, as the page has them in a command. */
  readonly resource: string;
  readonly id: string;
  /** What stands on the page -> what it is here. */
  readonly instead: readonly (readonly [string | RegExp, string])[];
}

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const ofNoComponent: Interrupted = {
  source: "violations",
  resource: `${LOG_GROUP} endless`,
  id: "endless",
  instead: [[/\bprod\b/g, "dev"], [/ --parent '[^']+'/, ""], [" campus-retention /aws/lambda/campus-dev-retention", " endless endless"]],
};
const ofComponent: Interrupted = {
  source: "refactoring",
  resource: `${LOG_GROUP} library-retention`,
  id: "/aws/lambda/library-dev-retention",
  instead: [[/\bprod\b/g, "dev"], ["::campus::", "::refactoring::"], [/campus/g, "library"]],
};

/** Commands of one numbered step of the page, as arguments. */
const commandsOf = (step: number, { instead }: Interrupted): readonly (readonly string[])[] => {
  const page = readFileSync(join(repository, "docs", "interrupted-up.md"), "utf8");
  const text = page.split(/^(?=\d\. )/m).find((part) => part.startsWith(`${step}. `)) ?? "";
  return [...text.matchAll(/^ *\$ pulumi (.+)$/gm)].map(([, line = ""]) =>
    instead.reduce((command, [there, here]) => command.replace(there, here), line).replaceAll("'", "").split(" "));
};

describeWithParts("an up whose engine is killed", ["engine"], () => {
  let engine: Engine;
  afterEach(() => engine.stop());

  const killedAt = async (when: Deed["when"], { source, resource }: Interrupted): Promise<void> => {
    engine = await startEngine({ stack: "dev", source: fileURLToPath(new URL(`fixtures/${source}`, import.meta.url)), pack: false, savesEachStep: true });
    engine.onDeed = (deed) => {
      if (deed.when !== when || !deed.urn.endsWith(resource.replace(" ", "::"))) return;
      engine.kill();
      // The answer goes to nobody; what was not done yet stays undone.
      throw new Error("the engine is gone");
    };
    // One at a time: otherwise others might be inside a create as well, each of which would need its repair.
    expect((await engine.up("--parallel", "1")).exitCode).toBeNull();
    engine.onDeed = () => {};
  };
  const follow = async (step: number, interrupted: Interrupted): Promise<void> => {
    const commands = commandsOf(step, interrupted);
    expect(commands).not.toEqual([]);
    for (const command of commands) {
      const { exitCode, output } = await engine.command(...command);
      expect({ command, exitCode, output: exitCode === 0 ? "" : output }).toEqual({ command, exitCode: 0, output: "" });
    }
  };
  const expectComplete = async ({ id }: Interrupted): Promise<void> => {
    const again = await engine.preview();
    expect(again.steps).toEqual([]);
    expect((await engine.exportStack()).pending).toEqual([]);
    expect(engine.cloud.things.filter((thing) => thing.type === LOG_GROUP && thing.id === id)).toHaveLength(1);
  };

  it("between two operations is completed by cancel and up", async () => {
    await killedAt("before", ofNoComponent);
    expect((await engine.up()).output).toContain("pulumi cancel");
    for (const step of [1, 2, 3]) await follow(step, ofNoComponent);
    await expectComplete(ofNoComponent);
  });

  it.each([["of a component", ofComponent], ["that belongs to none", ofNoComponent]])("inside the create of a resource %s stops with a clear word, and the documented repair works", async (_, interrupted) => {
    await killedAt("after", interrupted);
    await follow(1, interrupted);
    const stopped = await engine.up();
    expect(stopped.exitCode).not.toBe(0);
    expect(stopped.output).toContain(`${LOG_GROUP} ${interrupted.id} already exists`);
    await follow(4, interrupted);
    await expectComplete(interrupted);
  });
});
