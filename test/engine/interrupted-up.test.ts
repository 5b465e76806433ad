import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Engine, startEngine } from "../support/engine/engine.ts";
import type { Deed } from "../support/engine/provider-server.ts";
import { repository } from "../support/engine/project.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 180_000 });

const logGroup = "aws:cloudwatch/logGroup:LogGroup::endless";

/** Commands of one numbered step of the page, as arguments. */
const commandsOf = (step: number): readonly (readonly string[])[] => {
  const page = readFileSync(join(repository, "docs", "interrupted-up.md"), "utf8");
  const text = page.split(/^(?=\d\. )/m).find((part) => part.startsWith(`${step}. `)) ?? "";
  return [...text.matchAll(/^ *\$ pulumi (.+)$/gm)].map(([, line = ""]) => line.replaceAll(/\bprod\b/g, "dev").split(" "));
};

describeWithParts("an up whose engine is killed", ["engine"], () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startEngine({ stack: "dev", source: fileURLToPath(new URL("fixtures/violations", import.meta.url)), pack: false });
  });
  afterEach(() => engine.stop());

  const killedAt = async (when: Deed["when"]): Promise<void> => {
    engine.onDeed = (deed) => {
      if (deed.when !== when || !deed.urn.endsWith(logGroup)) return;
      engine.kill();
      // The answer goes to nobody; what was not done yet stays undone.
      throw new Error("the engine is gone");
    };
    // One at a time: otherwise others might be inside a create as well, each of which would need its repair.
    expect((await engine.up("--parallel", "1")).exitCode).toBeNull();
    engine.onDeed = () => {};
  };
  const follow = async (step: number): Promise<readonly (number | null)[]> => {
    const codes = [];
    for (const command of commandsOf(step)) codes.push((await engine.command(...command)).exitCode);
    return codes;
  };
  const expectComplete = async (): Promise<void> => {
    const again = await engine.preview();
    expect(again.steps).toEqual([]);
    expect((await engine.exportStack()).pending).toEqual([]);
    expect(engine.cloud.things.filter(({ id }) => id === "endless")).toHaveLength(1);
  };

  it("between two operations is completed by cancel and up", async () => {
    await killedAt("before");
    expect((await engine.up()).output).toContain("pulumi cancel");
    expect(await follow(1)).toEqual([0]);
    expect(await follow(2)).toEqual([0]);
    expect(await follow(3)).toEqual([0]);
    await expectComplete();
  });

  it("inside a create stops with a clear word, and the documented repair works", async () => {
    await killedAt("after");
    expect(await follow(1)).toEqual([0]);
    const stopped = await engine.up();
    expect(stopped.exitCode).not.toBe(0);
    expect(stopped.output).toContain("aws:cloudwatch/logGroup:LogGroup endless already exists");
    expect(await follow(4)).toEqual([0, 0, 0]);
    await expectComplete();
  });
});
