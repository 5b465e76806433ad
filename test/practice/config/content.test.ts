import { describe, expect, it } from "vitest";
import { broken, prodYaml, read, refusal } from "./campus.ts";

const withContent = (said: string): string => broken("        keep: 30 days\n", `        keep: 30 days\n        content: ${said}\n`);

describe("backup.content", () => {
  it("says whether counts and hashes are taken beside the dump; a reader that makes false of `off` is understood", () => {
    expect(read(withContent("off")).databases["accounts"]?.backup).toMatchObject({ keepDays: 30, content: "off" });
    expect(read(withContent("false")).databases["accounts"]?.backup).toMatchObject({ content: "off" });
    expect(read(withContent("full")).databases["accounts"]?.backup).toMatchObject({ content: "full" });
    expect(read(prodYaml).databases["accounts"]?.backup).not.toHaveProperty("content");
  });

  it.each(["some", "true", "1"])("is not %s", (said) => {
    expect(refusal(() => read(withContent(said)))).toContain("Write `content: full` or `content: off`");
  });

  it("is not of a bucket, whose objects have checksums of their own", () => {
    expect(refusal(() => read(broken("backup: { every: daily at 03:15 }", "backup: { every: daily at 03:15, content: off }")))).toContain("content");
  });
});
