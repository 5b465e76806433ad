import { type CloudWatchLogsClient, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { hostEnvironment } from "../../practice/contract/environment.ts";
import { readEnvironment } from "../runtime/environment.ts";

/** CloudWatch takes an event of 256 KiB; what a failed run says fits four times over. */
const MOST_CHARACTERS = 60_000;

/** A line in the stack's own log, for whoever cannot look at the machine. The stream is there: it was deployed. */
export const hostLog = (logs: CloudWatchLogsClient, env: Readonly<Record<string, string | undefined>>, now: () => Date) =>
  async (line: { readonly level: "info" | "error"; readonly [key: string]: unknown }): Promise<void> => {
    const { logGroup, logStream } = readEnvironment({ logGroup: hostEnvironment.logGroup, logStream: hostEnvironment.logStream }, env);
    await logs.send(new PutLogEventsCommand({
      logGroupName: logGroup,
      logStreamName: logStream,
      logEvents: [{ timestamp: now().getTime(), message: JSON.stringify(line).slice(0, MOST_CHARACTERS) }],
    }));
  };
