import { expect, it } from "vitest";
import { recordFault } from "./fault-matrix.ts";
import { failure } from "./said.ts";
import { newPassword, withoutSecrets } from "./secrets.ts";

const leak = /^Expected no password in (an error|a row of the fault matrix|a log), got one: .*\[the password\]/s;

it("gives back what holds no password", () => {
  newPassword();
  expect(withoutSecrets("a log", "all is well")).toBe("all is well");
});

it("fails a test whose errors, rows or logs hold a server's password, and does not repeat it", async () => {
  const password = newPassword();
  expect(() => withoutSecrets("a log", `connects as upkeep:${password}`)).toThrow(leak);
  await expect(failure(Promise.reject(new Error(`no entry with ${password}`)))).rejects.toThrow(leak);
  const row = { engine: "redis", fault: "wrong password", happened: password, exit: "error", evidence: "none", alarm: "late", left: "nothing" } as const;
  expect(() => recordFault(row)).toThrow(leak);
  expect(() => recordFault(row)).not.toThrow(password);
});
