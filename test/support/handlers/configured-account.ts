import { zipSync } from "fflate";
import { CloudWatchClient, PutCompositeAlarmCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { S3Server } from "../servers/s3.ts";
import { settingsOf } from "./test-store.ts";

const ROLE = "arn:aws:iam::000000000000:role/any";

/** Values that no archive may hold. */
export const hidden = { secure: "hunter-parameter", secret: "hunter-secret" } as const;

export const stateOfStack = { version: 3, checkpoint: { stack: "prod", latest: { resources: [{ urn: "urn:pulumi:prod::campus::a:b:C::d", inputs: { password: { ciphertext: "v1:abc" } } }] } } };

/**
 * What a small stack of the system `campus` has in its services, and beside each thing one of somebody else. No dashboard: the
 * emulator lists them with times that the SDK refuses.
 */
export async function configureAccount(server: S3Server, stack = "prod"): Promise<void> {
  const settings = settingsOf(server);
  const ssm = new SSMClient(settings);
  for (const [Name, Type, Value] of [
    [`/campus/${stack}/region`, "String", "eu-central-1"], [`/campus/${stack}/hosts`, "StringList", "a,b"], [`/campus/${stack}/deep/token`, "SecureString", hidden.secure],
    [`/campus/${stack}igy/other`, "String", "of-another-path"],
  ] as const) await ssm.send(new PutParameterCommand({ Name, Type, Value }));

  await new SecretsManagerClient(settings).send(new CreateSecretCommand({ Name: `campus/${stack}/postgresql`, Description: "the reader", SecretString: hidden.secret }));

  const cloudWatch = new CloudWatchClient(settings);
  for (const AlarmName of [`campus-${stack}-accounts-age-measured`, "shop-prod-age"]) {
    await cloudWatch.send(new PutMetricAlarmCommand({
      AlarmName, Namespace: "Upkeep", MetricName: "BackupAgeSeconds", Statistic: "Maximum", Period: 900, EvaluationPeriods: 2, Threshold: 97_200, ComparisonOperator: "GreaterThanThreshold",
    }));
  }
  await cloudWatch.send(new PutCompositeAlarmCommand({ AlarmName: `campus-${stack}-accounts-age`, AlarmRule: `ALARM("campus-${stack}-accounts-age-measured")` }));

  const scheduler = new SchedulerClient(settings);
  for (const Name of [`campus-${stack}-accounts-backup`, "shop-prod-accounts-backup"]) {
    await scheduler.send(new CreateScheduleCommand({
      Name, ScheduleExpression: "cron(30 1 * * ? *)", ScheduleExpressionTimezone: "Europe/Berlin", FlexibleTimeWindow: { Mode: "OFF" }, Target: { Arn: ROLE, RoleArn: ROLE },
    }));
  }
  const machines = new SFNClient(settings);
  const lambda = new LambdaClient(settings);
  const definition = JSON.stringify({ StartAt: "End", States: { End: { Type: "Succeed" } } });
  for (const name of [`campus-${stack}-accounts-backup`, "shop-prod-accounts-backup"]) {
    await machines.send(new CreateStateMachineCommand({ name, roleArn: ROLE, definition }));
    await lambda.send(new CreateFunctionCommand({
      FunctionName: name, Runtime: "nodejs20.x", Role: ROLE, Handler: "index.handler", Code: { ZipFile: zipSync({ "index.mjs": Buffer.from("export const handler = () => 1;") }) },
      Environment: { Variables: { UPKEEP_SOURCE: "accounts" } },
    }));
  }
}
