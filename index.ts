import * as pulumi from "@pulumi/pulumi";
import { Maintenance } from "./components/index.ts";
import { settingsFromEngine } from "./practice/config/index.ts";
import { soundPlan } from "./practice/plan/index.ts";

const stack = pulumi.getStack();
const { settings, locate } = settingsFromEngine(pulumi.runtime.allConfig(), { stack, projectDir: pulumi.getRootDirectory() });
const plan = soundPlan(settings, locate);
const maintenance = new Maintenance(settings.system.name, { plan });

/** Bucket that holds the backups. */
export const backups = maintenance.storeBucketName;

/** SNS topics, by severity: what else should reach the same people can publish there. */
export const topics = maintenance.topicArns;
