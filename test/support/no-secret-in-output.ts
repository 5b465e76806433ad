import { afterEach } from "vitest";
import { withoutSecrets } from "./secrets.ts";

/**
 * Runs with every test file: nothing that is logged in a test may hold a password of its servers. What is stored is looked at
 * by the store of tests, what another program writes where it is collected, and each row of the fault matrix as it is recorded.
 */
const logged: string[] = [];
for (const name of ["log", "info", "warn", "error"] as const) {
  const original = console[name];
  console[name] = (...words: readonly unknown[]) => {
    logged.push(words.map(String).join(" "));
    original.apply(console, [...words]);
  };
}

afterEach(() => void withoutSecrets("what was logged", logged.splice(0).join("\n")));
