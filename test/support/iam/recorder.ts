import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { settingsOf } from "../handlers/test-store.ts";
import type { S3Server } from "../servers/s3.ts";
import { type Call, callsOf } from "./call.ts";

/** Clients of the emulator for a handler at work, and what AWS would have asked of its role. */
export interface Recorder {
  readonly calls: readonly Call[];
  /** `endpoint`: a proxy in front of the emulator. */
  readonly s3: (endpoint?: string) => S3Client;
  readonly secrets: SecretsManagerClient;
  readonly cloudWatch: CloudWatchClient;
}

export function recorderAt(server: S3Server): Recorder {
  const calls: Call[] = [];
  const note = (command: string | undefined, input: object): void =>
    void calls.push(...callsOf(command ?? "", input as Readonly<Record<string, unknown>>));

  const secrets = new SecretsManagerClient(settingsOf(server));
  secrets.middlewareStack.add((next, { commandName }) => (args) => {
    note(commandName, args.input);
    return next(args);
  }, { step: "initialize" });

  const cloudWatch = new CloudWatchClient(settingsOf(server));
  cloudWatch.middlewareStack.add((next, { commandName }) => (args) => {
    note(commandName, args.input);
    return next(args);
  }, { step: "initialize" });

  const s3 = (endpoint?: string): S3Client => {
    const client = new S3Client(settingsOf(server, endpoint));
    client.middlewareStack.add((next, { commandName }) => (args) => {
      note(commandName, args.input);
      return next(args);
    }, { step: "initialize" });
    return client;
  };
  return { calls, s3, secrets, cloudWatch };
}
