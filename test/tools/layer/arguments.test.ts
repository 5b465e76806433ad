import { describe, expect, it } from "vitest";
import { readArguments } from "../../../tools/layer/arguments.ts";
import { ownArchitecture } from "../../../tools/layer/contents.ts";

const sha256 = "a".repeat(64);
const read = (...args: readonly string[]) => readArguments(args, "/own", () => undefined);

describe("npm run tools", () => {
  it.each([
    { args: [], request: { kind: "build", fresh: false, out: "/own" } },
    { args: ["--fresh", "--out", "/elsewhere"], request: { kind: "build", fresh: true, out: "/elsewhere" } },
    { args: ["--from", "a.zip", "--sha256", sha256.toUpperCase()], request: { kind: "take", from: "a.zip", sha256, architecture: "x86_64", out: "/own" } },
    { args: ["--from", "a.zip", "--sha256", sha256, "--arch", "arm64"], request: { kind: "take", from: "a.zip", sha256, architecture: "arm64", out: "/own" } },
    { args: ["--help", "--fresh"], request: { kind: "help", out: "/own" } },
  ])("understands $args", ({ args, request }) => {
    expect(read(...args)).toEqual(request);
  });

  it("takes the pinned sum where none is given", () => {
    expect(readArguments(["--from", "a.zip"], "/own", (architecture) => (architecture === "x86_64" ? sha256 : undefined))).toMatchObject({ sha256 });
  });

  it.each([
    { args: ["--from", "a.zip"], says: /Expected --sha256 <checksum> with --from: .*pins none for x86_64/ },
    { args: ["--from", "a.zip", "--sha256", "12"], says: /64 hexadecimal digits, got 12/ },
    { args: ["--sha256", sha256], says: /expected --from/ },
    { args: ["--from", "a.zip", "--sha256", sha256, "--fresh"], says: /--fresh, which builds, or --from.*got both/ },
    { args: ["--from", "a.zip", "--sha256", sha256, "--arch", "sparc"], says: /one of x86_64, arm64, got sparc/ },
    { args: ["--arch", ownArchitecture() === "arm64" ? "x86_64" : "arm64"], says: /this machine's own processor/ },
    { args: ["--form", "a.zip"], says: /--form/ },
  ])("refuses $args", ({ args, says }) => {
    expect(() => read(...args)).toThrow(says);
  });
});
