import { expect, it } from "vitest";
import { needsInWords, STATIC_LIBRARIES } from "../../../tools/layer/build-needs.ts";

it("names what is missing, what to install on Debian and Fedora, each package once, and the way without a compiler", () => {
  const missing = [{ name: "flex", debian: "flex", fedora: "flex" }, ...STATIC_LIBRARIES.filter(({ title }) => title === "OpenSSL")];
  expect(needsInWords(missing)).toEqual({
    expected: "flex, libssl.a, libcrypto.a",
    wayOut: "`apt-get install flex libssl-dev` on Debian, `dnf install flex openssl-static` on Fedora; "
      + "or take a layer that was built elsewhere: `npm run tools -- --from <file or url> --sha256 <checksum>`",
    debian: ["flex", "libssl-dev"],
  });
});
