import { expect, it, vi } from "vitest";
import { startEngine } from "../support/engine/engine.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 120_000 });

describeWithParts("a stack file that cannot be used", ["engine"], () => {
  it("is refused by Pulumi's own preview too, with its place and nothing created", async () => {
    const engine = await startEngine({ stack: "prod", pack: false });
    try {
      engine.edit("Pulumi.prod.yaml", (text) => text.replace("keep: 30 days", "keep: 7"));
      const ended = await engine.previewAndUp();
      expect(ended.exitCode).not.toBe(0);
      expect(ended.output).toMatch(/Pulumi\.prod\.yaml:\d+:\d+ +upkeep:files\.uploads\.backup\.keep/);
      expect(ended.output).toContain("Write `7 days`.");
      // The message alone: with a stack, Pulumi's runner takes half a minute to print it.
      expect(ended.output).not.toContain("    at ");
      expect(engine.cloud.things).toEqual([]);
    } finally {
      engine.stop();
    }
  });
});
