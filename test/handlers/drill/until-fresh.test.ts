import { describe, expect, it } from "vitest";
import { scratchOf } from "../../../handlers/drill/scratch.ts";
import { untilFresh } from "../../../handlers/drill/until-fresh.ts";
import { expectFresh, FRESH_SECONDS, NotFresh } from "../../../handlers/engines/fresh.ts";
import { freePort } from "../../support/servers/free-port.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { describeWithParts, programFolder } from "../../support/parts.ts";

const never = new AbortController().signal;
const quick = { limitSeconds: 0.3, pauseMilliseconds: 1 };

describe("waiting for the server beside a drill", () => {
  it("asks again until it answers", async () => {
    let asked = 0;
    const answer = await untilFresh(() => (asked += 1) < 3 ? Promise.reject(new Error("refused")) : Promise.resolve("ready"), never, quick);
    expect([answer, asked]).toEqual(["ready", 3]);
  });

  it("ends at its limit, with what was said last, also while a question has no answer", async () => {
    await expect(untilFresh(() => Promise.reject(new Error("connection refused")), never, quick)).rejects.toThrow(/within 0.3 s, it did not.*It said last: connection refused/);
    const hanging = (signal: AbortSignal) => new Promise<never>((_, reject) => void signal.addEventListener("abort", () => reject(signal.reason as Error)));
    await expect(untilFresh(hanging, never, quick)).rejects.toThrow("It said last: nothing");
  });

  it("takes no for an answer", async () => {
    let asked = 0;
    const refusing = () => Promise.reject(new NotFresh(`asked ${asked += 1}`));
    await expect(untilFresh(refusing, never, quick)).rejects.toThrow("asked 1");
  });

  it("ends with whoever told it to stop", async () => {
    const controller = new AbortController();
    const waiting = untilFresh(() => Promise.reject(new Error("refused")), controller.signal, { limitSeconds: 60, pauseMilliseconds: 60_000 });
    controller.abort(new Error("told to stop"));
    await expect(waiting).rejects.toThrow("told to stop");
  });
});

describe("a server that a drill takes for its own", () => {
  it("is young and holds nothing", () => {
    expect(() => expectFresh("127.0.0.1:1", { ageSeconds: 0, holds: [] })).not.toThrow();
    expect(() => expectFresh("127.0.0.1:1", { ageSeconds: FRESH_SECONDS, holds: [] })).not.toThrow();
  });

  it.each([FRESH_SECONDS + 1, -1, Number.NaN])("is none that is %s s old, which somebody else has started", (ageSeconds) => {
    expect(() => expectFresh("127.0.0.1:1", { ageSeconds, holds: [] })).toThrow(/s old, which is not the age of one that was started for this drill/);
  });

  it("is none that holds anything: every reason is told at once", () => {
    expect(() => expectFresh("127.0.0.1:1", { ageSeconds: 90_000, holds: ["the database shop"] })).toThrow(/90000 s old[^]*it holds the database shop. Nothing was written to it/);
  });
});

describeWithParts("a server that never comes up", ["postgresql"], () => {
  it("is waited for as long as the limit, and its drill says where to look", async () => {
    const open = scratchOf({ engine: "postgresql", port: await freePort(), tools: programFolder("postgresql"), wait: { limitSeconds: 2, pauseMilliseconds: 100 } });
    await expect(open(never)).rejects.toThrow(/Expected the scratch server beside this drill to answer within 2 s[^]*the stream `scratch` of the task[^]*Connection refused/);
    recordFault({ engine: "postgresql", fault: "the drill's server never comes up", happened: "waited for five minutes", exit: "1", evidence: "failed", alarm: "drill failed", left: "dump, manifest" });
  });
});
