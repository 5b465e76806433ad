import { expect, it } from "vitest";
import { redactionOf } from "../../../handlers/runtime/redaction.ts";

it("takes a secret out wherever it stands, also percent-encoded", () => {
  expect(redactionOf(["p@ss word"])("auth with p@ss word at mongodb://u:p%40ss%20word@host failed")).toBe(
    "auth with [redacted] at mongodb://u:[redacted]@host failed",
  );
});

it("takes a whole connection out before the password inside it", () => {
  expect(redactionOf(["pw", "mongodb://u:pw@host"])("cannot reach mongodb://u:pw@host")).toBe("cannot reach [redacted]");
});

it("leaves a text alone when there is no secret", () => {
  expect(redactionOf([""])("nothing to hide")).toBe("nothing to hide");
});
