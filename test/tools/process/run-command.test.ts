import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { exitCodeOf, run } from "../../../tools/process/run-command.ts";

const silent = { limitSeconds: 10, onLine: () => {} };

it("gives the exit code of the command", async () => {
  await expect(exitCodeOf("sh", ["-c", "exit 7"], silent)).resolves.toBe(7);
});

it("throws with the command and its last lines when a command that must succeed does not", async () => {
  await expect(run("sh", ["-c", "echo first; echo the reason >&2; exit 3"], { limitSeconds: 10 }))
    .rejects.toThrow(/exit 3` ended with exit code 3\.\n[^]*the reason/);
});

it("says so when there is no such program", async () => {
  await expect(exitCodeOf("no-such-program", [], silent)).rejects.toThrow("ENOENT");
});

// `sleep` holds the output open: only when it has ended too is there an end to wait for.
it("ends a command and its children when the time is over", async () => {
  const started = Date.now();
  await expect(exitCodeOf("sh", ["-c", "sleep 60 & wait"], { limitSeconds: 0.3, onLine: () => {} })).rejects.toThrow("did not end within 0.3 s");
  expect(Date.now() - started).toBeLessThan(7_000);
});

it.each([["SIGINT", 130], ["SIGTERM", 143]] as const)("on %s ends what it started and exits with %i", async (signal, code) => {
  const module = JSON.stringify(new URL("../../../tools/process/run-command.ts", import.meta.url).href);
  const script = `const { endCommandsOnSignal, exitCodeOf } = await import(${module});
    endCommandsOnSignal();
    await exitCodeOf("sh", ["-c", "echo started; sleep 60 & wait"], { limitSeconds: 60 });`;
  const tool = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(tool.stdout, "data");
  const closed = once(tool, "close");
  tool.stdout.resume();
  tool.kill(signal);
  await expect(closed).resolves.toEqual([code, null]);
}, 8_000);
