import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { useScratch } from "../support/cloud/left-behind.ts";
import { within } from "../support/cloud/within.ts";
import { startEngine } from "../support/engine/engine.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 60_000 });

const source = fileURLToPath(new URL("fixtures/refactoring", import.meta.url));
const END_LIMIT_SECONDS = 10;
/** Pulumi's own language host, where there is one on PATH, looks for its engine every five minutes only. */
const patient = /^\S*\/pulumi-language-nodejs /;

describeWithParts("an engine that is killed", ["engine"], () => {
  it("takes its program and its policy pack along, and its folder goes with it", async () => {
    const scratch = useScratch();
    try {
      const engine = await startEngine({ stack: "dev", source, savesEachStep: true });
      try {
        engine.onDeed = () => {
          for (const runner of ["cmd/run/", "cmd/run-policy-pack/"]) expect(scratch.processes().filter((command) => command.includes(runner))).not.toEqual([]);
          engine.kill();
        };
        expect((await engine.up()).exitCode).toBeNull();
      } finally {
        engine.stop();
      }
      await within(END_LIMIT_SECONDS, "every process to end", () => (scratch.processes().every((command) => patient.test(command)) ? true : undefined));
      expect(scratch.files()).toEqual([]);
    } finally {
      scratch.remove();
    }
  });
});
