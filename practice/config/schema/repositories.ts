import { isRepositoryUrl } from "../../contract/repository.ts";
import { meaning, type Parsed } from "../words/parsed.ts";
import { gibibytes, kmsKey, secretName } from "./forms.ts";
import { keys, leaf, named } from "./leaf.ts";
import { backup, checks } from "./sources.ts";
import type { Clock } from "./words.ts";

const bySsh = /^ssh:\/\/|^[\w.-]+@[\w.-]+:/;

/** What stands here by mistake may hold a token: it is never repeated. */
const url = leaf<string>((value): Parsed<string> => {
  if (typeof value === "string" && isRepositoryUrl(value)) return meaning(value);
  return {
    problem: {
      expected: "the https address that a repository is cloned from, without user, token or options", got: value === undefined ? "nothing" : "something else (not shown)",
      wayOut: typeof value === "string" && bySsh.test(value)
        ? "SSH is not spoken: write its https address, as `https://github.com/acme/shop.git`, and name a secret with a token"
        : "write it as `https://github.com/acme/shop.git`",
    },
  };
});

/** A repository is named here to be backed up: there is nothing else to say of it. */
export const repositories = (clock: Clock) =>
  named(
    keys({ url, secret: secretName("campus/prod/github").exactOptional(), secretKey: kmsKey.exactOptional(), sizeGiB: gibibytes, backup: backup(clock), verify: keys(checks(clock)).prefault({}) }),
    "shop: { url: https://github.com/acme/shop.git, ... }",
  ).prefault({});
