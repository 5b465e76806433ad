import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { startFullObjectS3 } from "../handlers/full-object-s3.ts";
import type { S3Server } from "../servers/s3.ts";
import { type Clients, clientsOf } from "./provider/clients.ts";

/** What is put together part by part. */
export interface Assembly {
  /** A part that is to be stopped with the whole. */
  readonly started: <T extends { readonly stop: () => unknown }>(starting: T | Promise<T>) => Promise<T>;
  /** A new folder, gone with the whole. */
  readonly folder: (name: string) => string;
  readonly atEnd: (stop: () => unknown) => void;
}

/** The whole, with its end: parts are stopped in the opposite order, and also when a later one does not start. */
export async function assembled<Whole extends object>(assemble: (assembly: Assembly) => Promise<Whole>): Promise<Whole & { readonly stop: () => Promise<void> }> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  const atEnd: Assembly["atEnd"] = (one) => void stops.push(one);
  try {
    const whole = await assemble({
      atEnd,
      started: async (starting) => {
        const one = await starting;
        atEnd(() => one.stop());
        return one;
      },
      folder: (name) => {
        const folder = mkdtempSync(join(tmpdir(), `upkeep-${name}-`));
        atEnd(() => rmSync(folder, { recursive: true, force: true }));
        return folder;
      },
    });
    return { ...whole, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A state machine waits ten minutes before it tries again; here it is a fraction of a second. */
const WAIT_SCALE = "0.001";

export interface EmulatedAws {
  readonly server: S3Server;
  readonly clients: Clients;
  /** Variables with which a program of ours reaches it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly keepSecret: (name: string, content: object) => Promise<void>;
}

/** The emulator, with more of its own variables. */
export async function emulatedAws({ started }: Assembly, settings: Readonly<Record<string, string>> = {}): Promise<EmulatedAws> {
  const server = await started(startFullObjectS3({ SFN_WAIT_SCALE: WAIT_SCALE, ...settings }));
  const clients = clientsOf(server);
  return {
    server, clients,
    environment: { ...server.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    keepSecret: async (name, content) => void await clients.secrets.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(content) })),
  };
}
