import { describe, expect, it } from "vitest";
import { prodYaml, read, refusal } from "./campus.ts";

const section = "  upkeep:repositories:\n    shop: { url: \"https://github.com/acme/shop.git\", secret: campus/prod/github, sizeGiB: 1, backup: { every: daily at 03:45 } }\n";
const said = (yaml: string): string => refusal(() => read(yaml));
const instead = (was: string, is: string): string => prodYaml + section.replace(was, is);

describe("upkeep:repositories", () => {
  it("is read, with the days that every backup is kept", () => {
    expect(read(prodYaml + section).repositories).toEqual({
      shop: {
        url: "https://github.com/acme/shop.git", secret: "campus/prod/github", sizeGiB: 1, verify: {},
        backup: { schedule: { words: "daily at 03:45", expression: "cron(45 3 * * ? *)", timeZone: "Europe/Berlin" }, keepDays: 30 },
      },
    });
    expect(read(prodYaml).repositories).toEqual({});
    expect(read(instead("secret: campus/prod/github, ", "")).repositories["shop"]).not.toHaveProperty("secret");
  });

  it.each([
    ["no address", 'url: "https://github.com/acme/shop.git", ', "", "upkeep:repositories.shop.url\n  Expected the https address that a repository is cloned from, without user, token or options, got nothing."],
    ["an address of SSH", "https://github.com/acme/shop.git", "git@github.com:acme/shop.git", "SSH is not spoken: write its https address"],
    ["no encryption on the way", "https://", "http://", "upkeep:repositories.shop.url\n  Expected the https address"],
    ["options", "shop.git", "shop.git?ref=main", "upkeep:repositories.shop.url\n  Expected the https address"],
    ["a host alone", "/acme/shop.git", "", "upkeep:repositories.shop.url\n  Expected the https address"],
    ["nothing that it is backed up by", ", backup: { every: daily at 03:45 }", "", "upkeep:repositories.shop.backup"],
    ["a key that there is not", "secret:", "token:", 'upkeep:repositories.shop.token\n  Expected a key: url, secret, secretKey, sizeGiB, backup or verify, got "token".'],
    ["the name of a database", "shop:", "accounts:", "upkeep:repositories.accounts\n  Expected a name of its own"],
    ["a name that AWS would not take", "shop:", "Shop:", "upkeep:repositories.Shop\n  Expected a name of 2 to 24 lower case letters"],
    ["a key of another region", "sizeGiB: 1", "secretKey: \"arn:aws:kms:eu-west-1:123456789012:key/0a1b\", sizeGiB: 1", "upkeep:repositories.shop.secretKey\n  Expected an ARN of the stack's own region"],
  ])("is refused with %s", (_, was, is, message) => {
    expect(said(instead(was, is))).toContain(message);
  });

  it.each([
    ["in the address", "https://github.com", "https://anna:ghp_secretsecretsecret@github.com"],
    ["as the user of the address", "https://github.com", "https://ghp_secretsecretsecret@github.com"],
    ["in place of the secret's name", "campus/prod/github", "ghp_secretsecretsecretsecret"],
    ["of GitHub's newer kind", "campus/prod/github", "github_pat_secretsecretsecretsecret"],
    ["of GitLab", "campus/prod/github", "glpat-secretsecretsecretsecret"],
  ])("shows no token %s", (_, was, is) => {
    const message = said(instead(was, is));
    expect(message).toContain("Expected no secret in a stack file, got");
    expect(message).not.toContain("secretsecret");
  });
});
