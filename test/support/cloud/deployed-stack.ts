import { expect } from "vitest";
import type { Evaluated } from "../../../practice/alerts/evaluate.ts";
import { scopeName } from "../../../practice/contract/names.ts";
import type { Ended } from "../engine/operation.ts";
import type { StateResource } from "../engine/state.ts";
import { type AlarmWatch, watchAlarms } from "./alarms.ts";
import { type AtWork, atWork, scope } from "./at-work.ts";
import type { RunningCloud } from "./running-cloud.ts";
import type { Received } from "./subscriber.ts";

/** The small stack, from its first `up` on. */
export interface DeployedStack extends AtWork, Pick<AlarmWatch, "all" | "look"> {
  /** Fails the test when Pulumi does not succeed. */
  readonly up: () => Promise<Ended>;
  readonly resources: () => readonly StateResource[];
  /** Name of the bucket with the backups. */
  readonly store: () => string;
  /** An alarm by its own name, without the stack's. */
  readonly stateOf: (alarm: string) => Evaluated | undefined;
  /** Messages about alarms that were raised, in their order. */
  readonly raised: () => readonly Received[];
}

export function deployedStack({ clients, engine, subscriber }: RunningCloud): DeployedStack {
  let resources: readonly StateResource[] = [];
  const watch = watchAlarms(clients);
  const store = (): string => {
    const name = resources.find(({ type }) => type === "aws:s3/bucket:Bucket")?.id;
    if (name === undefined) throw new Error("Expected the stack to have a store.");
    return name;
  };
  return {
    ...atWork(clients, store),
    store,
    all: watch.all,
    look: watch.look,
    resources: () => resources,
    stateOf: (alarm) => watch.all().find(({ name }) => name === `${scopeName(scope)}-${alarm}`),
    raised: () => subscriber.messages.filter(({ NewStateValue }) => NewStateValue === "ALARM"),
    up: async () => {
      const ended = await engine.up();
      expect({ exitCode: ended.exitCode, output: ended.exitCode === 0 ? "" : ended.output }).toEqual({ exitCode: 0, output: "" });
      resources = (await engine.exportStack()).resources;
      watch.declare(resources);
      return ended;
    },
  };
}
