import { describe, expect, it } from "vitest";
import { storeEncrypted } from "../../policies/store-encrypted.ts";
import { storePrivate } from "../../policies/store-private.ts";
import { storeProtected } from "../../policies/store-protected.ts";
import { storeVersioned } from "../../policies/store-versioned.ts";
import { judge, type Stack, UNKNOWN } from "../support/policy.ts";
import { broken, part, validStack, without } from "./valid-stack.ts";

describe("store-encrypted", () => {
  it.each<[string, string, (stack: Stack) => void]>([
    ["another algorithm", "Expected backups-bucket to encrypt with aws:kms, got AES256.", (stack) => {
      part(stack, "backups-encryption").props["rules"] = [{ bucketKeyEnabled: true, applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }];
    }],
    ["no bucket key", "Expected a bucket key on backups-bucket", (stack) => {
      part(stack, "backups-encryption").props["rules"] = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }];
    }],
    ["a key from outside the stack", "Expected backups-bucket to be encrypted with a key of this stack", (stack) => {
      part(stack, "backups-encryption").refs = { bucket: ["backups-bucket"] };
    }],
    ["the key of a topic", "Expected backups-bucket to have a key of its own", (stack) => {
      part(stack, "topic").refs = { kmsMasterKeyId: ["store-key"] };
    }],
  ])("refuses %s", async (_, message, change) => {
    const verdict = await judge(storeEncrypted, broken(change));
    expect(verdict).toEqual({ messages: [expect.stringContaining(message)], about: ["backups-bucket"] });
  });

  it("refuses a store without a configuration, also when another store has one", async () => {
    const verdict = await judge(storeEncrypted, without(validStack(), "backups-encryption"));
    expect(verdict.messages).toEqual([expect.stringContaining("Expected an encryption configuration for backups-bucket, found none.")]);
  });

  it("judges one store where the other's values are unknown, and says that it could not judge that one", async () => {
    const verdict = await judge(storeEncrypted, broken((stack) => {
      part(stack, "backups-encryption").props["rules"] = UNKNOWN;
      part(stack, "backups-copy-encryption").props["rules"] = [{ bucketKeyEnabled: true }];
    }));
    expect(verdict.messages).toEqual([expect.stringContaining("Expected backups-copy-bucket to encrypt with aws:kms, got nothing.")]);
    expect(verdict.doubt).toContain(".rules can't be known");
  });

  it("finds the store of the component, tagged or not", async () => {
    const untagged = without(broken((stack) => { part(stack, "backups-bucket").props["tags"] = {}; }), "backups-encryption");
    expect((await judge(storeEncrypted, untagged)).about).toEqual(["backups-bucket"]);
  });

  it("finds a store by its tag too, whoever declared it", async () => {
    const stranger = { type: "aws:s3/bucket:Bucket", props: { tagsAll: { "upkeep:practice": "backup" } } };
    expect((await judge(storeEncrypted, { ...validStack(), stranger })).about).toEqual(["stranger"]);
    const other = { type: "aws:s3/bucket:Bucket", parent: "campus", props: { tags: { "upkeep:practice": "network" } } };
    expect((await judge(storeEncrypted, { ...validStack(), other })).about).toEqual([]);
  });

  it("is not content with a stack whose planned store it cannot find", async () => {
    const verdict = await judge(storeEncrypted, { campus: part(validStack(), "campus") });
    expect(verdict).toEqual({ messages: [expect.stringContaining("Expected a backup store for upkeep:store, found none")], about: [] });
  });
});

describe("store-versioned", () => {
  it.each(["Suspended", undefined])("refuses the status %s", async (status) => {
    const verdict = await judge(storeVersioned, broken((stack) => {
      part(stack, "backups-versioning").props["versioningConfiguration"] = { status };
    }));
    expect(verdict).toEqual({ messages: [expect.stringContaining("to be Enabled")], about: ["backups-bucket"] });
  });

  it("refuses a store that nobody versions, by the edge and not by the name", async () => {
    const verdict = await judge(storeVersioned, broken((stack) => {
      part(stack, "backups-versioning").refs = { bucket: ["backups-copy-bucket"] };
    }));
    expect(verdict.messages).toEqual([expect.stringContaining("Expected versioning for backups-bucket, found none.")]);
  });

  it("doubts an unknown status instead of accepting it", async () => {
    const verdict = await judge(storeVersioned, broken((stack) => {
      part(stack, "backups-versioning").props["versioningConfiguration"] = { status: UNKNOWN };
    }));
    expect(verdict.messages).toEqual([]);
    expect(verdict.doubt).toContain("versioningConfiguration.status");
  });
});

