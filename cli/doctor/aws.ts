import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetAccountSettingsCommand, GetFunctionCommand, GetLayerVersionByArnCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetSubscriptionAttributesCommand, ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { readCredentials } from "../../handlers/engines/credentials.ts";
import { readRepositoryAccess } from "../../handlers/engines/repository/access.ts";
import { listRuns, soundBackups } from "../../handlers/store/backups.ts";
import { listChecks, readRecord } from "../../handlers/store/evidence.ts";
import { s3Store } from "../../handlers/store/s3/s3-store.ts";
import type { Account, BackupPlace } from "./account.ts";
import { awsNetwork } from "./aws-network.ts";
import { awsHosts } from "./aws-hosts.ts";
import { awsTags } from "./aws-tags.ts";
import { awsTasks } from "./aws-tasks.ts";
import { type ClientSettings, everyPage, orAbsent } from "./aws-answers.ts";
import { within } from "./within.ts";

/** Longer than one answer: several requests follow each other. */
const STORE_MILLISECONDS = 30_000;

/** An account of AWS, asked with the credentials that the SDK finds. An endpoint in the environment has no host name per bucket. */
export function awsAccount(region: string, environment: Readonly<Record<string, string | undefined>>, now: () => Date): Account {
  // Few repeats: whoever waits before a terminal would rather read that nobody answers.
  const settings = { region, maxAttempts: 2, requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000 } } as const satisfies ClientSettings;
  const s3 = new S3Client({ ...settings, followRegionRedirects: true, forcePathStyle: (environment.AWS_ENDPOINT_URL ?? "") !== "" });
  const secrets = new SecretsManagerClient(settings);
  const kms = new KMSClient(settings);
  const lambda = new LambdaClient(settings);
  const sns = new SNSClient(settings);
  const scheduler = new SchedulerClient(settings);
  const cloudWatch = new CloudWatchClient(settings);

  const confirmed = async (SubscriptionArn: string): Promise<boolean> => {
    // Until somebody confirms, AWS writes words where the ARN will stand, and not every emulator of it does.
    if (!SubscriptionArn.startsWith("arn:")) return false;
    const { Attributes } = await within((abortSignal) => sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }), { abortSignal }));
    return Attributes?.["PendingConfirmation"] === "false";
  };

  return {
    number: async (place) => {
      const { Account: number } = await within((abortSignal) => new STSClient({ ...settings, region: place }).send(new GetCallerIdentityCommand({}), { abortSignal }));
      if (number === undefined) throw new Error("Expected the number of an account, got none.");
      return number;
    },
    secret: async (secret) => {
      const described = await orAbsent(within((abortSignal) => secrets.send(new DescribeSecretCommand({ SecretId: secret.name }), { abortSignal })));
      if (described === undefined) return undefined;
      const wrong = await within(async (signal) => {
        try {
          await (secret.of === "repository" ? readRepositoryAccess(secrets, secret.name, signal) : readCredentials(secrets, secret, signal));
          return undefined;
        } catch (error) {
          // What the handler itself would say of the content; a refusal of AWS is no finding about it.
          if (error instanceof Error && !("$metadata" in error) && !signal.aborted && error.message.startsWith("Expected the secret")) return error.message;
          throw error;
        }
      });
      const key = described.KmsKeyId;
      return { ...(key === undefined || key.endsWith("alias/aws/secretsmanager") ? {} : { key }), ...(wrong === undefined ? {} : { wrong }) };
    },
    keyState: async (key) =>
      (await orAbsent(within((abortSignal) => kms.send(new DescribeKeyCommand({ KeyId: key }), { abortSignal }))))?.KeyMetadata?.KeyState,
    tags: awsTags(settings),
    ...awsNetwork(settings),
    ...awsTasks(settings),
    ...awsHosts(settings),
    layerArchitectures: async (arn) => {
      const layer = await orAbsent(within((abortSignal) => lambda.send(new GetLayerVersionByArnCommand({ Arn: arn }), { abortSignal })));
      return layer && (layer.CompatibleArchitectures ?? []);
    },
    bucketExists: async (name) =>
      (await orAbsent(within((abortSignal) => s3.send(new HeadBucketCommand({ Bucket: name }), { abortSignal })))) !== undefined,
    lambda: async (name) => {
      const found = await orAbsent(within((abortSignal) => lambda.send(new GetFunctionCommand({ FunctionName: name }), { abortSignal })));
      return found && { tags: found.Tags ?? {}, environment: found.Configuration?.Environment?.Variables ?? {} };
    },
    concurrency: async () => {
      const { AccountLimit } = await within((abortSignal) => lambda.send(new GetAccountSettingsCommand({}), { abortSignal }));
      if (AccountLimit?.UnreservedConcurrentExecutions === undefined) throw new Error("Expected Lambda's limits, got none.");
      return AccountLimit.UnreservedConcurrentExecutions;
    },
    subscriptions: async (TopicArn) => {
      const found = await orAbsent(everyPage(async (NextToken) => {
        const page = await within((abortSignal) => sns.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }), { abortSignal }));
        return { items: page.Subscriptions, next: page.NextToken };
      }));
      return found && Promise.all(found.map(async ({ Endpoint = "", SubscriptionArn = "" }) => ({ endpoint: Endpoint, confirmed: await confirmed(SubscriptionArn) })));
    },
    scheduleState: async (name) =>
      (await orAbsent(within((abortSignal) => scheduler.send(new GetScheduleCommand({ Name: name }), { abortSignal }))))?.State,
    raisedAlarms: async (prefix) => everyPage(async (NextToken) => {
      const page = await within((abortSignal) => cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNamePrefix: prefix, StateValue: "ALARM", AlarmTypes: ["MetricAlarm", "CompositeAlarm"], NextToken }), { abortSignal },
      ));
      return { items: [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])].flatMap(({ AlarmName }) => AlarmName ?? []), next: page.NextToken };
    }),
    newestBackup: ({ bucket, ...place }: BackupPlace) => within(async () => {
      const source = { ...place, store: s3Store({ s3, name: bucket }) };
      const { runs } = await listRuns(source);
      // What is no backup is passed over, as evidence does it, which also tells of it.
      const { value } = await soundBackups(source, runs, now(), () => undefined).next();
      return value && new Date(value.scheduledAt);
    }, STORE_MILLISECONDS),
    newestDrill: ({ bucket, system, source }: BackupPlace) => within(async () => {
      const store = s3Store({ s3, name: bucket });
      const newest = (await listChecks(store, system, source)).checks.find(({ level }) => level === "restore");
      if (newest === undefined) return undefined;
      const { startedAt, outcome } = await readRecord(store, system, source, newest);
      return { startedAt: new Date(startedAt), outcome };
    }, STORE_MILLISECONDS),
  };
}
