import { describe, expect, it } from "vitest";
import { compareSize } from "../../../handlers/store/size.ts";

describe("a backup's size", () => {
  it("is compared with the median of the seven before it, and no more", () => {
    expect(compareSize(100, [200, 100, 300, 100, 200, 300, 200, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000, 9_000])).toEqual({
      medianBytes: 200, ofMedianPercent: 50, offPercent: 50, verdict: "suspicious",
    });
  });

  it("is compared with the middle between the two in the middle", () => {
    expect(compareSize(150, [100, 300, 0, 200])).toMatchObject({ medianBytes: 150, verdict: "plausible" });
  });

  it("says nothing where there are fewer than three to compare with, or only empty ones", () => {
    expect(compareSize(1, [100, 100])).toBeUndefined();
    expect(compareSize(1, [0, 0, 0])).toBeUndefined();
  });

  it("that has really changed is the rule after four backups", () => {
    const sizes = [100, 100, 100, 100, 100, 100, 100];
    const verdicts = Array.from({ length: 5 }, () => {
      const verdict = compareSize(40, sizes)?.verdict;
      sizes.unshift(40);
      return verdict;
    });
    expect(verdicts).toEqual(["too-small", "too-small", "too-small", "too-small", "plausible"]);
  });
});
