import { Key } from "@pulumi/aws/kms/key.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { Topic } from "@pulumi/aws/sns/topic.js";
import type { StackValidationPolicy } from "@pulumi/policy";
import { referred, referring } from "./internal/edges.ts";
import { eachKnown } from "./internal/known.ts";
import { validateStores } from "./internal/stores.ts";

export const storeEncrypted: StackValidationPolicy = {
  name: "store-encrypted",
  description: "A backup store encrypts with a KMS key of its own.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Add a BucketServerSideEncryptionConfiguration with aws:kms, the store's own key and bucketKeyEnabled.",
  validateStack: validateStores((store, resources, report) => {
    const configurations = referring(resources, BucketServerSideEncryptionConfiguration, "bucket", store);
    if (configurations.length === 0) {
      report(`Expected an encryption configuration for ${store.name}, found none. Add one whose bucket is the store's.`);
    }
    eachKnown(configurations, (configuration) => {
      const keys = referred(configuration, Key, "rules");
      if (keys.length === 0) {
        report(`Expected ${store.name} to be encrypted with a key of this stack, got none. Set kmsMasterKeyId to its ARN.`);
      }
      // A topic's key lets CloudWatch in; whoever may use it could read the backups.
      if (keys.some((key) => referring(resources, Topic, "kmsMasterKeyId", key).length > 0)) {
        report(`Expected ${store.name} to have a key of its own, got one that a topic uses too. Give the topic another.`);
      }
      for (const rule of configuration.asType(BucketServerSideEncryptionConfiguration)?.rules ?? []) {
        const algorithm = rule.applyServerSideEncryptionByDefault?.sseAlgorithm;
        if (algorithm !== "aws:kms") {
          report(`Expected ${store.name} to encrypt with aws:kms, got ${algorithm ?? "nothing"}. Set sseAlgorithm.`);
        }
        if (rule.bucketKeyEnabled !== true) {
          report(`Expected a bucket key on ${store.name}, got none. Set bucketKeyEnabled: without it each part of an upload asks KMS.`);
        }
      }
    });
  }),
};
