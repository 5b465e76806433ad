import { expect, it, vi } from "vitest";
import type { DrillEngine } from "../../practice/contract/scratch.ts";
import { secondsAgo } from "../support/cloud/at-work.ts";
import { startDrillMachine } from "../support/cloud/drill-machine.ts";
import { endOfDrill } from "../support/cloud/ended-drill.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 120_000 });

const others = [["mongodb", ["s3", "mongo-java", "mongo-tools"]], ["redis", ["s3", "redis"]]] as const satisfies readonly (readonly [DrillEngine, readonly string[]])[];
for (const [engine, parts] of others) {
  describeWithParts(`a restore drill of ${engine}, from its schedule to its alarms`, parts, () => {
    it("restores the newest backup into the server beside it, writes down what it found, and raises nothing", async () => {
      const machine = await startDrillMachine(engine);
      try {
        await machine.backUp(secondsAgo(7200));
        const drill = secondsAgo(3600);
        const { said, ...ended } = endOfDrill(await machine.execute(drill));
        expect(ended, said).toEqual({ status: "SUCCEEDED", error: undefined, outcome: "restored" });
        await expect(machine.evidenceOf(drill)).resolves.toMatchObject({ outcome: "restored", findings: [] });
        expect(machine.tasks.ended).toMatchObject([{ code: 0 }]);
        await expect(machine.raised()).resolves.toEqual([]);
      } finally {
        await machine.stop();
      }
    });
  });
}