describe("store-private", () => {
  it.each(["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"])("refuses an open %s", async (door) => {
    const verdict = await judge(storePrivate, broken((stack) => {
      part(stack, "backups-access").props[door] = false;
    }));
    expect(verdict).toEqual({ messages: [expect.stringContaining(`Expected ${door} of backups-bucket`)], about: ["backups-bucket"] });
  });

  it.each<[string, Record<string, unknown>]>([
    ["allows it", { Effect: "Allow" }],
    ["denies it to one service only", { Principal: { Service: "lambda.amazonaws.com" } }],
    ["denies reading only", { Action: "s3:GetObject" }],
    ["forgets the objects", { Resource: [UNKNOWN] }],
    ["denies requests with TLS", { Condition: { Bool: { "aws:SecureTransport": "true" } } }],
    ["has no condition", { Condition: undefined }],
  ])("refuses a bucket policy that %s", async (_, change) => {
    const verdict = await judge(storePrivate, broken((stack) => {
      const { policy } = part(stack, "backups-policy").props as { policy: { Statement: object[] } };
      policy.Statement = policy.Statement.map((statement) => ({ ...statement, ...change }));
    }));
    expect(verdict.messages).toEqual([expect.stringContaining("Expected the policy of backups-bucket to deny s3:*")]);
  });

  it("takes every AWS principal for everyone", async () => {
    const verdict = await judge(storePrivate, broken((stack) => {
      const { policy } = part(stack, "backups-policy").props as { policy: { Statement: object[] } };
      policy.Statement = policy.Statement.map((statement) => ({ ...statement, Principal: { AWS: "*" } }));
    }));
    expect(verdict.messages).toEqual([]);
  });

  it("reads the JSON text that a provider makes of the policy", async () => {
    const verdict = await judge(storePrivate, broken((stack) => {
      const { props } = part(stack, "backups-policy");
      props["policy"] = JSON.stringify(props["policy"]);
    }));
    expect(verdict).toEqual({ messages: [], about: [] });
  });

  it.each(["backups-access", "backups-policy"])("refuses a store without its %s", async (name) => {
    expect((await judge(storePrivate, without(validStack(), name))).about).toEqual(["backups-bucket"]);
  });

  it("doubts a policy that is unknown as a whole", async () => {
    const verdict = await judge(storePrivate, broken((stack) => {
      part(stack, "backups-policy").props["policy"] = UNKNOWN;
    }));
    expect(verdict.messages).toEqual([]);
    expect(verdict.doubt).toContain(".policy can't be known");
  });
});

describe("store-protected", () => {
  it.each<[string, string, (stack: Stack) => void]>([
    ["a bucket that may be deleted", "Expected backups-bucket to be protected", (stack) => { part(stack, "backups-bucket").protect = false; }],
    ["a key that may be deleted", "Expected the key store-key to be protected", (stack) => { part(stack, "store-key").protect = false; }],
    ["forceDestroy", "got forceDestroy", (stack) => { part(stack, "backups-bucket").props["forceDestroy"] = true; }],
    ["a bucket that can never be locked", "Expected Object Lock to be possible", (stack) => { part(stack, "backups-bucket").props["objectLockEnabled"] = false; }],
    ["a key that is gone within a week", "to wait 30 days before it is destroyed, got 7", (stack) => { part(stack, "store-key").props["deletionWindowInDays"] = 7; }],
    ["a key without a window", "got no number", (stack) => { delete part(stack, "store-key").props["deletionWindowInDays"]; }],
    ["a key that never rotates", "Expected the key store-key to rotate", (stack) => { part(stack, "store-key").props["enableKeyRotation"] = false; }],
  ])("refuses %s", async (_, message, change) => {
    expect(await judge(storeProtected, broken(change))).toEqual({ messages: [expect.stringContaining(message)], about: ["backups-bucket"] });
  });

  it("judges the rest of a key where its window is unknown", async () => {
    const verdict = await judge(storeProtected, broken((stack) => {
      Object.assign(part(stack, "store-key").props, { deletionWindowInDays: UNKNOWN, enableKeyRotation: false });
    }));
    expect(verdict.messages).toEqual([expect.stringContaining("to rotate")]);
    expect(verdict.doubt).toContain("deletionWindowInDays");
  });
});
